"""The pages of reminders: what was sent, what comes, what was not sent; for those without child data too."""

import pytest
from django.urls import reverse

from referrals.choices import Status
from referrals.models import Referral
from referrals.reminders import sending
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

LIST = "referrals:reminder_list"
FRIDAY = AT.replace(day=29, hour=8, minute=0)
LATER = AT.replace(month=12, day=4, hour=9)


@pytest.fixture
def desk(council, client_for):
    """The co-ordinator's, on a morning after reminders were sent."""
    support.assigned(council.early_years)
    sending.send(at=FRIDAY)
    return client_for(council.people[Role.S2S_COORDINATOR])


def shown(desk, show: str = "sent", **more: str) -> str:
    return text_of(desk.get(reverse(LIST), {"show": show} | more))


def test_what_was_sent_says_to_whom_and_leads_to_its_request(desk, council):
    page = shown(desk)
    reference = council.early_years.reference
    assert "First contact due or overdue" in page
    assert "Working day 3 since it has had its place, not counting pauses" in page
    assert council.people[Role.S2S_TEACHER].full_name in page
    assert reverse("referrals:referral_reminders", args=[reference]) in page


def test_a_kind_alone(desk):
    page = shown(desk, kind="NOT_ASSIGNED")
    assert "Working day 2 since it has had its place" in page
    assert "Working day 3 since it has had its place, not counting pauses" not in page


def test_what_was_not_sent_says_why(desk, council):
    Referral.objects.filter(pk=council.early_years.pk).update(remind_at=AT)
    sending.send(at=AT.replace(month=12, day=9, hour=8))
    page = shown(desk, "not-sent")
    assert "A later one of the same kind was due as well." in page


def test_what_comes_in_the_next_five_working_days(desk, council, at):
    page = shown(desk, "next")
    assert "Tuesday 3 December 2024, 08:00" in page
    assert "Working day 5 since it has had its place, not counting pauses" in page
    assert "5 working days before requests close" not in page


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ADMINISTRATOR])
def test_those_without_child_data_see_no_child(desk, council, client_for, role):
    theirs = client_for(council.people[role])
    for show in ("sent", "next", "not-sent"):
        page = shown(theirs, show)
        assert "Wilf" not in page
        assert "Tasburgh" not in page
    links = reverse("referrals:referral_reminders", args=[council.early_years.reference])
    assert (links in shown(theirs)) is (role == Role.COMMISSIONER)


def test_one_request_says_what_was_and_what_comes(desk, council):
    page = text_of(desk.get(reverse("referrals:referral_reminders", args=[council.early_years.reference])))
    assert "Tuesday 3 December 2024, 08:00" in page
    assert f"to {council.people[Role.S2S_TEACHER].full_name}" in page


def test_one_request_that_waits_for_its_adviser_says_that_the_clock_stands_still(council, client_for):
    one = support.in_status(council.early_years, Status.RETURNED)
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    page = text_of(desk.get(reverse("referrals:referral_reminders", args=[one.reference])))
    assert "Working day 3 after the question" in page
    assert "No teacher yet" not in page


@pytest.mark.parametrize("show", ["sent", "next", "not-sent"])
def test_a_page_of_one_and_of_three_takes_the_same_statements(council, client_for, show, django_assert_max_num_queries):
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    support.assigned(council.early_years)
    sending.send(at=FRIDAY)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(40) as caught:
            shown(desk, show)
        counts.append(len(caught))
        for _ in range(2):
            made = sent_request(
                EstablishmentFactory(zone=council.zone), by=council.people[Role.EARLY_YEARS_ADVISER], at=AT
            )
            support.assigned(made)
        sending.send(at=FRIDAY)
    assert counts[0] == counts[1]
    assert counts[0] <= (20 if show == "next" else 15)  # what comes is reckoned from everything about a request
