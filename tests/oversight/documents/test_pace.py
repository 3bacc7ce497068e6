"""How long places last, in the words of a commissioner: every case, in the singular and the plural."""

from datetime import date, timedelta

import pytest

from quotas.rules import Balance
from s2s_portal.core.calendar import Days
from s2s_portal.oversight.documents.pace import pace_in_short, pace_sentence
from s2s_portal.oversight.rules.pace import Outlook, Prospect, Span, Window

DAYS = Days()
TUESDAY, CLOSES = date(2024, 11, 26), date(2024, 12, 13)
SPAN = Span(date(2024, 9, 2), CLOSES, TUESDAY)
TO_COME = tuple(
    day for day in (TUESDAY + timedelta(days=number) for number in range(1, 18)) if DAYS.is_working_day(day)
)
SLOW, FAST = Window(60, 42, is_whole=True), Window(10, 12)


def said(prospect, left, windows=(), *, bought=50, since=None, span=SPAN):
    """The sentence and the short form."""
    found = Outlook(prospect, left, tuple(windows), TO_COME, since)
    balance = Balance(granted=bought, drawn=bought - left)
    sentence = pace_sentence(stream_label="early years", balance=balance, outlook=found, span=span)
    return sentence, pace_in_short(found, span)


@pytest.mark.parametrize(
    ("given", "sentence", "short"),
    [
        pytest.param(
            (Prospect.RUNS_OUT, 6, (SLOW, FAST)),
            "6 of 50 early years places are left; at 0.7 to 1.2 a working day they run out between 2 and 9 December "
            "2024, before requests close on 13 December.",
            "2 to 9 December 2024",
            id="runs out",
        ),
        pytest.param(
            (Prospect.RUNS_OUT, 1, (SLOW,)),
            "1 of 50 early years places is left; at about 0.7 a working day it goes between 27 and 28 November 2024, "
            "before requests close on 13 December.",
            "27 to 28 November 2024",
            id="one, at one pace",
        ),
        pytest.param(
            (Prospect.MAY_RUN_OUT, 12, (SLOW, FAST)),
            "12 of 50 early years places are left; at 0.7 to 1.2 a working day they may run out from 9 December 2024, "
            "or up to 3 are left when requests close on 13 December.",
            "from 9 December 2024 or not at all",
            id="may run out",
        ),
        pytest.param(
            (Prospect.MAY_RUN_OUT, 1, (Window(60, 1, is_whole=True), FAST)),
            "1 of 50 early years places is left; at 0 to 1.2 a working day it may go from 26 November 2024, or it "
            "stays unused when requests close on 13 December.",
            "from 26 November 2024 or not at all",
            id="one may go",
        ),
        pytest.param(
            (Prospect.LASTS, 24, (SLOW, FAST)),
            "24 of 50 early years places are left; at 0.7 to 1.2 a working day 7 to 15 of them are still left when "
            "requests close on 13 December 2024.",
            "not before 13 December 2024",
            id="lasts",
        ),
        pytest.param(
            (Prospect.LASTS, 17, (FAST, Window(20, 0))),
            "17 of 50 early years places are left; at 0 to 1.2 a working day up to 17 are still left when requests "
            "close on 13 December 2024.",
            "not before 13 December 2024",
            id="just lasts",
        ),
        pytest.param(
            (Prospect.LASTS, 1, (Window(60, 1, is_whole=True),)),
            "1 of 50 early years places is left; at less than 0.1 a working day it is still unused when requests close "
            "on 13 December 2024.",
            "not before 13 December 2024",
            id="one lasts",
        ),
        pytest.param(
            (Prospect.NO_PACE, 50, (Window(1, 0, is_whole=True),)),
            "50 of 50 early years places are left. It is too early for a pace: requests have been open for 1 working "
            "day.",
            "no pace yet",
            id="first day",
        ),
        pytest.param(
            (Prospect.NO_PACE, 50, (Window(60, 0, is_whole=True),)),
            "50 of 50 early years places are left. There is no pace yet: since requests opened, no more places were "
            "used than given back.",
            "no pace yet",
            id="nothing used",
        ),
        pytest.param(
            (Prospect.CLOSED, 3),
            "3 of 50 early years places are left: requests closed on 13 December 2024 before they ran out.",
            "3 left unused",
            id="closed",
        ),
        pytest.param(
            (Prospect.CLOSED, 1),
            "1 of 50 early years places is left: requests closed on 13 December 2024 before it was used.",
            "1 left unused",
            id="closed with one",
        ),
        pytest.param(
            (Prospect.NOT_OPEN, 50),
            "50 of 50 early years places are left; requests open on 2 September 2024.",
            "opens on 2 September 2024",
            id="not open",
        ),
        pytest.param((Prospect.NOT_BOUGHT, 0), "No early years places are bought for this period.", "none bought"),
    ],
)
def test_pace_sentence(given, sentence, short):
    assert said(*given) == (sentence, short)


def test_pace_sentence_full():
    since = date(2024, 12, 9)
    assert said(Prospect.FULL, 0, since=since) == (
        "All 50 early years places have been used since 9 December 2024.",
        "none left",
    )
    assert said(Prospect.FULL, 0, bought=1, since=since)[0] == (
        "The only early years place has been used since 9 December 2024."
    )


def test_pace_sentence_over():
    assert said(Prospect.OVER, -2, since=date(2024, 12, 9)) == (
        "52 of 50 early years places are used: over by 2 since 9 December 2024.",
        "over by 2",
    )


def test_pace_sentence_on_the_cut_off_day():
    span = Span(SPAN.opens_on, CLOSES, CLOSES)
    found = Outlook(Prospect.MAY_RUN_OUT, 1, (FAST,), (), None)
    sentence = pace_sentence(
        stream_label="early years", balance=Balance(granted=50, drawn=49), outlook=found, span=span
    )
    assert sentence == (
        "1 of 50 early years places is left; at about 1.2 a working day it may go on 13 December 2024, or it stays "
        "unused when requests close that day."
    )


def test_pace_sentence_into_the_next_year():
    """The day on which requests close is named in full where it lies in another year."""
    span = Span(SPAN.opens_on, date(2025, 1, 10), TUESDAY)
    assert said(Prospect.RUNS_OUT, 6, (SLOW, FAST), span=span)[0].endswith(
        "between 2 and 9 December 2024, before requests close on 10 January 2025."
    )
