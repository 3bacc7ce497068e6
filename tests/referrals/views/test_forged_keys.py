"""The key of a page that was used for one request does nothing to another, and is no error of the server."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from referrals.choices import GoalResult
from referrals.models import Addendum, Attachment, Closing, ContactAttempt
from s2s_portal.organisations.choices import Role
from tests.factories import records as made
from tests.factories import support
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENTENCE = "This page was used for another request or record. Open it again."


@pytest.fixture
def teacher(shared_council):
    return shared_council.people[Role.S2S_TEACHER]


@pytest.fixture
def visits(shared_council, teacher):
    """A held visit of each of two requests of one teacher."""
    found = []
    for ago in (24, 21):
        by = shared_council.people[Role.EARLY_YEARS_ADVISER]
        request = sent_request(shared_council.setting, by=by, at=AT - 3 * DAY)
        booking = support.booked(request, teacher=teacher, at=AT - 2 * DAY, starts_at=AT - ago * HOUR)
        found.append(made.fresh(support.held(booking)))
    return found


def contact(visit, key):
    told = {"key": key, "how": "PHONE", "outcome": "REACHED", "whom": "CONTACT", "note": ""}
    told |= {"day_day": "26", "day_month": "11", "day_year": "2024", "time": "09:00"}
    return reverse("referrals:contact_new", args=[visit.referral.reference]), told


def attach(visit, key):
    file = SimpleUploadedFile("plan.pdf", made.PDF)
    return reverse("referrals:record_attach", args=[visit.booking.key]), {"key": key, "file": file}


def add(visit, key):
    made.recorded(visit)
    return reverse("referrals:record_add", args=[visit.referral.reference, 1]), {"key": key, "text": "The blue room."}


def close(visit, key):
    made.recorded(visit)
    told = {"key": key, "summary": "The strategies are in daily use.", "confirmed": "1"}
    told |= {f"result_{goal.pk}": GoalResult.MET for goal in visit.referral.goals.all()}
    return reverse("referrals:referral_close", args=[visit.referral.reference]), told


@pytest.mark.parametrize(
    ("page", "model"), [(contact, ContactAttempt), (attach, Attachment), (add, Addendum), (close, Closing)]
)
def test_a_key_of_another_request_makes_nothing_of_this_one(teacher, visits, page, model):
    browser, key = signed_in(teacher), str(uuid.uuid4())
    mine, other = visits
    url, told = page(mine, key)
    assert browser.post(url, told).status_code == 302
    url, told = page(other, key)
    assert SENTENCE in text_of(browser.post(url, told, follow=True))
    assert model.objects.filter(key=key).count() == 1
