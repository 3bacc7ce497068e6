"""R13's table of fees as a commissioner sets it: from a day on, never under a request that was sent."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from quotas.actions.fees import add_fee
from quotas.actions.reference import load_fees
from quotas.choices import FeeBasis
from quotas.models import FeeRule
from quotas.queries import fee_for
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.factories.quotas import SET_UP_AT
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
APRIL = date(2025, 4, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def by():
    who = person(Role.COMMISSIONER, full_name="Merle Ketteringham")
    load_fees(by=who, at=SET_UP_AT)
    return who


def newest():
    return FeeRule.objects.order_by("-pk").first()


def put(*, by, stream=Stream.MAINSTREAM, day=APRIL, basis=FeeBasis.PER_REQUEST, pence=112_50, seen=None, at=AT):
    seen = newest().pk if seen is None else seen
    told = {"reason": "The contract says so.", "seen": seen, "by": by, "at": at}
    return add_fee(stream=stream, starts_on=day, basis=basis, pence=pence, **told)


def cost(day, stream=Stream.MAINSTREAM):
    fee = fee_for(stream=stream, day=day)
    return (fee.basis, fee.pence)


def test_another_fee_from_a_day_on(by):
    row = put(by=by)
    assert cost(APRIL - A_DAY) == (FeeBasis.FUNDED, 0)
    assert cost(APRIL) == (FeeBasis.PER_REQUEST, 112_50)
    assert cost(APRIL, Stream.EARLY_YEARS) == (FeeBasis.FUNDED, 0)
    assert (row.set_by, row.set_at, row.reason) == (by, AT, "The contract says so.")
    said = AuditEvent.objects.filter(reference="fees", user_id=by.pk).order_by("-pk")
    assert said.first().what == "set the fee, MAINSTREAM, 1 April 2025"


def test_the_councils_own_table_is_loaded_once_and_written_down(by):
    said = AuditEvent.objects.filter(reference="fees", user_id=by.pk)
    assert said.count() == FeeRule.objects.count() == 4
    load_fees(by=by, at=AT)
    assert said.count() == FeeRule.objects.count() == 4
    assert set(FeeRule.objects.values_list("reason", flat=True)) == {"Norfolk’s fees, loaded as reference data"}


def test_a_table_that_says_otherwise_than_what_was_set_is_not_loaded_in_silence():
    who = person(Role.COMMISSIONER)
    put(by=who, day=date(2024, 9, 1), pence=100_00, seen=0)
    with pytest.raises(CannotChange, match="Another fee has been set from 1 September 2024"):
        load_fees(by=who, at=AT)
    assert FeeRule.objects.count() == 1


@pytest.mark.parametrize(
    ("basis", "pence"),
    [("NONSENSE", 0), (FeeBasis.FUNDED, 5), (FeeBasis.TRADED_HOURS, 1), (FeeBasis.PER_REQUEST, 0)],
)
def test_the_table_itself_refuses_fees_that_cannot_be(by, basis, pence):
    row = {"stream": Stream.MAINSTREAM, "starts_on": APRIL, "set_by": by, "set_at": AT}
    with pytest.raises(IntegrityError, match="quotas_feerule"), transaction.atomic():
        FeeRule.objects.create(basis=basis, pence=pence, **row)


def test_a_fee_that_is_still_to_come_is_put_right(by):
    put(by=by, pence=1125_00)
    put(by=by, pence=112_50)
    assert cost(APRIL) == (FeeBasis.PER_REQUEST, 112_50)
    assert FeeRule.objects.filter(starts_on=APRIL).count() == 2


def test_pressed_twice_is_one_row(by):
    seen = newest().pk
    assert put(by=by, seen=seen) == put(by=by, seen=seen)
    assert FeeRule.objects.count() == 5


def test_of_two_commissioners_the_second_is_told(by):
    seen = newest().pk
    first = put(by=by, seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Merle Ketteringham has set a fee") as told:
        put(by=person(Role.COMMISSIONER), seen=seen, pence=99_00)
    assert told.value.now == str(first.pk)
    assert FeeRule.objects.count() == 5


def test_from_today(by):
    put(by=by, day=AT.date())
    assert cost(AT.date()) == (FeeBasis.PER_REQUEST, 112_50)


def test_before_the_first_row_nothing_was_sent_so_a_fee_may_be_added_there():
    who = person(Role.COMMISSIONER)
    put(by=who, day=APRIL, seen=0)
    put(by=who, day=date(2024, 9, 1), pence=100_00)
    assert cost(APRIL - A_DAY) == (FeeBasis.PER_REQUEST, 100_00)


@pytest.mark.parametrize(
    ("typed", "words", "field"),
    [
        ({"day": AT.date() - A_DAY}, "today or later", "starts_on"),
        ({"pence": 0}, "between", "pounds"),
        ({"basis": FeeBasis.FUNDED, "pence": 5}, "only for a fee", "pounds"),
        ({"basis": FeeBasis.FUNDED, "pence": 0}, "from 1 September 2024 already", "basis"),
    ],
)
def test_what_cannot_be(by, typed, words, field):
    with pytest.raises(CannotChange, match=words) as wrong:
        put(by=by, **typed)
    assert wrong.value.field == field
    assert FeeRule.objects.count() == 4


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_nobody_else(role):
    with pytest.raises(NotAllowed):
        put(by=person(role), seen=0)
