"""The contact log's page: told in a few taps, once, and never of the future."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from referrals.actions import ending
from referrals.choices import NotStartedReason, Status
from referrals.models import ContactAttempt, Referral
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.factories.organisations import PASSWORD
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
HOURS = timedelta(hours=1)


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def request_(council):
    """A request that the teacher has, for an hour and a half."""
    return support.assigned(council.early_years)


@pytest.fixture
def teacher(council, client_for):
    return client_for(council.people[Role.S2S_TEACHER])


@pytest.fixture
def later():
    """An hour and a half after the request was given to the teacher: 11:00 in London."""
    with time_machine.travel(AT + 1.5 * HOURS, tick=False):
        yield AT + 1.5 * HOURS


def page_of(request) -> str:
    return reverse("referrals:contact_new", args=[request.reference])


def told(**changes: object) -> dict[str, object]:
    """What three taps send: by phone, reached, the contact person; the rest is filled in."""
    sent = {"key": str(uuid.uuid4()), "how": "PHONE", "outcome": "REACHED", "whom": "CONTACT", "who": "", "note": ""}
    sent |= {"day_day": "26", "day_month": "11", "day_year": "2024", "time": "11:00"}
    return sent | changes


def test_the_page_is_ready_for_three_taps(request_, teacher, later):
    page = text_of(teacher.get(page_of(request_)))
    assert re.search('href="tel:[0-9+]{6,}"', page)
    assert "Perran Oxnead" in page
    assert 'value="11:00"' in page
    for value in ('value="26"', 'value="11"', 'value="2024"'):
        assert value in page
    assert re.search('name="key" value="[0-9a-f-]{36}"', page)
    assert "Wilf" not in re.search("<title>(.*?)</title>", page).group(1)


def test_three_taps_and_save(request_, teacher, later):
    answer = teacher.post(page_of(request_), told(), follow=True)
    assert answer.redirect_chain == [(reverse("referrals:referral_detail", args=[request_.reference]), 302)]
    page = text_of(answer)
    assert "The contact is logged. S2S is in touch, and the clock for that has stopped." in page
    assert "Phone: reached, Perran Oxnead" in page
    row = Referral.objects.get(pk=request_.pk)
    assert (row.status, row.first_contact_at) == (Status.IN_CONTACT, later)
    page = text_of(teacher.post(page_of(request_), told(), follow=True))
    assert "The contact is logged." in page
    assert "has stopped" not in page


def test_a_double_click_writes_one(request_, teacher, later):
    sent = told()
    for _ in range(2):
        assert teacher.post(page_of(request_), sent).status_code == 302
    assert ContactAttempt.objects.filter(referral=request_).count() == 1


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ({"whom": "OTHER", "who": " Ida  Mautby "}, "Ida Mautby"),
        ({"whom": "CONTACT", "who": "Ida Mautby"}, "Ida Mautby"),
        ({"whom": "", "who": "Ida Mautby"}, "Ida Mautby"),
        ({"outcome": "NO_ANSWER", "whom": ""}, ""),
        ({"outcome": "MESSAGE_LEFT", "whom": "CONTACT"}, "Perran Oxnead"),
    ],
)
def test_with_whom(request_, teacher, later, changes, who):
    assert teacher.post(page_of(request_), told(**changes)).status_code == 302
    assert ContactAttempt.objects.get(referral=request_).who == who


@pytest.mark.parametrize("typed", ["9:45", "09.45", "0945", "09:45"])
def test_a_time_is_read_as_people_write_it(request_, teacher, later, typed):
    assert teacher.post(page_of(request_), told(time=typed)).status_code == 302
    happened = ContactAttempt.objects.get(referral=request_).happened_at
    assert happened == datetime(2024, 11, 26, 9, 45, tzinfo=LONDON)


def test_the_minute_in_which_the_request_came_is_not_before_it(request_, teacher, later):
    assert teacher.post(page_of(request_), told(time="09:30")).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"how": ""}, "Select how you tried"),
        ({"outcome": "ATE_IT"}, "Select what came of it, using one of the answers on this page"),
        ({"whom": ""}, "Select whom you reached"),
        ({"whom": "OTHER"}, "Enter the name of whom you reached"),
        ({"who": "x" * 201}, "Name, if it was somebody else must be 200 characters or fewer"),
        ({"whom": "NOBODY"}, "using one of the answers on this page"),
        ({"time": "11:01"}, "When it was must be now or in the past"),
        ({"day_day": "27"}, "When it was must be now or in the past"),
        ({"time": "09:29"}, "When it was must not be before the request came to S2S: 26 November 2024, 09:30"),
        ({"day_day": "25"}, "When it was must not be before the request came to S2S: 26 November 2024, 09:30"),
        ({"time": "noon"}, "Time must be a time, like 09:30 or 14:15"),
        ({"time": "24:00"}, "Time must be a time, like 09:30 or 14:15"),
        ({"time": "10:60"}, "Time must be a time, like 09:30 or 14:15"),
        ({"time": ""}, "Enter the time"),
        ({"day_day": "32"}, "must be a real date"),
        ({"note": "x" * 1001}, "Note must be 1000 characters or fewer"),
        ({"note": "a\x00b"}, "Note must not include characters that cannot be shown"),
        ({"key": "forged"}, "There is a problem"),
    ],
    ids=lambda it: repr(it)[:40],
)
def test_what_cannot_be_is_refused_and_kept(request_, teacher, later, changes, sentence):
    answer = teacher.post(page_of(request_), told(**{"note": "Rang twice."} | changes))
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert "Rang twice." in text_of(answer) or "note" in changes
    assert not ContactAttempt.objects.filter(referral=request_).exists()


def test_without_a_known_contact_the_name_is_asked(request_, teacher, later):
    Referral.objects.filter(pk=request_.pk).update(contact_name="", contact_telephone="", contact_email="")
    page = text_of(teacher.get(page_of(request_)))
    assert "Perran Oxnead" not in page
    assert 'value="CONTACT"' not in page
    assert "mailto:" not in page


def test_only_those_who_have_it_log(council, client_for, request_):
    answer = client_for(council.people[Role.S2S_COORDINATOR]).get(page_of(request_))
    assert answer.status_code == 403
    assert "by the S2S teacher who has it, or covers it today" in text_of(answer)


def test_too_late_nothing_typed_is_lost(request_, teacher, council):
    Referral.objects.filter(pk=request_.pk).update(status=Status.TRANSFERRED)
    assert teacher.get(page_of(request_)).status_code == 200
    answer = teacher.post(page_of(request_), told(note="Rang twice."))
    assert answer.status_code == 409
    assert "This contact cannot be logged" in text_of(answer)
    assert "Rang twice." in text_of(answer)


def test_what_ends_between_looking_and_writing_loses_nothing(request_, teacher, council, later):
    coordinator, why = council.people[Role.S2S_COORDINATOR], NotStartedReason.NOT_WANTED

    def ends() -> None:
        ending.close_not_started(referral=request_, reason=why, note="", by=coordinator, at=later)

    with meanwhile("SAVEPOINT", ends):
        answer = teacher.post(page_of(request_), told(note="Rang twice."))
    assert answer.status_code == 409
    assert "This request can no longer be given another line of its contact log." in text_of(answer)
    assert "Rang twice." in text_of(answer)


def test_looking_is_recorded(request_, teacher):
    before = AuditEvent.objects.count()
    teacher.get(page_of(request_))
    [row] = AuditEvent.objects.order_by("pk")[before:]
    assert (row.kind, row.what, row.reference) == (AuditKind.READ, "contact log", request_.reference)


def test_what_was_typed_outlives_the_session(request_, teacher, council, later):
    teacher.logout()
    to_sign_in = teacher.post(page_of(request_), told(note="Rang twice."))
    user = council.people[Role.S2S_TEACHER]
    teacher.post(to_sign_in.url, {"login": user.email, "password": PASSWORD})
    assert "Rang twice." in text_of(teacher.get(page_of(request_)))
    assert not ContactAttempt.objects.filter(referral=request_).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_few_statements(request_, teacher, later, count, django_assert_num_queries):
    for _ in range(count):
        teacher.post(page_of(request_), told())
    with django_assert_num_queries(8):
        teacher.get(page_of(request_))
