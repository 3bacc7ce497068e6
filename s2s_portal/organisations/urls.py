"""Addresses of the registers, people, the calendar and the access log."""

from django.urls import path, re_path

from s2s_portal.organisations.choices import RegisterPart, Source
from s2s_portal.organisations.views import (
    access_log,
    calendar,
    closures,
    establishments,
    jobs,
    leave,
    people,
    placing,
    registers,
)

app_name = "organisations"

# Only what can be an identity reaches the database: no null bytes, no ten thousand characters.
PLACE = rf"(?P<source>{'|'.join(Source.values)})/(?P<urn>[A-Za-z0-9-]{{1,20}})/"
ESTABLISHMENT = rf"^establishments/{PLACE}$"
CLOSURES = rf"^school-closures/{PLACE}"
PART = rf"^calendar/(?P<part>{'|'.join(calendar.PARTS)})/"
KEY = r"(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/"
LISTED = rf"(?P<part>{'|'.join(RegisterPart.values)})/"
PK = r"(?P<pk>[0-9]{1,15})/"

urlpatterns = [
    path("establishments/", establishments.establishment_list, name="establishment_list"),
    path("establishments/suggest/", establishments.establishment_suggest, name="establishment_suggest"),
    re_path(ESTABLISHMENT, establishments.establishment_detail, name="establishment_detail"),
    path("people/", people.person_list, name="person_list"),
    path("zones/", people.zone_list, name="zone_list"),
    path("zones/schools-and-settings/", placing.placing_list, name="placing"),
    path("zones/schools-and-settings/check/", placing.placing_check, name="placing_check"),
    path("registers/", registers.register_list, name="register_list"),
    path("registers/<uuid:key>/", registers.register_upload, name="register_upload"),
    re_path(rf"^registers/{KEY}{LISTED}$", registers.register_changes, name="register_changes"),
    path("registers/<uuid:key>/errors.csv", registers.register_errors, name="register_errors"),
    path("calendar/", calendar.calendar_detail, name="calendar"),
    re_path(rf"{PART}add/$", calendar.calendar_add, name="calendar_add"),
    re_path(rf"{PART}{PK}$", calendar.calendar_change, name="calendar_change"),
    re_path(rf"{PART}{PK}remove/$", calendar.calendar_remove, name="calendar_remove"),
    path("school-closures/", closures.school_closure_list, name="school_closure_list"),
    re_path(rf"{CLOSURES}$", closures.school_closures, name="school_closures"),
    re_path(rf"{CLOSURES}add/$", closures.school_closure_add, name="school_closure_add"),
    re_path(rf"{CLOSURES}{PK}$", closures.school_closure_change, name="school_closure_change"),
    re_path(rf"{CLOSURES}{PK}remove/$", closures.school_closure_remove, name="school_closure_remove"),
    path("my-leave/", leave.my_leave, name="my_leave"),
    path("my-leave/week/", leave.my_week, name="my_week"),
    path("my-leave/add/", leave.my_leave_add, name="my_leave_add"),
    path("my-leave/<int:pk>/remove/", leave.my_leave_remove, name="my_leave_remove"),
    path("teachers/", leave.teacher_list, name="teacher_list"),
    path("teachers/<int:teacher>/", leave.teacher_leave, name="teacher_leave"),
    path("teachers/<int:teacher>/week/", leave.teacher_week, name="teacher_week"),
    path("teachers/<int:teacher>/leave/add/", leave.teacher_leave_add, name="teacher_leave_add"),
    path("teachers/<int:teacher>/leave/<int:pk>/remove/", leave.teacher_leave_remove, name="teacher_leave_remove"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("access-log/", access_log.access_log, name="access_log"),
    path("access-log/look/", access_log.look_at_request, name="look_at_request"),
]
