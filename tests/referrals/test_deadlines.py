"""A deadline's day is over: written down once, told once, whatever is run twice, late or at the same time."""

from datetime import date, timedelta

import pytest

from quotas.models import Period
from referrals import tasks
from referrals.actions import deadlines, waiting, withdrawing
from referrals.choices import Deadline, Status, WithdrawReason
from referrals.models import DeadlineAccount, Referral
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.writing import written
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import sent_request, start_draft, waiting_request
from tests.moments import ALLOCATION_DEADLINE, FIRST_MOMENT_TOO_LATE, LAST_SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ALLOCATION_OVER = ALLOCATION_DEADLINE.replace(day=21, hour=0)


@pytest.fixture
def giver():
    return commissioner()


@pytest.fixture
def period(giver):
    return period_with_places(early_years=1, mainstream=0, by=giver)


@pytest.fixture
def adviser(period):
    return person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])


@pytest.fixture
def coordinator():
    return person(Role.S2S_COORDINATOR)


def somewhere(adviser):
    return EstablishmentFactory(zone=adviser.memberships.get().zones.get())


def to_whom(kind):
    return {one.to_email: one.context for one in Notification.objects.filter(kind=kind)}


def test_the_cut_off_is_told_once_with_the_sums_to_whom_it_concerns(giver, adviser, coordinator):
    person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])  # has no draft, and hears nothing
    sent_request(somewhere(adviser), by=adviser)
    waiting_request(somewhere(adviser), by=adviser)
    for _ in range(2):
        start_draft(somewhere(adviser), by=adviser)
    assert tasks.cut_off_passed(Run(at=LAST_SECOND)) == ""
    assert not DeadlineAccount.objects.exists()
    assert tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE)) == "2 told"
    assert tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE + timedelta(days=1))) == ""
    assert DeadlineAccount.objects.count() == 2
    told = {
        one.to_email: one.context
        for one in Notification.objects.filter(kind=Kind.CUT_OFF_PASSED, context__stream_label="early years")
    }
    assert set(told) == {giver.email, adviser.email, coordinator.email}
    assert {context["own_drafts"] for context in told.values()} == {0, 2}
    context = told[adviser.email]
    counts = {
        name: context[name] for name in ("sent", "waiting", "drafts", "own_drafts", "places_left", "places_granted")
    }
    assert counts == {
        "sent": 1, "waiting": 1, "drafts": 2, "own_drafts": 2, "places_left": 0, "places_granted": 1,
    }  # fmt: skip
    assert (context["cut_off_on"], context["address"]) == ("2024-12-13", "/drafts/")


def test_what_is_nothing_and_what_was_given_back_is_said_in_words(giver, period, adviser):
    gone = sent_request(somewhere(adviser), by=adviser)
    withdrawing.withdraw(referral=gone, reason=WithdrawReason.OTHER, note="Moved away", by=adviser, at=LAST_SECOND)
    tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE))
    tasks.allocation_ended(Run(at=ALLOCATION_OVER))
    found = {"context__stream_label": "early years", "to_email": giver.email}
    told = Notification.objects.get(kind=Kind.CUT_OFF_PASSED, **found)
    words = written(told.kind, told.context, to_name=told.to_name).text
    assert "1 request has had a place, none waits for one, and no draft was left unsent." in words
    assert "1 place was given back, and could be used again. 1 of 1 place is left." in words
    told = Notification.objects.get(kind=Kind.ALLOCATION_ENDED, **found)
    words = written(told.kind, told.context, to_name=told.to_name).text
    assert "No place was given from the waiting list. No request was left without a place." in words
    assert "unmet demand" not in words


@pytest.mark.usefixtures("adviser", "coordinator")
def test_a_cut_off_that_was_moved_later_passes_again(giver, period):
    tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE))
    period.requests_close_on = date(2024, 12, 17)
    period.save()
    at = FIRST_MOMENT_TOO_LATE + timedelta(days=1)
    assert tasks.cut_off_passed(Run(at=at)) == ""
    assert tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE.replace(day=18))) == "2 told"
    days = Notification.objects.filter(kind=Kind.CUT_OFF_PASSED, to_email=giver.email).values_list(
        "context__cut_off_on"
    )
    assert sorted(day for (day,) in days) == ["2024-12-13", "2024-12-13", "2024-12-17", "2024-12-17"]


@pytest.mark.usefixtures("adviser", "giver")
def test_what_passed_long_ago_is_not_told(period):
    assert tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE + timedelta(days=28))) == ""
    assert tasks.cut_off_passed(Run(at=FIRST_MOMENT_TOO_LATE + timedelta(days=27, hours=23))) == "2 told"


def test_the_allocation_deadline_says_what_was_given_and_what_lapses(giver, period, adviser):
    first = sent_request(somewhere(adviser), by=adviser)
    for _ in range(2):
        waiting_request(somewhere(adviser), by=adviser)
    assert first.place is not None
    assert tasks.allocation_ended(Run(at=ALLOCATION_OVER - timedelta(seconds=1))) == ""
    tasks.lapse_waiting(Run(at=ALLOCATION_OVER))
    tasks.allocation_ended(Run(at=ALLOCATION_OVER))
    tasks.allocation_ended(Run(at=ALLOCATION_OVER))
    [context] = [
        one.context
        for one in Notification.objects.filter(kind=Kind.ALLOCATION_ENDED, context__stream_label="early years")
    ]
    assert {name: context[name] for name in ("given", "by_hand", "lapses", "places_left")} == {
        "given": 0, "by_hand": 0, "lapses": 2, "places_left": 0,
    }  # fmt: skip


def test_only_the_portal_says_so(giver, period):
    with pytest.raises(NotAllowed):
        deadlines.account(quota=quota_of(period), deadline=Deadline.CUT_OFF, by=giver, at=FIRST_MOMENT_TOO_LATE)


def test_a_date_that_is_moved_between_the_search_and_the_lock_is_honoured(period, adviser):
    sent_request(somewhere(adviser), by=adviser)
    waiting_request(somewhere(adviser), by=adviser)
    portal, quota = ensure_system_user(), quota_of(period)
    assert quota.period.allocation_deadline_on == date(2024, 12, 20)  # read, as the job reads it first
    Period.objects.update(requests_close_on=date(2025, 1, 10), allocation_deadline_on=date(2025, 1, 17))
    assert waiting.lapse(quota=quota, by=portal, at=ALLOCATION_OVER) == 0
    assert Referral.objects.filter(status=Status.WAITING).count() == 1
    stale = quota_of(period)
    stale.period.requests_close_on = date(2024, 12, 13)
    account = deadlines.account(quota=stale, deadline=Deadline.CUT_OFF, by=portal, at=FIRST_MOMENT_TOO_LATE)
    assert account is None


def test_before_the_day_is_over_nothing_is_written(period):
    quota = quota_of(period)
    assert deadlines.account(quota=quota, deadline=Deadline.CUT_OFF, by=ensure_system_user(), at=LAST_SECOND) is None
    assert not DeadlineAccount.objects.exists()


def test_whoever_comes_second_writes_nothing(period):
    """Two workers may have found the same quota before either had its lock."""
    quota, portal = quota_of(period), ensure_system_user()
    first = {"quota": quota, "deadline": Deadline.CUT_OFF, "by": portal, "at": FIRST_MOMENT_TOO_LATE}
    assert deadlines.account(**first) is not None
    told = Notification.objects.count()
    assert deadlines.account(**first) is None
    assert (DeadlineAccount.objects.count(), Notification.objects.count()) == (1, told)
