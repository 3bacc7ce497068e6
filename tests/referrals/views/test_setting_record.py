"""A record of visit behind a signed link: who gets in, what is shown, and that it is answered once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from referrals.actions import confirming
from referrals.models import RecordConfirmation, Referral, ReferralEvent
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import links as actions
from s2s_portal.organisations.choices import AuditKind, LinkPurpose, Role
from s2s_portal.organisations.models import AuditEvent, SignedLink
from s2s_portal.organisations.queries import links
from tests.factories import records as made
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CONFIRM, VIEW = {"answer": "confirm", "view": ""}, {"answer": "view", "view": "It rained, so we were indoors."}


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def record(council):
    visit = support.held(support.booked(council.early_years, at=AT - DAY, starts_at=AT - 2 * HOUR), at=AT)
    return made.recorded(made.fresh(visit))


@pytest.fixture
def link(record):
    """The link of the message that finalising the record put into the outbox."""
    message = Notification.objects.get(kind=Kind.RECORD_READY_CONTACT)
    assert message.to_email == record.visit.referral.contact_email
    return SignedLink.objects.get(pk=message.context["link_id"])


def address(link):
    """The link's address without the site's own, as somebody clicks it."""
    return re.sub(r"^https?://[^/]+", "", links.address_of(link.pk))


def page_of(link):
    return reverse("referrals:setting_record", args=[link.key])


def came_by(link):
    """A browser that has just opened the link."""
    browser = Client(enforce_csrf_checks=False)
    assert browser.get(address(link), follow=True).status_code == 200
    return browser


def counts():
    """How much there is of everything that a page behind a link may change."""
    return RecordConfirmation.objects.count(), ReferralEvent.objects.count(), Notification.objects.count()


# --- Getting in ---------------------------------------------------------------------------------------------------
def test_the_link_leads_to_a_page_whose_address_says_nothing(link):
    answer = Client().get(address(link))
    assert (answer.status_code, answer.url) == (302, page_of(link))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    cookie = answer.cookies["s2s_link"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (page_of(link), True, "Lax")


def test_the_page_shows_the_record_and_never_who_the_child_is(council, record, link):
    page = came_by(link).get(page_of(link))
    words = text_of(page)
    assert made.WORDS["seen"] in words
    assert record.reference in words
    assert "W.\u00a0T." in page.content.decode()
    assert not any(one in words for one in ("Wilf", "Tasburgh", "4 March 2021"))
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"
    looked = AuditEvent.objects.filter(kind=AuditKind.READ, what="record of visit").latest("pk")
    assert (looked.user_id, looked.user_email) == (0, record.visit.referral.contact_email)


@pytest.mark.parametrize("token", ["1.forged", "1", "x.y", "1." + "a" * 500, "%00"])
def test_a_forged_link_is_not_found(token):
    assert Client().get(f"/link/{token}/").status_code == 404


def test_a_link_signed_for_something_else_is_not_found(link):
    assert Client().get(f"/link/{Signer(sep='.', salt='another').sign(link.pk)}/").status_code == 404


def test_a_link_to_no_row_is_not_found(link):
    unknown = links.address_of(link.pk + 1).split("//", 1)[1].split("/", 1)[1]
    assert Client().get(f"/{unknown}").status_code == 404


def test_the_pages_address_alone_opens_nothing(link, council):
    for browser in (Client(), signed_in(council.people[Role.S2S_COORDINATOR])):
        for answer in (browser.get(page_of(link)), browser.post(page_of(link), CONFIRM)):
            assert answer.status_code == 404
            assert "Open the link in your e-mail" in text_of(answer)
    assert not RecordConfirmation.objects.exists()


def test_one_link_does_not_open_the_page_of_another(record, link):
    other = actions.issue(purpose=LinkPurpose.READ_RECORD, subject=link.subject, email="somebody@else.invalid")
    browser = came_by(link)
    assert "s2s_link" in browser.cookies  # which Django's test client sends to every page, as a cheat would
    assert browser.get(page_of(other)).status_code == 404
    assert browser.get(page_of(link)).status_code == 200


def test_a_browser_that_came_half_a_day_ago_is_asked_to_open_the_link_again(link):
    browser = came_by(link)
    with time_machine.travel(AT + timedelta(hours=12, seconds=5), tick=False):
        assert browser.get(page_of(link)).status_code == 404
        assert came_by(link).get(page_of(link)).status_code == 200


def test_an_old_link_says_so_and_whom_to_ask(link, record):
    browser = came_by(link)
    with time_machine.travel(link.expires_at - timedelta(hours=1), tick=False):
        assert Client().get(address(link)).status_code == 302
    with time_machine.travel(link.expires_at, tick=False):
        answer = Client().get(address(link), follow=True)
    assert answer.status_code == 410
    assert "too old" in text_of(answer)
    assert record.visit.referral.teacher.email in text_of(answer)
    SignedLink.objects.filter(pk=link.pk).update(lasts_days=1, created_at=AT - 2 * DAY)
    assert browser.post(page_of(link), CONFIRM).status_code == 410
    assert not RecordConfirmation.objects.exists()


def test_a_retracted_records_link_is_taken_back(record, link):
    browser = came_by(link)
    made.retracted(record, at=AT)
    for answer in (
        Client().get(address(link), follow=True),
        browser.get(page_of(link)),
        browser.post(page_of(link), CONFIRM),
    ):
        assert answer.status_code == 410
        assert "taken it back" in text_of(answer)
        assert made.WORDS["seen"] not in text_of(answer)
    assert not RecordConfirmation.objects.exists()


def test_who_is_no_longer_the_contact_reads_nothing(record, link):
    browser = came_by(link)
    Referral.objects.filter(pk=record.visit.referral_id).update(contact_email="new@bulrush.invalid")
    answer = browser.get(page_of(link))
    assert answer.status_code == 410
    assert made.WORDS["seen"] not in text_of(answer)
    assert browser.post(page_of(link), CONFIRM).status_code == 410
    assert not RecordConfirmation.objects.exists()


def test_nobody_tries_without_end(link, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"signed_link": "3/m/ip"}
    browser = Client(REMOTE_ADDR="192.0.2.77")
    assert [browser.get("/link/1.forged/").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert browser.get(address(link)).status_code == 429


# --- Answering -----------------------------------------------------------------------------------------------------
def test_a_mail_scanner_changes_nothing(link):
    before = counts()
    scanner = Client()
    for _ in range(2):
        assert scanner.head(address(link)).status_code == 302
        assert scanner.get(address(link), follow=True).status_code == 200
        assert scanner.head(page_of(link)).status_code == 200
    assert scanner.post(address(link)).status_code == 405
    assert counts() == before
    link.refresh_from_db()
    assert (link.used_at, link.revoked_at) == (None, None)
    assert came_by(link).post(page_of(link), CONFIRM).status_code == 302


def test_confirming(record, link, council):
    browser = came_by(link)
    done = browser.post(page_of(link), CONFIRM, follow=True)
    assert done.status_code == 200
    assert "You confirmed record" in text_of(done)
    assert RecordConfirmation.objects.get().view == ""
    event = record.visit.referral.events.latest("seq")
    assert (event.kind, event.facts["confirmed"], event.by.full_name) == ("RECORD_ANSWERED", True, "S2S portal")
    told = Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER).latest("pk")
    assert told.to_email == record.visit.referral.teacher.email
    assert "confirmed record" in told.context["sentence"]
    wrote = AuditEvent.objects.get(what="confirmed a record of visit")
    assert (wrote.user_email, wrote.reference) == (record.visit.referral.contact_email, record.visit.referral.reference)
    page = signed_in(council.people[Role.S2S_COORDINATOR]).get(
        reverse("referrals:record_detail", args=[record.visit.referral.reference, 1])
    )
    assert f"Confirmed by {record.visit.referral.contact_name}" in text_of(page)


def test_adding_a_view(record, link, council):
    came_by(link).post(page_of(link), VIEW)
    one = RecordConfirmation.objects.get()
    assert (one.record, one.view, one.at) == (record, VIEW["view"], AT)
    told = Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER).latest("pk")
    assert VIEW["view"] not in str(told.context)
    assert VIEW["view"] not in str(record.visit.referral.events.latest("seq").facts)
    page = reverse("referrals:record_detail", args=[record.visit.referral.reference, 1])
    assert VIEW["view"] in text_of(signed_in(council.people[Role.EARLY_YEARS_ADVISER]).get(page))
    assert VIEW["view"] not in text_of(signed_in(council.people[Role.COMMISSIONER]).get(page))


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({}, "whether the record is right"),
        ({"answer": "view", "view": "  "}, "Enter your view"),
        ({"answer": "confirm", "view": "But it rained."}, "remove what you wrote there"),
        ({"answer": "view", "view": "x" * 2001}, "characters or"),
        ({"answer": "else", "view": ""}, "right"),
    ],
)
def test_what_cannot_be_sent_comes_back(link, typed, complaint):
    answer = came_by(link).post(page_of(link), typed)
    assert answer.status_code == 200
    assert complaint in text_of(answer)
    assert typed.get("view", "").strip() in answer.content.decode()
    assert not RecordConfirmation.objects.exists()


def test_a_form_without_its_token_is_refused(link):
    browser = Client(enforce_csrf_checks=True)
    browser.get(address(link), follow=True)
    assert browser.post(page_of(link), CONFIRM).status_code == 403
    assert not RecordConfirmation.objects.exists()


def test_two_tabs_and_two_presses_answer_once(link):
    first, second = came_by(link), came_by(link)
    assert first.post(page_of(link), VIEW).status_code == 302
    before = counts()
    for again in (first.post(page_of(link), CONFIRM), second.post(page_of(link), CONFIRM), second.get(page_of(link))):
        assert again.status_code == 200
        assert "You added your view" in text_of(again)
        assert made.WORDS["seen"] not in text_of(again)
    assert "You added your view" in text_of(Client().get(address(link), follow=True))
    assert counts() == before


def test_a_reminders_link_is_used_with_the_first(record, link):
    other = actions.issue(purpose=link.purpose, subject=link.subject, email=record.visit.referral.contact_email)
    assert came_by(link).post(page_of(link), CONFIRM).status_code == 302
    assert "You confirmed" in text_of(Client().get(address(other), follow=True))
    assert confirming.answer(link=other, view="", at=AT).refusal == confirming.ANSWERED


def test_the_outbox_holds_no_address(link):
    message = Notification.objects.get(kind=Kind.RECORD_READY_CONTACT)
    assert links.address_of(link.pk).rstrip("/").rpartition("/")[2] not in str(vars(message))


def test_as_many_queries_however_long_the_record(link, django_assert_max_num_queries):
    browser = came_by(link)
    with django_assert_max_num_queries(8):
        browser.get(page_of(link))
