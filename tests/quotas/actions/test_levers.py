"""Raising and lowering: one line with its reason, below use if need be, and nobody overtakes the sum (R9)."""

import pytest
from django.db import IntegrityError, transaction

from quotas import queries
from quotas.actions import levers, places
from quotas.choices import FILL_PLACES, EntryKind
from quotas.models import LedgerEntry
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def quota(by):
    quota = quota_of(period_with_places(early_years=3, by=by), Stream.EARLY_YEARS)
    use_places(quota, 2, by=by)
    return quota


def adjust(quota, by, number, **changed):
    return levers.adjust(quota=quota, places=number, **({"reason": "The budget", "by": by, "at": AT} | changed))


def test_raised_by_one_line_that_says_who_when_and_why(quota, by):
    line = adjust(quota, by, 5, reason="More were bought")
    line.refresh_from_db()
    assert (line.seq, line.kind, line.places, line.left_after) == (4, EntryKind.ADJUSTED, 5, 6)
    assert (line.by, line.at, line.reason, line.reference, line.change) == (by, AT, "More were bought", "", None)
    assert queries.balance_of(quota).in_words == "3 + 5 − 2 = 6 left"
    assert line.what == "Raised"


def test_what_was_raised_goes_to_those_who_wait(quota, by):
    adjust(quota, by, 1)
    request = JobRequest.objects.get()
    assert (request.job, request.subject, request.asked_at) == (FILL_PLACES, str(quota.pk), AT)


def test_lowering_frees_nothing(quota, by):
    line = adjust(quota, by, -1)
    assert line.what == "Lowered"
    assert not JobRequest.objects.exists()


def test_lowered_below_use_is_over_and_blocks_every_draw_until_enough_come_back(quota, by):
    adjust(quota, by, -3)
    balance = queries.balance_of(quota)
    assert (balance.left, balance.over_by, queries.places_left(quota)) == (-2, 2, -2)
    for raised in (1, 1):
        with pytest.raises(places.NoPlaceLeft), transaction.atomic():
            places.draw(locked=places.locked(quota), reference="EY-1", by=by, at=AT)
        adjust(quota, by, raised)
    with pytest.raises(places.NoPlaceLeft), transaction.atomic():
        places.draw(locked=places.locked(quota), reference="EY-1", by=by, at=AT)
    adjust(quota, by, 1)
    with transaction.atomic():
        assert places.draw(locked=places.locked(quota), reference="EY-1", by=by, at=AT).left_after == 0


@pytest.mark.parametrize("number", [0, -4, 100_000, 10**30])
def test_what_cannot_be_writes_nothing(quota, by, number):
    with pytest.raises(levers.CannotAdjust):
        adjust(quota, by, number)
    assert quota.entries.count() == 3
    assert not JobRequest.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_only_a_commissioner_raises_or_lowers(quota, role):
    with pytest.raises(NotAllowed):
        adjust(quota, person(role), 1)
    assert quota.entries.count() == 3


@pytest.mark.parametrize("seen", [2, 4, 0, -1])
def test_a_ledger_that_moved_on_is_left_alone(quota, by, seen):
    with pytest.raises(levers.LedgerMoved):
        adjust(quota, by, 1, seen=seen)
    assert quota.entries.count() == 3


def test_what_was_seen_is_what_is_changed_once(quota, by):
    line = adjust(quota, by, 1, seen=3)
    assert adjust(quota, by, 1, seen=3) == line  # pressed twice
    for who, number in ((by, 2), (commissioner(), 1)):
        with pytest.raises(levers.LedgerMoved):
            adjust(quota, who, number, seen=3)
    assert queries.places_left(quota) == 2


def test_a_quota_without_lines_can_be_raised(by):
    empty = quota_of(period_with_places(early_years=0, by=by), Stream.EARLY_YEARS)
    assert adjust(empty, by, 2, seen=0).left_after == 2


def test_only_adjusted_lines_belong_to_a_change(quota, by, proposed_change):
    line = {"quota": quota, "seq": 4, "left_after": 9, "reason": "More", "by": by, "at": AT, "change": proposed_change}
    with pytest.raises(IntegrityError, match="changes_adjust"), transaction.atomic():
        LedgerEntry.objects.create(kind=EntryKind.GRANTED, places=8, **line)


def test_a_change_writes_one_line_in_a_quota(quota, by, proposed_change):
    for number, allowed in ((4, True), (5, False)):
        line = {"quota": quota, "seq": number, "kind": EntryKind.ADJUSTED, "places": 1, "left_after": number - 2}
        line |= {"reason": "More", "by": by, "at": AT, "change": proposed_change}
        if allowed:
            LedgerEntry.objects.create(**line)
        else:
            with pytest.raises(IntegrityError, match="one_line_for_a_change|change"), transaction.atomic():
                LedgerEntry.objects.create(**line)
