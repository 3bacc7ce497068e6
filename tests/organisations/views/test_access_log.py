"""The access log, and looking at a request under a recorded reason."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from s2s_portal.core import clock
from s2s_portal.organisations.actions.audit import record
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AccessReason, AuditEvent
from s2s_portal.organisations.queries.audit import live_reason_references
from tests.factories.organisations import UserFactory, person
from tests.moments import AN_ORDINARY_TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LOG = reverse("organisations:access_log")
LOOK = reverse("organisations:look_at_request")
REFERENCE = "EY-7K4M-2Q"


@pytest.fixture
def auditor(client):
    user = person(Role.AUDITOR, email="auditor@s2s.invalid")
    client.force_login(user)
    client.user = user
    return client


def row(by, reference=REFERENCE, kind=AuditKind.READ, what="request page"):
    return record(kind=kind, what=what, reference=reference, by=by)


def test_log_shows_who_did_what_and_when(auditor):
    row(UserFactory(email="jo@s2s.invalid"))
    page = auditor.get(LOG).content.decode()
    for words in (
        "09:30:00 on 26 November 2024",
        "jo@s2s.invalid",
        "Read: request page",
        REFERENCE,
        "<strong>1</strong> found",
    ):
        assert words in page


def test_log_filters(auditor):
    jo, ann = UserFactory(email="jo@s2s.invalid"), UserFactory(email="ann@s2s.invalid")
    row(jo, what="first thing")
    row(ann, reference="MS-7K4M-2Q", kind=AuditKind.WRITE, what="second thing")
    with time_machine.travel(AN_ORDINARY_TUESDAY + timedelta(days=2)):
        row(jo, reference="MS-7K4M-2R", what="third thing")

    def shown(**filters):
        page = auditor.get(LOG, filters).content.decode()
        return [word for word in ("first", "second", "third") if f"{word} thing" in page]

    assert shown() == ["first", "second", "third"]
    assert shown(reference="ey7k4m2q") == ["first"]
    assert shown(email="JO@s2s.invalid") == ["first", "third"]
    assert shown(kind="WRITE") == ["second"]
    assert shown(since_day="27", since_month="11", since_year="2024") == ["third"]
    assert shown(until_day="26", until_month="11", until_year="2024") == ["first", "second"]
    assert shown(reference="nothing") == []


def test_log_is_newest_first(auditor):
    user = UserFactory()
    row(user, what="first thing")
    row(user, what="second thing")
    page = auditor.get(LOG).content.decode()
    assert page.index("second thing") < page.index("first thing")


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"kind": "NOSUCH"}, "Select what they did"),
        ({"since_day": "31", "since_month": "2", "since_year": "2024"}, "real date"),
        ({"reference": "\x00"}, "characters that cannot be shown"),
        (
            {
                "since_day": "2",
                "since_month": "2",
                "since_year": "2024",
                "until_day": "1",
                "until_month": "2",
                "until_year": "2024",
            },
            "The last day must not be before the first",
        ),
    ],
)
def test_log_refuses_a_wrong_filter_with_a_sentence(auditor, filters, sentence):
    row(UserFactory(), what="never shown")
    page = auditor.get(LOG, filters).content.decode()
    assert sentence in page
    assert "never shown" not in page


@pytest.mark.parametrize("text", ["x" * 10_000, "😀", "<script>alert(1)</script>", "%"])
def test_log_takes_whatever_is_typed(auditor, text):
    page = auditor.get(LOG, {"reference": text, "email": text, "page": text}).content.decode()
    assert "Nothing in the log matches" in page
    assert "<script>alert" not in page


def test_log_counts_no_further_than_a_thousand(auditor):
    AuditEvent.objects.bulk_create(
        AuditEvent(user_id=1, user_email="jo@s2s.invalid", kind=AuditKind.READ, what="page", reference=REFERENCE)
        for _ in range(1_001)
    )
    page = auditor.get(LOG).content.decode()
    assert "<strong>1,000+</strong> found" in page
    assert "filter to find the others" in page
    assert auditor.get(LOG, {"page": "999"}).context["page"].number == 20


@pytest.mark.parametrize("count", [1, 3])
def test_log_takes_the_same_queries(auditor, django_assert_num_queries, count):
    for _ in range(count):
        row(UserFactory())
    with django_assert_num_queries(7):
        auditor.get(LOG)


def test_look_records_the_reason_and_opens_the_request(auditor):
    response = auditor.post(LOOK, {"reference": " ey 7k4m 2q ", "reason": "Subject access request 12"})
    assert (response.status_code, response["Location"]) == (302, f"/requests/{REFERENCE}/")
    event = AuditEvent.objects.get()
    assert (event.kind, event.reference, event.user_id) == (AuditKind.ACCESS_REASON, REFERENCE, auditor.user.pk)
    assert event.reason == "Subject access request 12"
    assert live_reason_references(auditor.user, AN_ORDINARY_TUESDAY) == {REFERENCE}


def test_look_is_in_real_time_whatever_the_practice_date(auditor):
    clock.move_to(moment=datetime(2030, 1, 1, tzinfo=UTC))
    auditor.post(LOOK, {"reference": REFERENCE, "reason": "Subject access request 12"})
    assert AccessReason.objects.get().given_at == AN_ORDINARY_TUESDAY


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reference": "", "reason": "Subject access request"}, "Enter reference of the request"),
        ({"reference": "7", "reason": "Subject access request"}, "Enter a reference such as EY-7K4M-2Q"),
        ({"reference": "x" * 10_000, "reason": "Subject access request"}, "must be 40 characters or fewer"),
        ({"reference": "\x00", "reason": "Subject access request"}, "characters that cannot be shown"),
        ({"reference": REFERENCE, "reason": "   too short   "}, "must be 10 characters or more"),
        ({"reference": REFERENCE, "reason": "x" * 501}, "must be 500 characters or fewer"),
    ],
)
def test_look_refuses_with_a_sentence_and_keeps_what_was_typed(auditor, typed, sentence):
    page = auditor.post(LOOK, typed).content.decode()
    assert sentence in page
    assert "Error: Look at a request" in page
    assert typed["reason"].strip() in page
    assert not AccessReason.objects.exists()
    assert not AuditEvent.objects.exists()


def test_look_page_takes_a_reference_along_and_writes_nothing(auditor):
    page = auditor.get(LOOK, {"reference": REFERENCE}).content.decode()
    assert f'value="{REFERENCE}"' in page
    assert "There is a problem" not in page
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("path", [LOG, LOOK])
@pytest.mark.parametrize("role", Role)
def test_pages_are_for_auditors(client, role, path):
    client.force_login(person(role))
    assert client.get(path).status_code == (200 if role == Role.AUDITOR else 403)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_nobody_else_gives_a_reason(client, role):
    client.force_login(person(role))
    assert client.post(LOOK, {"reference": REFERENCE, "reason": "Curiosity alone"}).status_code == 403
    assert not AccessReason.objects.exists()
