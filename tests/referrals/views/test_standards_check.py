"""The page before other standards are set: what it counts, what it costs, and that pressing twice is once."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.actions.standards import set_standards
from referrals.choices import Status
from referrals.models import Referral, ServiceStandards
from referrals.queries.standards_effects import effects_at
from referrals.rules.standards import DEFAULTS
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import LOOK_AGAIN, Role
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PAGE = reverse("referrals:standards")
QUICKER = replace(DEFAULTS, contact_working_days=1, most_visits=5)
TODAY = {"from_day_day": "26", "from_day_month": "11", "from_day_year": "2024"}
MOST_QUERIES = 15


@pytest.fixture
def viewer(client_for):
    return client_for(person(Role.COMMISSIONER, full_name="Merle Ketteringham"))


def typed(standards=QUICKER, **other):
    numbers = {name: str(number) for name, number in vars(standards).items()}
    return numbers | TODAY | {"reason": "Snow.", "seen": "0"} | other


def hidden(page):
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def waiting_since(days, *rows):
    """The places of these requests were given so many days ago."""
    Referral.objects.filter(pk__in=[row.pk for row in rows]).update(clocks_from=AT.replace(day=26 - days))


def test_it_says_whose_clocks_move_and_what_would_be_overdue(shared_council, viewer):
    waiting_since(4, shared_council.early_years)
    page = text_of(viewer.post(PAGE, typed()))
    for words in (
        "Set these standards now?",
        "3 requests wait for first contact: none is overdue now, 1 would be. All their deadlines move",
        "What S2S has done already is measured by the standards that were in force when it was done.",
        "Visits that are booked stay booked",
        "Snow.",
    ):
        assert words in page
    assert not ServiceStandards.objects.exists()
    assert not JobRequest.objects.filter(job=LOOK_AGAIN).exists()


def test_numbers_are_changed_back_without_losing_what_was_typed(viewer):
    page = text_of(viewer.post(PAGE, typed()))
    again = text_of(viewer.post(PAGE, hidden(page) | {"step": "ask"}))
    assert re.search(r'name="contact_working_days"[^>]*value="1"', again)
    assert "Snow." in again
    assert "Set these standards now?" not in again


def test_pressed_twice_it_is_set_once_and_pressed_late_it_is_told(viewer):
    page = hidden(text_of(viewer.post(PAGE, typed()))) | {"step": "confirm"}
    for _ in range(2):
        assert "These settings are in force." in text_of(viewer.post(PAGE, page, follow=True))
    row = ServiceStandards.objects.get()
    other = person(Role.COMMISSIONER, full_name="Ida Mautby")
    put = {"standards": DEFAULTS, "reason": "Thaw.", "seen": row.pk}
    set_standards(**put, by=other, at=AT.replace(minute=31))
    with CaptureQueriesContext(connection):
        late = text_of(viewer.post(PAGE, page))
    assert "Ida Mautby has put other settings in force while you were writing: they stand above." in late
    assert ServiceStandards.objects.count() == 2


def test_a_slip_is_named_at_its_number(viewer):
    page = text_of(viewer.post(PAGE, typed(replace(QUICKER, review_weeks=99))))
    assert 'href="#id_review_weeks"' in page
    assert "What it changes" not in page


def statements(viewer, **other):
    with CaptureQueriesContext(connection) as found:
        assert "What it changes" in text_of(viewer.post(PAGE, typed(**other)))
    return len([one for one in found if "SAVEPOINT" not in one["sql"]])


def test_it_costs_the_same_for_one_request_and_for_three(shared_council, viewer):
    support.in_status(shared_council.early_years, Status.SUPPORTING)
    two = Referral.objects.filter(pk__in=[shared_council.mainstream.pk, shared_council.far.pk])
    viewer.get(PAGE)
    three = statements(viewer, review_weeks=9)
    two.update(status=Status.WITHDRAWN, ended_at=AT, ended_by=viewer.session["_auth_user_id"], place=None)
    assert statements(viewer, review_weeks=9) == three <= MOST_QUERIES


def test_three_queries_or_none(shared_council, django_assert_num_queries):
    with django_assert_num_queries(3):
        effects_at(AT, now=DEFAULTS, then=replace(DEFAULTS, record_working_days=3))
    with django_assert_num_queries(0):
        assert effects_at(AT, now=DEFAULTS, then=replace(DEFAULTS, most_visits=9)) == []
