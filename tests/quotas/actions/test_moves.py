"""Unused places between streams: proposed, approved by a second person, two lines that together are nothing (R9)."""

import re
import uuid
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quotas import queries
from quotas.actions import levers, moves, places
from quotas.choices import FILL_PLACES
from quotas.documents import MoveFacts, facts_of
from quotas.models import LedgerEntry
from s2s_portal.jobs.actions import ask
from s2s_portal.jobs.models import JobRequest
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import ChangeOutcome, Role, Stream
from s2s_portal.organisations.models import ProposedChange
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import CUT_OFF_DAY_MORNING as LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def second():
    return person(Role.COMMISSIONER, full_name="Tamsin Oulton")


@pytest.fixture
def period(by):
    return period_with_places(early_years=3, mainstream=8, by=by)


@pytest.fixture
def early_years(period, by):
    quota = quota_of(period, Stream.EARLY_YEARS)
    use_places(quota, 3, by=by)
    return quota


@pytest.fixture
def mainstream(period):
    return quota_of(period, Stream.MAINSTREAM)


def propose(source, target, by, number=5, **changed):
    given = {
        "source": source,
        "target": target,
        "places": number,
        "reason": "More early years need",
        "by": by,
        "at": AT,
    }
    return moves.propose(**(given | changed))


@pytest.fixture
def change(mainstream, early_years, by, second):
    return propose(mainstream, early_years, by)


@pytest.mark.parametrize("giving", Stream)
def test_two_quotas_are_locked_in_the_order_of_their_ids_whichever_gives(giving, by, second):
    """Otherwise two moves in opposite directions could wait for each other for ever."""
    period = period_with_places(early_years=3, mainstream=8, by=by)
    source, target = sorted((quota_of(period, stream) for stream in Stream), key=lambda one: one.stream != giving)
    change = propose(source, target, by, 2)
    with CaptureQueriesContext(connection) as seen:
        assert moves.approve(change=change, by=second, at=AT).change.outcome == ChangeOutcome.APPROVED
    one_quota = re.compile(r'FROM "quotas_quota" WHERE "quotas_quota"\."id" = (\d+)')
    locked = [int(pk) for query in seen.captured_queries for pk in one_quota.findall(query["sql"])]
    assert locked == sorted([source.pk, target.pk])


def lines_of(change):
    return list(LedgerEntry.objects.filter(change=change).order_by("places"))


def test_a_proposal_moves_nothing_and_tells_the_other_commissioners(change, mainstream, early_years, by, second):
    person(Role.COMMISSIONER, is_active=False)
    third = person(Role.COMMISSIONER)
    other = propose(mainstream, early_years, by)
    assert (queries.places_left(mainstream), queries.places_left(early_years)) == (8, 0)
    assert not JobRequest.objects.exists()
    told = Notification.objects.filter(kind=Kind.CHANGE_PROPOSED, key__contains=str(other.key))
    assert set(told.values_list("to_email", flat=True)) == {second.email, third.email}
    assert told[0].context == {
        "summary": "Move 5 places from mainstream to early years",
        "proposed_by": "Merle Ketteringham",
        "address": f"/quotas/moves/{other.key}/",
    }


def test_the_facts_are_those_of_the_moment(change, period, mainstream, early_years):
    assert facts_of(ProposedChange.objects.get()) == MoveFacts(
        source=mainstream.pk,
        target=early_years.pk,
        source_stream=Stream.MAINSTREAM,
        target_stream=Stream.EARLY_YEARS,
        period="Two terms",
        places=5,
        source_left=8,
        target_left=0,
    )
    assert change.subject == f"period {period.pk}"


def test_approved_it_is_two_lines_that_sum_to_nothing(change, mainstream, early_years, second):
    outcome = moves.approve(change=change, by=second, at=LATER, note="Agreed")
    assert (outcome.problem, outcome.change.outcome) == ("", ChangeOutcome.APPROVED)
    away, here = lines_of(change)
    assert (away.quota, away.places, away.left_after) == (mainstream, -5, 3)
    assert (here.quota, here.places, here.left_after) == (early_years, 5, 5)
    assert {(line.by, line.at, line.reason) for line in (away, here)} == {(second, LATER, "More early years need")}
    assert (away.what, here.what) == ("Moved out", "Moved in")
    request = JobRequest.objects.get()
    assert (request.job, request.subject, request.asked_at) == (FILL_PLACES, str(early_years.pk), LATER)
    assert queries.left_around(change) == {mainstream.pk: (8, 3), early_years.pk: (0, 5)}


def test_the_proposer_hears_of_the_decision(change, by, second):
    moves.approve(change=change, by=second, at=LATER, note="Agreed")
    told = Notification.objects.get(kind=Kind.CHANGE_DECIDED)
    assert (told.to_email, told.queued_at) == (by.email, LATER)
    assert told.context == {
        "summary": "Move 5 places from mainstream to early years",
        "approved": True,
        "decided_by": "Tamsin Oulton",
        "address": f"/quotas/moves/{change.key}/",
    }


