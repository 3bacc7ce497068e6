"""What is due at a contract's end, in words and figures: before it has begun, while it is decided, and once it ran."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from referrals.choices import Fate, FateReason, LineState
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.contract_end import ContractEnd, Outcome, contract_end_answer
from s2s_portal.oversight.documents.contract_end_figures import contract_end_figures
from s2s_portal.oversight.documents.figures import in_words

EARLY_YEARS, MAINSTREAM = Stream.EARLY_YEARS, Stream.MAINSTREAM
KEY = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
FINISH = Outcome(EARLY_YEARS, Fate.FINISH, FateReason.VISIT_IN_TIME)
MOVE = Outcome(MAINSTREAM, Fate.MOVE, FateReason.NO_VISIT_YET)
ASK = Outcome(MAINSTREAM, Fate.ASK, FateReason.OTHER_UNIT)
CLOSE = Outcome(MAINSTREAM, Fate.CLOSE, FateReason.INFORMATION_AWAITED)
END = ContractEnd(
    contract="School to School support",
    ends_on=date(2025, 3, 31),
    run_off_ends_on=date(2025, 4, 30),
    closes_on=date(2024, 12, 13),
    allocation_deadline_on=date(2024, 12, 20),
    today=date(2024, 11, 26),
    days=Days(),
    key="",
    stage="",
    next_name="The new model",
    streams=[EARLY_YEARS, MAINSTREAM],
    outcomes=Counter([FINISH, FINISH, MOVE, ASK]),
    open_before=None,
    waiting=2,
    lapsed=0,
    drafts=1,
)
IN_125_DAYS = "The contract ends on 31 March 2025, in 125 days."
BESIDE = "2 requests wait for a place and 1 draft is unsent."


@pytest.mark.parametrize(
    ("changes", "sentence", "figure"),
    [
        pytest.param(
            {},
            f"{IN_125_DAYS} 4 requests are open; as things stand, 2 finish under it, 1 moves to “The new model” and 1 "
            f"needs a decision or an adviser’s answer. {BESIDE}",
            "4 open, 125 days left",
            id="before it has begun",
        ),
        pytest.param(
            {"outcomes": Counter([FINISH])},
            f"{IN_125_DAYS} 1 request is open; as things stand, 1 finishes under it. {BESIDE}",
            "1 open, 125 days left",
            id="one",
        ),
        pytest.param(
            {"outcomes": Counter()},
            f"{IN_125_DAYS} No request is open under it. {BESIDE}",
            "0 open, 125 days left",
            id="none open",
        ),
        pytest.param(
            {"waiting": 0, "drafts": 0, "outcomes": Counter()},
            f"{IN_125_DAYS} No request is open under it. No request waits for a place and no draft is unsent.",
            "0 open, 125 days left",
            id="nothing at all",
        ),
        pytest.param(
            {"stage": "DECIDING", "key": KEY, "outcomes": Counter([CLOSE, CLOSE, ASK]), "today": date(2025, 3, 30)},
            "The contract ends on 31 March 2025, tomorrow. 3 requests are open; as proposed and decided so far, 2 are "
            f"closed and 1 needs a decision or an adviser’s answer. {BESIDE}",
            "3 open, 1 day left",
            id="deciding",
        ),
        pytest.param(
            {"stage": "PROPOSED", "key": KEY, "outcomes": Counter([MOVE, MOVE]), "today": date(2025, 3, 31)},
            "The contract ends on 31 March 2025, today. 2 requests are open; as put to a second person, 2 move to “The "
            f"new model”. {BESIDE}",
            "2 open, 0 days left",
            id="proposed",
        ),
    ],
)
def test_contract_end_answer(changes, sentence, figure):
    answer = contract_end_answer(replace(END, **changes))
    assert (answer.sentence, answer.figure) == (sentence, figure)


def done(one, outcome, **changes):
    return replace(one, state=LineState.DONE, outcome=outcome, **changes)


RAN = replace(
    END,
    stage="DONE",
    key=KEY,
    today=date(2025, 4, 6),
    open_before=6,
    outcomes=Counter(
        [
            done(FINISH, Fate.FINISH),
            done(MOVE, Fate.MOVE),
            done(MOVE, Fate.MOVE),
            done(CLOSE, Fate.CLOSE),
            replace(done(MOVE, Fate.MOVE), state=LineState.UNDONE),
            MOVE,
            done(MOVE, Fate.MOVE, is_late=True),
        ]
    ),
)


def test_contract_end_answer_once_it_ran():
    assert contract_end_answer(RAN).sentence == (
        "The contract ended on 31 March 2025, 6 days ago. 6 open before = 1 finishing + 2 moved + 1 closed + 1 moved "
        f"back + 1 to do. Difference 0. {BESIDE}"
    )
    assert contract_end_answer(RAN).figure == "6 open before, ended"


def test_account_shows_what_is_nowhere():
    assert replace(RAN, open_before=8).account.difference == 2


def rows(end, key):
    figure = next(one for one in contract_end_figures(end) if one.key == key)
    return [
        [in_words(value, column.unit) for value, column in zip(line.values, figure.columns, strict=True)]
        for line in figure.lines
    ]


def test_fates_before_it_has_begun():
    assert rows(END, "fate") == [
        ["Finish under this contract", "2", "0", "2"],
        ["Move to the next contract", "0", "1", "1"],
        ["Close", "0", "0", "0"],
        ["Ask the adviser, or decide", "0", "1", "1"],
        ["All", "2", "2", "4"],
    ]


def test_fates_once_it_ran():
    assert rows(RAN, "fate") == [
        ["Finishing under this contract", "1", "0", "1"],
        ["Moved", "0", "2", "2"],
        ["Closed", "0", "1", "1"],
        ["Still to be done", "0", "1", "1"],
        ["Moved back", "0", "1", "1"],
        ["Found after the rest", "0", "1", "1"],
        ["All", "1", "6", "7"],
    ]


def test_fates_of_one_stream():
    end = replace(END, streams=[MAINSTREAM], outcomes=Counter([MOVE, ASK]))
    assert rows(end, "fate")[-1] == ["All", "2"]


def test_reasons():
    assert rows(END, "why") == [
        ["Its planned visits are over before the last day of visits.", "2", "0", "2"],
        ["No visit is planned.", "0", "1", "1"],
        ["The new contract takes cohorts only, and this request is not part of one.", "0", "1", "1"],
        ["All", "2", "2", "4"],
    ]
    assert rows(replace(END, outcomes=Counter()), "why") == []


def test_lines_that_count_nothing_lead_nowhere():
    fates, why, *_ = contract_end_figures(END)
    assert [line.key for line in fates.lines] == ["finish", "move", "", "ask", ""]
    assert [line.key for line in why.lines] == ["visit-in-time", "no-visit-yet", "other-unit", ""]


def test_days_left():
    assert rows(replace(END, today=date(2024, 12, 14)), "days") == [
        ["Requests close", "13 December 2024", "–", "–"],
        ["Places are given until", "20 December 2024", "6", "5"],
        ["The contract ends", "31 March 2025", "107", "76"],
        ["Last day of visits", "30 April 2025", "137", "98"],
    ]


def test_days_left_lead_to_the_pages_of_the_end():
    def urls(end):
        return [line.url for line in contract_end_figures(end)[-1].lines]

    assert urls(END)[2:] == ["/contract-ends/", "/run-off/"]
    assert urls(RAN)[2] == f"/contract-ends/{KEY}/"


def test_beside():
    assert rows(END, "beside") == [
        ["Requests that wait for a place", "2"],
        ["Requests for which no place came free", "0"],
        ["Drafts that were not sent", "1"],
    ]
