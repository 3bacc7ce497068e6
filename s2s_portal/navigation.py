"""The menu: what exists and the person may open, nothing that leads nowhere.

Views are named by their route, so this storey imports none of them.
"""

from dataclasses import dataclass

from django.urls import reverse

from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import can


@dataclass(frozen=True)
class Entry:
    """One page that the menu may offer: its words, its route and who may open it."""

    label: str
    route: str
    permission: Permission


@dataclass(frozen=True)
class Item:
    """One line of a person's menu. `current` marks the section that the open page belongs to."""

    label: str
    url: str
    current: bool = False


ENTRIES = (
    Entry("Home", "home", Permission.USE_PORTAL),
    Entry("My day", "referrals:my_day", Permission.OWN_CASELOAD),
    Entry("Caseload", "referrals:my_caseload", Permission.OWN_CASELOAD),
    Entry("Visits", "referrals:visits_week", Permission.SEE_VISITS),
    Entry("Desk", "referrals:desk", Permission.RUN_DESK),
    Entry("Requests", "referrals:referral_list", Permission.SEE_REQUESTS),
    Entry("Drafts", "referrals:draft_list", Permission.FILE_REQUESTS),
    Entry("Waiting list", "referrals:waiting_list", Permission.SEE_REQUESTS),
    Entry("Cohorts", "referrals:cohort_list", Permission.FILE_COHORTS),
    Entry("Planning", "referrals:planning", Permission.FILE_COHORTS),
    Entry("Quotas", "quotas:quota_list", Permission.SEE_QUOTAS),
    Entry("Unmet demand", "referrals:unmet_demand", Permission.SEE_QUOTAS),
    Entry("Standards", "referrals:standards", Permission.SET_UP_QUOTAS),
    Entry("Teachers", "organisations:teacher_list", Permission.MANAGE_AVAILABILITY),
    Entry("School closures", "organisations:school_closure_list", Permission.MANAGE_AVAILABILITY),
    Entry("My days and leave", "organisations:my_leave", Permission.SET_OWN_LEAVE),
    Entry("Schools and settings", "organisations:establishment_list", Permission.SEE_REGISTERS),
    Entry("People", "organisations:person_list", Permission.SEE_PEOPLE),
    Entry("Zones", "organisations:zone_list", Permission.SEE_PEOPLE),
    Entry("Calendar", "organisations:calendar", Permission.USE_PORTAL),
    Entry("Background jobs", "organisations:job_list", Permission.SEE_JOBS),
    Entry("Access log", "organisations:access_log", Permission.SEE_ACCESS_LOG),
    Entry("Practice date", "demo:practice_date", Permission.MOVE_PRACTICE_DATE),
)


def menu(user: User, path: str, *, with_practice_date: bool) -> list[Item]:
    """The menu of `user` on the page at `path`; empty for someone signed out.

    The practice date's page answers 404 where rehearsal is off, so the menu then leaves it out.
    """
    offered = [
        (entry.label, reverse(entry.route))
        for entry in ENTRIES
        if can(user, entry.permission) and (with_practice_date or entry.permission != Permission.MOVE_PRACTICE_DATE)
    ]
    return [Item(label, url, current=path.startswith(url)) for label, url in offered]
