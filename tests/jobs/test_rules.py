"""When jobs are due: both clock changes, a leap day, a jump, the first run, edges of intervals."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from s2s_portal.jobs.rules import PAUSES, Daily, Every, daily_slot, daily_slots, every_slot, next_slot, pause_after
from tests.moments import LONDON


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "real", "slot"),
    [
        pytest.param(15, utc(2024, 11, 26, 9, 30, 0), utc(2024, 11, 26, 9, 30, 0), id="the edge begins a slot"),
        pytest.param(15, utc(2024, 11, 26, 9, 30, 14, 999_999), utc(2024, 11, 26, 9, 30, 0), id="its last moment"),
        pytest.param(15, utc(2024, 11, 26, 9, 30, 15), utc(2024, 11, 26, 9, 30, 15), id="the next edge"),
        pytest.param(300, utc(2024, 11, 26, 9, 34, 59), utc(2024, 11, 26, 9, 30), id="five minutes"),
        pytest.param(3600, utc(2024, 12, 31, 23, 59), utc(2024, 12, 31, 23, 0), id="an hour at the end of a year"),
        pytest.param(3600, london(2024, 10, 27, 1, 30), utc(2024, 10, 27, 0, 0), id="in the hour that comes twice"),
        pytest.param(7, utc(1970, 1, 1, 0, 0, 13), utc(1970, 1, 1, 0, 0, 7), id="an interval that fits no minute"),
    ],
)
def test_every_slot(seconds, real, slot):
    assert every_slot(timedelta(seconds=seconds), real) == slot


def test_the_hour_that_comes_twice_has_two_slots():
    first, second = london(2024, 10, 27, 1, 30), london(2024, 10, 27, 1, 30).replace(fold=1)
    assert every_slot(timedelta(hours=1), first) == utc(2024, 10, 27, 0)
    assert every_slot(timedelta(hours=1), second) == utc(2024, 10, 27, 1)


@pytest.mark.parametrize(
    ("wall", "day", "slot"),
    [
        pytest.param(time(0, 10), date(2024, 11, 26), utc(2024, 11, 26, 0, 10), id="winter"),
        pytest.param(time(0, 10), date(2024, 7, 1), utc(2024, 6, 30, 23, 10), id="summer"),
        pytest.param(time(1, 30), date(2025, 3, 30), utc(2025, 3, 30, 1, 30), id="a time that spring leaves out"),
        pytest.param(time(3, 30), date(2025, 3, 30), utc(2025, 3, 30, 2, 30), id="after the spring change"),
        pytest.param(time(0, 10), date(2025, 3, 30), utc(2025, 3, 30, 0, 10), id="before the spring change"),
        pytest.param(time(1, 30), date(2024, 10, 27), utc(2024, 10, 27, 0, 30), id="a time that autumn shows twice"),
        pytest.param(time(3, 30), date(2024, 10, 27), utc(2024, 10, 27, 3, 30), id="after the autumn change"),
        pytest.param(time(0, 10), date(2024, 2, 29), utc(2024, 2, 29, 0, 10), id="29 February"),
    ],
)
def test_daily_slot(wall, day, slot):
    assert daily_slot(wall, day) == slot


def days_of(slots):
    return [slot.astimezone(LONDON).date() for slot in slots]


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        pytest.param(None, london(2024, 11, 26, 9, 30), [date(2024, 11, 26)], id="first ever: today's"),
        pytest.param(None, london(2024, 11, 26, 0, 9, 59), [date(2024, 11, 25)], id="first ever, early: yesterday's"),
        pytest.param(None, london(2024, 11, 26, 0, 10), [date(2024, 11, 26)], id="first ever, at the moment itself"),
        pytest.param(london(2024, 11, 26, 0, 10), london(2024, 11, 26, 23, 59), [], id="today's has run"),
        pytest.param(london(2024, 11, 26, 0, 10), london(2024, 11, 27, 0, 9, 59), [], id="a second too early"),
        pytest.param(london(2024, 11, 26, 0, 10), london(2024, 11, 27, 0, 10), [date(2024, 11, 27)], id="the next"),
        pytest.param(
            london(2024, 11, 26, 0, 10),
            london(2024, 12, 14, 9, 0),
            [date(2024, 11, 27) + timedelta(days=number) for number in range(18)],
            id="a jump of 18 days",
        ),
        pytest.param(
            london(2024, 2, 28, 0, 10),
            london(2024, 3, 1, 9, 0),
            [date(2024, 2, 29), date(2024, 3, 1)],
            id="over 29 February",
        ),
        pytest.param(
            london(2025, 3, 29, 0, 10),
            london(2025, 3, 31, 9, 0),
            [date(2025, 3, 30), date(2025, 3, 31)],
            id="over the spring change",
        ),
        pytest.param(
            london(2024, 10, 26, 0, 10),
            london(2024, 10, 28, 9, 0),
            [date(2024, 10, 27), date(2024, 10, 28)],
            id="over the autumn change",
        ),
        pytest.param(
            london(2024, 11, 26, 3, 0),
            london(2024, 11, 26, 9, 0),
            [],
            id="its time was changed: once a day still",
        ),
        pytest.param(london(2024, 11, 28, 0, 10), london(2024, 11, 26, 9, 0), [], id="a run of the future"),
    ],
)
def test_daily_slots(after, until, days):
    slots = daily_slots(time(0, 10), after=after, until=until)
    assert days_of(slots) == days
    assert all(f"{slot.astimezone(LONDON):%H:%M}" == "00:10" for slot in slots)


@pytest.mark.parametrize("day", [date(2025, 3, 30), date(2024, 10, 27)])
@pytest.mark.parametrize("wall", [time(0, 10), time(1, 0), time(1, 30), time(2, 0), time(23, 59)])
def test_a_day_on_which_the_clocks_change_has_one_slot(day, wall):
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    slots = daily_slots(wall, after=daily_slot(wall, before), until=daily_slot(wall, after))
    assert days_of(slots) == [day, after]


@pytest.mark.parametrize(
    ("timetable", "real", "at", "coming"),
    [
        (Every(timedelta(minutes=5)), utc(2024, 11, 26, 9, 30), utc(2025, 1, 1), utc(2024, 11, 26, 9, 35)),
        (Every(timedelta(minutes=5)), utc(2024, 11, 26, 9, 29, 59), utc(2025, 1, 1), utc(2024, 11, 26, 9, 30)),
        (Daily(time(0, 10)), utc(2026, 1, 1), london(2024, 11, 26, 0, 9), london(2024, 11, 26, 0, 10)),
        (Daily(time(0, 10)), utc(2026, 1, 1), london(2024, 11, 26, 0, 10), london(2024, 11, 27, 0, 10)),
    ],
)
def test_next_slot(timetable, real, at, coming):
    assert next_slot(timetable, real=real, at=at) == coming


def test_pauses_grow_and_stay_at_the_longest():
    pauses = [pause_after(attempts) for attempts in range(1, 9)]
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1], PAUSES[-1]]
    assert pauses == sorted(pauses)
