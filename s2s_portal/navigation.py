"""The menu: what exists and the person may open, nothing that leads nowhere.

Views are named by their route, so this storey imports none of them.
"""

from dataclasses import dataclass

from s2s_portal.core.routes import address
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import can

MOST = 8
"""Lines of a menu that are taken in at a glance: whoever may open more finds pages that belong together in one."""


@dataclass(frozen=True)
class Entry:
    """One page that the menu may offer: its words, its route, who may open it, and the line it is found under."""

    label: str
    route: str
    permission: Permission
    group: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a person's menu. `current` marks the section that the open page belongs to.

    `pages` are those that the line stands for, if there are several; it leads to the first of them.
    """

    label: str
    url: str
    current: bool = False
    pages: tuple["Item", ...] = ()


REQUESTS, END, SETTINGS = "Requests", "Contract’s end", "Settings"
REGISTERS, MESSAGES, CALENDAR, UPKEEP = "Schools and settings", "Messages", "Calendar", "Repairs"
ENTRIES = (
    Entry("Home", "home", Permission.USE_PORTAL),
    Entry("Dashboards", "oversight:overview", Permission.SEE_DASHBOARDS),
    Entry("My day", "referrals:my_day", Permission.OWN_CASELOAD),
    Entry("Caseload", "referrals:my_caseload", Permission.OWN_CASELOAD),
    Entry("Visits", "referrals:visits_week", Permission.SEE_VISITS),
    Entry("Desk", "referrals:desk", Permission.RUN_DESK),
    Entry("Requests", "referrals:referral_list", Permission.SEE_REQUESTS, REQUESTS),
    Entry("Drafts", "referrals:draft_list", Permission.FILE_REQUESTS),
    Entry("Waiting list", "referrals:waiting_list", Permission.SEE_REQUESTS, REQUESTS),
    Entry("Cohorts", "referrals:cohort_list", Permission.FILE_COHORTS),
    Entry("Planning", "referrals:planning", Permission.FILE_COHORTS),
    Entry("Quotas", "quotas:quota_list", Permission.SEE_QUOTAS),
    Entry("Contract ends", "referrals:contract_end_list", Permission.SEE_CONTRACT_ENDS, END),
    Entry("Run-off", "referrals:run_off", Permission.SEE_CONTRACT_ENDS, END),
    Entry("Hand-over", "referrals:hand_over_list", Permission.SEE_HAND_OVER, END),
    Entry("Reconciliation", "referrals:reconciliation", Permission.SEE_RECONCILIATION, END),
    Entry("Settings", "referrals:lever_list", Permission.CHANGE_SETTINGS, SETTINGS),
    Entry("Contracts", "referrals:contract_list", Permission.SET_UP_QUOTAS, SETTINGS),
    Entry("Standards", "referrals:standards", Permission.SET_UP_QUOTAS, SETTINGS),
    Entry("Set-up", "referrals:set_up", Permission.SEE_SET_UP, SETTINGS),
    Entry("Schools and settings", "organisations:establishment_list", Permission.SEE_REGISTERS, REGISTERS),
    Entry("Registers", "organisations:register_list", Permission.MANAGE_REGISTERS, REGISTERS),
    Entry("Zones", "organisations:zone_list", Permission.SEE_PEOPLE, REGISTERS),
    Entry("People", "organisations:person_list", Permission.SEE_PEOPLE),
    Entry("Messages", "notifications:message_list", Permission.USE_PORTAL, MESSAGES),
    Entry("Reminders", "referrals:reminder_list", Permission.SEE_REMINDERS, MESSAGES),
    Entry("Calendar", "organisations:calendar", Permission.USE_PORTAL, CALENDAR),
    Entry("Teachers", "organisations:teacher_list", Permission.MANAGE_AVAILABILITY, CALENDAR),
    Entry("School closures", "organisations:school_closure_list", Permission.MANAGE_AVAILABILITY, CALENDAR),
    Entry("My days and leave", "organisations:my_leave", Permission.SET_OWN_LEAVE, CALENDAR),
    Entry("Repairs", "repairs:index", Permission.REPAIR, UPKEEP),
    Entry("Background jobs", "organisations:job_list", Permission.SEE_JOBS, UPKEEP),
    Entry("Access log", "organisations:access_log", Permission.SEE_ACCESS_LOG),
    Entry("Practice date", "demo:practice_date", Permission.MOVE_PRACTICE_DATE, UPKEEP),
)


def menu(user: User, path: str, *, with_practice_date: bool) -> list[Item]:
    """The menu of `user` on the page at `path`; empty for someone signed out.

    The practice date's page answers 404 where rehearsal is off, so the menu then leaves it out.
    """
    offered = [
        (entry, address(entry.route))
        for entry in ENTRIES
        if can(user, entry.permission) and (with_practice_date or entry.permission != Permission.MOVE_PRACTICE_DATE)
    ]
    is_long = len(offered) > MOST
    lines: dict[str, list[Item]] = {}
    for entry, url in offered:
        page = Item(entry.label, url, current=path.startswith(url))
        lines.setdefault(entry.group if is_long and entry.group else entry.label, []).append(page)
    return [_line(label, pages) for label, pages in lines.items()]


def _line(label: str, pages: list[Item]) -> Item:
    """One page as it is; several under the words of their group."""
    if len(pages) == 1:
        return pages[0]
    return Item(label, pages[0].url, any(page.current for page in pages), tuple(pages))
