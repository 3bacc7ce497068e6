"""Closing a request in two steps, and opening it again: what stops either is said first."""

import re
import uuid

import pytest
import time_machine
from django.urls import reverse

from referrals.choices import EndState, Status
from referrals.models import Closing, Referral
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY = support.DAY
LATER = AT + 3 * DAY


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def later():
    with time_machine.travel(LATER, tick=False):
        yield LATER


@pytest.fixture
def visited(council):
    """A request that was visited; the visit's record is final."""
    support.recorded(support.held(support.booked(council.early_years)))
    return Referral.objects.select_related("teacher").get(pk=council.early_years.pk)


@pytest.fixture
def teacher(council, client_for, later):
    return client_for(council.people[Role.S2S_TEACHER])


@pytest.fixture
def coordinator(council, client_for, later):
    return client_for(council.people[Role.S2S_COORDINATOR])


def page_of(request) -> str:
    return reverse("referrals:referral_close", args=[request.reference])


def reopening_of(request) -> str:
    return reverse("referrals:referral_reopen", args=[request.reference])


def told(request, result: str = "MET", **changes: object) -> dict[str, object]:
    """A summary, and the same outcome for every goal."""
    sent: dict[str, object] = {"key": str(uuid.uuid4()), "summary": "Wilf joins in at circle time."}
    for goal in request.goals.all():
        sent |= {f"result_{goal.pk}": result, f"note_{goal.pk}": "Seen daily."}
    return sent | changes


def test_the_page_asks_for_each_goal(visited, teacher):
    page = text_of(teacher.get(page_of(visited)))
    goals = list(visited.goals.all())
    assert goals
    for goal in goals:
        assert f"Goal {goal.position}: {goal.text}" in page
    assert "with 1 visit held" in page
    assert "or as ended early if a goal was not worked on" in page


@pytest.mark.parametrize(
    ("result", "sentence", "state"),
    [
        ("MET", "It closes as completed.", EndState.COMPLETED),
        ("NOT_WORKED_ON", "It closes as ended early, as a goal was not worked on.", EndState.ENDED_EARLY),
    ],
)
def test_closing_says_as_what_and_then_does_it(visited, teacher, result, sentence, state):
    sent = told(visited, result)
    check = text_of(teacher.post(page_of(visited), sent))
    assert sentence in check
    for words in ("Check before you close this request", "Wilf joins in at circle time.", "Seen daily."):
        assert words in check
    assert Referral.objects.get(pk=visited.pk).status == Status.SUPPORTING
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"', check))
    assert hidden.items() >= sent.items()
    answer = teacher.post(page_of(visited), hidden | {"confirmed": "yes"}, follow=True)
    assert f"{visited.reference} is closed: {state.label.lower()}." in text_of(answer)
    assert "How it closed" in text_of(answer)
    assert Referral.objects.get(pk=visited.pk).end_state == state


@pytest.mark.parametrize(
    ("lacks", "route", "words"),
    [
        ("outcome", "visit_outcome", "Tell what became of the visit"),
        ("record", "record_write", "Write the record of the visit"),
        ("nothing", "booking_detail", "See the planned visit"),
    ],
)
def test_what_keeps_it_open_is_a_link_away(council, teacher, lacks, route, words):
    booking = support.booked(council.early_years)
    visit = support.held(booking)
    referral = Referral.objects.select_related("teacher").get(pk=council.early_years.pk)
    if lacks != "record":
        support.recorded(visit)
        starts_at = LATER + (4 * DAY if lacks == "nothing" else -DAY / 12)
        booking = support.book(referral, starts_at, at=AT + DAY, kind="TRAINING_STAFF")
    page = text_of(teacher.get(page_of(referral)))
    assert "This request cannot be closed now</h1>" in page
    assert f'href="{reverse(f"referrals:{route}", args=[booking.key])}">{words}</a>' in page


def test_what_was_written_can_be_changed_before(visited, teacher):
    page = text_of(teacher.post(page_of(visited), told(visited) | {"change": "yes"}))
    assert "Close this request</h1>" in page
    assert "Wilf joins in at circle time.</textarea>" in page
    assert Referral.objects.get(pk=visited.pk).status == Status.SUPPORTING


