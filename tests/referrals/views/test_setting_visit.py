"""A planned visit behind a signed link: its calendar file, cancelling it, asking for another time."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from referrals.actions import answering_visits as actions
from referrals.actions import flagging, moving
from referrals.choices import BookingState, Status, WhoAsked
from referrals.models import BookingFlag, Referral, ReferralEvent
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.models import SignedLink
from tests.factories import support
from tests.factories.offers import HOUR, address
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
NOTE = "The hall is used for the play."


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def booking(council):
    return support.booked(council.early_years)


@pytest.fixture
def link(booking):
    to_contact = Notification.objects.get(kind=Kind.VISIT_BOOKED, to_email=booking.referral.contact_email)
    to_teacher = Notification.objects.exclude(pk=to_contact.pk).get(kind=Kind.VISIT_BOOKED)
    assert to_teacher.context["link_id"] == 0
    return SignedLink.objects.get(pk=to_contact.context["link_id"])


def page_of(link):
    return reverse("referrals:setting_visit", args=[link.key])


def came_by(link):
    browser = Client()
    assert browser.get(address(link), follow=True).status_code == 200
    return browser


def sent(what="cancel", note=NOTE, sequence=0):
    return {"what": what, "note": note, "sequence": str(sequence)}


def test_the_visit_and_its_file(link, booking):
    browser = came_by(link)
    words = text_of(browser.get(page_of(link)))
    assert "Thursday 28 November 2024, 09:30 to 10:30" in words
    assert "Wilf" not in words
    assert "Tasburgh" not in words
    before = ReferralEvent.objects.count()
    file = browser.get(f"{page_of(link)}visit.ics")
    assert (file["Content-Type"], file.content[:15]) == ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR")
    assert str(booking.key).encode() in file.content
    assert Client().get(f"{page_of(link)}visit.ics").status_code == 404
    assert ReferralEvent.objects.count() == before


def test_cancelling(link, booking):
    browser = came_by(link)
    done = browser.post(page_of(link), sent(), follow=True)
    assert "is cancelled" in text_of(done)
    booking.refresh_from_db()
    assert (booking.state, Referral.objects.get(pk=booking.referral_id).status) == (
        BookingState.CANCELLED,
        Status.IN_CONTACT,
    )
    change = booking.changes.latest("seq")
    assert (change.asked_by, change.note, change.by) == (WhoAsked.SETTING, NOTE, ensure_system_user())
    assert Notification.objects.filter(kind=Kind.VISIT_CANCELLED).count() == 2
    assert "is cancelled" in text_of(browser.post(page_of(link), sent(), follow=True))
    assert booking.changes.count() == 2


def test_asking_for_another_time(link, booking):
    browser = came_by(link)
    done = browser.post(page_of(link), sent("other"), follow=True)
    assert "S2S has been told" in text_of(done)
    flag = BookingFlag.objects.get()
    assert (flag.cause, flag.settled_at) == ("SETTING_ASKS", None)
    assert ReferralEvent.objects.latest("pk").facts["note"] == NOTE
    told = Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER).latest("pk")
    assert NOTE not in str(told.context)
    assert "asks for another time" in told.context["sentence"]
    again = browser.post(page_of(link), sent("other"), follow=True)
    assert "have asked for another time already" in text_of(again)
    assert ReferralEvent.objects.filter(kind="CHANGE_WANTED").count() == 1
    flagging.check(by=ensure_system_user(), at=AT)
    assert BookingFlag.objects.get().settled_at is None  # until somebody deals with it
    page = signed_in(booking.referral.teacher).get(reverse("referrals:booking_detail", args=[booking.key]))
    assert actions.ASKS in text_of(page)


def moved(booking):
    """S2S moves the visit by an hour."""
    row = booking.referral
    starts_at, ends_at = booking.starts_at + HOUR, booking.ends_at + HOUR
    told = {"sequence": 0, "asked_by": WhoAsked.S2S, "note": "", "reasons": {}, "by": row.teacher, "at": AT}
    assert not moving.move(booking=booking, starts_at=starts_at, ends_at=ends_at, **told).refusal


def test_a_moved_visit_settles_what_was_asked_and_is_asked_again(link, booking):
    browser = came_by(link)
    browser.post(page_of(link), sent("other"))
    moved(booking)
    assert BookingFlag.objects.get().settled_at == AT
    assert "10:30 to 11:30" in text_of(browser.get(page_of(link)))
    late = browser.post(page_of(link), sent(), follow=True)
    assert "S2S has changed this visit" in text_of(late)
    booking.refresh_from_db()
    assert booking.state == BookingState.PLANNED
    browser.post(page_of(link), sent("other", sequence=1))
    assert BookingFlag.objects.get().settled_at is None


def test_once_it_has_begun_nothing_can_be_changed(link, booking):
    with time_machine.travel(booking.starts_at, tick=False):
        browser = came_by(link)
        assert "has begun" in text_of(browser.get(page_of(link)))
        assert "has begun" in text_of(browser.post(page_of(link), sent(), follow=True))
    booking.refresh_from_db()
    assert booking.state == BookingState.PLANNED


def test_a_visit_that_s2s_cancelled_closes_the_link(link, booking):
    told = {"sequence": 0, "asked_by": WhoAsked.S2S, "note": "Ill", "by": booking.referral.teacher, "at": AT}
    moving.cancel(booking=booking, **told)
    assert Client().get(address(link), follow=True).status_code == 410


def test_who_is_no_longer_the_contact_sees_nothing(link, booking):
    browser = came_by(link)
    Referral.objects.filter(pk=booking.referral_id).update(contact_email="new@bulrush.invalid")
    for answer in (
        browser.get(page_of(link)),
        browser.get(f"{page_of(link)}visit.ics"),
        browser.post(page_of(link), sent()),
    ):
        assert answer.status_code == 410
    for act in (actions.cancel, actions.ask_for_another_time):
        assert act(link=link, sequence=0, note=NOTE, at=AT).refusal == actions.NOT_YOURS


def test_what_cannot_be_sent_comes_back(link, booking):
    answer = came_by(link).post(page_of(link), {"what": "cancel", "note": "", "sequence": "0"})
    assert (answer.status_code, "when it would suit you" in text_of(answer)) == (200, True)
    booking.refresh_from_db()
    assert booking.state == BookingState.PLANNED


def test_a_mail_scanner_changes_nothing(link, booking):
    before = ReferralEvent.objects.count(), Notification.objects.count()
    scanner = Client()
    scanner.head(address(link))
    scanner.get(address(link), follow=True)
    scanner.get(page_of(link), sent())
    assert (ReferralEvent.objects.count(), Notification.objects.count()) == before


def test_queries(link, django_assert_max_num_queries):
    browser = came_by(link)
    with django_assert_max_num_queries(8):
        browser.get(page_of(link))
