"""Addresses of requests, drafts, refusals and cohorts."""

from django.urls import path

from referrals.views import (
    cases,
    cohort_changing,
    cohort_choosing,
    cohort_describing,
    cohort_files,
    cohort_plans,
    cohort_schools,
    lists,
    messages,
    not_listed,
    planning,
    waiting,
)
from referrals.views import cohort_sending as sending_pages
from referrals.views import cohorts as cohort_pages
from referrals.views.drafts import draft_delete, draft_detail, draft_start
from referrals.views.sections import draft_section
from referrals.views.sending import draft_check, draft_submit, refusal_detail, request_sent

drafts = [
    path("requests/new/", draft_start, name="draft_start"),
    path("requests/new/not-listed/", not_listed.not_listed_new, name="not_listed_new"),
    path("requests/<ref:reference>/sent/", request_sent, name="request_sent"),
    path("refusals/<ref:reference>/", refusal_detail, name="refusal_detail"),
    path("drafts/<uuid:key>/", draft_detail, name="draft_detail"),
    path("drafts/<uuid:key>/check/", draft_check, name="draft_check"),
    path("drafts/<uuid:key>/submit/", draft_submit, name="draft_submit"),
    path("drafts/<uuid:key>/delete/", draft_delete, name="draft_delete"),
    path("drafts/<uuid:key>/setting/not-listed/", not_listed.not_listed_draft, name="not_listed_draft"),
    path("drafts/<uuid:key>/<slug:section>/", draft_section, name="draft_section"),
]
finding = [
    path("requests/", lists.referral_list, name="referral_list"),
    path("requests/zones/", lists.zone_requests, name="zone_requests"),
    path("requests/<ref:reference>/", cases.referral_detail, name="referral_detail"),
    path("requests/<ref:reference>/messages/", messages.referral_messages, name="referral_messages"),
    path("requests/<ref:reference>/withdraw/", cases.referral_withdraw, name="referral_withdraw"),
    path("drafts/", lists.draft_list, name="draft_list"),
    path("waiting-list/", waiting.waiting_list, name="waiting_list"),
    path("waiting-list/<ref:reference>/give/", waiting.waiting_give, name="waiting_give"),
    path("planning/", planning.planning, name="planning"),
]
COHORT = "cohorts/<ref:reference>/"
SCHOOL = f"{COHORT}schools/<uuid:key>/"
cohorts = [
    path("cohorts/", cohort_pages.cohort_list, name="cohort_list"),
    path("cohorts/new/", cohort_pages.cohort_start, name="cohort_start"),
    path(COHORT, cohort_pages.cohort_detail, name="cohort_detail"),
    path(f"{COHORT}describe/", cohort_describing.cohort_describe, name="cohort_describe"),
    path(f"{COHORT}describe/<slug:part>/", cohort_describing.cohort_describe_part, name="cohort_describe_part"),
    path(SCHOOL, cohort_schools.cohort_school, name="cohort_school"),
    path(f"{SCHOOL}remove/", cohort_schools.cohort_school_remove, name="cohort_school_remove"),
    path(f"{SCHOOL}children/", cohort_schools.cohort_child_add, name="cohort_child_add"),
    path(f"{SCHOOL}children/<int:child>/remove/", cohort_schools.cohort_child_remove, name="cohort_child_remove"),
    path(f"{COHORT}copy/", cohort_changing.cohort_copy, name="cohort_copy"),
    path(f"{COHORT}withdraw/", cohort_changing.cohort_withdraw, name="cohort_withdraw"),
    path(f"{COHORT}delete/", cohort_changing.cohort_delete, name="cohort_delete"),
]
cohort_sending = [
    path(f"{COHORT}schools/add/", cohort_choosing.cohort_choose, name="cohort_choose"),
    path(f"{COHORT}schools/not-listed/", not_listed.not_listed_cohort, name="not_listed_cohort"),
    path(f"{COHORT}schools/file/", cohort_files.cohort_file, name="cohort_file"),
    path(f"{COHORT}schools/file/template.csv", cohort_files.cohort_template, name="cohort_template"),
    path(f"{COHORT}schools/review/", cohort_files.cohort_review, name="cohort_review"),
    path(f"{COHORT}plan/", cohort_plans.cohort_plan, name="cohort_plan"),
    path(f"{COHORT}check/", cohort_plans.cohort_check, name="cohort_check"),
    path(f"{COHORT}send/", sending_pages.cohort_send, name="cohort_send"),
    path(f"{COHORT}sent/<int:edition>/", sending_pages.cohort_sent, name="cohort_sent"),
    path(f"{COHORT}refused/<ref:decision>/", sending_pages.cohort_refused, name="cohort_refused"),
]
urlpatterns = [*drafts, *finding, *cohorts, *cohort_sending]
