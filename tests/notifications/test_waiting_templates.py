"""What the messages of the waiting list, of cohorts, thresholds and second persons say, number by number."""

import pytest
from django.conf import settings

from s2s_portal.notifications.choices import Kind
from tests.notifications.examples import CONTEXTS
from tests.notifications.test_templates import words, written

pytestmark = pytest.mark.django_db


def both(kind, **changes):
    """The message's subject, and its text and HTML as one line of words each."""
    subject, text, html = written(kind, **changes)
    return subject, " ".join(text.split()), words(html)


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (0, "It is the first in order: nobody gets a place before it."),
        (1, "1 request gets a place before it."),
        (2, "2 requests get a place before it."),
    ],
)
def test_joined_says_how_many_are_ahead_and_until_when_places_are_given(ahead, sentence):
    _, text, html = both(Kind.WAITING_JOINED_ADVISER, ahead=ahead)
    for part in (text, html):
        assert sentence in part
        assert "Until the end of Friday 13 December 2024, each place that comes free goes at once" in part
        assert "From then until the end of Friday 20 December 2024, a commissioner gives free places by hand" in part
        assert "S2S does not contact the setting" in part


def test_joined_says_nothing_of_a_commissioner_where_the_dates_leave_no_time_for_one():
    _, text, html = both(Kind.WAITING_JOINED_ADVISER, allocation_deadline_on="2024-12-13")
    for part in (text, html):
        assert "commissioner" not in part
        assert "goes at once to the first in order. Nobody overtakes." in part


@pytest.mark.parametrize("kind", [Kind.WAITING_JOINED_ADVISER, Kind.PLACE_GIVEN_ADVISER, Kind.WAITING_LAPSED_ADVISER])
def test_a_school_is_called_a_school(kind):
    _, text, _ = both(kind, stream_label="mainstream", establishment="Staithe Primary School")
    assert "School: Staithe Primary School" in text
    assert "etting" not in text.split("Whom to ask")[0].split("whom to ask")[0]


def test_the_contact_is_told_that_nobody_is_in_touch_yet():
    _, text, html = both(Kind.WAITING_JOINED_CONTACT)
    for part in (text, html):
        assert "No place is free for the request at present, so it is on the waiting list." in part
        assert "Until it has a place, nobody from S2S is in touch with you." in part


@pytest.mark.parametrize(("by_hand", "how"), [(True, " at 11:20, by a commissioner "), (False, " at 11:20 ")])
def test_given_says_when_by_whom_and_from_when_the_days_count(by_hand, how):
    _, text, html = both(Kind.PLACE_GIVEN_ADVISER, by_hand=by_hand)
    for part in (text, html):
        assert f"Place given: Monday 2 December 2024{how}This used one early years place." in part
        assert "Joined the waiting list: Tuesday 26 November 2024 at 09:30" in part
        assert "within 5 working days of Monday 2 December 2024" in part


@pytest.mark.parametrize(
    ("free", "waiting", "subject", "sentence", "may"),
    [
        (1, 1, "1 early years place free, 1 request waiting: please decide", "1 request waits for", "You may give it"),
        (1, 2, "1 early years place free, 2 requests waiting", "2 requests wait for a place", "You may give it until"),
        (2, 1, "2 early years places free, 1 request waiting", "1 request waits for a place", "You may give them"),
    ],
)
def test_a_free_place_says_how_many_wait_and_until_which_day_it_may_be_given(free, waiting, subject, sentence, may):
    told, text, html = both(Kind.PLACE_FREE, places_left=free, waiting=waiting)
    assert subject in told
    for part in (text, html):
        assert ("1 early years place is free" if free == 1 else "2 early years places are free") in part
        assert "since Monday 16 December 2024 at 10:45" in part
        assert sentence in part
        assert may in part
        assert "until the end of Friday 20 December 2024" in part


@pytest.mark.parametrize(
    ("successor", "sentence"),
    [
        (
            "Specialist Outreach",
            "It will be offered to what follows this contract (Specialist Outreach) with its original date, "
            "Tuesday 26 November 2024.",
        ),
        ("", "so there is nobody to offer it to. It keeps its original date, Tuesday 26 November 2024."),
    ],
)
def test_lapsed_says_plainly_what_it_counts_as_and_who_is_offered_it(successor, sentence):
    subject, text, html = both(Kind.WAITING_LAPSED_ADVISER, successor=successor)
    assert subject.startswith("No place came free for request EY-7K4M-2Q")
    for part in (text, html):
        assert "No place came free for request EY-7K4M-2Q" in part
        assert "counts as demand that was not met" in part
        assert sentence in part


