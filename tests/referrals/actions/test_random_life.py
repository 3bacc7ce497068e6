"""Whatever is done to requests, in whatever order: ledger, requests, visits and history agree afterwards."""

import random
from datetime import timedelta

import pytest

from quotas.models import LedgerEntry
from referrals.choices import Action, BookingState, EventKind, Status, VisitOutcome
from referrals.models import Booking, BookingTeacher, Referral, Visit
from referrals.models.referrals import BEFORE_A_VISIT
from referrals.permissions import allowed_actions
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import person
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.acting import ACT, NothingThere, the_record_is_written
from tests.referrals.situations import Situation

pytestmark = pytest.mark.django_db
#: Not among the buttons of one request: drafts are sent, lists are gone through, and a log only gets longer.
OF_LISTS = {Action.SUBMIT, Action.JOIN, Action.GIVE_PLACE, Action.LAPSE}
STEPS = 35
ENDS = {Action.WITHDRAW, Action.DECLINE, Action.CLOSE_NOT_STARTED, Action.CLOSE, Action.REOPEN, Action.REINSTATE}


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_everything_agrees(council, seed):
    chance, one = random.Random(seed), _begun(council)
    at, done = AT, []
    for _ in range(STEPS):
        at += timedelta(hours=chance.choice([1, 2, 5, 24, 72]))
        at = at.replace(hour=min(max(at.hour, 8), 18))
        action = _step(one, council, chance, at)
        if action is not None:
            done.append(action)
            agrees(one.request)
    assert len(done) > 5, "Nothing much happened."


def _begun(council) -> Situation:
    """A sent request with nobody in it yet; `another teacher` is whom it is given to."""
    referral = sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
    return Situation("random", referral, people={"another teacher": (council.people[Role.S2S_TEACHER], None)})


def _step(one, council, chance, at) -> Action | None:
    """Something that somebody may do now; None if nothing came of it."""
    row = one.request
    everybody = [*council.people.values(), *([row.teacher] if row.teacher else [])]
    today = london_date(at)
    may = [(action, by) for by in everybody for action in sorted(allowed_actions(by, row, today=today))]
    # What ends a request is rarer, or nothing would ever be visited.
    may = [pair for pair in may if pair[0] not in OF_LISTS and (pair[0] not in ENDS or chance.random() < 0.2)]
    if not may:
        return None
    action, by = chance.choice(may)
    one.referral = row
    one.booking = chance.choice(list(row.bookings.order_by("pk")) or [None])
    if action == Action.REASSIGN:
        one.people["another teacher"] = (person(Role.S2S_TEACHER), None)
    if action in (Action.HOLD, Action.NOT_HELD) and one.booking:
        at = max(at, one.booking.ends_at)
    if action == Action.RECORD:
        the_record_is_written(one)
    try:
        refusal = _act(one, action, by, at)
    except NothingThere:
        return None
    return None if refusal else action


def _act(one, action, by, at) -> str:
    if action != Action.BOOK:
        return ACT[action](one, by, at)
    starts_at = (at + timedelta(days=1)).replace(hour=9 + one.request.bookings.count() % 9, minute=0)
    while starts_at.weekday() > 4:
        starts_at += timedelta(days=1)
    try:
        support.book(one.request, starts_at, at=at, reasons={"OVER_SOFT_CAP": "They asked."})
    except AssertionError as error:  # a time that does not suit: nothing was booked
        return str(error)
    return ""


# --- What always holds -------------------------------------------------------------------------------------------
def agrees(row: Referral) -> None:
    _ledger_agrees(row)
    _visits_agree(row)
    _history_agrees(row)


def _ledger_agrees(row: Referral) -> None:
    """One live draw for each that is open or was visited, none for one that gave its place back."""
    lines = list(LedgerEntry.objects.filter(reference=row.reference).order_by("seq"))
    assert [line.places for line in lines] == [-1 if number % 2 == 0 else 1 for number in range(len(lines))]
    for before, line in zip(lines, lines[1:], strict=False):
        assert line.answers_id == before.pk
    holds = row.status in (*BEFORE_A_VISIT, Status.SUPPORTING) or row.visits_held > 0
    assert (row.place_id == lines[-1].pk) == holds == (lines[-1].places == -1)
    assert (row.place_id is None) != holds
    running = list(row.place.quota.entries.order_by("seq") if row.place else lines[0].quota.entries.order_by("seq"))
    left = 0
    for line in running:
        left += line.places
        assert line.left_after == left


def _visits_agree(row: Referral) -> None:
    held = Visit.objects.filter(referral=row).exclude(outcome=VisitOutcome.NOT_HELD)
    first = held.order_by("booking__starts_at").values_list("booking__starts_at", flat=True).first()
    assert (row.visits_held, row.first_held_at) == (held.count(), first)
    planned = Booking.objects.filter(referral=row, state=BookingState.PLANNED).count()
    stands = row.returned_from or row.status
    assert (stands == Status.BOOKED) == (planned > 0 and not row.visits_held)
    if row.status not in (*BEFORE_A_VISIT, Status.SUPPORTING):
        assert planned == 0
    taken = BookingTeacher.objects.filter(booking__referral=row, live=True)
    kept = {BookingState.PLANNED, BookingState.HELD}
    assert set(taken.values_list("booking__state", flat=True)) <= kept


def _history_agrees(row: Referral) -> None:
    events = list(row.events.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].kind == EventKind.SUBMITTED
    kinds = [event.kind for event in events]
    assert kinds.count(EventKind.VISIT_HELD) == row.visits_held
    assert kinds.count(EventKind.CONTACTED) == row.contacts.count()
    numbered = [change.seq for one in row.bookings.all() for change in one.changes.order_by("seq")]
    assert sum(1 for seq in numbered if seq == 1) == row.bookings.count()
