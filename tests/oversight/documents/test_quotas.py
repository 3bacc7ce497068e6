"""The places of a period as figures: the sum of the ledger, the pace of each window, and the places left by day."""

from datetime import date, timedelta

import pytest

from quotas.rules import Balance
from s2s_portal.core.calendar import Days
from s2s_portal.oversight.documents.figures import in_words
from s2s_portal.oversight.documents.quotas import Places, StreamPlaces, pace_answer, quota_figures, used_answer
from s2s_portal.oversight.rules.pace import NOTHING, DayOfPlaces, Span, burn_down, outlook, weeks

OPENS, TUESDAY, CLOSES = date(2024, 9, 2), date(2024, 11, 26), date(2024, 12, 13)
BOUGHT_ON = date(2024, 8, 12)


def stream(label, changes, span):
    days = {BOUGHT_ON + timedelta(days=number): one for number, one in changes.items()}
    total = sum(days.values(), NOTHING)
    return StreamPlaces(
        stream_label=label,
        balance=Balance(total.granted, total.adjusted, total.drawn, total.released),
        outlook=outlook(days, span, Days()),
        days=burn_down(days, OPENS, CLOSES),
        weeks=weeks(days, OPENS, span.today),
    )


def places(*streams, today=TUESDAY):
    """Streams of lines so many days after the places were bought."""
    span = Span(OPENS, CLOSES, today)
    return Places(period=7, span=span, streams=[stream(label, changes, span) for label, changes in streams])


EARLY_YEARS = ("early years", {0: DayOfPlaces(granted=50), 21: DayOfPlaces(drawn=30), 95: DayOfPlaces(drawn=14)})
MAINSTREAM = (
    "mainstream",
    {
        0: DayOfPlaces(granted=85),
        30: DayOfPlaces(drawn=61, released=1),
        60: DayOfPlaces(adjusted=-5),
    },
)
OVER = ("mainstream", {0: DayOfPlaces(granted=10), 30: DayOfPlaces(drawn=10), 60: DayOfPlaces(adjusted=-2)})
FULL = ("early years", {0: DayOfPlaces(granted=3), 30: DayOfPlaces(drawn=3)})
BARE = ("early years", {})


@pytest.mark.parametrize(
    ("streams", "question", "figure", "sentence", "level"),
    [
        pytest.param(
            (EARLY_YEARS, MAINSTREAM),
            "How many of the 50 and the 80 are used?",
            "44 of 50, 60 of 80",
            "44 of 50 early years places and 60 of 80 mainstream places are used; 6 early years and 20 mainstream "
            "places are left.",
            "low",
            id="both",
        ),
        pytest.param(
            (MAINSTREAM,),
            "How many of the 80 are used?",
            "60 of 80",
            "60 of 80 mainstream places are used; 20 mainstream places are left.",
            "",
            id="one",
        ),
        pytest.param(
            (FULL, OVER),
            "How many of the 3 and the 8 are used?",
            "3 of 3, 10 of 8",
            "3 of 3 early years places and 10 of 8 mainstream places are used; no early years place is left and "
            "mainstream is over by 2.",
            "full",
            id="full and over",
        ),
        pytest.param(
            (("early years", {0: DayOfPlaces(granted=2), 30: DayOfPlaces(drawn=1)}),),
            "How many of the 2 are used?",
            "1 of 2",
            "1 of 2 early years places is used; 1 early years place is left.",
            "",
            id="singular",
        ),
        pytest.param(
            (BARE,),
            "How many of the 0 are used?",
            "0 of 0",
            "0 of 0 early years places are used; no early years place is left.",
            "",
            id="nothing bought",
        ),
        pytest.param(
            (),
            "How many of the places are used?",
            "None",
            "No quota has been set up for this period.",
            "",
            id="no quota",
        ),
    ],
)
def test_used_answer(streams, question, figure, sentence, level):
    answer = used_answer(places(*streams))
    assert (answer.question, answer.figure, answer.sentence, answer.level) == (question, figure, sentence, level)


def test_pace_answer_names_the_most_urgent_stream_first():
    """Early years: 44 in 62 working days, 14 in the last 20 and in the last 10."""
    answer = pace_answer(places(MAINSTREAM, EARLY_YEARS))
    assert answer.question == "At what pace, and when will they run out against 13 December?"
    assert answer.figure == "Early years: 2 to 9 December 2024 · mainstream: not before 13 December 2024"
    assert answer.level == "low"
    assert "6 of 50 early years places are left; at 0.7 to 1.4 a working day they run out between" in answer.sentence
    assert "20 of 80 mainstream places are left; at 0 to 1.0 a working day 6 to 20 of them are still" in answer.sentence


