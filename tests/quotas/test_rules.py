"""Dates, sums and fees: truth tables, no database."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

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
        (
            {"requests_close_on": date(2024, 12, 21)},
            "The last day on which places are given (20 December 2024) is before",
        ),
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


@pytest.mark.parametrize(
    ("sum_", "words"),
    [
        ({"granted": 50, "drawn": 46, "released": 2}, "44 of 50 used (46 drawn, 2 given back)"),
        ({"granted": 50, "adjusted": -10, "drawn": 44}, "44 of 40 used"),
        ({}, "0 of 0 used"),
    ],
)
def test_what_is_used_is_net_and_says_how_it_came_about(sum_, words):
    assert rules.Balance(**sum_).use_in_words == words


@pytest.mark.parametrize(("adjusted", "label"), [(5, "Raised since"), (-5, "Lowered since")])
def test_a_sums_terms_say_what_changed(adjusted, label):
    balance = rules.Balance(granted=50, adjusted=adjusted, drawn=4, released=1)
    assert balance.terms == [(label, adjusted), ("Drawn by requests", -4), ("Given back", 1)]


@pytest.mark.parametrize(
    ("sum_", "headline", "blocked"),
    [
        ({"granted": 50, "drawn": 44}, "6 left", ""),
        ({"granted": 2, "drawn": 2}, "0 left", "No place is left: no new requests until one is given back or bought."),
        (
            {"granted": 3, "adjusted": -1, "drawn": 3},
            "Over by 1",
            "Over by 1: no new requests until 2 places are given back or bought.",
        ),
        (
            {"granted": 50, "adjusted": -10, "drawn": 46, "released": 2},
            "Over by 4",
            "Over by 4: no new requests until 5 places are given back or bought.",
        ),
    ],
)
def test_what_is_over_is_said_and_what_would_end_it(sum_, headline, blocked):
    balance = rules.Balance(**sum_)
    assert (balance.headline, balance.blocked) == (headline, blocked)


def test_a_balance_changed_by_places_is_the_sum_afterwards():
    before = rules.Balance(granted=50, adjusted=5, drawn=46, released=2)
    assert before.changed_by(-15).in_words == "50 − 10 − 46 + 2 = over by 4"
    assert before.changed_by(3).in_words == "50 + 8 − 46 + 2 = 14 left"


@pytest.mark.parametrize(
    ("bought", "used", "reached"),
    [
        (50, 39, set()),
        (50, 40, {80}),
        (50, 47, {80}),
        (50, 48, {80, 95}),
        (50, 49, {80, 95}),
        (50, 50, {80, 95, 100}),
        (50, 53, {80, 95, 100}),
        (85, 67, set()),
        (85, 68, {80}),
        (85, 80, {80}),
        (85, 81, {80, 95}),
        (1, 0, set()),
        (1, 1, {80, 95, 100}),
        (0, 0, set()),
        (0, 3, set()),
    ],
)
def test_thresholds_reached(bought, used, reached):
    assert rules.thresholds_reached(rules.Balance(granted=bought, drawn=used)) == reached
    assert (
        rules.thresholds_reached(rules.Balance(granted=bought + 7, adjusted=-7, drawn=used + 2, released=2)) == reached
    )


@pytest.mark.parametrize(
    ("bought", "places", "words"),
    [
        (50, 1, None),
        (50, -1, None),
        (50, -50, None),
        (0, 99_999, None),
        (50, 0, "Nothing would change"),
        (50, -51, "Only 50 places are bought, so no more than 50 can be taken away."),
        (0, -1, "Only 0 places are bought"),
        (1, 99_999, "A quota has at most 99,999 places."),
        (50, 10**30, "A quota has at most 99,999 places."),
    ],
)
def test_cannot_adjust(bought, places, words):
    wrong = rules.cannot_adjust(bought=bought, places=places)
    assert wrong is None if words is None else words in wrong


@pytest.mark.parametrize(
    ("left", "places", "words"),
    [
        (6, 6, None),
        (6, 1, None),
        (6, 7, "Only 6 mainstream places are unused, so 7 cannot be moved."),
        (1, 2, "Only 1 mainstream place is unused, so 2 cannot be moved."),
        (0, 1, "No mainstream place is unused, so none can be moved."),
        (-2, 1, "No mainstream place is unused"),
        (6, 0, "Nothing would change"),
        (6, -1, "Nothing would change"),
    ],
)
def test_cannot_move(left, places, words):
    wrong = rules.cannot_move(left=left, stream_label="mainstream", places=places)
    assert wrong is None if words is None else words in wrong


NOW = datetime(2024, 11, 26, 9, 30, 20, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "clock_time", "moment"),
    [
        (date(2024, 11, 25), None, datetime(2024, 11, 25, 23, 59, 59, 999_999, tzinfo=LONDON)),
        (date(2024, 11, 26), None, NOW),  # the day still lasts
        (date(2024, 11, 26), time(9, 30), NOW),  # the minute still lasts
        (date(2024, 11, 26), time(9, 29), datetime(2024, 11, 26, 9, 29, 59, 999_999, tzinfo=LONDON)),
        (date(2024, 11, 25), time(0, 0), datetime(2024, 11, 25, 0, 0, 59, 999_999, tzinfo=LONDON)),
        (date(2024, 6, 30), None, datetime(2024, 6, 30, 22, 59, 59, 999_999, tzinfo=UTC)),  # summer time
        (date(2024, 6, 30), time(14, 30), datetime(2024, 6, 30, 13, 30, 59, 999_999, tzinfo=UTC)),
        (date(2024, 10, 27), time(1, 30), datetime(2024, 10, 27, 1, 30, 59, 999_999, tzinfo=UTC)),  # the second 01:30
        (date(2024, 3, 31), time(2, 0), datetime(2024, 3, 31, 1, 0, 59, 999_999, tzinfo=UTC)),
        (date(1900, 1, 1), None, datetime(1900, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_past_moment(day, clock_time, moment):
    assert rules.past_moment(day, clock_time, now=NOW) == moment


@pytest.mark.parametrize(
    ("day", "clock_time", "words"),
    [
        (date(2024, 11, 27), None, "27 November 2024 is still to come."),
        (date(2024, 11, 27), time(0, 0), "27 November 2024 is still to come."),
        (date(2024, 11, 26), time(9, 31), "09:31 on 26 November 2024 is still to come."),
        (date(2024, 3, 31), time(1, 30), "There was no 01:30 on 31 March 2024: the clocks went forward."),
    ],
)
def test_a_moment_that_is_to_come_or_never_was(day, clock_time, words):
    with pytest.raises(rules.NoSuchMoment, match=words):
        rules.past_moment(day, clock_time, now=NOW)


WAS = {"ends_on": date(2024, 7, 31), "run_off_ends_on": date(2024, 8, 31)}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"ends_on": date(2025, 3, 31), "run_off_ends_on": date(2025, 3, 31)}, None),
        ({"ends_on": date(2024, 8, 31)}, None),
        ({"run_off_ends_on": date(2024, 9, 30)}, None),
        ({}, "Nothing would change."),
        ({"ends_on": date(2024, 7, 30)}, "The contract ends on 31 July 2024. It can only be made to end later."),
        (
            {"run_off_ends_on": date(2024, 8, 30)},
            "Visits may be held until 31 August 2024. That can only be made later.",
        ),
        ({"ends_on": date(2024, 9, 1)}, "The last day of visits cannot be before the contract’s last day."),
    ],
)
def test_cannot_extend(now, words):
    wrong = rules.cannot_extend(was=WAS, now=WAS | now)
    assert wrong is None if words is None else words in wrong


CUT_OFF = {
    "requests_close_on": date(2024, 12, 13),
    "allocation_deadline_on": date(2024, 12, 20),
    "delivery_ends_on": date(2025, 3, 31),
}


@dataclass(frozen=True)
class Next(Dates):
    opens_on: date = date(2025, 1, 6)

    def __str__(self) -> str:
        return "The summer term"


@pytest.mark.parametrize(
    ("now", "given", "words"),
    [
        ({"requests_close_on": date(2024, 12, 14)}, {}, None),
        ({"requests_close_on": date(2024, 12, 14)}, {"today": date(2024, 12, 14)}, None),
        ({"requests_close_on": date(2024, 12, 20)}, {"today": date(2024, 12, 13)}, None),
        ({}, {}, "The cut-off is 13 December 2024. It can only be moved to a later day."),
        ({"requests_close_on": date(2024, 12, 12)}, {}, "The cut-off is 13 December 2024. It can only be moved"),
        (
            {"requests_close_on": date(2024, 12, 16)},
            {"today": date(2024, 12, 17)},
            "16 December 2024 has passed: choose a cut-off that is still to come.",
        ),
        (
            {"requests_close_on": date(2024, 12, 16), "allocation_deadline_on": date(2024, 12, 19)},
            {},
            "The days until which places are given and support is delivered can only be moved later, too.",
        ),
        (
            {"requests_close_on": date(2024, 12, 16), "delivery_ends_on": date(2025, 4, 1)},
            {},
            "Visits may be held until 31 March 2025: extend the contract first.",
        ),
        (
            {"requests_close_on": date(2024, 12, 16), "delivery_ends_on": date(2025, 4, 1)},
            {"run_off_ends_on": date(2025, 4, 1)},
            None,
        ),
        (
            {"requests_close_on": date(2025, 1, 6)},
            {"beside": Next()},
            "“The summer term” takes requests from 6 January 2025: the cut-off must be before that day.",
        ),
    ],
)
def test_cannot_move_cut_off(now, given, words):
    told = {"run_off_ends_on": date(2025, 3, 31), "beside": None, "today": date(2024, 12, 14)} | given
    wrong = rules.cannot_move_cut_off(was=CUT_OFF, now=CUT_OFF | now, **told)
    assert wrong is None if words is None else words in wrong