def test_approving_twice_is_once(change, mainstream, second):
    first = moves.approve(change=change, by=second, at=LATER)
    third = person(Role.COMMISSIONER)
    for who in (second, third):
        again = moves.approve(change=change, by=who, at=LATER)
        assert (again.change.decided_by, again.problem) == (first.change.decided_by, "")
    assert len(lines_of(change)) == 2
    assert queries.places_left(mainstream) == 3
    assert JobRequest.objects.count() == Notification.objects.filter(kind=Kind.CHANGE_DECIDED).count() == 1


def test_places_that_are_used_meanwhile_are_not_moved(change, mainstream, by, second):
    use_places_named(mainstream, 4, by)
    outcome = moves.approve(change=change, by=second, at=LATER)
    assert outcome.problem == "Only 4 mainstream places are unused, so 5 cannot be moved."
    assert outcome.change.outcome == ChangeOutcome.WAITING
    assert not lines_of(change)
    assert not JobRequest.objects.exists()
    assert not Notification.objects.filter(kind=Kind.CHANGE_DECIDED).exists()
    levers.adjust(quota=mainstream, places=1, reason="One more", by=by, at=LATER)
    JobRequest.objects.update(done_at=LATER)  # and nobody waits for it
    assert moves.approve(change=change, by=second, at=LATER).change.outcome == ChangeOutcome.APPROVED


def use_places_named(quota, count, by):
    with transaction.atomic():
        locked = places.locked(quota)
        for number in range(count):
            places.draw(locked=locked, reference=f"MS-{number:04d}", by=by, at=AT)


def test_a_place_that_those_who_wait_may_get_is_not_moved_before_somebody_has_looked(change, mainstream, second):
    before = queries.places_left(mainstream)
    ask(job=FILL_PLACES, subject=str(mainstream.pk), at=LATER)
    outcome = moves.approve(change=change, by=second, at=LATER)
    assert (outcome.problem, outcome.change.outcome) == (moves.BEING_GIVEN, ChangeOutcome.WAITING)
    assert queries.places_left(mainstream) == before
    JobRequest.objects.update(done_at=LATER)
    assert not moves.approve(change=change, by=second, at=LATER).problem
    assert queries.places_left(mainstream) < before


def test_a_quota_that_would_grow_too_large_gets_nothing(change, early_years, by, second):
    levers.adjust(quota=early_years, places=99_996, reason="Very many", by=by, at=AT)
    assert "at most 99,999" in moves.approve(change=change, by=second, at=LATER).problem
    assert not lines_of(change)


def test_nobody_approves_or_refuses_their_own(change, by):
    for decide in (moves.approve, moves.refuse):
        with pytest.raises(NotAllowed, match="a second person"):
            decide(change=change, note="", by=by, at=LATER)
    assert not lines_of(change)


def test_refused_nothing_moves_and_the_proposer_hears_why(change, mainstream, by, second):
    refused = moves.refuse(change=change, note="Not before the panel meets", by=second, at=LATER)
    again = moves.refuse(change=change, note="Again", by=second, at=LATER)
    assert refused.outcome == again.outcome == ChangeOutcome.REFUSED
    told = Notification.objects.get(kind=Kind.CHANGE_DECIDED)
    assert (told.to_email, told.context["approved"]) == (by.email, False)
    assert ProposedChange.objects.get().note == "Not before the panel meets"
    assert moves.approve(change=change, by=person(Role.COMMISSIONER), at=LATER).change.outcome == ChangeOutcome.REFUSED
    assert queries.places_left(mainstream) == 8


def test_cancelled_by_its_proposer_and_nobody_else(change, by, second):
    with pytest.raises(NotAllowed, match="Only Merle Ketteringham"):
        moves.cancel(change=change, by=second, at=LATER)
    assert moves.cancel(change=change, by=by, at=LATER).outcome == ChangeOutcome.CANCELLED
    assert moves.approve(change=change, by=second, at=LATER).change.outcome == ChangeOutcome.CANCELLED
    assert not lines_of(change)
    assert not Notification.objects.filter(kind=Kind.CHANGE_DECIDED).exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_only_commissioners_touch_moves(change, mainstream, early_years, role):
    who = person(role)
    with pytest.raises(NotAllowed):
        propose(mainstream, early_years, who)
    with pytest.raises(NotAllowed):
        moves.approve(change=change, by=who, at=LATER)
    with pytest.raises(NotAllowed):
        moves.refuse(change=change, note="", by=who, at=LATER)
    with pytest.raises(NotAllowed):
        moves.cancel(change=change, by=who, at=LATER)
    assert ProposedChange.objects.get().outcome == ChangeOutcome.WAITING


