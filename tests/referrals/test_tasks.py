"""The jobs of the waiting list, through the tick that runs them."""

from datetime import time, timedelta
from itertools import chain, repeat

import pytest
import time_machine

from quotas import queries as quota_queries
from quotas.actions import places
from quotas.choices import FILL_PLACES
from referrals import tasks
from referrals.actions import withdrawing
from referrals.choices import Status, WithdrawReason
from referrals.models import Referral
from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.registry import Run, jobs
from s2s_portal.jobs.rules import Daily, Every
from s2s_portal.jobs.tick import tick
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.queries.people import system_user
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.factories.referrals import sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DEADLINE_PASSED = FIRST_MOMENT_TOO_LATE.replace(day=21)
OURS = [job for job in jobs() if job.name in (FILL_PLACES, "lapse_waiting")]


@pytest.fixture
def giver():
    return commissioner()


@pytest.fixture
def period(giver):
    return period_with_places(early_years=1, mainstream=1, by=giver)


@pytest.fixture
def adviser():
    return person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, zones=[ZoneFactory()])


@pytest.fixture
def holders(period, adviser):
    """A request of each stream, with its only place."""
    return {stream: sent_request(somewhere(adviser, stream), by=adviser) for stream in Stream}


@pytest.fixture
def first(holders, adviser):
    """A request of each stream that waits."""
    return {stream: waiting_request(somewhere(adviser, stream), by=adviser) for stream in Stream}


def somewhere(adviser, stream):
    zone = adviser.memberships.first().zones.get()
    return EstablishmentFactory(zone=zone, school=stream == Stream.MAINSTREAM)


def withdraw(referral, at=AT):
    withdrawing.withdraw(referral=referral, reason=WithdrawReason.OTHER, note="", by=referral.submitted_by, at=at)


def status_of(referral) -> str:
    return Referral.objects.get(pk=referral.pk).status


def ticked(at=AT):
    """One round of our two jobs at that moment."""
    with time_machine.travel(at, tick=False):
        return tick(OURS)


def test_when_they_run():
    timetables = {job.name: (job.timetable, job.on_request, job.every_round) for job in OURS}
    assert timetables == {
        "fill_places": (Every(timedelta(minutes=5)), True, False),
        "lapse_waiting": (Daily(time(0, 10)), False, False),
    }


def test_the_round_after_a_withdrawal_gives_its_place_to_the_first(holders, first):
    ticked()  # the five minutes' run has been
    withdraw(holders[Stream.EARLY_YEARS], AT + timedelta(seconds=1))

    outcome = ticked(AT + timedelta(seconds=3))

    assert outcome.failed == []
    assert outcome.lines == [f"fill_places: 1 given: {first[Stream.EARLY_YEARS].reference}"]
    assert {stream: status_of(one) for stream, one in first.items()} == {
        Stream.EARLY_YEARS: Status.SUBMITTED,
        Stream.MAINSTREAM: Status.WAITING,
    }
    given = Referral.objects.get(pk=first[Stream.EARLY_YEARS].pk)
    assert (given.place.by, given.place.at) == (system_user(), AT + timedelta(seconds=3))
    assert JobRequest.objects.get().done_at is not None
    assert ticked(AT + timedelta(seconds=5)).lines == []


def test_what_nobody_asked_for_is_found_within_five_minutes(period, first, giver):
    ticked()
    for stream in Stream:
        places.grant(quota=quota_of(period, stream), places=1, reason="More", by=giver, at=AT)
    JobRequest.objects.all().delete()
    assert ticked(AT + timedelta(seconds=3)).lines == []
    both = ", ".join(first[stream].reference for stream in (Stream.EARLY_YEARS, Stream.MAINSTREAM))
    assert ticked(AT + timedelta(minutes=5)).lines == [f"fill_places: 2 given: {both}"]


def test_only_the_quotas_asked_for_and_nonsense_changes_nothing(period, holders, first):
    for holder in holders.values():
        withdraw(holder)
    mainstream = quota_of(period, Stream.MAINSTREAM)
    for subjects in (("0",), ("999999",), ("x",), ("-1", " "), ("",)):
        assert tasks.fill_places(Run(at=AT, subjects=subjects)) == ""
    assert tasks.fill_places(Run(at=AT, subjects=(str(mainstream.pk),))) == f"1 given: {first['MAINSTREAM'].reference}"
    assert status_of(first[Stream.EARLY_YEARS]) == Status.WAITING


def test_told_to_stop_it_begins_nothing_more(holders, first):
    for holder in holders.values():
        withdraw(holder)
    answers = chain([False], repeat(True))
    line = tasks.fill_places(Run(at=AT, stopping=lambda: next(answers)))
    assert line == f"1 given: {first[Stream.EARLY_YEARS].reference}"
    assert tasks.lapse_waiting(Run(at=DEADLINE_PASSED, stopping=lambda: True)) == ""
    assert status_of(first[Stream.MAINSTREAM]) == Status.WAITING


def test_with_nobody_waiting_they_have_nothing_to_say(holders):
    assert tasks.fill_places(Run(at=AT)) == ""
    assert tasks.lapse_waiting(Run(at=DEADLINE_PASSED)) == ""


def test_after_the_cut_off_the_run_gives_nothing(holders, first, period):
    withdraw(holders[Stream.EARLY_YEARS], FIRST_MOMENT_TOO_LATE)
    ticked(FIRST_MOMENT_TOO_LATE)
    assert status_of(first[Stream.EARLY_YEARS]) == Status.WAITING
    assert quota_queries.places_left(quota_of(period)) == 1


def test_ten_minutes_after_the_deadlines_day_what_waits_lapses_as_of_that_slot(first):
    ticked(DEADLINE_PASSED + timedelta(minutes=9))
    assert {status_of(one) for one in first.values()} == {Status.WAITING}

    outcome = ticked(DEADLINE_PASSED + timedelta(hours=9))

    assert outcome.lines == ["lapse_waiting: 2 ended"]
    ended = Referral.objects.filter(status=Status.LAPSED)
    assert {(one.ended_at, one.ended_by) for one in ended} == {(DEADLINE_PASSED + timedelta(minutes=10), system_user())}
    assert ticked(DEADLINE_PASSED + timedelta(days=1, hours=9)).lines == []


def test_an_older_period_lapses_while_the_next_is_open(period, first, giver):
    use_places(quota_of(later := period_with_places(early_years=1, by=giver, **LATER)), 1, by=giver)
    adviser, at = first[Stream.EARLY_YEARS].submitted_by, DEADLINE_PASSED + timedelta(days=3)
    waits = waiting_request(somewhere(adviser, Stream.EARLY_YEARS), by=adviser, at=at)
    assert waits.period == later
    assert tasks.lapse_waiting(Run(at=at)) == "2 ended"
    assert status_of(waits) == Status.WAITING


LATER = {
    "opens_on": DEADLINE_PASSED.date(),
    "requests_close_on": DEADLINE_PASSED.date() + timedelta(days=60),
    "allocation_deadline_on": DEADLINE_PASSED.date() + timedelta(days=70),
    "delivery_ends_on": DEADLINE_PASSED.date() + timedelta(days=100),
}
