"""What the messages of a request's way through S2S say, case by case."""

import re

import pytest
from django.conf import settings

from s2s_portal.notifications.actions import message
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents import WrongContext
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.examples import CONTEXTS, REQUEST_PAGE, VISIT
from tests.notifications.test_templates import words, written

pytestmark = pytest.mark.django_db

SIGNED_IN = [
    *(Kind.REQUEST_ASSIGNED_TEACHER, Kind.REQUEST_STATUS_ADVISER, Kind.INFORMATION_ASKED, Kind.INFORMATION_GIVEN),
    *(Kind.VISIT_BOOKED, Kind.VISIT_MOVED, Kind.VISIT_CANCELLED),
]
VISITS = [Kind.VISIT_BOOKED, Kind.VISIT_MOVED, Kind.VISIT_CANCELLED]


def both(kind, **changes):
    """The message's subject, and its text and HTML as one line of words each, with one kind of apostrophe."""
    subject, text, html = written(kind, **changes)
    shown = re.sub(r"\s([.,;])", r"\1", words(html))  # a tag that ends before a comma is no space
    return subject, " ".join(text.split()), shown.replace("’", "'").replace("&amp;", "&")


@pytest.mark.parametrize("kind", SIGNED_IN)
def test_those_who_sign_in_are_led_to_the_requests_page(kind):
    _, text, html = written(kind)
    assert f"\n{settings.BASE_URL}{REQUEST_PAGE}\n" in text
    assert f'href="{settings.BASE_URL}{REQUEST_PAGE}"' in html
    for part in (text, html):
        assert "What happens next" in part
        assert "Whom to ask" in part


@pytest.mark.parametrize(
    ("changes", "subject", "sentence"),
    [
        ({}, "Request EY-7K4M-2Q given to you: Puddle", "Nursery is given to you."),
        (
            {"how": "handed over", "from_teacher": "Ashby Horning"},
            "Request EY-7K4M-2Q handed over to you: Puddle",
            "is handed over to you from Ashby Horning.",
        ),
        ({"how": "handed over"}, "Request EY-7K4M-2Q handed over to you: Puddle", "is handed over to you."),
        (
            {
                "how": "cover",
                "from_teacher": "Ashby Horning",
                "cover_from": "2 December 2024",
                "cover_to": "6 December 2024",
            },
            "Request EY-7K4M-2Q is yours to cover: Puddle",
            "is yours to cover for Ashby Horning from 2 December 2024 until the end of 6 December 2024.",
        ),
        (
            {"how": "cover", "cover_from": "2 December 2024"},
            "Request EY-7K4M-2Q is yours to cover",
            "yours to cover from 2 December 2024.",
        ),
    ],
)
def test_a_teacher_reads_how_the_request_came_to_them(changes, subject, sentence):
    told, text, html = both(Kind.REQUEST_ASSIGNED_TEACHER, **changes)
    assert told.startswith(subject)
    for part in (text, html):
        assert sentence in part
        assert "Given: Wednesday 27 November 2024 at 10:15 by Merle Ketteringham" in part


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ("3 December 2024", "Please contact the school by the end of 3 December 2024 to arrange an observation"),
        ("", "S2S is in touch with the school already."),
    ],
)
def test_a_teacher_reads_by_when_to_be_in_touch(due, sentence):
    _, text, html = both(Kind.REQUEST_ASSIGNED_TEACHER, contact_due=due, stream_label="mainstream")
    for part in (text, html):
        assert sentence in part
        assert "etting" not in part.split("Whom to ask")[0].split("What happens next")[1]


def test_a_request_comes_to_a_teacher_in_one_of_three_ways():
    with pytest.raises(WrongContext, match="assigned, handed over, cover, not lent"):
        written(Kind.REQUEST_ASSIGNED_TEACHER, how="lent")


def test_the_contact_reads_who_will_be_in_touch_and_from_where():
    _, text, html = both(Kind.REQUEST_WITH_TEACHER_CONTACT)
    for part in (text, html):
        assert "reference EY-7K4M-2Q, is with an S2S teacher: Teal Hickling of Saltmarsh School." in part
        assert "Teal Hickling will be in touch with you" in part
        assert "teal.hickling@saltmarsh.invalid" in part
        assert "/requests/" not in part


@pytest.mark.parametrize("kind", [Kind.REQUEST_STATUS_ADVISER, Kind.REQUEST_STATUS_CONTACT])
def test_a_status_is_told_in_the_screens_words_with_its_moment_and_one_sentence(kind):
    subject, text, html = both(kind)
    assert subject.endswith(f": {CONTEXTS[kind]['status_label']}")
    for part in (text, html):
        assert f"Status: {CONTEXTS[kind]['status_label']} Since: Wednesday 27 November 2024 at 10:15" in part
        assert f"What happens next {CONTEXTS[kind]['sentence']}" in part


