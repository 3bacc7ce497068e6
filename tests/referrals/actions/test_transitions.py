"""The transition table on the real database: every situation × every action × everybody, one after the other.

What each may do comes from the table written by hand; so does what it does to the status, the place and the clocks.
"""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connection, transaction

from quotas.models import LedgerEntry
from referrals.choices import Action, BookingState, Clock, ClockStep, EventKind, Place, Status
from referrals.models import DraftReferral, Referral
from referrals.queries import progress
from referrals.queries.standards import standards_at
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.calendar import days
from tests.referrals.acting import ACT, PREPARE, WHEN, NothingThere
from tests.referrals.life_table import TABLE, who_may
from tests.referrals.situations import NAMES, NOW, everywhere

DONE, REFUSED, ALREADY = "done", "refused", "already so"
NOT_ALLOWED, NOT_FOUND, NOTHING_THERE = "not allowed", "not found", "nothing there"

#: What a rule refuses although the table allows it.
A_RULE_REFUSES = {
    ("closed_not_started", Action.REOPEN),  # it has no place any more
    ("left_the_list", Action.REINSTATE),  # it never had one
    ("supporting", Action.CLOSE),  # a visit has no record
    ("recorded", Action.CLOSE),  # a visit is planned
    ("done", Action.MOVE_BOOKING),  # its visit was held
    ("done", Action.CANCEL_BOOKING),
}
#: What was done before is not done again, and nobody is refused.
DONE_BEFORE = {
    *((name, action) for name in ("done", "closed", "transferred") for action in (Action.HOLD, Action.NOT_HELD)),
    *((name, Action.CANCEL_BOOKING) for name in ("in_contact", "submitted_again", "withdrawn")),
    *((name, Action.RECORD) for name in ("recorded", "done")),
}
EVENTS = {
    Action.SUBMIT: EventKind.SUBMITTED,
    Action.JOIN: EventKind.JOINED,
    Action.GIVE_PLACE: EventKind.PLACE_GIVEN,
    Action.LAPSE: EventKind.LAPSED,
    Action.WITHDRAW: EventKind.WITHDRAWN,
    Action.ASSIGN: EventKind.ASSIGNED,
    Action.REASSIGN: EventKind.REASSIGNED,
    Action.COVER: EventKind.COVERED,
    Action.ASK: EventKind.ASKED,
    Action.SEND_BACK: EventKind.SENT_BACK,
    Action.TAKE_BACK: EventKind.TAKEN_BACK,
    Action.DECLINE: EventKind.DECLINED,
    Action.LOG_CONTACT: EventKind.CONTACTED,
    Action.REACH: EventKind.CONTACTED,
    Action.BOOK: EventKind.BOOKED,
    Action.MOVE_BOOKING: EventKind.BOOKING_MOVED,
    Action.CANCEL_BOOKING: EventKind.BOOKING_CANCELLED,
    Action.HOLD: EventKind.VISIT_HELD,
    Action.NOT_HELD: EventKind.VISIT_NOT_HELD,
    Action.RECORD: EventKind.RECORD_FINALISED,
    Action.ADD_TO_RECORD: EventKind.RECORD_ADDED_TO,
    Action.RETRACT: EventKind.RECORD_RETRACTED,
    Action.CLOSE: EventKind.CLOSED,
    Action.CLOSE_NOT_STARTED: EventKind.CLOSED,
    Action.REOPEN: EventKind.REOPENED,
    Action.REINSTATE: EventKind.REINSTATED,
    Action.CORRECT: EventKind.CORRECTED,
    Action.RECORD_AGREEMENT: EventKind.AGREEMENT_RECORDED,
    Action.WITHDRAW_AGREEMENT: EventKind.AGREEMENT_WITHDRAWN,
}
#: What the portal does with a contract's requests: walked in test_rollover and test_bringing_back.
AT_THE_END = {
    *(Action.TRANSFER, Action.CARRY_OVER, Action.MOVE_BACK, Action.UNDO_CARRY),
    *(Action.END_WITH_CONTRACT, Action.BRING_BACK),
}
RECORD, REVIEW = Clock.RECORD, Clock.REVIEW
#: R10 by the days on which things are done here; early years, no holidays entered.
DUE = {
    (ClockStep.CONTACT_STARTS, Action.SUBMIT): {Clock.CONTACT: date(2024, 12, 4)},
    (ClockStep.CONTACT_STARTS, Action.REINSTATE): {Clock.CONTACT: date(2024, 12, 4)},
    (ClockStep.REACHED, Action.REACH): {Clock.OBSERVATION: date(2024, 12, 25)},
    (ClockStep.VISITED, Action.HOLD): {RECORD: date(2024, 12, 12), REVIEW: date(2025, 1, 9)},
}

pytestmark = [pytest.mark.django_db]