def test_pace_answer_without_a_quota():
    answer = pace_answer(places())
    assert (answer.figure, answer.sentence) == ("No pace", "No quota has been set up for this period.")
    assert [figure.lines for figure in quota_figures(places())] == [(), ()]


def rows(figure):
    return [
        [in_words(value, column.unit) for value, column in zip(line.values, figure.columns, strict=True)]
        for line in figure.lines
    ]


def test_used_figure():
    used, *_ = quota_figures(places(EARLY_YEARS, MAINSTREAM))
    assert rows(used) == [
        ["Early years", "50", "0", "44", "0", "44", "6"],
        ["Mainstream", "85", "−5", "61", "1", "60", "20"],
        ["Both streams", "135", "−5", "105", "1", "104", "26"],
    ]
    assert used.notes == ("Early years: 50 − 44 = 6 left.", "Mainstream: 85 − 5 − 61 + 1 = 20 left.")
    assert [line.url for line in used.lines] == [
        "/quotas/early-years/?period=7",
        "/quotas/mainstream/?period=7",
        "",
    ]


def test_pace_figure():
    """Each window with its own projection: the range is made of nothing else."""
    _, pace, *_ = quota_figures(places(EARLY_YEARS))
    assert rows(pace) == [
        ["Early years", "The period so far", "62", "44", "0.7", "6 December 2024", "9 December 2024"],
        ["Early years", "The last 20 working days", "20", "14", "0.7", "6 December 2024", "9 December 2024"],
        ["Early years", "The last 10 working days", "10", "14", "1.4", "2 December 2024", "3 December 2024"],
    ]
    assert len(pace.chart.series[0].values) == len(pace.chart.categories) == 3


def test_where_the_sentence_says_that_it_is_too_early_the_table_names_no_day():
    begun = ("early years", {0: DayOfPlaces(granted=50), 21: DayOfPlaces(drawn=5), 22: DayOfPlaces(drawn=5)})
    _, pace, *_ = quota_figures(places(begun, today=OPENS + timedelta(days=1)))
    assert "It is too early for a pace: requests have been open for 2 working days." in pace.sentence
    assert rows(pace) == [["Early years", "The period so far", "2", "10", "5.0", "No pace yet", "No pace yet"]]


def test_burn_down_figure():
    *_, left = quota_figures(places(EARLY_YEARS))
    assert (left.key, left.caption) == ("early-years", "Early years places left")
    assert rows(left)[:3] == [
        ["Before 2 September 2024", "0", "0", "50", "50"],
        ["2 September 2024", "30", "0", "0", "20"],
        ["9 September 2024", "0", "0", "0", "20"],
    ]
    assert rows(left)[-1] == ["25 November 2024", "0", "0", "0", "6"]


def test_burn_down_weeks_lead_to_the_ledger_as_it_stood():
    """Each to the end of its Sunday; the week that is not over, to now."""
    *_, left = quota_figures(places(EARLY_YEARS))
    assert [line.url for line in (left.lines[0], left.lines[1], left.lines[-1])] == [
        "/quotas/early-years/?period=7&on_day=1&on_month=9&on_year=2024",
        "/quotas/early-years/?period=7&on_day=8&on_month=9&on_year=2024",
        "/quotas/early-years/?period=7",
    ]


def test_burn_down_chart_is_of_the_same_days():
    *_, figure = quota_figures(places(EARLY_YEARS))
    chart = figure.chart
    known = dict(zip(chart.days, chart.series[0].values, strict=True))
    assert (chart.days[0], chart.days[-1]) == (OPENS, CLOSES)
    assert (known[OPENS], known[TUESDAY], known[TUESDAY + timedelta(days=1)]) == (20, 6, None)
    low, high = (dict(zip(chart.days, side, strict=True)) for side in (chart.band.low, chart.band.high))
    assert low[TUESDAY] == high[TUESDAY] == 6
    assert low[TUESDAY - timedelta(days=1)] is None
    assert all(low[day] <= high[day] for day in chart.days if day > TUESDAY)
    assert low[CLOSES] == 0
    assert [mark.on for mark in chart.marks] == [TUESDAY, CLOSES]


@pytest.mark.parametrize("one", [FULL, OVER, BARE])
def test_burn_down_without_a_pace_has_no_band(one):
    *_, figure = quota_figures(places(one))
    assert figure.chart.band is None


def test_burn_down_after_the_cut_off():
    *_, figure = quota_figures(places(EARLY_YEARS, today=date(2024, 12, 20)))
    assert figure.chart.band is None
    assert [mark.label for mark in figure.chart.marks] == ["Requests close"]
    assert figure.chart.series[0].values[-1] == 6