@pytest.mark.parametrize("number", [0, -5, 9, 10**30])
def test_only_unused_places_are_proposed(mainstream, early_years, by, number):
    with pytest.raises(moves.CannotMove):
        propose(mainstream, early_years, by, number)
    assert not ProposedChange.objects.exists()


def test_only_the_two_streams_of_one_period(mainstream, early_years, by):
    dates = {"opens_on": date(2025, 4, 7), "requests_close_on": date(2025, 5, 1)}
    dates |= {"allocation_deadline_on": date(2025, 6, 1), "delivery_ends_on": date(2025, 7, 1)}
    later = quota_of(period_with_places(by=by, **dates))
    for target in (later, mainstream):
        with pytest.raises(moves.CannotMove, match="two streams of one period"):
            propose(mainstream, target, by, 1)
    assert not ProposedChange.objects.exists()


def test_the_same_key_is_one_proposal_even_when_the_places_are_gone(mainstream, early_years, by, second):
    key = uuid.uuid4()
    first = propose(mainstream, early_years, by, key=key, seen=(1, 4))
    use_places_named(mainstream, 8, by)
    assert propose(mainstream, early_years, by, key=key, seen=(1, 4)) == first
    assert Notification.objects.filter(kind=Kind.CHANGE_PROPOSED).count() == 1


def test_two_presses_at_once_are_one_proposal_and_one_message(mainstream, early_years, by, second):
    key = uuid.uuid4()
    with meanwhile("quotas_ledgerentry", lambda: propose(mainstream, early_years, by, key=key)):
        change = propose(mainstream, early_years, by, key=key)
    assert change == ProposedChange.objects.get()
    assert Notification.objects.filter(kind=Kind.CHANGE_PROPOSED).count() == 1


@pytest.mark.parametrize("seen", [(0, 4), (1, 3), (-1, -1)])
def test_a_ledger_that_moved_on_since_it_was_seen_is_shown_again(mainstream, early_years, by, seen):
    with pytest.raises(levers.LedgerMoved):
        propose(mainstream, early_years, by, seen=seen)
    assert not ProposedChange.objects.exists()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("adjust"), st.integers(0, 1), st.integers(-4, 4)),
        st.tuples(st.just("draw"), st.integers(0, 1), st.integers(0, 5)),
        st.tuples(st.just("release"), st.integers(0, 1), st.integers(0, 5)),
        st.tuples(st.just("move"), st.integers(0, 1), st.integers(1, 4)),
    ),
    max_size=25,
)


class TestSums(TestCase):
    """Whatever is raised, lowered, drawn, given back and moved in whatever order: the last line is the sum of all."""

    @given(steps=STEPS)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_left_is_the_sum_of_every_line(self, steps):
        by, second = commissioner(), person(Role.COMMISSIONER)
        period = period_with_places(early_years=2, mainstream=4, by=by)
        quotas = [quota_of(period, stream) for stream in (Stream.EARLY_YEARS, Stream.MAINSTREAM)]
        live: dict[str, LedgerEntry] = {}
        for what, which, number in steps:
            self.step(what, quotas[which], quotas[1 - which], f"S{which}-{number}", number, live, by, second)
            for quota in quotas:
                self.check(quota, live)
        moved = LedgerEntry.objects.exclude(change=None).values("change").annotate(sum=Sum("places")).order_by()
        assert all(row["sum"] == 0 for row in moved)

    def step(self, what, quota, other, reference, number, live, by, second):
        left, bought = queries.places_left(quota), queries.places_bought(quota)
        if what == "adjust" and number and bought + number >= 0:
            levers.adjust(quota=quota, places=number, reason="A step", by=by, at=AT)
        elif what == "draw" and left > 0 and not LedgerEntry.objects.filter(reference=reference).exists():
            with transaction.atomic():
                live[reference] = places.draw(locked=places.locked(quota), reference=reference, by=by, at=AT)
        elif what == "release" and reference in live:
            with transaction.atomic():
                line = live.pop(reference)
                places.release(locked=places.locked(line.quota), draw=line, reason="A step", by=by, at=AT)
        elif what == "move" and left >= number:
            JobRequest.objects.update(done_at=AT)  # whoever waits has been looked after
            change = moves.propose(source=quota, target=other, places=number, reason="A step", by=by, at=AT)
            assert moves.approve(change=change, by=second, at=AT).problem == ""

    def check(self, quota, live):
        balance = queries.balance_of(quota)
        lines = list(quota.entries.order_by("seq"))
        assert balance.left == queries.places_left(quota) == sum(line.places for line in lines)
        assert balance.left == balance.granted + balance.adjusted - balance.drawn + balance.released
        assert balance.used == sum(1 for line in live.values() if line.quota_id == quota.pk)
        assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
