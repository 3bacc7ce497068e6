"""The school calendar's pages."""

from datetime import date

import pytest
from django.urls import reverse

from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import CHECK_BOOKINGS, ClosureKind, Role
from s2s_portal.organisations.models import BankHoliday, Closure, Term
from tests.factories.calendar import BankHolidayFactory, ClosureFactory, TermFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CALENDAR = reverse("organisations:calendar")


def address(part, pk=None, verb="change"):
    return reverse(f"organisations:calendar_{verb}", args=[part] if pk is None else [part, pk])


def typed(**dates):
    """Dates as a form sends them, by the name of the question."""
    parts = ("day", "month", "year")
    return {f"{name}_{part}": getattr(day, part) for name, day in dates.items() for part in parts}


TERM = {"name": "Spring 2025, first half", "support": "One source"}
DATES = {"starts_on": date(2025, 1, 6), "ends_on": date(2025, 2, 14)}


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def viewer(administrator, client_for):
    return client_for(administrator)


def test_everybody_reads_terms_with_their_support_and_what_is_missing(administrator, client_for):
    load_norfolk_calendar(by=administrator, at=AT)
    ClosureFactory(establishment=EstablishmentFactory(), note="Theirs alone")
    page = text_of(client_for(person(Role.S2S_TEACHER)).get(CALENDAR))
    for words in (
        "Autumn 2024, second half",
        "4 November to 20 December 2024",
        "Two independent Norfolk sources agree",
        "One source: a school that follows the county’s dates",
        "Dates for 2026 to 2027 are not entered.",
        "Friday 18 April 2025",
        "3 November 2025",
        "Training day: staff only",
    ):
        assert words in page
    assert "Theirs alone" not in page
    assert address("terms", verb="add") not in page
    assert address("terms", Term.objects.first().pk) not in page


def test_earlier_years_are_one_link_away(viewer):
    TermFactory(name="Long ago", starts_on=date(2024, 4, 15), ends_on=date(2024, 7, 23))
    BankHolidayFactory(name="Old Boxing Day", day=date(2023, 12, 26))
    page = text_of(viewer.get(CALENDAR))
    assert "Long ago" not in page
    assert "Old Boxing Day" not in page
    assert f"{CALENDAR}?earlier=1" in page
    page = text_of(viewer.get(CALENDAR, {"earlier": "1"}))
    assert "Long ago" in page
    assert "Old Boxing Day" in page
    assert "earlier=1" not in page


def test_an_empty_calendar_says_so(viewer):
    page = text_of(viewer.get(CALENDAR))
    assert "No term is entered from this school year on." in page
    assert "Dates for 2024 to 2025 are not entered." in page
    assert "Dates for 2025 to 2026 are not entered." in page
    assert "earlier=1" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_calendar_takes_the_same_queries(viewer, django_assert_num_queries, count):
    for number in range(1, count + 1):
        day = date(2025, number, 6)
        TermFactory(starts_on=day, ends_on=day)
        BankHolidayFactory(day=day)
        ClosureFactory(starts_on=day)
    with django_assert_num_queries(8):
        viewer.get(CALENDAR)


# --- Changing it ---
def test_a_term_is_added_changed_and_removed(viewer):
    page = text_of(viewer.post(address("terms", verb="add"), TERM | typed(**DATES), follow=True))
    assert "The term has been added. Visits that are planned already are being checked against it." in page
    assert "6 January to 14 February 2025" in page
    assert is_asked(job=CHECK_BOOKINGS, subject="all")
    term = Term.objects.get()
    change = address("terms", term.pk)
    assert change in page
    page = text_of(viewer.get(change))
    assert 'value="Spring 2025, first half"' in page
    assert address("terms", term.pk, "remove") in page
    viewer.post(change, TERM | typed(starts_on=date(2025, 1, 7), ends_on=date(2025, 2, 14)))
    assert Term.objects.get().starts_on == date(2025, 1, 7)
    page = text_of(viewer.get(address("terms", term.pk, "remove")))
    assert "7 January to 14 February 2025" in page
    assert Term.objects.exists()
    assert "The term has been removed." in text_of(viewer.post(address("terms", term.pk, "remove"), follow=True))
    assert not Term.objects.exists()


