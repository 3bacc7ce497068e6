"""What the person may do to a request: the buttons of its page. The table is the only place for their words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from referrals.choices import About, Action, Agreement, BookingState, Doer, Status
from referrals.documents.next_steps import NO_VISITS
from referrals.permissions import actions_of
from referrals.queries.work import Visited, Work
from referrals.rules import closing as rules
from referrals.rules.answers import holds_up_observation
from s2s_portal.core import calendar


@dataclass(frozen=True)
class Button:
    """Words, and the page that they lead to."""

    text: str
    url: str


PAGES: dict[Action, tuple[str, str]] = {
    Action.ASSIGN: ("Give it to a teacher", "referral_assign"),
    Action.SEND_BACK: ("Answer S2S’s question", "request_send_back"),
    Action.LOG_CONTACT: ("Log a contact", "contact_new"),
    Action.RECORD_AGREEMENT: ("Record the parents’ agreement", "request_agreement"),
    Action.BOOK: ("Book a visit", "booking_start"),
    Action.CLOSE: ("Close this request", "referral_close"),
    Action.ASK: ("Ask for more information", "request_ask"),
    Action.TAKE_BACK: ("Take the question back", "request_take_back"),
    Action.REASSIGN: ("Give it to another teacher", "referral_reassign"),
    Action.COVER: ("Let another teacher cover it", "referral_cover"),
    Action.CORRECT: ("Correct its details", "request_correct"),
    Action.WITHDRAW_AGREEMENT: ("Record that the parents withdrew their agreement", "request_agreement_withdraw"),
    Action.DECLINE: ("Do not take it on", "referral_decline"),
    Action.CLOSE_NOT_STARTED: ("Close it as not started", "referral_close_not_started"),
    Action.WITHDRAW: ("Withdraw this request", "referral_withdraw"),
    Action.REOPEN: ("Open it again", "referral_reopen"),
    Action.REINSTATE: ("Reinstate it", "referral_reinstate"),
}
"""The words and the page of each action that has one of its own, in the order in which they are offered.

Visits are moved, cancelled, told of and recorded on their own pages: `links_of`.
"""
FIRST: dict[Status, tuple[Action, ...]] = {
    Status.SUBMITTED: (Action.ASSIGN,),
    Status.RETURNED: (Action.SEND_BACK,),
    Status.ASSIGNED: (Action.LOG_CONTACT,),
    Status.IN_CONTACT: (Action.RECORD_AGREEMENT, Action.BOOK),
    Status.SUPPORTING: (Action.BOOK,),
}
"""What is offered as the green button, for whoever may do it."""


def buttons_of(
    referral: Any, doers: Collection[Doer], work: Work, *, at: datetime
) -> tuple[Button | None, list[Button]]:
    """The next step as a button, if it is the person's, and everything else that they may do."""
    allowed = actions_of(frozenset(doers), referral)
    offered = [action for action in PAGES if action in allowed and _makes_sense(action, referral, at)]
    # A visit that waits for its outcome, its record or its day comes before another one.
    is_clear = work.stands == NO_VISITS
    first = _first(referral, offered) if is_clear else None
    others = [_button(action, referral) for action in offered if action != first]
    if is_clear:
        return (_button(first, referral) if first else None), others
    return _of_a_visit(work, allowed, at), others


def _first(referral: Any, offered: Collection[Action]) -> Action | None:
    wanted = FIRST.get(Status(referral.status), ())
    return next((action for action in wanted if action in offered and _is_next(action, referral)), None)


def _of_a_visit(work: Work, allowed: Collection[Action], at: datetime) -> Button | None:
    """What the first visit whose outcome or record is missing asks of the person."""
    missing = (_missing(visit, allowed, at, of_the_visit=True) for visit in work.visits)
    return next((button for button in missing if button is not None), None)


def links_of(referral: Any, visit: Visited, doers: Collection[Doer], *, at: datetime) -> list[Button]:
    """What the person may do about one visit: tell its outcome, write or read its record, look at the visit."""
    missing = _missing(visit, actions_of(frozenset(doers), referral), at)
    links = [] if missing is None else [missing]
    if visit.record:
        number = visit.record.rpartition("/")[2]
        links.append(Button("Read the record", reverse("referrals:record_detail", args=[referral.reference, number])))
    if visit.state == BookingState.PLANNED:
        links.append(Button("See this visit", reverse("referrals:booking_detail", args=[visit.key])))
    return links


def _missing(visit: Visited, allowed: Collection[Action], at: datetime, *, of_the_visit: bool = False) -> Button | None:
    """The page on which the person tells what a visit lacks; None if it lacks nothing, or is not theirs to tell."""
    which = " of the visit" if of_the_visit else ""
    if visit.state == BookingState.PLANNED and visit.starts_at <= at and Action.HOLD in allowed:
        text = f"Tell what became{which or ' of it'}"
        return Button(text, reverse("referrals:visit_outcome", args=[visit.key]))
    if visit.lacks_record and Action.RECORD in allowed:
        return Button(f"Write the record{which}", reverse("referrals:record_write", args=[visit.key]))
    return None


def _is_next(action: Action, referral: Any) -> bool:
    return action != Action.RECORD_AGREEMENT or _holds_up(referral)


def _holds_up(referral: Any) -> bool:
    return holds_up_observation({"about": referral.about, "agreement": referral.agreement})


def _makes_sense(action: Action, referral: Any, at: datetime) -> bool:
    """Whether the state of the request beyond its status leaves something to do; the page would only say that not."""
    if action == Action.RECORD_AGREEMENT:
        return referral.about != About.GROUP and referral.agreement != Agreement.YES
    if action == Action.WITHDRAW_AGREEMENT:
        return bool(referral.agreement == Agreement.YES)
    if action == Action.REOPEN:
        over = not calendar.is_by_end_of(referral.period.delivery_ends_on, at)
        return rules.cannot_reopen(visits_held=referral.visits_held, delivery_over=over) is None
    if action == Action.REINSTATE:
        return calendar.is_by_end_of(referral.period.allocation_deadline_on, at)
    return True


def _button(action: Action, referral: Any) -> Button:
    text, route = PAGES[action]
    if action == Action.WITHDRAW and referral.status == Status.WAITING:
        text = "Leave the waiting list"
    return Button(text, reverse(f"referrals:{route}", args=[referral.reference]))
