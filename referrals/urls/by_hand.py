"""Addresses of settings that need an administrator's care."""

from django.urls import path, re_path

from referrals.views import by_hand, by_hand_correcting
from s2s_portal.organisations.choices import Source

URN = "[A-Za-z0-9-]{1,20}"
REGISTERED = "|".join((Source.GIAS, Source.OFSTED))
LOCAL = rf"^registers/by-hand/(?P<urn>{URN})/"

urlpatterns = [
    path("registers/by-hand/", by_hand.by_hand_list, name="by_hand_list"),
    re_path(rf"{LOCAL}correct/$", by_hand_correcting.correct, name="correct_setting"),
    re_path(rf"{LOCAL}merge/$", by_hand.merge_find, name="merge_find"),
    re_path(rf"{LOCAL}merge/(?P<source>{'|'.join(Source.values)})/(?P<into>{URN})/$", by_hand.merge, name="merge"),
    path("registers/without-a-name/", by_hand.nameless_list, name="nameless_list"),
    re_path(
        rf"^registers/without-a-name/(?P<source>{REGISTERED})/(?P<urn>{URN})/$", by_hand.name_give, name="give_name"
    ),
]