def test_a_double_click_closes_once(visited, teacher):
    sent = told(visited) | {"confirmed": "yes"}
    for _ in range(2):
        assert teacher.post(page_of(visited), sent).status_code == 302
    assert Closing.objects.filter(referral=visited).count() == 1


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_what_is_missing_is_asked_for_again(visited, teacher, confirmed):
    goal = visited.goals.order_by("position")[0]
    page = text_of(teacher.post(page_of(visited), told(visited, **{f"result_{goal.pk}": ""}) | confirmed))
    assert f"Select what became of goal {goal.position}" in page
    assert "Wilf joins in at circle time.</textarea>" in page
    page = text_of(teacher.post(page_of(visited), told(visited, summary="") | confirmed))
    assert "Enter what S2S did, and where things stand now" in page
    assert Referral.objects.get(pk=visited.pk).status == Status.SUPPORTING


def test_what_stops_it_is_said_before_anything_is_typed(council, teacher, at):
    support.held(support.booked(council.early_years))
    request = Referral.objects.get(pk=council.early_years.pk)
    page = text_of(teacher.get(page_of(request)))
    assert "This request cannot be closed now" in page
    assert "Finalise the record of the visit on 28 November 2024 first." in page
    assert "<textarea" not in page


def test_a_visit_that_came_in_between_stops_it_with_nothing_lost(visited, teacher):
    support.book(visited, AT + 9 * DAY)
    for extra in ({}, {"confirmed": "yes"}):
        answer = teacher.post(page_of(visited), told(visited) | extra)
        assert answer.status_code == 409
        assert "A visit is still planned." in text_of(answer)
        assert "Wilf joins in at circle time." in text_of(answer)


def test_before_a_visit_there_is_nothing_to_close(council, client_for, at):
    request = support.assigned(council.early_years)
    page = text_of(client_for(council.people[Role.S2S_TEACHER]).get(page_of(request)))
    assert "This request cannot be closed now" in page


@pytest.mark.parametrize("goals", [1, 3])
def test_few_statements(visited, teacher, goals, django_assert_num_queries):
    visited.goals.exclude(position__lte=goals).delete()
    for position in range(visited.goals.count() + 1, goals + 1):
        visited.goals.create(position=position, text="Sits at the table")
    with django_assert_num_queries(11):
        teacher.get(page_of(visited))


# --- Opening it again --------------------------------------------------------------------------------------------
@pytest.fixture
def closed(visited):
    return support.closed(visited)


def test_opening_again(closed, coordinator):
    page = text_of(coordinator.get(reopening_of(closed)))
    assert "closed on 29 November 2024 by S2S teacher Person" in page
    answer = coordinator.post(reopening_of(closed), {"reason": "Wilf went back a step."}, follow=True)
    assert f"{closed.reference} is open again." in text_of(answer)
    assert "“Wilf went back a step.”" in text_of(answer)
    row = Referral.objects.get(pk=closed.pk)
    assert (row.status, row.end_state) == (Status.SUPPORTING, "")
    again = coordinator.post(reopening_of(closed), {"reason": "Wilf went back a step."})
    assert again.status_code == 302
    other = coordinator.post(reopening_of(closed), {"reason": "Another reason."})
    assert other.status_code == 409
    assert "Another reason." in text_of(other)


def test_a_reason_is_needed(closed, coordinator):
    assert "Enter why it is opened again" in text_of(coordinator.post(reopening_of(closed), {"reason": " "}))
    assert Referral.objects.get(pk=closed.pk).status == Status.CLOSED


def test_after_delivery_has_ended_it_says_so(closed, client_for, council):
    with time_machine.travel(AT + 400 * DAY, tick=False):
        browser = client_for(council.people[Role.S2S_COORDINATOR])
        page = text_of(browser.get(reopening_of(closed)))
        late = browser.post(reopening_of(closed), {"reason": "Wilf went back a step."})
    assert "This request cannot be opened again" in page
    assert "Delivery has ended: nothing is opened again." in page
    assert (late.status_code, "Wilf went back a step." in text_of(late)) == (409, True)


def test_one_that_never_started_is_a_new_request(council, coordinator):
    request = support.in_status(council.early_years, Status.CLOSED)
    assert "support is a new request" in text_of(coordinator.get(reopening_of(request)))


def test_only_a_coordinator_opens_again(closed, teacher):
    assert teacher.get(reopening_of(closed)).status_code == 403
