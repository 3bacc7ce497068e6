"""The database refuses stretches of time that overlap for one owner, whatever writes them, on both databases."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from referrals.models import BookingTeacher
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HOUR = timedelta(hours=1)
NINE = AT + timedelta(days=2)


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def booking(council):
    """A visit from nine to eleven; its teacher's row is in the diary."""
    row = support.in_contact(council.early_years)
    return support.book(row, NINE, hours=2)


def diary(booking, starts_at, ends_at, *, teacher=None, live=True):
    """A row for another visit of a request, written past every action."""
    other = support.book(booking.referral, NINE + timedelta(days=1))
    other.teachers.all().delete()
    row = BookingTeacher(booking=other, teacher=teacher or booking.booked_by, live=live)
    row.starts_at, row.ends_at = starts_at, ends_at
    return row


@pytest.mark.parametrize(
    ("starts", "ends", "overlaps"),
    [
        (-1, 0, False),  # touching
        (2, 3, False),
        (-1, 0.01, True),
        (1.99, 3, True),
        (0, 2, True),  # the same
        (0.5, 1.5, True),  # within
        (-1, 3, True),  # around
        (-2, -1, False),
    ],
)
def test_one_owner_has_one_thing_at_a_time(booking, starts, ends, overlaps):
    row = diary(booking, NINE + starts * HOUR, NINE + ends * HOUR)
    if overlaps:
        with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
            row.save()
    else:
        row.save()


def test_others_are_not_concerned(booking):
    diary(booking, NINE, NINE + HOUR, teacher=person(Role.S2S_TEACHER)).save()


def test_what_is_not_live_takes_no_time_until_it_is(booking):
    row = diary(booking, NINE, NINE + HOUR, live=False)
    row.save()
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        BookingTeacher.objects.filter(pk=row.pk).update(live=True)
    booking.teachers.update(live=False)
    BookingTeacher.objects.filter(pk=row.pk).update(live=True)


def test_moving_is_looked_at_and_a_row_does_not_overlap_itself(booking):
    row = diary(booking, NINE + 3 * HOUR, NINE + 4 * HOUR)
    row.save()
    row.ends_at = NINE + 5 * HOUR
    row.save()
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        BookingTeacher.objects.filter(pk=row.pk).update(starts_at=NINE + HOUR)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        BookingTeacher.objects.filter(pk=row.pk).update(teacher=row.teacher, starts_at=NINE, ends_at=NINE + HOUR)