def test_asking_for_information_says_where_the_question_is_and_that_nothing_is_lost():
    _, text, html = both(Kind.INFORMATION_ASKED)
    for part in (text, html):
        assert "Teal Hickling needs more information about request EY-7K4M-2Q" in part
        assert "Asked: Thursday 28 November 2024 at 14:20 by Teal Hickling" in part
        assert "The request keeps its place and its date, and S2S's clock is paused until you answer." in part
        assert "Please read the question on the portal and answer it there." in part
        assert "please do not answer by e-mail" in part


def test_information_given_leads_to_the_answer():
    _, text, html = both(Kind.INFORMATION_GIVEN)
    for part in (text, html):
        assert "Rowan Marsh sent request EY-7K4M-2Q for Puddle Lane Pre-school & Nursery back" in part
        assert "S2S's clock runs again" in part
        assert "Sent: Friday 29 November 2024 at 08:05" in part


@pytest.mark.parametrize("kind", VISITS)
def test_a_visits_message_says_what_when_where_and_who(kind):
    subject, text, html = both(kind)
    day, times = (
        ("Tuesday 1 April 2025", "09:30 to 11:00")
        if kind == Kind.VISIT_MOVED
        else (
            "Tuesday 3 December 2024",
            "09:30 to 11:00",
        )
    )
    assert f"Observation, {day} at 09:30, Puddle Lane Pre-school & Nursery" in subject
    for part in (text, html):
        assert f"What: Observation When: {day}, {times} Where: Puddle Lane, Reepness NR1 2DH" in part
        assert "Setting: Puddle Lane Pre-school & Nursery From S2S: Teal Hickling, Merle Ludham; Ms" in part
        assert "EY-7K4M-2Q" in part
        assert "visit.ics" in part
        assert "Whom to ask S2S co-ordinator, s2s@saltmarsh.invalid." in part


@pytest.mark.parametrize("kind", VISITS)
def test_the_contact_asks_the_teachers_and_gets_no_link(kind):
    _, text, html = both(kind, address="", stream_label="mainstream")
    for part in (text, html):
        assert "/requests/" not in part
        assert "School: Puddle" in part
        assert "Whom to ask Teal Hickling, teal.hickling@saltmarsh.invalid; Merle Ludham; Ms, merle.ludham@" in part
        assert "Please quote the reference." in part
        assert "the request's page" not in part


def test_moved_says_from_when_and_that_the_same_start_means_another_detail():
    subject, text, html = both(Kind.VISIT_MOVED)
    assert subject.startswith("Visit moved: ")
    for part in (text, html):
        assert "has moved. It was to start on Tuesday 3 December 2024 at 09:30." in part


def test_a_change_that_leaves_the_start_is_called_a_change():
    subject, text, html = both(Kind.VISIT_MOVED, was_starts_at=CONTEXTS[Kind.VISIT_MOVED]["starts_at"])
    assert subject.startswith("Visit changed: ")
    for part in (text, html):
        assert "has changed. It starts when it was to start; please look at its other details." in part
        assert "moved" not in part.split("Whom to ask")[0].split("What happens next")[0]


def test_cancelled_says_that_nobody_comes():
    subject, text, html = both(Kind.VISIT_CANCELLED, address="")
    assert subject.startswith("Visit cancelled: ")
    for part in (text, html):
        assert "is cancelled." in part
        assert "takes the entry out of your calendar" in part
        assert "Nobody from S2S comes at this time." in part


def test_a_teacher_from_whom_a_visit_is_taken_reads_that_it_takes_place():
    subject, text, html = both(Kind.VISIT_CANCELLED, taken_over_by="Ashby Horning")
    assert subject.startswith("Visit no longer yours: ")
    for part in (text, html):
        assert "Ashby Horning makes this visit for S2S request EY-7K4M-2Q" in part
        assert "instead of you." in part
        assert "cancelled" not in part


def test_a_remote_visit_says_so():
    _, text, html = both(Kind.VISIT_BOOKED, remote=True, location="Video call")
    for part in (text, html):
        assert "What: Observation, remote When: " in part
        assert "Where: Video call" in part


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ends_at": VISIT["starts_at"]}, "ends after it starts"),
        ({"starts_at": "2024-12-03T09:30:00"}, "no time zone"),
        ({"stamped_at": ""}, "Invalid isoformat"),
        ({"teachers": [{"name": "Teal Hickling"}]}, "email"),
        ({"organiser_email": "bürö@saltmarsh.invalid"}, "before the @"),
        ({"reason": "Poorly"}, "does not say reason"),
    ],
)
def test_a_visit_that_no_calendar_could_hold_is_refused_before_it_is_queued(changes, complaint):
    with pytest.raises(WrongContext, match=complaint):
        message(
            kind=Kind.VISIT_BOOKED,
            key="one",
            to_email="teal@saltmarsh.invalid",
            to_name="Teal",
            context=VISIT | changes,
            at=AN_ORDINARY_TUESDAY,
        )
