"""Contracts that end later and cut-offs that move (DESIGN §8): the dates, who changed them, and what is asked for."""

import uuid
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models.deletion import ProtectedError

from quotas import queries
from quotas.actions import contracts, extending
from quotas.choices import CONTRACT_EXTENDED, CUT_OFF_MOVED, Intake
from quotas.models import Contract, DatesChange, LedgerEntry, Period, QuotaAlert
from quotas.rules import intake
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import CHECK_BOOKINGS, LOOK_AGAIN, Role
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.factories.quotas import DATES, commissioner, period_with_places
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON

pytestmark = pytest.mark.django_db
IN_JUNE = datetime(2024, 6, 11, 10, 0, tzinfo=LONDON)
LATER = {"requests_close_on": date(2025, 1, 17), "allocation_deadline_on": date(2025, 1, 24)}


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def contract(by) -> Contract:
    """The service's contract as it was before it was extended: to the end of July 2024."""
    return contracts.create(
        name="S2S 2023/24",
        provider="The Ferrymead Learning Trust",
        starts_on=date(2023, 9, 1),
        ends_on=date(2024, 7, 31),
        run_off_ends_on=date(2024, 7, 31),
        successor_name="",
        by=by,
        at=datetime(2023, 7, 3, 10, 0, tzinfo=LONDON),
    )


@pytest.fixture
def period(by) -> Period:
    return period_with_places(by=by)


def to_march(contract, by, **changes) -> extending.Extended:
    """July 2024 → March 2025, as it happened."""
    march = date(2025, 3, 31)
    given = {"ends_on": march, "run_off_ends_on": march, "reason": "Two more terms", "key": uuid.uuid4()}
    return extending.extend_contract(contract=contract, by=by, **{"at": IN_JUNE} | given | changes)


def moved(period, by, **changes) -> extending.Extended:
    given = LATER | {"delivery_ends_on": period.delivery_ends_on, "reason": "More time", "key": uuid.uuid4()}
    return extending.move_cut_off(period=period, by=by, **{"at": FIRST_MOMENT_TOO_LATE} | given | changes)


def asked() -> set[tuple[str, str]]:
    return set(JobRequest.objects.values_list("job", "subject"))


class TestAContractThatEndsLater:
    def test_july_2024_becomes_march_2025(self, contract, by):
        change = to_march(contract, by).change
        contract.refresh_from_db()
        assert (contract.ends_on, contract.run_off_ends_on) == (date(2025, 3, 31), date(2025, 3, 31))
        assert (contract.starts_on, contract.set_by, contract.set_at) == (date(2023, 9, 1), by, IN_JUNE)
        assert change.was == {"ends_on": "2024-07-31", "run_off_ends_on": "2024-07-31"}
        assert change.now == {"ends_on": "2025-03-31", "run_off_ends_on": "2025-03-31"}
        assert (change.contract, change.period, change.reason) == (contract, None, "Two more terms")
        assert str(change).startswith("S2S 2023/24: {'ends_on'")

    def test_it_has_no_places_until_it_gets_a_period_and_then_it_has(self, contract, by):
        to_march(contract, by)
        in_october = datetime(2024, 10, 1, tzinfo=LONDON)
        assert queries.period_at(in_october) is None
        contracts.add_period(contract=contract, name="Two terms", **DATES, by=by, at=IN_JUNE)
        assert intake(queries.period_at(in_october), in_october) == Intake.OPEN
        assert not LedgerEntry.objects.exists()

    def test_visits_and_reminders_are_looked_at_again_and_nothing_else_happens(self, period, by):
        QuotaAlert.objects.create(quota=period.quotas.first(), threshold=80, opened_at=IN_JUNE, opened_seq=1)
        lines = LedgerEntry.objects.count()
        assert to_march(period.contract, by, ends_on=date(2025, 7, 31), run_off_ends_on=date(2025, 7, 31)).change
        change = DatesChange.objects.get()
        assert asked() == {(CHECK_BOOKINGS, "all"), (LOOK_AGAIN, "all"), (CONTRACT_EXTENDED, str(change.pk))}
        assert (LedgerEntry.objects.count(), QuotaAlert.objects.filter(closed_at=None).count()) == (lines, 1)
        assert Period.objects.get() == period
        assert Period.objects.get().delivery_ends_on == date(2025, 3, 31)

    def test_only_the_dates_that_changed_are_written(self, contract, by):
        change = to_march(contract, by, ends_on=contract.ends_on).change
        assert change.was == {"run_off_ends_on": "2024-07-31"}

    def test_the_same_key_changes_it_once(self, contract, by):
        key = uuid.uuid4()
        first = to_march(contract, by, key=key)
        again = to_march(contract, by, key=key, ends_on=date(2025, 3, 1))
        assert first == again
        assert Contract.objects.get().ends_on == date(2025, 3, 31)
        assert JobRequest.objects.count() == 3

    def test_a_key_of_another_contract_or_period_changes_nothing(self, contract, period, by):
        key = to_march(contract, by).change.key
        july = date(2025, 7, 31)
        other = to_march(period.contract, by, key=key, ends_on=july, run_off_ends_on=july)
        of_period = moved(period, by, key=key)
        assert {other.refusal, of_period.refusal} == {extending.USED_ELSEWHERE}
        assert DatesChange.objects.count() == 1

    def test_an_earlier_day_is_refused_and_nothing_is_written(self, contract, by):
        refused = to_march(contract, by, ends_on=date(2024, 7, 30))
        assert "only be made to end later" in refused.refusal
        assert refused.change is None
        assert Contract.objects.get().ends_on == date(2024, 7, 31)
        assert not DatesChange.objects.exists()
        assert asked() == set()

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
    def test_only_a_commissioner_extends(self, contract, period, role):
        with pytest.raises(NotAllowed):
            to_march(contract, person(role))
        with pytest.raises(NotAllowed):
            moved(period, person(role))
        assert not DatesChange.objects.exists()


