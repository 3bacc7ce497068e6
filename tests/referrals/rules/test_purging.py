"""When an untouched draft is announced and deleted: a table over days."""

from datetime import date, timedelta

import pytest

from referrals.rules.purging import Draft, Step, deleted_on, step
from s2s_portal.core.calendar import Days

DAYS = Days(bank_holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1)}))
CUT_OFF = date(2024, 12, 13)
BEFORE = date(2024, 11, 26)
DUE = date(2025, 1, 10)  # 28 days after the cut-off
FIRST = date(2024, 12, 24)  # ten working days before, over Christmas and New Year
SECOND = date(2025, 1, 8)


@pytest.mark.parametrize(
    ("draft", "today", "day", "what"),
    [
        pytest.param({"cut_off": None}, DUE, None, Step.NOTHING, id="nothing has ever taken requests of its kind"),
        pytest.param({}, CUT_OFF, None, Step.NOTHING, id="the cut-off day: it may still be sent"),
        pytest.param({}, CUT_OFF + timedelta(days=1), DUE, Step.NOTHING, id="the day after"),
        pytest.param({}, FIRST - timedelta(days=1), DUE, Step.NOTHING, id="eleven working days before"),
        pytest.param({}, FIRST, DUE, Step.ANNOUNCE, id="ten working days before"),
        pytest.param({"warned_on": FIRST}, FIRST, DUE, Step.NOTHING, id="told: run again"),
        pytest.param({"warned_on": FIRST}, SECOND - timedelta(days=1), DUE, Step.NOTHING, id="three before"),
        pytest.param({"warned_on": FIRST}, SECOND, DUE, Step.ANNOUNCE_AGAIN, id="two before"),
        pytest.param({"warned_on": FIRST, "warned_again_on": SECOND}, SECOND, DUE, Step.NOTHING, id="told twice"),
        pytest.param(
            {"warned_on": FIRST, "warned_again_on": SECOND}, DUE - timedelta(days=1), DUE, Step.NOTHING, id="the eve"
        ),
        pytest.param({"warned_on": FIRST, "warned_again_on": SECOND}, DUE, DUE, Step.DELETE, id="the day"),
        pytest.param(
            {"warned_on": FIRST, "warned_again_on": SECOND},
            DUE + timedelta(days=9),
            DUE,
            Step.DELETE,
            id="the day was missed: at once",
        ),
        pytest.param({}, date(2025, 2, 3), date(2025, 2, 17), Step.ANNOUNCE, id="never announced: the day moves"),
        pytest.param(
            {"warned_on": FIRST},
            date(2025, 2, 3),
            date(2025, 2, 5),
            Step.ANNOUNCE_AGAIN,
            id="announced once only: the day moves",
        ),
        pytest.param(
            {"changed_on": date(2025, 1, 6)}, DUE, date(2025, 2, 3), Step.NOTHING, id="saved since: another four weeks"
        ),
    ],
)
def test_step(draft, today, day, what):
    seen = Draft(**{"cut_off": CUT_OFF, "changed_on": BEFORE} | draft)
    assert deleted_on(seen, today=today, days=DAYS) == day
    assert step(seen, today=today, days=DAYS) == what


@pytest.mark.parametrize("first_run", [date(2024, 12, 14), date(2025, 1, 9), date(2025, 3, 1)])
def test_however_late_the_first_run_nobody_loses_a_draft_unawares(first_run):
    values = {"cut_off": CUT_OFF, "changed_on": BEFORE}
    told, today = [], first_run
    while True:
        what = step(Draft(**values), today=today, days=DAYS)
        if what == Step.ANNOUNCE:
            values["warned_on"] = today
        elif what == Step.ANNOUNCE_AGAIN:
            values["warned_again_on"] = today
        elif what == Step.DELETE:
            break
        if what != Step.NOTHING:
            told.append((what, today))
        today += timedelta(days=1)
    assert [what for what, _day in told] == [Step.ANNOUNCE, Step.ANNOUNCE_AGAIN]
    assert DAYS.working_days_between(told[0][1], today) >= 10
    assert DAYS.working_days_between(told[1][1], today) >= 2
    assert today >= DUE
