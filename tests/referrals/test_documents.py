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
    ("left", "bought", "used_one", "waiting", "words"),
    [
        (5, 50, True, 0, "This used one early years place. 5 of 50 are left."),
        (1, 50, True, 0, "This used one early years place. 1 of 50 is left."),
        (0, 50, True, 0, "This used one early years place. 0 of 50 are left."),
        (6, 50, False, 0, "6 of 50 early years places are left."),
        (1, 50, False, 0, "1 of 50 early years places is left."),
        (0, 50, False, 0, "All 50 early years places are used."),
        (0, 50, False, 3, "All 50 early years places are used. 3 requests are waiting."),
        (0, 50, False, 1, "All 50 early years places are used. 1 request is waiting."),
        (2, 50, False, 3, "2 of 50 early years places are left. 3 requests are waiting and come first."),
        (1, 50, False, 1, "1 of 50 early years places is left. 1 request is waiting and comes first."),
        (0, 0, False, 0, "No early years place is bought."),
        (-2, 50, False, 4, "All 50 early years places are used, and 2 more: over by 2. 4 requests are waiting."),
        (-2, 50, False, 0, "All 50 early years places are used, and 2 more: over by 2."),
    ],
)
def test_places_sentence(left, bought, used_one, waiting, words):
    numbers = {"left": left, "bought": bought, "waiting": waiting}
    assert documents.places_sentence(stream_label="early years", used_one=used_one, **numbers) == words


def test_full():
    assert documents.refusal_facts(JUDGED) == documents.RefusalFacts(
        rule="Every request uses one mainstream place, and all places are used.",
        count="At 15:02:11 on 13 December 2024, 85 of 85 mainstream places were used.",
        set_by=(
            "Merle Ketteringham set the number of places to 85 on 15 July 2024. "
            "Merle Ketteringham set the cut-off to 13 December 2024 on 16 July 2024."
        ),
        next_date=(
            "Requests and the waiting list close at the end of 13 December 2024. "
            "A place that comes free before then goes to the first who waits."
        ),
        waiting_list="Open: nobody was waiting, so you could join as number 1. Your draft is kept.",
        help="Ask the School and Community Team.",
    )


@pytest.mark.parametrize(
    ("waiting", "count", "waiting_list"),
    [
        (1, "85 of 85 mainstream places were used, and 1 request was waiting.", "Open: 1 was waiting, so you could"),
        (3, "85 of 85 mainstream places were used, and 3 requests were waiting.", "Open: 3 were waiting, so you could"),
    ],
)
def test_full_while_others_wait(waiting, count, waiting_list):
    facts = documents.refusal_facts(replace(JUDGED, waiting=waiting))
    assert facts.count == f"At 15:02:11 on 13 December 2024, {count}"
    assert facts.waiting_list == f"{waiting_list} join as number {waiting + 1}. Your draft is kept."


def test_places_that_are_left_but_not_for_newcomers():
    facts = documents.refusal_facts(replace(JUDGED, rule=RefusalRule.OTHERS_WAITING, left=2, waiting=2))
    assert facts.rule == (
        "Every request uses one mainstream place, and nobody overtakes: the places that are free go to those who wait."
    )
    assert facts.count == (
        "At 15:02:11 on 13 December 2024, 83 of 85 mainstream places were used, and 2 requests were waiting."
    )
    assert facts.waiting_list == "Open: 2 were waiting, so you could join as number 3. Your draft is kept."


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
        (
            documents.JoinedFacts(
                turn=9,
                ahead=0,
                places_left=0,
                places_bought=50,
                cut_off_on="2024-12-13",
                allocation_deadline_on="2024-12-20",
                fee_pence=0,
                fee_basis="FUNDED",
                placed_out_of_year=False,
            ),
            "No early years place was free. It was the first on the waiting list.",
        ),
        (
            documents.JoinedFacts(
                turn=12,
                ahead=1,
                places_left=0,
                places_bought=50,
                cut_off_on="2024-12-13",
                allocation_deadline_on="2024-12-20",
                fee_pence=0,
                fee_basis="FUNDED",
                placed_out_of_year=False,
            ),
            "No early years place was free. 1 was ahead of it on the waiting list.",
        ),
        (
            documents.JoinedFacts(
                turn=13,
                ahead=2,
                places_left=0,
                places_bought=50,
                cut_off_on="2024-12-13",
                allocation_deadline_on="2024-12-20",
                fee_pence=0,
                fee_basis="FUNDED",
                placed_out_of_year=False,
            ),
            "No early years place was free. 2 were ahead of it on the waiting list.",
        ),
        (
            documents.PlaceGivenFacts(by_hand=False, places_left=0, places_bought=50, ledger_seq=60),
            "A place came free for it, and it was sent to S2S. This used one early years place. 0 of 50 are left.",
        ),
        (
            documents.PlaceGivenFacts(by_hand=True, places_left=1, places_bought=50, ledger_seq=61),
            "The commissioner gave it a place that came free, and it was sent to S2S. "
            "This used one early years place. 1 of 50 is left.",
        ),
        (
            documents.LeftFacts(reason="SUPPORT_ELSEWHERE", note="A private one", waiting=3),
            "Left the waiting list for early years places: support has been found elsewhere. It held no place.",
        ),
        (
            documents.LapsedFacts(allocation_deadline_on="2024-12-20", joined_at="2024-11-26T09:30:00", successor=""),
            "Early years places were given until 20 December 2024, and none came free for it.",
        ),
        (
            documents.LapsedFacts(
                allocation_deadline_on="2024-12-20", joined_at="2024-11-26T09:30:00", successor="Specialist Outreach"
            ),
            "Early years places were given until 20 December 2024, and none came free for it. "
            "It is offered to Specialist Outreach with its original dates.",
        ),
    ],
)
def test_event_sentence(facts, words):
    stored = vars(facts)
    assert documents.event_sentence(facts.KIND, facts.VERSION, stored, stream_label="early years") == words
