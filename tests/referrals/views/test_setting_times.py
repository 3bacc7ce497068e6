"""Offering times on the teacher's page, and choosing one behind a signed link."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from referrals.choices import About, Agreement, OfferState
from referrals.models import Booking, Offer, ReferralEvent
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.offers import address, link_of, offered, slot
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CONTACT = Kind.TIMES_OFFERED_CONTACT


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def referral(council):
    return support.in_contact(council.early_years)


@pytest.fixture
def desk(referral):
    return signed_in(referral.teacher)


def typed(**changes):
    """Two times: Tuesday 3 December, 10:00, and Thursday 5 December, 13:00, an hour each."""
    told = {"kind": "OBSERVATION", "mode": "IN_PERSON", "minutes": "60", "why": "", "key": str(uuid.uuid4())}
    told |= {"day_1_day": "3", "day_1_month": "12", "day_1_year": "2024", "starts_1": "10:00"}
    told |= {"day_2_day": "5", "day_2_month": "12", "day_2_year": "2024", "starts_2": "1pm"}
    told |= {"day_3_day": "", "day_3_month": "", "day_3_year": "", "starts_3": ""}
    return told | changes


def url(referral):
    return reverse("referrals:offer_times", args=[referral.reference])


def page_of(link):
    return reverse("referrals:setting_times", args=[link.key])


def came_by(link):
    browser = Client()
    assert browser.get(address(link), follow=True).status_code == 200
    return browser


# --- The teacher's page --------------------------------------------------------------------------------------------
def test_times_are_offered(desk, referral):
    assert url(referral) in text_of(desk.get(reverse("referrals:booking_start", args=[referral.reference])))
    assert "not kept free" in text_of(desk.get(url(referral)))
    done = desk.post(url(referral), typed(), follow=True)
    assert "is asked by e-mail to choose a time" in text_of(done)
    assert [str(one.starts_at)[:16] for one in Offer.objects.get().times.order_by("position")] == [
        "2024-12-03 10:00",
        "2024-12-05 13:00",
    ]
    assert "They have not answered" in text_of(desk.get(url(referral)))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"starts_2": ""}, "Enter when time 2 starts"),
        ({"day_2_day": "", "day_2_month": "", "day_2_year": ""}, "Enter the date of time 2"),
        ({"day_1_day": "7"}, "is a weekend"),
        ({"day_2_day": "3", "starts_2": "10:30"}, "overlaps another one"),
        ({"kind": ""}, "what it is for"),
        ({"starts_1": "noon-ish"}, "must be a time"),
        ({"day_1_year": "2023"}, "has passed"),
    ],
)
def test_what_cannot_be_offered_comes_back(desk, referral, changes, complaint):
    answer = desk.post(url(referral), typed(**changes))
    assert answer.status_code == 200
    assert complaint in text_of(answer)
    assert 'value="10:00"' in answer.content.decode() or "starts_1" in changes
    assert not Offer.objects.exists()


def test_what_speaks_against_every_time_is_said_once(desk, referral):
    referral.about, referral.agreement = About.CHILD, Agreement.NOT_YET
    referral.save()
    page = text_of(desk.post(url(referral), typed(day_1_day="7")))
    words = "A named child is not observed without a recorded parental agreement."
    summary = page[page.index("There is a problem") : page.index("</ul>", page.index("There is a problem"))]
    assert summary.count(words) == 1
    assert summary.count("is a weekend") == 1
    assert not Offer.objects.exists()


def test_who_comes_too_late_is_told(desk, referral):
    support.returning.ask(referral=referral, question="Which room?", by=referral.teacher, at=AT)
    assert "can no longer be given a visit" in text_of(desk.post(url(referral), typed()))


# --- Behind the link -----------------------------------------------------------------------------------------------
def test_choosing_a_time(referral):
    offered(referral)
    link = link_of(CONTACT)
    browser = came_by(link)
    words = text_of(browser.get(page_of(link)))
    assert "Wilf" not in words
    assert "Tasburgh" not in words
    done = browser.post(page_of(link), {"time": "2", "note": ""}, follow=True)
    assert (done.status_code, "You chose Thursday 28 November 2024" in text_of(done)) == (200, True)
    assert Booking.objects.get().starts_at == slot(2).starts_at
    again = came_by(link).post(page_of(link), {"time": "1", "note": ""})
    assert "You chose Thursday" in text_of(again)
    assert Booking.objects.count() == 1


def test_a_mail_scanner_chooses_nothing(referral):
    offered(referral)
    link = link_of(CONTACT)
    before = ReferralEvent.objects.count(), Notification.objects.count()
    scanner = Client()
    scanner.head(address(link))
    scanner.get(address(link), follow=True)
    assert scanner.get(page_of(link), {"time": "1"}).status_code == 200
    assert (ReferralEvent.objects.count(), Notification.objects.count()) == before
    assert Offer.objects.get().state == OfferState.OPEN


def test_a_taken_time_is_named_and_no_longer_offered(council, referral):
    offered(referral)
    link = link_of(CONTACT)
    browser = came_by(link)
    by = council.people[Role.EARLY_YEARS_ADVISER]
    other = support.in_contact(sent_request(council.setting, by=by, at=AT), teacher=referral.teacher)
    support.book(other, slot(1).starts_at)
    answer = browser.post(page_of(link), {"time": "1", "note": ""})
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "taken in the meantime. Choose another one" in words
    assert 'value="1"' not in words
    assert 'value="2"' in words
    assert browser.post(page_of(link), {"time": "2", "note": ""}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({}, "which time suits you"),
        ({"time": "none", "note": " "}, "Enter when S2S could come"),
        ({"time": "1", "note": "Ring the bell"}, "Remove what you wrote here"),
        ({"time": "4", "note": ""}, "time"),
    ],
)
def test_what_cannot_be_sent_comes_back(referral, sent, complaint):
    offered(referral)
    link = link_of(CONTACT)
    answer = came_by(link).post(page_of(link), sent)
    assert (answer.status_code, complaint in text_of(answer)) == (200, True)
    assert Offer.objects.get().state == OfferState.OPEN


def test_none_suits(referral):
    offered(referral)
    link = link_of(CONTACT)
    done = came_by(link).post(page_of(link), {"time": "none", "note": "Only mornings"}, follow=True)
    assert "none of the times suits" in text_of(done)
    assert Offer.objects.get().note == "Only mornings"


def test_times_that_were_taken_back(referral):
    offered(referral)
    link = link_of(CONTACT)
    browser = came_by(link)
    support.book(referral, slot(6).starts_at)
    for answer in (browser.get(page_of(link)), browser.post(page_of(link), {"time": "1", "note": ""})):
        assert (answer.status_code, "taken it back" in text_of(answer)) == (410, True)
    assert Booking.objects.count() == 1


def test_as_many_queries_for_one_time_as_for_three(referral, django_assert_max_num_queries):
    offered(referral, slot(1))
    link = link_of(CONTACT)
    browser = came_by(link)
    with django_assert_max_num_queries(8):
        browser.get(page_of(link))
    offered(referral)
    link = link_of(CONTACT)
    browser = came_by(link)
    with django_assert_max_num_queries(8):
        browser.get(page_of(link))
