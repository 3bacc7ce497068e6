"""Setting up contracts, periods, quotas and fees."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from quotas import queries
from quotas.actions import contracts, reference
from quotas.models import Contract, FeeRule, LedgerEntry, Period
from quotas.rules import NoFeeKnown
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.factories.quotas import DATES, commissioner, period_with_places
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
CONTRACT = {
    "name": "S2S",
    "provider": "A trust",
    "starts_on": date(2024, 9, 1),
    "ends_on": date(2025, 3, 31),
    "run_off_ends_on": date(2025, 4, 4),
    "successor_name": "",
}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_only_a_commissioner_sets_up(role):
    by = person(role)
    with pytest.raises(NotAllowed):
        contracts.create(**CONTRACT, by=by, at=AT)
    assert not Contract.objects.exists()


@pytest.mark.parametrize("wrong", [{"ends_on": date(2024, 8, 31)}, {"run_off_ends_on": date(2025, 3, 30)}], ids=str)
def test_a_contracts_dates_are_in_order(wrong):
    with pytest.raises(contracts.DatesMisordered):
        contracts.create(**(CONTRACT | wrong), by=commissioner(), at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(**(CONTRACT | wrong))


def test_a_periods_dates_are_in_order():
    by = commissioner()
    contract = contracts.create(**CONTRACT, by=by, at=AT)
    wrong = DATES | {"requests_close_on": date(2024, 12, 21)}
    with pytest.raises(contracts.DatesMisordered, match="last day on which places are given"):
        contracts.add_period(contract=contract, name="Two terms", **wrong, by=by, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(contract=contract, name="Two terms", **wrong, set_by=by, set_at=AT)


def test_the_real_contract_is_loaded_once():
    by = commissioner()
    first = reference.load_norfolk_2024(by=by, at=AT)
    second = reference.load_norfolk_2024(by=by, at=AT)

    assert first == second
    assert {quota.stream: queries.places_left(quota) for quota in queries.quotas_at(AT)} == {
        Stream.EARLY_YEARS: 50,
        Stream.MAINSTREAM: 85,
    }
    assert LedgerEntry.objects.count() == 2
    assert FeeRule.objects.count() == 4
    assert (first.requests_close_on, first.contract.ends_on) == (date(2024, 12, 13), date(2025, 3, 31))


def test_two_periods_never_take_requests_on_the_same_day():
    by = commissioner()
    first = period_with_places(by=by)
    with pytest.raises(contracts.DatesMisordered, match="takes requests on some of these days"):
        period_with_places(
            by=by,
            opens_on=first.requests_close_on,
            requests_close_on=date(2025, 1, 31),
            allocation_deadline_on=date(2025, 2, 1),
        )


def test_a_quota_is_not_opened_before_its_fee_is_known():
    by = commissioner()
    contract = contracts.create(**CONTRACT, by=by, at=AT)
    period = contracts.add_period(contract=contract, name="Two terms", **DATES, by=by, at=AT)
    with pytest.raises(NoFeeKnown):
        contracts.open_quota(period=period, stream=Stream.MAINSTREAM, by=by)


class TestPeriods:
    def test_the_gap_between_two_periods_belongs_to_the_older(self):
        by = commissioner()
        first = period_with_places(by=by)
        second = period_with_places(
            by=by,
            opens_on=date(2025, 9, 1),
            requests_close_on=date(2025, 12, 12),
            allocation_deadline_on=date(2025, 12, 19),
            delivery_ends_on=date(2026, 3, 31),
        )
        assert queries.period_at(AT) == first
        assert queries.period_at(AT.replace(year=2025, month=8, day=31, hour=23)) == first
        assert queries.period_at(AT.replace(year=2025, month=9, day=1, hour=0, minute=0)) == second
        assert queries.periods_after(first, Stream.EARLY_YEARS) == [second]
        assert queries.periods_after(second, Stream.EARLY_YEARS) == []

    def test_a_period_without_places_of_a_stream_is_none_to_come_for_it(self):
        by = commissioner()
        first = period_with_places(by=by)
        dates = {"opens_on": date(2025, 9, 1), "requests_close_on": date(2025, 12, 12)}
        dates |= {"allocation_deadline_on": date(2025, 12, 19), "delivery_ends_on": date(2026, 3, 31)}
        second = contracts.add_period(contract=first.contract, name="Schools only", **dates, by=by, at=AT)
        contracts.open_quota(period=second, stream=Stream.MAINSTREAM, by=by)
        assert queries.periods_after(first, Stream.MAINSTREAM) == [second]
        assert queries.periods_after(first, Stream.EARLY_YEARS) == []

    def test_before_the_first_the_one_to_come_counts(self):
        made = period_with_places()
        assert queries.period_at(AT.replace(year=2023)) == made

    def test_without_any_there_is_no_quota(self):
        assert queries.period_at(AT) is None
        assert queries.quotas_at(AT) == []
        assert queries.counts_at(AT) == []

    def test_a_stream_whose_quota_was_never_opened_has_none(self):
        by = commissioner()
        reference.load_fees(by=by, at=AT)
        contract = contracts.create(**CONTRACT, by=by, at=AT)
        period = contracts.add_period(contract=contract, name="Two terms", **DATES, by=by, at=AT)
        opened = contracts.open_quota(period=period, stream=Stream.EARLY_YEARS, by=by)
        assert queries.quotas_at(AT) == [opened]
        assert [standing.quota for standing in queries.counts_at(AT, stream=Stream.EARLY_YEARS)] == [opened]
        assert queries.counts_at(AT, stream=Stream.MAINSTREAM) == []

    def test_a_stream_without_places_has_none_left(self):
        made = period_with_places(early_years=0)
        quota = queries.quotas_at(AT)[0]
        assert quota.period == made
        assert queries.places_left(quota) == 0
        assert queries.size_last_set(quota) is None
