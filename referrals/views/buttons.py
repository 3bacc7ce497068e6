"""What the person may do to a request: the buttons of its page. The table is the only place for their words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from referrals.choices import Action, Agreement, Doer, Status
from referrals.documents.next_steps import Stands
from referrals.permissions import actions_of
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
    Action.SEND_BACK: ("Answer S2S’s question", "referral_send_back"),
    Action.LOG_CONTACT: ("Log a contact", "contact_new"),
    Action.RECORD_AGREEMENT: ("Record the parents’ agreement", "referral_agreement"),
    Action.BOOK: ("Book a visit", "booking_new"),
    Action.CLOSE: ("Close this request", "referral_close"),
    Action.ASK: ("Ask for more information", "referral_ask"),
    Action.TAKE_BACK: ("Take the question back", "referral_take_back"),
    Action.REASSIGN: ("Give it to another teacher", "referral_reassign"),
    Action.COVER: ("Let another teacher cover it", "referral_cover"),
    Action.CORRECT: ("Correct its details", "referral_correct"),
    Action.WITHDRAW_AGREEMENT: ("Record that the parents withdrew their agreement", "referral_agreement_withdraw"),
    Action.DECLINE: ("Do not take it on", "referral_decline"),
    Action.CLOSE_NOT_STARTED: ("Close it as not started", "referral_close_not_started"),
    Action.WITHDRAW: ("Withdraw this request", "referral_withdraw"),
    Action.REOPEN: ("Open it again", "referral_reopen"),
    Action.REINSTATE: ("Reinstate it", "referral_reinstate"),
}
"""The words and the page of each action that has one of its own, in the order in which they are offered.

Visits are moved, cancelled, told of and recorded on their own pages.
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
    referral: Any, doers: Collection[Doer], stands: Stands, *, at: Any
) -> tuple[Button | None, list[Button]]:
    """The next step as a button, if it is the person's and has a page, and everything else that they may do."""
    offered = [action for action in PAGES if action in actions_of(frozenset(doers), referral)]
    offered = [action for action in offered if _makes_sense(action, referral, at)]
    first = _first(referral, offered, stands)
    buttons = {action: _button(action, referral) for action in offered}
    others = [button for action, button in buttons.items() if button is not None and action != first]
    return (buttons[first] if first else None), others


def _first(referral: Any, offered: Collection[Action], stands: Stands) -> Action | None:
    # A visit that waits for its outcome, its record or its day comes before another one: its own link leads there.
    if stands != Stands():
        return None
    wanted = FIRST.get(Status(referral.status), ())
    return next((action for action in wanted if action in offered and _is_next(action, referral)), None)


def _is_next(action: Action, referral: Any) -> bool:
    return action != Action.RECORD_AGREEMENT or _holds_up(referral)


def _holds_up(referral: Any) -> bool:
    return holds_up_observation({"about": referral.about, "agreement": referral.agreement})


def _makes_sense(action: Action, referral: Any, at: Any) -> bool:
    """Whether the state of the request beyond its status leaves something to do; the page would only say that not."""
    if action == Action.RECORD_AGREEMENT:
        return referral.agreement != Agreement.YES
    if action == Action.WITHDRAW_AGREEMENT:
        return bool(referral.agreement == Agreement.YES)
    if action == Action.REOPEN:
        over = not calendar.is_by_end_of(referral.period.delivery_ends_on, at)
        return rules.cannot_reopen(visits_held=referral.visits_held, delivery_over=over) is None
    if action == Action.REINSTATE:
        return calendar.is_by_end_of(referral.period.allocation_deadline_on, at)
    return True


def _button(action: Action, referral: Any) -> Button | None:
    text, route = PAGES[action]
    if action == Action.WITHDRAW and referral.status == Status.WAITING:
        text = "Leave the waiting list"
    try:
        return Button(text, reverse(f"referrals:{route}", args=[referral.reference]))
    except NoReverseMatch:
        return None