@pytest.fixture(scope="module")
def town(council_of_the_module, django_db_blocker):
    """The situations, made once; each test undoes what it does."""
    with django_db_blocker.unblock():
        yield everywhere(council_of_the_module)


@dataclass(frozen=True)
class Stands:
    """Everything about a request that an action may change."""

    status: Status | None
    returned_from: str
    place_id: int | None
    visits_held: int
    first_held_at: object
    lines: int
    left: int
    events: tuple[str, ...]
    planned: int
    clocks: dict[Clock, tuple[date | None, bool]]


def look_at(one, at) -> Stands:
    left = one.quota.entries.latest("seq").left_after
    row = _request_of(one)
    if row is None:
        return Stands(None, "", None, 0, None, 0, left, (), 0, {})
    numbered = list(row.events.order_by("seq").values_list("seq", "kind"))
    assert [seq for seq, _ in numbered] == list(range(1, len(numbered) + 1)), "The history has a gap."
    running = progress.clocks_of([row], standards=standards_at(at), days=days(), today=london_date(at))[row.pk]
    return Stands(
        status=Status(row.status),
        returned_from=row.returned_from,
        place_id=row.place_id,
        visits_held=row.visits_held,
        first_held_at=row.first_held_at,
        lines=LedgerEntry.objects.filter(reference=row.reference).count(),
        left=left,
        events=tuple(kind for _, kind in numbered),
        planned=row.bookings.filter(state=BookingState.PLANNED).count(),
        clocks={Clock(clock.clock): (clock.due_on, clock.paused) for clock in running},
    )


def _request_of(one):
    key = one.draft.key if one.draft else one.referral.submission_key
    return Referral.objects.select_related("place").filter(submission_key=key).first()


def step_of(one, action):
    """What the table says. Who was reached before is told about again: one more line of the log."""
    if action == Action.REACH and (one.status, action) not in TABLE:
        action = Action.LOG_CONTACT
    return TABLE.get((one.status, action))


def expected_of(one, action, user, doer) -> str:
    if action in (Action.SUBMIT, Action.JOIN):  # nobody else has this draft; sent twice, it is the same request
        if doer is not None and doer in who_may(action):
            return DONE if one.status is None else ALREADY
        return NOT_ALLOWED if one.referral and one.referral.submitted_by == user else NOT_FOUND
    if doer not in who_may(action):
        return NOT_ALLOWED
    if (one.name, action) in DONE_BEFORE:
        return ALREADY
    if step_of(one, action) is None or (one.name, action) in A_RULE_REFUSES:
        return REFUSED
    return DONE


def try_it(one, action, by, at) -> str:
    """What came of it. Whatever is not `DONE` has written nothing."""
    written = []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        try:
            refusal = ACT[action](one, by, at)
        except NotAllowed:
            outcome = NOT_ALLOWED
        except DraftReferral.DoesNotExist:
            outcome = NOT_FOUND
        except NothingThere:
            outcome = NOTHING_THERE
        else:
            outcome = REFUSED if refusal else DONE if written else ALREADY
    assert outcome == DONE or not written, (outcome, written)
    return outcome


@pytest.mark.parametrize("action", [action for action in Action if action not in AT_THE_END])
@pytest.mark.parametrize("name", NAMES)
def test_walk(town, name, action):
    one, at = town.situations[name], WHEN.get(action, NOW)
    if one.status is None and action not in (Action.SUBMIT, Action.JOIN):
        assert (None, action) not in TABLE  # a draft is no request: there is nothing to which it could be done
        return
    if (name, action) in PREPARED:
        PREPARE[action](one)
    before = look_at(one, at)
    came, expected = {}, {}
    for who, (user, doer) in one.people.items():
        expected[who] = expected_of(one, action, user, doer)
        with transaction.atomic():
            came[who] = try_it(one, action, user, at)
            if came[who] == DONE:
                check(one, action, before, look_at(one, at))
            transaction.set_rollback(True)
    if set(came.values()) == {NOTHING_THERE}:
        assert step_of(one, action) is None or (name, action) in WITHOUT_AN_OBJECT
        return
    assert came == expected


#: The table allows it and this request has no visit, or no record, to do it to.
WITHOUT_AN_OBJECT = {
    *((name, Action.MOVE_BOOKING) for name in NAMES if name.startswith("returned")),
    *((name, Action.CANCEL_BOOKING) for name in NAMES if name.startswith("returned")),
    *(
        (name, action)
        for name in ("supporting", "closed_not_started")
        for action in (Action.ADD_TO_RECORD, Action.RETRACT)
    ),
    ("closed_not_started", Action.RECORD),
}
PREPARED = {
    ("waits", Action.GIVE_PLACE),
    ("draft", Action.JOIN),
    ("lapsed", Action.LAPSE),
    ("left_the_list", Action.LAPSE),
    ("supporting", Action.RECORD),
    ("closed", Action.RECORD),
}


