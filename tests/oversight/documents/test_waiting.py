"""Who waits, in words: nobody, one, several, in one stream or both, and how a place reaches them."""

from datetime import date, timedelta

import pytest

from referrals.choices import Giving
from s2s_portal.oversight.documents.figures import in_words
from s2s_portal.oversight.documents.waiting import (
    Waiting,
    WaitingStream,
    WaitingZone,
    waiting_answer,
    waiting_figures,
)

TODAY = date(2024, 11, 26)
AUTOMATIC = (
    "A place that comes free goes to the first in order until 13 December 2024; after that the commissioner gives it, "
    "until 20 December 2024."
)


def waiting(early_years=(), mainstream=(), *, giving=Giving.AUTOMATIC, zones=(), only=False):
    """Lists whose requests joined so many days ago."""
    streams = [("early years", early_years), ("mainstream", mainstream)][: 1 if only else 2]
    return Waiting(
        streams=[
            WaitingStream(label, sorted(TODAY - timedelta(days=number) for number in days), 0)
            for label, days in streams
        ],
        zones=[WaitingZone(str(number), name, counts) for number, (name, counts) in enumerate(zones)],
        giving=giving,
        closes_on=date(2024, 12, 13),
        allocation_deadline_on=date(2024, 12, 20),
        opens_on=date(2024, 9, 2),
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("given", "sentence", "figure"),
    [
        pytest.param(waiting(), f"Nobody waits for a place. {AUTOMATIC}", "Nobody", id="nobody"),
        pytest.param(
            waiting(only=True), f"Nobody waits for an early years place. {AUTOMATIC}", "Nobody", id="nobody of one"
        ),
        pytest.param(
            waiting([14, 3]),
            "2 requests wait for an early years place. The first of them joined the list on 12 November 2024, 14 days "
            f"ago. {AUTOMATIC}",
            "2 waiting",
            id="one stream",
        ),
        pytest.param(
            waiting([2], [5, 0]),
            "1 request waits for an early years place and 2 for a mainstream place. The first of them joined the list "
            f"on 21 November 2024, 5 days ago. {AUTOMATIC}",
            "3 waiting",
            id="both",
        ),
        pytest.param(
            waiting([], [1]),
            "1 request waits for a mainstream place. It joined the list on 25 November 2024, 1 day ago. " + AUTOMATIC,
            "1 waiting",
            id="one since yesterday",
        ),
        pytest.param(
            waiting([0]),
            f"1 request waits for an early years place. It joined the list today. {AUTOMATIC}",
            "1 waiting",
            id="one since today",
        ),
        pytest.param(
            waiting(giving=Giving.BY_HAND),
            "Nobody waits for a place. The list is closed; a place that comes free is given by the commissioner until "
            "20 December 2024.",
            "Nobody",
            id="after the cut-off",
        ),
        pytest.param(
            waiting(giving=Giving.OVER),
            "Nobody waits for a place. No place has been given since 20 December 2024.",
            "Nobody",
            id="after the deadline",
        ),
        pytest.param(
            waiting(giving=Giving.NOT_YET),
            "Nobody waits for a place. Requests open on 2 September 2024.",
            "Nobody",
            id="before",
        ),
    ],
)
def test_waiting_answer(given, sentence, figure):
    answer = waiting_answer(given)
    assert (answer.sentence, answer.figure) == (sentence, figure)


def rows(figure):
    return [
        [in_words(value, column.unit) for value, column in zip(line.values, figure.columns, strict=True)]
        for line in figure.lines
    ]


def test_waiting_figures():
    by_stream, by_zone = waiting_figures(
        waiting([14, 4, 3], [], zones=[("Reedham Reach", (2, 0)), ("Saltings", (1, 0))])
    )
    assert rows(by_stream) == [
        ["Early years", "3", "0", "12 November 2024", "14", "4.0"],
        ["Mainstream", "0", "0", "–", "–", "–"],
    ]
    assert rows(by_zone) == [
        ["Reedham Reach", "2", "0", "2"],
        ["Saltings", "1", "0", "1"],
        ["All zones", "3", "0", "3"],
    ]
    assert [series.values for series in by_zone.chart.series] == [(2.0, 1.0), (0.0, 0.0)]
    assert [line.key for line in by_zone.lines] == ["0", "1", ""]


def test_waiting_figures_of_one_stream_have_no_column_for_both():
    _, by_zone = waiting_figures(waiting([1], only=True, zones=[("Saltings", (1,))]))
    assert rows(by_zone) == [["Saltings", "1"]]


@pytest.mark.parametrize(
    ("zones", "sentence"),
    [
        ([], "Nobody waits in any zone."),
        ([("Saltings", (3, 0))], "All who wait are in Saltings."),
        ([("Marram", (1, 0)), ("Saltings", (0, 1))], "1 waits in each of 2 zones."),
        ([("Marram", (1, 0)), ("Saltings", (2, 1))], "Requests wait in 2 zones: the most in Saltings, 3."),
        (
            [("Marram", (2, 0)), ("Reed", (1, 0)), ("Saltings", (1, 1))],
            "Requests wait in 3 zones: the most in Marram and Saltings, 2 in each.",
        ),
    ],
)
def test_waiting_by_zone_in_words(zones, sentence):
    assert waiting_figures(waiting(zones=zones))[1].sentence == sentence
