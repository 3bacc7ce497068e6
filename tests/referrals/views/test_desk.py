"""A co-ordinator's desk: what lies in each tray, how long, and by which clock."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from referrals.actions import returning
from referrals.choices import BookingProblem
from referrals.models import BookingFlag, Referral
from referrals.permissions import Asking
from referrals.queries import desk as queries
from referrals.queries.desk import Tray
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import listed, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DESK = reverse("referrals:desk")
DAY = timedelta(days=1)
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def desk(council):
    """The co-ordinator's browser."""
    return signed_in(council.people[Role.S2S_COORDINATOR])


def sent(council, days_ago: int = 0, name: str = "Sandpiper Pre-school", **changes) -> Referral:
    """A further early years request, sent some days ago."""
    setting = EstablishmentFactory(zone=council.zone, name=name)
    earlier = {"conversation_on": date(2024, 11, 1), "agreement_on": date(2024, 11, 1)}
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    return sent_request(setting, by=adviser, at=AT - days_ago * DAY, **earlier | changes)


def shown(desk, tray: Tray):
    return desk.get(DESK, {"show": tray.value})


def test_requests_without_a_teacher_oldest_place_first_without_a_child(council, desk):
    page = desk.get(DESK)
    words = text_of(page)
    waiting = [council.early_years.reference, council.mainstream.reference, council.far.reference]
    assert list(dict.fromkeys(listed(page))) == waiting
    for word in ("Bulrush Nursery", "Reedham Reach", "Speech, language and communication needs", "Early years"):
        assert word in words
    assert "Reach the school or setting by 3 December 2024: 5 working days left." in words
    assert "Not yet given to a teacher (3)" in words
    assert [name for name in CHILD if name in words] == []


def test_age_and_an_overdue_clock(council, desk):
    sent(council, days_ago=12)
    words = text_of(desk.get(DESK))
    assert "12 days ago" in words
    assert "Reach the school or setting by 21 November 2024: overdue by 3 working days." in words


def test_a_request_leaves_the_tray_with_its_teacher(council, desk):
    support.assigned(council.early_years)
    assert council.early_years.reference not in listed(desk.get(DESK))


def test_returned_ones_say_how_long_and_that_the_clock_is_paused(council, desk):
    row = council.early_years
    returning.ask(referral=row, question="Which mornings?", by=council.people[Role.S2S_COORDINATOR], at=AT - 3 * DAY)
    page = shown(desk, Tray.RETURNED)
    words = text_of(page)
    assert listed(page) == [row.reference]
    assert "3 days ago" in words
    assert "It stood at: Sent to S2S" in words
    assert (
        "Reach the school or setting: paused since 23 November 2024, as the adviser has been asked for information."
        in words
    )
    assert "Which mornings?" not in words


def test_overdue_with_a_teacher(council, desk):
    late, in_time, reached = sent(council, 12), sent(council, 6), sent(council, 12)
    for row in (late, in_time):
        support.assigned(row)
    support.in_contact(reached)
    page = shown(desk, Tray.OVERDUE)
    assert listed(page) == [late.reference]
    assert "S2S teacher Person" in text_of(page)
    assert "First contact overdue (1)" in text_of(page)


def test_what_the_desk_calls_overdue_is_what_the_clock_calls_so(council):
    rows = [support.assigned(sent(council, days_ago)) for days_ago in (6, 7, 8, 9, 10, 11, 14)]
    found = set()
    for paused in (0, 1, 2, 3, 8):
        Referral.objects.update(contact_paused_days=paused)
        lying = queries.desk_at(Asking(council.people[Role.S2S_COORDINATOR]), AT)
        now = list(Referral.objects.select_related("place").filter(pk__in=[row.pk for row in rows]).order_by("pk"))
        clocks = queries.clocks_of(lying, now)
        assert lying.overdue == [row.pk for row in now if clocks[row.pk][0].is_overdue]
        found.add(len(lying.overdue))
    assert {0, 5} <= found  # the longest pause saves all of them


def test_visits_in_doubt_until_it_is_settled(council, desk):
    booking = support.booked(council.early_years)
    for detail in ("The setting is closed on 28 November 2024.", "The teacher is on leave."):
        BookingFlag.objects.create(booking=booking, cause=BookingProblem.SETTING_CLOSED, detail=detail, raised_at=AT)
    page = shown(desk, Tray.DOUBTFUL)
    words = text_of(page)
    assert listed(page) == [council.early_years.reference]
    assert "The setting is closed on 28 November 2024." in words
    assert "and 1 more" in words
    assert "Visits in doubt (1)" in words
    by = council.people[Role.S2S_COORDINATOR]
    BookingFlag.objects.update(settled_at=AT, settled_by=by, settlement="Kept.")
    assert listed(shown(desk, Tray.DOUBTFUL)) == []


def test_visits_that_are_over_and_untold(council, desk):
    row = sent(council, days_ago=6)
    booking = support.booked(row, at=AT - 4 * DAY, starts_at=AT - DAY)
    coming = support.booked(council.far)
    page = shown(desk, Tray.UNTOLD)
    assert listed(page) == [row.reference]
    assert "yesterday" in text_of(page)
    support.held(booking)
    assert listed(shown(desk, Tray.UNTOLD)) == []
    assert coming.state == "PLANNED"


@pytest.mark.parametrize("tray", Tray)
def test_an_empty_tray_says_so(council, desk, tray):
    for row in (council.early_years, council.mainstream, council.far):
        support.assigned(row)
    assert "app-empty" in text_of(shown(desk, tray))


def test_a_tray_that_there_is_not_is_the_first(desk):
    assert "Not yet given to a teacher" in text_of(desk.get(DESK, {"show": "nonsense"}))


def everything(council, numbers: range) -> None:
    """A line in every tray for each number; no visit overlaps another."""
    coordinator = council.people[Role.S2S_COORDINATOR]
    for number in numbers:
        sent(council)
        returning.ask(referral=sent(council), question="Which mornings?", by=coordinator, at=AT)
        support.assigned(sent(council, 12))
        booking = support.booked(
            sent(council, 8), at=AT - 7 * DAY, starts_at=AT - 5 * DAY + number * timedelta(hours=2)
        )
        flag = {"cause": BookingProblem.SETTING_CLOSED, "detail": "The setting is closed.", "raised_at": AT}
        BookingFlag.objects.create(booking=booking, **flag)


QUERIES = 13


@pytest.mark.parametrize("tray", Tray)
def test_as_many_queries_for_three_rows_as_for_one(council, desk, tray, django_assert_num_queries):
    everything(council, range(1))
    with django_assert_num_queries(QUERIES):
        shown(desk, tray)
    everything(council, range(1, 4))
    with django_assert_num_queries(QUERIES):
        assert len(listed(shown(desk, tray))) >= 3


def test_pages_of_the_desk(council, desk):
    for _ in range(26):
        sent(council)
    assert len(set(listed(desk.get(DESK)))) == 25
    assert len(set(listed(desk.get(DESK, {"page": "2"})))) == 4


@pytest.mark.parametrize("role", [role for role in Role if role != Role.S2S_COORDINATOR])
def test_nobody_else_has_a_desk(council, role):
    assert signed_in(council.people[role]).get(DESK).status_code == 403


def test_home_leads_to_the_desk(council, desk):
    words = text_of(desk.get(reverse("home")))
    assert f'href="{DESK}?show=to-give">Not yet given to a teacher</a>: <strong>3</strong>' in words
    assert f'href="{DESK}?show=overdue">First contact overdue</a>: <strong>0</strong>' in words