def check(one, action, before, after) -> None:
    """That the request is what the table says it becomes."""
    step = step_of(one, action)
    check_status(one, action, step, before, after)
    check_place(step, before, after)
    check_clocks(one, action, step, before.clocks, after.clocks)
    ends = step.place == Place.RELEASED or action == Action.CANCEL_BOOKING
    cancelled = before.planned if step.place == Place.RELEASED else 0
    kind = EventKind.LEFT if (one.status, action) == (Status.WAITING, Action.WITHDRAW) else EVENTS[action]
    assert after.events == (*before.events, *[EventKind.BOOKING_CANCELLED] * cancelled, kind)
    assert not ends or after.planned == max(0, before.planned - max(cancelled, 1))


def check_status(one, action, step, before, after) -> None:
    expected = step.to or before.returned_from
    if one.name == "booked_twice" and action in (Action.CANCEL_BOOKING, Action.NOT_HELD):
        expected = Status.BOOKED  # its other visit is still to come
    assert after.status == expected
    returned_from = before.returned_from if after.status == Status.RETURNED else ""
    if action == Action.ASK:
        returned_from = before.status
    elif (one.name, action) in {("returned_assigned", Action.REACH), ("returned_booked", Action.CANCEL_BOOKING)}:
        returned_from = Status.IN_CONTACT  # where it goes once it is answered
    assert after.returned_from == returned_from


def check_place(step, before, after) -> None:
    lines, left = after.lines - before.lines, after.left - before.left
    if step.place == Place.DRAWN:
        assert (lines, left, before.place_id) == (1, -1, None)
        line = LedgerEntry.objects.get(pk=after.place_id)
        assert line.left_after == after.left
        assert (line.answers is not None) == (before.lines > 0), "A second draw answers the line that gave it back."
    elif step.place == Place.RELEASED:
        assert (lines, left, after.place_id) == (1, 1, None)
        assert LedgerEntry.objects.get(answers=before.place_id).left_after == after.left
    else:
        assert (lines, left, after.place_id) == (0, 0, before.place_id)
    spent = (before.visits_held, after.visits_held, before.first_held_at is None, after.first_held_at is None)
    assert (step.place == Place.SPENT) == (spent == (0, 1, True, False))
    if step.place != Place.SPENT:
        assert before.first_held_at == after.first_held_at


def check_clocks(one, action, step, before, after) -> None:
    names = set(before)
    if step.clock is None and (one.name, action) == ("returned_assigned", Action.REACH):
        assert (names, set(after)) == ({Clock.CONTACT}, {Clock.OBSERVATION})
    elif step.clock is None:
        assert after == before
    elif step.clock in (ClockStep.PAUSED, ClockStep.RESUMED):
        assert {clock: due for clock, (due, _) in after.items()} == {clock: due for clock, (due, _) in before.items()}
        assert names
        assert {paused for _, paused in before.values()} == {step.clock == ClockStep.RESUMED}
        assert {paused for _, paused in after.values()} == {step.clock == ClockStep.PAUSED}
    elif step.clock == ClockStep.STOPPED:
        assert names
        assert after == {}
    else:
        was, becomes = NAMES_OF_CLOCKS[step.clock](names)
        assert (names, set(after)) == (was, becomes)
        assert not any(paused for _, paused in after.values())
    for clock, due in DUE.get((step.clock, action), {}).items():
        assert after[clock] == (due, False)


#: Which clocks ran before, and which run afterwards.
NAMES_OF_CLOCKS = {
    ClockStep.CONTACT_STARTS: lambda ran: (set(), {Clock.CONTACT}),
    ClockStep.REACHED: lambda ran: ({Clock.CONTACT}, {Clock.OBSERVATION}),
    ClockStep.VISITED: lambda ran: ({Clock.OBSERVATION}, {RECORD, REVIEW}),
    ClockStep.RECORD_STARTS: lambda ran: (ran | {REVIEW}, ran | {RECORD}),
    ClockStep.RECORDED: lambda ran: ({RECORD, REVIEW}, {REVIEW}),
    ClockStep.RESTARTED: lambda ran: (set(), {REVIEW}),
}


def test_nothing_is_left_out(town):
    """Every action, every status, every doer, every line of the table."""
    assert set(ACT) == set(EVENTS) == set(Action) - AT_THE_END
    assert {one.status for one in town.situations.values()} == {None, *Status}
    doers = {doer for one in town.situations.values() for _, doer in one.people.values()}
    assert doers >= {doer for step in TABLE.values() for doer in step.by}
    returned = {one.referral.returned_from for one in town.situations.values() if one.status == Status.RETURNED}
    assert returned == {stands for stands, action in TABLE if action == Action.ASK}
