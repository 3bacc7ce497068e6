"""What a line and the sum of a hand-over report say: no database."""

from dataclasses import replace
from datetime import date

import pytest

from referrals.choices import Fate, LineState, Status
from referrals.documents.hand_over import HandedOver, Totals
from s2s_portal.organisations.choices import Stream

LINE = HandedOver(
    pk=1,
    reference="EY-7K4M-2Q",
    establishment="Bulrush Nursery",
    zone="Reedham Reach",
    stream=Stream.EARLY_YEARS,
    teacher="Heron Acle",
    status=Status.SUPPORTING,
    first_asked_on=date(2024, 11, 26),
    visits_held=2,
    next_visit_at=None,
    records=1,
    open_actions=0,
)
DONE = {"state": LineState.DONE}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Not decided yet"),
        ({"fate": Fate.ASK, "state": LineState.PENDING}, "To be done: ask the adviser"),
        ({"fate": Fate.MOVE, "outcome": Fate.MOVE, "goes_on_as": "EY-2222-22"} | DONE, "Goes on as EY-2222-22"),
        ({"fate": Fate.CLOSE, "outcome": Fate.CLOSE} | DONE, "Closed"),
        ({"fate": Fate.MOVE, "outcome": Fate.FINISH} | DONE, "Finishes under the old contract"),
        ({"fate": Fate.MOVE, "outcome": Fate.MOVE, "state": LineState.UNDONE}, "The move was undone"),
    ],
)
def test_what_becomes_of_a_request(changes, words):
    assert replace(LINE, **changes).becomes == words


def test_what_was_done_so_far():
    assert LINE.done == "2 visits, 1 record, 0 open actions"
    assert LINE.next_visit == "None planned"


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        (Totals(), "0 requests."),
        (Totals(without_line=1), "1 request: 1 not decided yet."),
        (Totals(finishing=1, moved=2, closed=1), "4 requests: 1 finishing + 2 moved + 1 closed."),
        (
            Totals(moved=1, undone=1, to_do=2, late=1, without_line=1),
            "6 requests: 0 finishing + 1 moved + 0 closed + 1 moved back + 2 to do + 1 found late + 1 not decided yet.",
        ),
    ],
)
def test_the_sum_in_words(totals, words):
    assert totals.in_words == words
