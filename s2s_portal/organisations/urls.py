"""Addresses of the registers, people and the access log."""

from django.urls import path, re_path

from s2s_portal.organisations.choices import Source
from s2s_portal.organisations.views import access_log, establishments, jobs, people

app_name = "organisations"

# Only what can be an identity reaches the database: no null bytes, no ten thousand characters.
ESTABLISHMENT = rf"^establishments/(?P<source>{'|'.join(Source.values)})/(?P<urn>[A-Za-z0-9-]{{1,20}})/$"

urlpatterns = [
    path("establishments/", establishments.establishment_list, name="establishment_list"),
    path("establishments/suggest/", establishments.establishment_suggest, name="establishment_suggest"),
    re_path(ESTABLISHMENT, establishments.establishment_detail, name="establishment_detail"),
    path("people/", people.person_list, name="person_list"),
    path("zones/", people.zone_list, name="zone_list"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("access-log/", access_log.access_log, name="access_log"),
    path("access-log/look/", access_log.look_at_request, name="look_at_request"),
]
