"""Moving, cancelling and keeping a visit on its pages."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from referrals.actions import moving
from referrals.choices import BookingProblem, BookingState, Status, WhoAsked
from referrals.models import Booking, BookingFlag, Referral
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.calendar import TermFactory
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def moment(day, hour=10, minute=0, *, month=12, year=2024):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def teacher(council):
    return council.people[Role.S2S_TEACHER]


@pytest.fixture
def booking(council):
    return support.booked(council.early_years, starts_at=moment(3))


@pytest.fixture
def desk(client_for, teacher):
    return client_for(teacher)


def typed(**changes):
    """What is typed into the page that moves a visit: Thursday 5 December, 13:00, for an hour."""
    fields = {
        "day_day": "5",
        "day_month": "12",
        "day_year": "2024",
        "starts": "13:00",
        "minutes": "60",
        "asked_by": "SETTING",
        "note": "The hall is taken.",
        "sequence": "0",
    }
    return fields | changes


def told(page):
    """The error summary's sentences."""
    summary = re.search(r"govuk-error-summary__list.*?</ul>", text_of(page), re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", summary.group(), re.DOTALL) if summary else []
    return [re.sub(r"<.*?>", "", item) for item in items]


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text_of(page)).group(1)


# --- Moving ---
def test_the_page_shows_the_time_as_it_is(desk, booking):
    page = desk.get(f"/visits/{booking.key}/move/")
    assert "Observation, now on Tuesday 3 December 2024, 10:00 to 11:00." in text_of(page)
    assert (hidden(page, "sequence"), 'value="10:00"' in text_of(page)) == ("0", True)
    assert "<title>Move the visit" in text_of(page)


def test_a_visit_is_moved(desk, booking):
    page = desk.post(f"/visits/{booking.key}/move/", typed(), follow=True)
    assert page.redirect_chain == [(f"/visits/{booking.key}/", 302)]
    assert "The visit is now on Thursday 5 December 2024, 13:00 to 14:00." in text_of(page)
    assert "“The hall is taken.”" in text_of(page)
    assert Booking.objects.get().starts_at == moment(5, 13)


def test_a_length_that_is_not_on_the_list_stays_as_it_is(desk, booking):
    Booking.objects.update(ends_at=moment(3, 10, 50))
    page = text_of(desk.get(f"/visits/{booking.key}/move/"))
    assert re.search(r'<option value="50"[^>]*selected[^>]*>50 minutes', page)
    assert desk.post(f"/visits/{booking.key}/move/", typed(minutes="50")).status_code == 302
    assert Booking.objects.get().ends_at == moment(5, 13, 50)


def test_what_refuses_and_what_warns_come_back_with_what_was_typed(council, client_for, teacher, desk):
    TermFactory()
    TermFactory(starts_on=date(2025, 1, 6), ends_on=date(2025, 2, 14))
    booking = support.booked(council.mainstream, starts_at=moment(3))
    address = f"/visits/{booking.key}/move/"
    weekend = desk.post(address, typed(day_day="7"))
    assert told(weekend) == ["7 December 2024 is a weekend."]
    assert "The hall is taken." in text_of(weekend)
    holidays = desk.post(address, typed(day_day="23"))
    assert "in the school holidays" in told(holidays)[0]
    assert "Outside the school's terms: why is this all right?" in text_of(holidays)
    given = typed(day_day="23", reason_out_of_term="They open for us.")
    assert desk.post(address, given).status_code == 302
    assert Booking.objects.get(pk=booking.pk).reasons == {"OUT_OF_TERM": "They open for us."}


def test_somebody_who_comes_second_sees_what_the_first_did_and_loses_nothing(
    council, client_for, desk, booking, teacher
):
    first = typed()
    assert (
        client_for(council.people[Role.S2S_COORDINATOR]).post(f"/visits/{booking.key}/move/", first).status_code == 302
    )
    page = desk.post(f"/visits/{booking.key}/move/", typed(day_day="6", note="The minibus."))
    assert page.status_code == 409
    assert told(page) == ["Somebody has changed this visit since you opened it. Look at its time again."]
    assert "now on Thursday 5 December 2024, 13:00 to 14:00" in text_of(page)
    assert ("The minibus." in text_of(page), hidden(page, "sequence")) == (True, "1")
    again = desk.post(f"/visits/{booking.key}/move/", typed(day_day="6", sequence=hidden(page, "sequence")))
    assert again.status_code == 302
    assert Booking.objects.get().starts_at == moment(6, 13)


