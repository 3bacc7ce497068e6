"""The sentences of histories and refusals, word for word."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from referrals import documents
from referrals.choices import RefusalRule
from tests.moments import LONDON

AT = datetime(2024, 12, 13, 15, 2, 11, tzinfo=LONDON)
JUDGED = documents.Judged(
    rule=RefusalRule.FULL,
    at=AT,
    stream_label="mainstream",
    left=0,
    bought=85,
    opens_on=date(2024, 9, 1),
    cut_off_on=date(2024, 12, 13),
    size_set_by="Merle Ketteringham",
    size_set_at=datetime(2024, 7, 15, 10, 0, tzinfo=LONDON),
    dates_set_by="Merle Ketteringham",
    dates_set_at=datetime(2024, 7, 16, 10, 0, tzinfo=LONDON),
    contract_ends_on=date(2025, 3, 31),
    successor="The new partnership model",
    help="Ask the School and Community Team.",
)


@pytest.mark.parametrize(
    ("left", "bought", "used_one", "words"),
    [
        (5, 50, True, "This used one early years place. 5 of 50 are left."),
        (1, 50, True, "This used one early years place. 1 of 50 is left."),
        (0, 50, True, "This used one early years place. 0 of 50 are left."),
        (6, 50, False, "6 of 50 early years places are left."),
        (1, 50, False, "1 of 50 early years places is left."),
        (-2, 50, False, "All 50 early years places are used, and 2 more: over by 2."),
    ],
)
def test_places_sentence(left, bought, used_one, words):
    assert documents.places_sentence(stream_label="early years", left=left, bought=bought, used_one=used_one) == words


def test_full():
    assert documents.refusal_facts(JUDGED) == documents.RefusalFacts(
        rule="Every request uses one mainstream place, and all places are used.",
        count="At 15:02:11 on 13 December 2024, 85 of 85 mainstream places were used.",
        set_by=(
            "Merle Ketteringham set the number of places to 85 on 15 July 2024. "
            "Merle Ketteringham set the cut-off to 13 December 2024 on 16 July 2024."
        ),
        next_date=(
            "Requests close at the end of 13 December 2024. "
            "If a place comes free before then, this request can be sent."
        ),
        waiting_list=(
            "Not open: nobody is waiting ahead of you. Your draft is kept, so you can send it if a place comes free."
        ),
        help="Ask the School and Community Team.",
    )


def test_after_the_cut_off():
    facts = documents.refusal_facts(replace(JUDGED, rule=RefusalRule.CUT_OFF, left=6))
    assert facts.rule == "Requests were taken up to and including 13 December 2024. That day has ended."
    assert facts.count == "At 15:02:11 on 13 December 2024, 79 of 85 mainstream places were used."
    assert facts.next_date == (
        "This contract ends on 31 March 2025. The new partnership model follows. No later date has been set yet."
    )
    assert facts.waiting_list == "Closed: it closed with the cut-off on 13 December 2024. Your draft is kept."


def test_after_the_cut_off_with_a_period_to_come():
    judged = replace(JUDGED, rule=RefusalRule.CUT_OFF, next_period_opens_on=date(2025, 4, 22))
    assert documents.refusal_facts(judged).next_date == "Requests open again on 22 April 2025."


def test_after_the_cut_off_without_a_successor():
    judged = replace(JUDGED, rule=RefusalRule.CUT_OFF, successor="")
    assert documents.refusal_facts(judged).next_date == (
        "This contract ends on 31 March 2025. No later date has been set yet."
    )


def test_before_it_opens():
    facts = documents.refusal_facts(replace(JUDGED, rule=RefusalRule.NOT_YET_OPEN))
    assert facts.rule == "Requests open on 1 September 2024. That day has not begun."
    assert facts.next_date == "Requests open on 1 September 2024."


def test_when_nothing_was_bought():
    bare = documents.Judged(rule=RefusalRule.NO_QUOTA, at=AT, stream_label="early years", help="Ask.")
    facts = documents.refusal_facts(bare)
    assert facts.rule == "Every request uses one early years place, and no places have been bought for this time."
    assert facts.set_by == "Nobody has set a number of places yet; the commissioner does."
    assert facts.next_date == "No date has been set yet."
    assert all(facts.as_json().values())
    assert set(facts.as_json()) == set(documents.FACT_TITLES)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            documents.SubmittedFacts(
                places_left=5,
                places_bought=50,
                ledger_seq=46,
                fee_pence=0,
                fee_basis="FUNDED",
                cut_off_on="2024-12-13",
                placed_out_of_year=False,
            ),
            "Sent to S2S. This used one early years place. 5 of 50 are left.",
        ),
        (
            documents.WithdrawnFacts(
                reason="CHILD_MOVED", note="To Leeds", places_left=6, places_bought=50, ledger_seq=47
            ),
            "Withdrawn: the child has moved or left. Its place was given back. 6 of 50 early years places are left.",
        ),
    ],
)
def test_event_sentence(facts, words):
    stored = vars(facts)
    assert documents.event_sentence(facts.KIND, facts.VERSION, stored, stream_label="early years") == words
