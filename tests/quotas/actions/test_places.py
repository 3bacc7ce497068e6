"""Draws and releases, and the promises the database keeps about them."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quotas import queries
from quotas.actions import places
from quotas.choices import EntryKind
from quotas.models import LedgerEntry
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import UserFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def quota():
    return quota_of(period_with_places(early_years=2), Stream.EARLY_YEARS)


@pytest.fixture
def adviser():
    return person(Role.EARLY_YEARS_ADVISER)


def draw(quota, reference, by, after=None):
    with transaction.atomic():
        return places.draw(locked=places.locked(quota), reference=reference, by=by, at=AT, after=after)


def release(entry, by):
    with transaction.atomic():
        return places.release(locked=places.locked(entry.quota), draw=entry, reason="Withdrawn", by=by, at=AT)


def test_a_draw_appends_one_line(quota, adviser):
    line = draw(quota, "EY-1", adviser)
    assert (line.seq, line.kind, line.places, line.left_after) == (2, EntryKind.DRAWN, -1, 1)
    assert (line.by, line.at, line.reference) == (adviser, AT, "EY-1")


def test_no_place_no_draw(quota, adviser):
    draw(quota, "EY-1", adviser)
    draw(quota, "EY-2", adviser)
    with pytest.raises(places.NoPlaceLeft):
        draw(quota, "EY-3", adviser)
    assert queries.places_left(quota) == 0


def test_a_release_happens_once(quota, adviser):
    line = draw(quota, "EY-1", adviser)
    first, second = release(line, adviser), release(line, adviser)
    assert first == second
    assert first.answers == line
    assert queries.places_left(quota) == 2


def test_a_second_draw_answers_the_release(quota, adviser):
    given_back = release(draw(quota, "EY-1", adviser), adviser)
    again = draw(quota, "EY-1", adviser, after=given_back)
    assert again.answers == given_back
    assert queries.balance_of(quota).used == 1


def test_a_reference_never_holds_two_places(quota, adviser):
    draw(quota, "EY-1", adviser)
    with pytest.raises(IntegrityError, match="one_live_draw|reference"):
        draw(quota, "EY-1", adviser)


def test_a_release_is_answered_once(quota, adviser):
    given_back = release(draw(quota, "EY-1", adviser), adviser)
    draw(quota, "EY-1", adviser, after=given_back)
    with pytest.raises(IntegrityError, match="answers"):
        draw(quota, "EY-1", adviser, after=given_back)


def test_lines_written_under_one_lock_follow_each_other(quota, adviser):
    with transaction.atomic():
        locked = places.locked(quota)
        for number in (1, 2):
            places.draw(locked=locked, reference=f"EY-{number}", by=adviser, at=AT)
        assert locked.left == 0
    assert queries.places_bought(quota) == 2


def test_several_places_are_used_in_order_or_none_is(quota, adviser):
    with transaction.atomic():
        locked = places.locked(quota)
        with pytest.raises(places.NoPlaceLeft, match="2 places are left for 3 requests"):
            places.draw_all(locked=locked, references=["EY-1", "EY-2", "EY-3"], by=adviser, at=AT)
        assert (locked.left, queries.places_left(quota)) == (2, 2)
        lines = places.draw_all(locked=locked, references=["EY-2", "EY-1"], by=adviser, at=AT)
        assert [(line.seq, line.reference, line.left_after) for line in lines] == [(2, "EY-2", 1), (3, "EY-1", 0)]
    assert list(LedgerEntry.objects.filter(kind=EntryKind.DRAWN).order_by("seq")) == lines


def test_places_bought_are_summed_once_under_the_lock_until_a_line_changes_them(
    quota, adviser, django_assert_num_queries
):
    with transaction.atomic():
        locked = places.locked(quota)
        assert locked.bought == 2
        places.draw(locked=locked, reference="EY-1", by=adviser, at=AT)
        with django_assert_num_queries(0):
            assert locked.bought == 2
        places.append(locked, EntryKind.ADJUSTED, 5, reason="Raised", by=adviser, at=AT)
        assert (locked.bought, locked.left) == (7, 6)


def test_lines_cannot_be_changed(quota, adviser):
    line = draw(quota, "EY-1", adviser)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.filter(pk=line.pk).update(places=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": 1},
        {"kind": EntryKind.DRAWN, "places": 1},
        {"kind": EntryKind.DRAWN, "left_after": -1},
        {"kind": EntryKind.DRAWN, "reference": ""},
        {"kind": EntryKind.RELEASED, "places": 1},
        {"kind": EntryKind.GRANTED, "places": 0},
        {"kind": EntryKind.ADJUSTED, "places": 0},
    ],
    ids=str,
)
def test_the_database_refuses_lines_that_cannot_be(quota, adviser, wrong):
    line = {
        "seq": 2,
        "kind": EntryKind.DRAWN,
        "places": -1,
        "left_after": 1,
        "reference": "EY-1",
        "reason": "A request",
        "by": adviser,
        "at": AT,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(quota=quota, **(line | wrong))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_only_a_commissioner_grants(quota, role):
    with pytest.raises(NotAllowed):
        places.grant(quota=quota, places=1, reason="More", by=person(role), at=AT)
    assert queries.balance_of(quota).bought == 2


def test_no_fewer_than_one_place_is_granted(quota):
    with pytest.raises(ValueError, match="at least one"):
        places.grant(quota=quota, places=0, reason="None", by=person(Role.COMMISSIONER), at=AT)


class TestSums(TestCase):
    """Whatever is drawn and given back in whatever order: the last line is the sum of all lines, never below zero."""

    @given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=25), bought=st.integers(1, 4))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_the_last_line_is_the_sum(self, steps, bought):
        quota = quota_of(period_with_places(early_years=bought), Stream.EARLY_YEARS)
        by, live, given_back = UserFactory(), {}, {}
        for drawing, number in steps:
            reference = f"EY-{number}"
            if drawing and reference not in live and len(live) < bought:
                live[reference] = draw(quota, reference, by, after=given_back.pop(reference, None))
            elif not drawing and reference in live:
                given_back[reference] = release(live.pop(reference), by)
        balance = queries.balance_of(quota)
        assert balance.left == queries.places_left(quota) == bought - len(live)
        assert balance.used == len(live)
        assert [line.seq for line in queries.lines_of(quota)] == list(range(quota.entries.count(), 0, -1))
