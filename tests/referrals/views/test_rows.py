"""The words and colours of the lists' cells and of a request's fee."""

from datetime import date

import pytest

from quotas.choices import FeeBasis
from referrals.choices import SectionState, Status
from referrals.documents.cases import fee_in_words, place_sentence
from referrals.documents.next_steps import how_places_are_given
from referrals.models import Referral
from referrals.views import drafts, rows
from tests.moments import AN_ORDINARY_TUESDAY as AT

BY_HAND = "After that the commissioner gives it, in the same order, until"
#: What has ended is grey, whatever came of it.
TAGS = {
    Status.SUBMITTED: ("Sent to S2S", "blue"),
    Status.RETURNED: ("More information needed", "orange"),
    Status.ASSIGNED: ("With a teacher", "teal"),
    Status.IN_CONTACT: ("S2S in touch", "teal"),
    Status.BOOKED: ("Visit booked", "purple"),
    Status.SUPPORTING: ("Support under way", "green"),
    Status.CLOSED: ("Closed", "grey"),
    Status.WAITING: ("Waiting – no place yet", "yellow"),
    Status.LAPSED: ("No place came free", "grey"),
    Status.DECLINED: ("Not taken on", "grey"),
    Status.WITHDRAWN: ("Withdrawn", "grey"),
    Status.TRANSFERRED: ("Moved", "grey"),
}


@pytest.mark.parametrize("status", Status)
def test_the_tag_of_each_status(status):
    text, colour = TAGS[status]
    assert rows.status_tag(status.value) == {"text": text, "colour": colour}


def test_the_tags_of_the_task_list():
    assert {state: drafts.COLOURS.get(state, "") for state in SectionState} == {
        SectionState.NOT_STARTED: "grey",
        SectionState.IN_PROGRESS: "teal",
        SectionState.NEEDS_ATTENTION: "red",
        SectionState.DONE: "",
    }


@pytest.mark.parametrize(
    ("basis", "pence", "words"),
    [
        (FeeBasis.FUNDED, 0, "None: fully funded"),
        (FeeBasis.TRADED_HOURS, 0, "None: paid from traded hours"),
        (FeeBasis.PER_REQUEST, 100_00, "£100.00: a fee for each request"),
        (FeeBasis.PER_REQUEST, 5, "£0.05: a fee for each request"),
        (FeeBasis.PER_REQUEST, 1_234_567, "£12,345.67: a fee for each request"),
    ],
)
def test_the_fee_in_words(basis, pence, words):
    assert fee_in_words(Referral(fee_basis=basis, fee_pence=pence)) == words


@pytest.mark.parametrize(
    ("status", "pence", "words"),
    [
        (Status.WAITING, 100_00, "£100.00, only if it gets a place: a fee for each request"),
        (Status.LAPSED, 100_00, "None: it never had a place"),
        (Status.WITHDRAWN, 100_00, "None: it never had a place"),
        (Status.WAITING, 0, "None: a fee for each request"),
    ],
)
def test_the_fee_of_a_request_that_never_had_a_place(status, pence, words):
    request = Referral(fee_basis=FeeBasis.PER_REQUEST, fee_pence=pence, status=status)
    assert fee_in_words(request, was_sent=False) == words


@pytest.mark.parametrize(
    ("status", "ended_at", "was_sent", "words"),
    [
        (Status.WAITING, None, False, "This request waits for one early years place. It holds none."),
        (Status.LAPSED, AT, False, "This request never held one of the early years places."),
        (Status.WITHDRAWN, AT, False, "This request never held one of the early years places."),
        (Status.WITHDRAWN, AT, True, "Its early years place was given back on 26 November 2024."),
        (Status.TRANSFERRED, None, True, "This request holds no early years place."),
    ],
)
def test_what_became_of_the_place_of_a_request_that_holds_none(status, ended_at, was_sent, words):
    request = Referral(stream="EARLY_YEARS", status=status, ended_at=ended_at)
    assert place_sentence(request, was_sent=was_sent) == words


@pytest.mark.parametrize(
    ("deadline", "by_hand"),
    [
        (date(2024, 12, 20), f" {BY_HAND} the end of 20 December 2024."),
        (date(2024, 12, 13), ""),
    ],
)
def test_how_places_are_given(deadline, by_hand):
    assert how_places_are_given(date(2024, 12, 13), deadline) == (
        "Until the end of 13 December 2024 a place that comes free goes to the first who waits."
        f"{by_hand} If none comes free by then, the adviser and the contact are told."
    )
