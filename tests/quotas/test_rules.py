"""Dates, sums and fees: truth tables, no database."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotas import rules
from quotas.choices import FeeBasis, Intake
from s2s_portal.organisations.choices import Stream
from tests.moments import LONDON


@dataclass(frozen=True)
class Dates:
    opens_on: date = date(2024, 9, 1)
    requests_close_on: date = date(2024, 12, 13)
    allocation_deadline_on: date = date(2024, 12, 20)
    delivery_ends_on: date = date(2025, 3, 31)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"requests_close_on": date(2024, 12, 20)}, None),
        (
            {"opens_on": date(2024, 12, 14)},
            "The cut-off (13 December 2024) is before the opening day (14",
        ),
        ({"requests_close_on": date(2024, 12, 21)}, "The allocation deadline (20 December 2024) is before"),
        ({"delivery_ends_on": date(2024, 12, 19)}, "The end of delivery (19 December 2024) is before"),
    ],
)
def test_misordered(changes, words):
    wrong = rules.misordered(replace(Dates(), **changes))
    assert wrong is None if words is None else words in wrong


@pytest.mark.parametrize(
    ("at", "intake"),
    [
        (datetime(2024, 8, 31, 23, 59, 59, tzinfo=LONDON), Intake.NOT_YET),
        (datetime(2024, 8, 31, 22, 59, 59, tzinfo=UTC), Intake.NOT_YET),
        (datetime(2024, 8, 31, 23, 0, 0, tzinfo=UTC), Intake.OPEN),  # summer time: midnight in London
        (datetime(2024, 9, 1, tzinfo=LONDON), Intake.OPEN),
        (datetime(2024, 12, 13, 23, 59, 59, 999_999, tzinfo=LONDON), Intake.OPEN),
        (datetime(2024, 12, 14, tzinfo=LONDON), Intake.CLOSED),
    ],
)
def test_intake_includes_both_whole_days(at, intake):
    assert rules.intake(Dates(), at) == intake


@pytest.mark.parametrize(
    ("last_day", "last_second"),
    [
        (date(2024, 3, 31), datetime(2024, 3, 31, 22, 59, 59, tzinfo=UTC)),  # clocks go forward: a 23-hour day
        (date(2024, 10, 27), datetime(2024, 10, 27, 23, 59, 59, tzinfo=UTC)),  # clocks go back: a 25-hour day
        (date(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_cut_off_on_a_clock_change_day_ends_at_londons_midnight(last_day, last_second):
    dates = replace(Dates(), opens_on=date(2024, 1, 1), requests_close_on=last_day)
    assert rules.intake(dates, last_second) == Intake.OPEN
    assert rules.intake(dates, last_second.replace(microsecond=999_999)) == Intake.OPEN
    after = datetime.fromtimestamp(last_second.timestamp() + 1, tz=UTC)
    assert rules.intake(dates, after) == Intake.CLOSED


@dataclass(frozen=True)
class Row:
    stream: str
    starts_on: date
    basis: str
    pence: int


FEES = [
    Row(Stream.MAINSTREAM, date(2024, 9, 1), FeeBasis.FUNDED, 0),
    Row(Stream.MAINSTREAM, date(2000, 1, 1), FeeBasis.TRADED_HOURS, 0),
    Row(Stream.MAINSTREAM, date(2019, 4, 1), FeeBasis.PER_REQUEST, 100_00),
    Row(Stream.EARLY_YEARS, date(2000, 1, 1), FeeBasis.FUNDED, 0),
]


@pytest.mark.parametrize(
    ("stream", "day", "basis", "pence"),
    [
        (Stream.MAINSTREAM, date(2019, 3, 31), FeeBasis.TRADED_HOURS, 0),
        (Stream.MAINSTREAM, date(2019, 4, 1), FeeBasis.PER_REQUEST, 100_00),
        (Stream.MAINSTREAM, date(2020, 2, 29), FeeBasis.PER_REQUEST, 100_00),
        (Stream.MAINSTREAM, date(2024, 8, 31), FeeBasis.PER_REQUEST, 100_00),
        (Stream.MAINSTREAM, date(2024, 9, 1), FeeBasis.FUNDED, 0),
        (Stream.EARLY_YEARS, date(2019, 4, 1), FeeBasis.FUNDED, 0),
        (Stream.EARLY_YEARS, date(2024, 9, 1), FeeBasis.FUNDED, 0),
    ],
)
def test_fee_on(stream, day, basis, pence):
    assert rules.fee_on(FEES, stream=stream, day=day) == rules.Fee(basis, pence)


def test_a_date_before_the_table_has_no_fee():
    with pytest.raises(rules.NoFeeKnown):
        rules.fee_on(FEES, stream=Stream.MAINSTREAM, day=date(1999, 12, 31))


counts = st.integers(min_value=0, max_value=10_000)


@given(granted=counts, adjusted=st.integers(-10_000, 10_000), drawn=counts, released=counts)
def test_what_is_bought_is_what_is_used_and_what_is_left(granted, adjusted, drawn, released):
    balance = rules.Balance(granted=granted, adjusted=adjusted, drawn=drawn, released=released)
    assert balance.bought == balance.used + balance.left
    assert balance.left == granted + adjusted - drawn + released
    assert balance.over_by == max(0, balance.used - balance.bought)


@pytest.mark.parametrize(
    ("bought", "used", "level"),
    [
        (50, 0, ""),
        (50, 39, ""),
        (50, 40, "low"),
        (50, 49, "low"),
        (50, 50, "full"),
        (50, 52, "full"),
        (85, 67, ""),
        (85, 68, "low"),
        (1, 0, ""),
        (1, 1, "full"),
        (0, 0, "full"),
    ],
)
def test_a_figure_is_coloured_from_four_fifths_used_and_when_nothing_is_left(bought, used, level):
    assert rules.Balance(granted=bought, drawn=used).level == level
    assert rules.Balance(granted=bought + 3, adjusted=-3, drawn=used + 2, released=2).level == level


@pytest.mark.parametrize(
    ("sum_", "words"),
    [
        ({"granted": 85}, "85 left"),
        ({"granted": 50, "drawn": 46, "released": 2}, "50 − 46 + 2 = 6 left"),
        ({"granted": 50, "adjusted": 5, "drawn": 3}, "50 + 5 − 3 = 52 left"),
        ({"granted": 3, "adjusted": -2, "drawn": 3}, "3 − 2 − 3 = over by 2"),
        ({"granted": 2, "drawn": 2}, "2 − 2 = 0 left"),
        ({}, "0 left"),
    ],
)
def test_the_sum_in_words(sum_, words):
    assert rules.Balance(**sum_).in_words == words


@pytest.mark.parametrize(("adjusted", "label"), [(5, "Raised since"), (-5, "Lowered since")])
def test_a_sums_terms_say_what_changed(adjusted, label):
    balance = rules.Balance(granted=50, adjusted=adjusted, drawn=4, released=1)
    assert balance.terms == [(label, adjusted), ("Used by requests", -4), ("Given back", 1)]
