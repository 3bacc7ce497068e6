"""Every action on a request in one shape: who does it in which situation, and what refuses it ("" if it is done)."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from quotas.actions import places
from referrals.actions import (
    agreements,
    assigning,
    booking,
    closing,
    contacting,
    correcting,
    covering,
    ending,
    finalising,
    moving,
    reinstating,
    requests,
    retracting,
    returning,
    visiting,
    waiting,
    withdrawing,
)
from referrals.choices import (
    Action,
    AgreementHow,
    ContactOutcome,
    DeclineReason,
    NotHeldReason,
    NotStartedReason,
    Section,
    Status,
    VisitOutcome,
    WhoAsked,
    WithdrawReason,
)
from referrals.models import Visit, VisitRecord
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import is_system
from tests.factories import records, support
from tests.moments import ALLOCATION_DEADLINE
from tests.referrals.situations import DEADLINE_PASSED, NOW, VISIT_AT, VISIT_OVER, Situation

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHEN = {
    Action.GIVE_PLACE: ALLOCATION_DEADLINE,
    Action.LAPSE: DEADLINE_PASSED,
    Action.HOLD: VISIT_OVER,
    Action.NOT_HELD: VISIT_OVER,
}
"""When an action is taken, if not at `NOW`."""


class NothingThere(Exception):
    """The request has no visit or record to which this could be done."""


def _visit(one: Situation) -> Visit:
    """The request's first visit that was held."""
    visit = Visit.objects.filter(referral=one.referral).exclude(outcome=VisitOutcome.NOT_HELD).order_by("pk").first()
    if visit is None:
        raise NothingThere
    return records.fresh(visit)


def _record(one: Situation) -> VisitRecord:
    """Its last record."""
    record = VisitRecord.objects.filter(visit__referral=one.referral).order_by("-pk").first()
    if record is None:
        raise NothingThere
    return record


def _planned(one: Situation):
    if one.booking is None:
        raise NothingThere
    return one.visit


def submit(one, by, at, or_wait=False):
    key = one.draft.key if one.draft else one.referral.submission_key
    outcome = requests.submit(key=key, by=by, at=at, or_wait=or_wait)
    return "" if outcome.referral else outcome.decision.rule


def join(one, by, at):
    return submit(one, by, at, or_wait=True)


def give_place(one, by, at):
    """The portal gives one before the cut-off, a commissioner after it."""
    if is_system(by):
        given = waiting.fill(quota=one.quota, by=by, at=NOW)
        return "" if one.referral in given else "It was given none."
    return waiting.give(quota=one.quota, reference=one.referral.reference, by=by, at=at).refusal


def lapse(one, by, at):
    before = one.request.status
    waiting.lapse(quota=one.quota, by=by, at=at)
    return "" if one.request.status != before else "It did not lapse."


def withdraw(one, by, at):
    before = one.request.status
    done = withdrawing.withdraw(referral=one.request, reason=WithdrawReason.OTHER, note="", by=by, at=at)
    return "" if done.status != before else "It was not withdrawn."


def assign(one, by, at):
    return assigning.assign(referral=one.request, teacher=_free(one), reasons=[], by=by, at=at).refusal


def _free(one: Situation) -> User:
    return one.people["another teacher"][0]


def reassign(one, by, at):
    return assigning.reassign(referral=one.request, teacher=_free(one), note="", by=by, at=at).refusal


def cover(one, by, at):
    days = {"starts_on": london_date(at), "ends_on": london_date(at + DAY)}
    return covering.cover(referral=one.request, teacher=_free(one), **days, by=by, at=at).refusal


def ask(one, by, at):
    return returning.ask(referral=one.request, question="Which room?", by=by, at=at).refusal


def send_back(one, by, at):
    return returning.send_back(referral=one.request, answer="The blue one.", by=by, at=at).refusal


def take_back(one, by, at):
    return returning.take_back(referral=one.request, note="", by=by, at=at).refusal


def decline(one, by, at):
    return ending.decline(referral=one.request, reason=DeclineReason.OTHER, note="", by=by, at=at).refusal


def close_not_started(one, by, at):
    reason = NotStartedReason.NOT_WANTED
    return ending.close_not_started(referral=one.request, reason=reason, note="", by=by, at=at).refusal


def log_contact(one, by, at, outcome=ContactOutcome.NO_ANSWER):
    attempt = support.attempt(at=at, outcome=outcome)
    return contacting.log_contact(referral=one.request, attempt=attempt, by=by, at=at).refusal


def reach(one, by, at):
    return log_contact(one, by, at, ContactOutcome.REACHED)


def _judged(booked):
    """A time that suits nobody would be a mistake of the test."""
    assert booked.judgement.suits, booked.judgement
    return booked.refusal


def book(one, by, at):
    wanted = support.wanted(VISIT_AT + DAY)
    who = {"teachers": [one.request.teacher or _free(one)], "reasons": support.UNKNOWN_TERMS}
    return _judged(booking.book(referral=one.request, key=uuid.uuid4(), wanted=wanted, **who, by=by, at=at))