def test_a_bank_holiday_is_added_and_changed(viewer):
    viewer.post(address("bank-holidays", verb="add"), {"name": "Coronation"} | typed(day=date(2025, 5, 8)))
    holiday = BankHoliday.objects.get()
    viewer.post(address("bank-holidays", holiday.pk), {"name": "Jubilee"} | typed(day=date(2025, 5, 9)))
    holiday.refresh_from_db()
    assert (holiday.name, holiday.day) == ("Jubilee", date(2025, 5, 9))


def test_the_county_is_closed_on_a_single_day(viewer):
    given = {"kind": ClosureKind.CLOSED, "note": "Snow"} | typed(starts_on=date(2025, 1, 8))
    assert viewer.post(address("closures", verb="add"), given).status_code == 302
    closure = Closure.objects.get()
    assert (closure.starts_on, closure.ends_on, closure.establishment) == (date(2025, 1, 8), date(2025, 1, 8), None)


def test_a_schools_closure_is_no_line_of_the_countys_calendar(viewer):
    closure = ClosureFactory(establishment=EstablishmentFactory())
    for verb in ("change", "remove"):
        assert viewer.get(address("closures", closure.pk, verb)).status_code == 404
        assert viewer.post(address("closures", closure.pk, verb)).status_code == 404
    assert Closure.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter the name"),
        ({"name": "x" * 61}, "The name must be 60 characters or fewer"),
        ({"starts_on_day": ""}, "First day on which pupils attend must include a day"),
        ({"ends_on_day": "31"}, "Last day on which pupils attend must be a real date"),
        (typed(ends_on=date(2025, 1, 5)), "The last day must not be before the first"),
        (typed(starts_on=date(2024, 12, 20)), "4 November to 20 December 2024 is entered already."),
        (typed(ends_on=date(2026, 1, 7)), "A stretch of term is at most a year long."),
        ({"starts_on_year": "1999"}, "must have a year between 2015 and 2060"),
    ],
)
def test_what_cannot_be_is_said_at_the_question_and_stays_typed(viewer, changed, words):
    TermFactory()
    answer = viewer.post(address("terms", verb="add"), TERM | typed(**DATES) | changed)
    page = text_of(answer)
    assert answer.status_code == 200
    assert words in page
    assert "<title>Error: " in page
    assert "One source" in page
    assert Term.objects.count() == 1


@pytest.mark.parametrize("pk", ["0", "999", "999999999999999"])
@pytest.mark.parametrize("part", ["terms", "bank-holidays", "closures"])
def test_what_is_not_there_is_not_found(viewer, part, pk):
    assert viewer.get(f"/calendar/{part}/{pk}/").status_code == 404
    assert viewer.post(f"/calendar/{part}/{pk}/remove/").status_code == 404


@pytest.mark.parametrize("path", ["/calendar/weeks/add/", "/calendar/terms/1x/", f"/calendar/terms/{'9' * 40}/"])
def test_addresses_that_are_none(viewer, path):
    assert viewer.get(path).status_code == 404


def test_what_was_typed_outlives_the_session(client, administrator):
    assert client.post(address("terms", verb="add"), TERM | typed(**DATES)).status_code == 302
    client.force_login(administrator)
    assert 'value="Spring 2025, first half"' in text_of(client.get(address("terms", verb="add")))
    assert not Term.objects.exists()


def test_a_name_is_shown_as_text(viewer):
    TermFactory(name="<b>Spring</b>", support="<i>", starts_on=date(2025, 1, 6), ends_on=date(2025, 2, 14))
    page = viewer.get(CALENDAR).content.decode()
    assert "<b>Spring" not in page
    assert "<i>" not in page