def test_a_double_press_moves_once_and_says_so(desk, booking):
    assert [desk.post(f"/visits/{booking.key}/move/", typed()).status_code for _ in range(2)] == [302, 302]
    assert Booking.objects.get().sequence == 1


def test_a_visit_that_has_begun_is_not_moved(desk, booking, teacher):
    with time_machine.travel(moment(3, 10, 5), tick=False):
        desk.force_login(teacher)
        page = desk.get(f"/visits/{booking.key}/move/")
        assert "The visit began on 3 December 2024, 10:00. Tell what became of it instead." in text_of(page)
        assert desk.post(f"/visits/{booking.key}/move/", typed()).status_code == 409


@pytest.mark.parametrize("sequence", ["", "-1", "x", "9" * 30])
def test_a_made_up_number_changes_nothing(desk, booking, sequence):
    assert desk.post(f"/visits/{booking.key}/move/", typed(sequence=sequence)).status_code == 200
    assert Booking.objects.get().sequence == 0


# --- Cancelling ---
def test_a_visit_is_cancelled_with_who_asked_and_why(desk, booking):
    fields = {"asked_by": "FAMILY", "note": "Chicken pox.", "sequence": "0"}
    page = desk.post(f"/visits/{booking.key}/cancel/", fields, follow=True)
    assert "The visit is cancelled." in text_of(page)
    assert "Asked for by: The family." in text_of(page)
    assert Booking.objects.get().state == BookingState.CANCELLED
    assert Referral.objects.get(pk=booking.referral_id).status == Status.IN_CONTACT
    assert desk.post(f"/visits/{booking.key}/cancel/", fields).status_code in (302, 403)


def test_a_visit_that_was_moved_meanwhile_is_not_cancelled_unseen(desk, booking, teacher):
    moving.move(
        booking=booking,
        starts_at=moment(5),
        ends_at=moment(5, 11),
        sequence=0,
        asked_by=WhoAsked.S2S,
        note="",
        reasons={},
        by=teacher,
        at=AT,
    )
    page = desk.post(f"/visits/{booking.key}/cancel/", {"asked_by": "S2S", "note": "Snow.", "sequence": "0"})
    assert (page.status_code, hidden(page, "sequence")) == (409, "1")
    assert "on Thursday 5 December 2024" in text_of(page)
    assert "Snow." in text_of(page)


def test_who_asked_and_why_are_asked_for(desk, booking):
    page = desk.post(f"/visits/{booking.key}/cancel/", {"sequence": "0"})
    assert told(page) == ["Select who asked for the visit to be cancelled", "Enter why it is cancelled"]


# --- Keeping ---
def test_a_flagged_visit_is_kept_with_a_reason(desk, booking):
    BookingFlag.objects.create(
        booking=booking, cause=BookingProblem.SETTING_CLOSED, detail="They are closed.", raised_at=AT
    )
    address = f"/visits/{booking.key}/keep/"
    assert "They are closed." in text_of(desk.get(address))
    assert told(desk.post(address, {})) == ["Enter why it stays"]
    assert told(desk.post(address, {"why": "x" * 481})) == ["Why it stays must be 480 characters or fewer"]
    page = desk.post(address, {"why": "They open for us."}, follow=True)
    assert "The visit stays as it is." in text_of(page)
    assert "Kept: They open for us." in text_of(page)


def test_an_observation_without_agreement_is_not_kept(desk, booking):
    BookingFlag.objects.create(booking=booking, cause=BookingProblem.NO_AGREEMENT, detail="No agreement.", raised_at=AT)
    page = desk.post(f"/visits/{booking.key}/keep/", {"why": "They will sign."})
    assert page.status_code == 409
    assert "They will sign." in text_of(page)
    assert BookingFlag.objects.get().settled_at is None