class TestACutOffThatMoves:
    def test_the_dates_and_who_moved_them(self, period, by):
        change = moved(period, by).change
        period.refresh_from_db()
        assert (period.requests_close_on, period.allocation_deadline_on) == (date(2025, 1, 17), date(2025, 1, 24))
        assert (period.set_by, period.set_at) == (by, FIRST_MOMENT_TOO_LATE)
        assert change.was == {"requests_close_on": "2024-12-13", "allocation_deadline_on": "2024-12-20"}
        assert (change.period, change.contract) == (period, period.contract)
        assert intake(period, FIRST_MOMENT_TOO_LATE) == Intake.OPEN

    def test_what_had_ended_is_asked_back(self, period, by):
        moved(period, by)
        assert asked() == {(CUT_OFF_MOVED, str(period.pk)), (CHECK_BOOKINGS, "all"), (LOOK_AGAIN, "all")}

    def test_the_same_key_moves_it_once(self, period, by):
        key = uuid.uuid4()
        first = moved(period, by, key=key)
        assert moved(period, by, key=key, requests_close_on=date(2025, 1, 20)) == first
        assert Period.objects.get().requests_close_on == date(2025, 1, 17)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"requests_close_on": date(2024, 12, 13)}, "can only be moved to a later day"),
            (
                {"requests_close_on": date(2025, 1, 25)},
                "The last day on which places are given (24 January 2025) is before",
            ),
            ({"delivery_ends_on": date(2025, 4, 1)}, "extend the contract first"),
        ],
    )
    def test_wrong_dates_are_refused_and_nothing_is_written(self, period, by, changes, words):
        assert words in moved(period, by, **changes).refusal
        assert Period.objects.get().requests_close_on == date(2024, 12, 13)
        assert not DatesChange.objects.exists()
        assert asked() == set()

    def test_two_periods_never_take_requests_on_the_same_day(self, period, by):
        spring = {"opens_on": date(2025, 1, 17), "requests_close_on": date(2025, 2, 14)}
        period_with_places(by=by, **spring | {"allocation_deadline_on": date(2025, 2, 21)})
        assert "takes requests from 17 January 2025" in moved(period, by).refusal
        assert moved(period, by, requests_close_on=date(2025, 1, 16)).change


@pytest.mark.parametrize(
    "dates",
    [
        {"requests_close_on": date(2024, 12, 21)},
        {"delivery_ends_on": date(2024, 12, 19)},
        {"opens_on": date(2025, 1, 1)},
    ],
    ids=str,
)
def test_the_database_keeps_a_periods_dates_in_order(period, dates):
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.update(**dates)


@pytest.mark.parametrize(
    "columns",
    [
        {"unit": "DAYS"},
        {"referrers": "SCHOOLS"},
        {"ends_on": date(2023, 8, 31)},
        {"run_off_ends_on": date(2024, 7, 30)},
    ],
    ids=str,
)
def test_the_database_keeps_a_contracts_words_and_dates(contract, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.update(**columns)


def test_a_change_of_dates_has_one_key_and_holds_what_it_is_about(contract, by):
    change = to_march(contract, by).change
    with pytest.raises(IntegrityError), transaction.atomic():
        DatesChange.objects.create(key=change.key, contract=contract, was={}, now={}, reason="x", by=by, at=IN_JUNE)
    with pytest.raises(ProtectedError):
        contract.delete()
