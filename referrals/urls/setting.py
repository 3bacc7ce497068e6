"""Addresses of signed links and the pages behind them."""

from django.urls import URLPattern, path

from referrals.views import setting, setting_record, setting_times, setting_visit
from s2s_portal.organisations.queries import links

HERE = "schools-and-settings/"
urlpatterns: list[URLPattern] = [
    path(f"{links.ADDRESS}<str:token>/", setting.setting_link, name="setting_link"),
    path(f"{HERE}records/<uuid:key>/", setting_record.setting_record, name="setting_record"),
    path(f"{HERE}times/<uuid:key>/", setting_times.setting_times, name="setting_times"),
    path(f"{HERE}visits/<uuid:key>/", setting_visit.setting_visit, name="setting_visit"),
    path(f"{HERE}visits/<uuid:key>/visit.ics", setting_visit.setting_visit_file, name="setting_visit_file"),
    path("requests/<ref:reference>/offer/", setting_times.offer_times, name="offer_times"),
]
