"""Addresses of requests, drafts and refusals."""

from django.urls import path, register_converter

from referrals.views import cases, lists
from referrals.views.drafts import draft_delete, draft_detail, draft_start
from referrals.views.sections import draft_section
from referrals.views.sending import draft_check, draft_submit, refusal_detail, request_sent
from s2s_portal.core.converters import ReferenceConverter

register_converter(ReferenceConverter, "ref")

app_name = "referrals"
drafts = [
    path("requests/new/", draft_start, name="draft_start"),
    path("requests/<ref:reference>/sent/", request_sent, name="request_sent"),
    path("refusals/<ref:reference>/", refusal_detail, name="refusal_detail"),
    path("drafts/<uuid:key>/", draft_detail, name="draft_detail"),
    path("drafts/<uuid:key>/check/", draft_check, name="draft_check"),
    path("drafts/<uuid:key>/submit/", draft_submit, name="draft_submit"),
    path("drafts/<uuid:key>/delete/", draft_delete, name="draft_delete"),
    path("drafts/<uuid:key>/<slug:section>/", draft_section, name="draft_section"),
]
finding = [
    path("requests/", lists.referral_list, name="referral_list"),
    path("requests/zones/", lists.zone_requests, name="zone_requests"),
    path("requests/<ref:reference>/", cases.referral_detail, name="referral_detail"),
    path("requests/<ref:reference>/withdraw/", cases.referral_withdraw, name="referral_withdraw"),
    path("drafts/", lists.draft_list, name="draft_list"),
]
urlpatterns = [*drafts, *finding]