def test_lapsed_tells_the_contact_the_last_day_and_that_nobody_comes():
    _, text, html = both(Kind.WAITING_LAPSED_CONTACT)
    for part in (text, html):
        assert "Friday 20 December 2024 was the last day on which early years places were given." in part
        assert "S2S will not contact you or visit because of this request." in part


SENT, WAITING = CONTEXTS[Kind.COHORT_SENT]["sent"], CONTEXTS[Kind.COHORT_SENT]["waiting"]


def test_a_cohorts_message_lists_every_reference_with_its_school_and_those_that_wait_in_order():
    _, text, html = written(Kind.COHORT_SENT)
    for one in SENT:
        assert f"\n{one['reference']}: {one['establishment']}\n" in text
    for number, one in enumerate(WAITING, start=1):
        assert f"\n{number}. {one['reference']}: {one['establishment']}\n" in text
    for one in SENT + WAITING:
        assert f'<li><a href="{settings.BASE_URL}/requests/{one["reference"]}/">{one["reference"]}</a>: ' in html
    ordered = html.split("<ol>")[1].split("</ol>")[0]
    assert [one["reference"] in ordered for one in SENT + WAITING] == [False, False, True, True]
    assert ordered.index("MS-8G9H-2J") < ordered.index("MS-3K4M-5N")


@pytest.mark.parametrize(
    ("sent", "waiting", "subject", "sentences", "absent"),
    [
        (1, 0, ": 1 request sent", ["This used 1 mainstream place. 5 of", "the request that was sent to a"], " wait"),
        (2, 0, ": 2 requests sent", ["This used 2 mainstream places.", "each request that was sent to a"], " wait"),
        (
            0,
            1,
            ": 1 waiting for a place",
            ["You asked for S2S support", "This used no mainstream place.", "it is the first in order", "before it;"],
            "Sent to S2S",
        ),
        (
            2,
            1,
            ": 2 requests sent, 1 waiting for a place",
            ["The request that waits gets", "contact that school."],
            "None",
        ),
        (
            1,
            2,
            ": 1 request sent, 2 waiting for a place",
            ["as they come free, in this order", "those schools."],
            "None",
        ),
    ],
)
def test_a_cohorts_message_counts_right(sent, waiting, subject, sentences, absent):
    told, text, html = both(Kind.COHORT_SENT, sent=SENT[:sent], waiting=WAITING[:waiting])
    assert told == f"Cohort CO-5T8W-2K{subject}"
    for part in (text, html):
        for sentence in sentences:
            assert sentence in part
        assert absent not in part


@pytest.mark.parametrize(
    ("threshold", "used", "left", "subject", "sentence"),
    [
        (80, 40, 10, "At least 80% of the early years", "The 10 places that remain are there until they are used, or"),
        (95, 49, 1, "At least 95% of the early years", "The place that remains is there until it is used, or until"),
        (100, 50, 0, "Every early years place for", "Requests can still join the waiting list until the end of Friday"),
        (100, 52, -2, "Every early years place for", "All 50 early years places are used, and 2 more: over by 2."),
    ],
)
def test_a_threshold_says_what_remains_and_until_when(threshold, used, left, subject, sentence):
    told, text, html = both(Kind.QUOTA_THRESHOLD, threshold=threshold, places_used=used, places_left=left)
    assert told.startswith(subject)
    for part in (text, html):
        assert sentence in part
        assert f"{used} of 50" in part
        assert "the end of Friday 13 December 2024" in part


def test_a_proposal_says_that_nothing_changes_before_somebody_else_decides():
    _, text, html = both(Kind.CHANGE_PROPOSED)
    for part in (text, html):
        assert "Merle Ketteringham proposes this change, which needs a second person" in part
        assert "Nothing changes until a commissioner other than Merle Ketteringham approves it." in part


@pytest.mark.parametrize(
    ("approved", "subject", "sentences"),
    [
        (True, "Approved: Move 5", ["Alban Reymerston approved the change that you proposed", "The change is made;"]),
        (False, "Refused: Move 5", ["Alban Reymerston refused the change that you proposed", "Nothing changes."]),
    ],
)
def test_a_decision_says_what_was_decided_by_whom_and_what_follows(approved, subject, sentences):
    told, text, html = both(Kind.CHANGE_DECIDED, approved=approved)
    assert told.startswith(subject)
    for part in (text, html):
        for sentence in sentences:
            assert sentence in part
