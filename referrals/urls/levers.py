"""Addresses of the settings that commissioners and administrators change."""

from django.urls import path, re_path

from referrals.views import lever_codes as codes
from referrals.views import lever_fees as fees
from referrals.views import lever_kinds as kinds
from referrals.views import lever_texts as texts
from referrals.views import lever_zones as zones
from referrals.views.lever_list import lever_list

PK = r"(?P<pk>[0-9]{1,15})/"
LIST = rf"^settings/lists/(?P<slug>{'|'.join(codes.LISTS)})/"

urlpatterns = [
    path("settings/", lever_list, name="lever_list"),
    path("settings/texts/", texts.text_list, name="lever_texts"),
    path("settings/texts/<slug:slug>/", texts.text_change, name="lever_text"),
    path("settings/fees/", fees.fee_list, name="lever_fees"),
    path("settings/fees/add/", fees.fee_add, name="lever_fee_add"),
    re_path(rf"{LIST}$", codes.code_list, name="lever_codes"),
    re_path(rf"{LIST}add/$", codes.code_add, name="lever_code_add"),
    re_path(rf"{LIST}{PK}label/$", codes.code_label, name="lever_code_label"),
    re_path(rf"{LIST}{PK}end/$", codes.code_end, name="lever_code_end"),
    path("settings/kinds/", kinds.kind_list, name="lever_kinds"),
    re_path(rf"^settings/kinds/{PK}$", kinds.kind_change, name="lever_kind"),
    re_path(rf"^settings/kinds/take-back/{PK}$", kinds.kind_take_back, name="lever_kind_take_back"),
    path("settings/zones/", zones.zone_list, name="lever_zones"),
    path("settings/zones/add/", zones.zone_add, name="lever_zone_add"),
    re_path(rf"^settings/zones/{PK}$", zones.zone_rename, name="lever_zone"),
    re_path(rf"^settings/zones/{PK}remove/$", zones.zone_remove, name="lever_zone_remove"),
]