def move(one, by, at):
    planned = _planned(one)
    to = {"starts_at": VISIT_AT + DAY, "ends_at": VISIT_AT + DAY + HOUR}
    why = {"sequence": planned.sequence, "asked_by": WhoAsked.SETTING, "note": "", "reasons": {}}
    return _judged(moving.move(booking=planned, **to, **why, by=by, at=at))


def cancel(one, by, at):
    planned = _planned(one)
    why = {"sequence": planned.sequence, "asked_by": WhoAsked.SETTING, "note": ""}
    return moving.cancel(booking=planned, **why, by=by, at=at).refusal


def hold(one, by, at):
    return visiting.tell_outcome(booking=_planned(one), told=visiting.Told(VisitOutcome.HELD), by=by, at=at).refusal


def not_held(one, by, at):
    told = visiting.Told(VisitOutcome.NOT_HELD, reason=NotHeldReason.CHILD_ABSENT)
    return visiting.tell_outcome(booking=_planned(one), told=told, by=by, at=at).refusal


def record(one, by, at):
    visit = _visit(one)
    checked = records.edition(visit) if hasattr(visit, "draft") else ""
    return finalising.finalise(visit=visit, checked=checked, by=by, at=at).refusal


def add_to_record(one, by, at):
    return finalising.add(record=_record(one), key=uuid.uuid4(), text="One thing more.", by=by, at=at).refusal


def retract(one, by, at):
    why = {"reason": "About his brother", "breach_note": "Nobody had opened it."}
    return retracting.retract(record=_record(one), **why, by=by, at=at).refusal


def close(one, by, at):
    return closing.close(referral=one.request, ending=support.ending_of(one.request), by=by, at=at).refusal


def reopen(one, by, at):
    return closing.reopen(referral=one.request, reason="They asked.", by=by, at=at).refusal


def reinstate(one, by, at):
    return reinstating.reinstate(referral=one.request, reason="In error.", by=by, at=at).refusal


def correct(one, by, at):
    row = one.request
    what = {"section": Section.CONTACT, "answers": {"contact_telephone": "01603 496002"}, "edition": row.edition}
    return correcting.correct(referral=row, **what, reason="A slip.", by=by, at=at).refusal


def record_agreement(one, by, at):
    told = {"given_by": "Father", "on": london_date(at), "how": AgreementHow.SIGNED_FORM, "held": "The office"}
    return agreements.record(referral=one.request, **told, by=by, at=at).refusal


def withdraw_agreement(one, by, at):
    return agreements.withdraw(referral=one.request, on=london_date(at), note="", by=by, at=at).refusal


Act = Callable[[Situation, User, object], str]
ACT: dict[Action, Act] = {
    Action.SUBMIT: submit,
    Action.JOIN: join,
    Action.GIVE_PLACE: give_place,
    Action.LAPSE: lapse,
    Action.WITHDRAW: withdraw,
    Action.ASSIGN: assign,
    Action.REASSIGN: reassign,
    Action.COVER: cover,
    Action.ASK: ask,
    Action.SEND_BACK: send_back,
    Action.TAKE_BACK: take_back,
    Action.DECLINE: decline,
    Action.LOG_CONTACT: log_contact,
    Action.REACH: reach,
    Action.BOOK: book,
    Action.MOVE_BOOKING: move,
    Action.CANCEL_BOOKING: cancel,
    Action.HOLD: hold,
    Action.NOT_HELD: not_held,
    Action.RECORD: record,
    Action.ADD_TO_RECORD: add_to_record,
    Action.RETRACT: retract,
    Action.CLOSE: close,
    Action.CLOSE_NOT_STARTED: close_not_started,
    Action.REOPEN: reopen,
    Action.REINSTATE: reinstate,
    Action.CORRECT: correct,
    Action.RECORD_AGREEMENT: record_agreement,
    Action.WITHDRAW_AGREEMENT: withdraw_agreement,
}


# --- What there must be before it can be done --------------------------------------------------------------------
def one_comes_free(one: Situation) -> None:
    by = support.somebody(Role.COMMISSIONER)
    places.grant(quota=one.quota, places=1, reason="One more", by=by, at=NOW)


def all_are_used(one: Situation) -> None:
    locked = places.locked(one.quota)
    for number in range(locked.left):
        places.draw(locked=locked, reference=f"YY-{number:04d}", by=support.somebody(Role.COMMISSIONER), at=NOW)


def nobody_waits_any_more(one: Situation) -> None:
    waiting.lapse(quota=one.quota, by=ensure_system_user(), at=DEADLINE_PASSED)


def the_record_is_written(one: Situation) -> None:
    """As far as it can be before it is finalised; that of a closed request was retracted."""
    if one.name == "closed":
        records.retracted(_record(one))
    visits = [records.fresh(visit) for visit in Visit.objects.filter(referral=one.referral, draft__isnull=False)]
    for visit in visits:
        if one.status in (Status.SUPPORTING, Status.CLOSED):
            records.type_in(visit, records.WORDS)


PREPARE: dict[Action, Callable[[Situation], None]] = {
    Action.GIVE_PLACE: one_comes_free,
    Action.JOIN: all_are_used,
    Action.LAPSE: nobody_waits_any_more,
    Action.RECORD: the_record_is_written,
}
