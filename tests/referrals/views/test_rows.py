"""The words and colours of the lists' cells and of a request's fee."""

import pytest

from quotas.choices import FeeBasis
from referrals.choices import SectionState, Status
from referrals.documents.cases import fee_in_words, place_sentence
from referrals.models import Referral
from referrals.views import drafts, rows

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


def test_a_request_that_waits_holds_no_place():
    assert place_sentence(Referral(stream="EARLY_YEARS")) == "This request holds no early years place."
