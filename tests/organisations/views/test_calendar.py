"""The school calendar's pages."""

import html
import re
import uuid
from datetime import date, datetime

import pytest
from django.urls import reverse

from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.actions import calendar
from s2s_portal.organisations.actions.calendar import WrongDates
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import CHECK_BOOKINGS, ClosureKind, Role
from s2s_portal.organisations.models import BankHoliday, Closure, ReferenceChange, Term
from tests.factories import support
from tests.factories.calendar import BankHolidayFactory, ClosureFactory, TermFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CALENDAR = reverse("organisations:calendar")


def address(part, pk=None, verb="change"):
    return reverse(f"organisations:calendar_{verb}", args=[part] if pk is None else [part, pk])


def typed(**dates):
    """Dates as a form sends them, by the name of the question."""
    parts = ("day", "month", "year")
    return {f"{name}_{part}": getattr(day, part) for name, day in dates.items() for part in parts}


WHY = {"reason": "The council decided so."}


def hidden_of(answer):
    """What a page's form carries on, by name."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', answer.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def check(viewer, address, given=None, **more):
    """The answer to what was typed, with what the page of questions carries, as in a browser."""
    return viewer.post(address, WHY | hidden_of(viewer.get(address)) | (given or {}), **more)


def press(viewer, address, given=None, **more):
    """What was typed is checked, then saved, as in a browser; the answer of the first step that went no further."""
    first = check(viewer, address, given, **more)
    hidden = hidden_of(first)
    if first.status_code != 200 or "key" not in hidden:
        return first
    return viewer.post(address, hidden | {"step": "confirm"}, **more)


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
    with django_assert_num_queries(9):
        viewer.get(CALENDAR)


# --- Changing it ---
def test_a_change_is_checked_before_it_is_saved_and_stays_in_the_history(viewer, administrator):
    term = TermFactory(support="One source")
    change = address("terms", term.pk)
    given = {"name": term.name, "support": ""} | typed(starts_on=term.starts_on, ends_on=date(2024, 12, 6))
    assert "Enter the reason" in text_of(viewer.post(change, given))
    page = text_of(check(viewer, change, given))
    assert "Autumn 2024, second half: 4 November to 20 December 2024 (One source)" in page
    assert "Autumn 2024, second half: 4 November to 6 December 2024" in page
    assert "No visit that is planned and no deadline is affected." in page
    term.refresh_from_db()
    assert term.ends_on == date(2024, 12, 20)
    assert not ReferenceChange.objects.exists()
    press(viewer, change, given)
    row = ReferenceChange.objects.get()
    assert (row.kind, row.subject, row.what) == ("CALENDAR", "The whole county", "changed term")
    assert row.was == "Autumn 2024, second half: 4 November to 20 December 2024 (One source)"
    assert row.now == "Autumn 2024, second half: 4 November to 6 December 2024"
    assert (row.reason, row.by) == (WHY["reason"], administrator)
    page = text_of(viewer.get(CALENDAR))
    assert "What was changed, the newest first" in page
    assert row.was in page
    assert WHY["reason"] in page


def test_going_back_keeps_what_was_typed(viewer):
    given = TERM | WHY | typed(**DATES)
    page = text_of(viewer.post(address("terms", verb="add"), given | {"step": "ask"}))
    assert 'value="Spring 2025, first half"' in page
    assert WHY["reason"] in page
    assert not Term.objects.exists()


def test_pressed_twice_is_one_line(viewer):
    given = TERM | WHY | typed(**DATES) | {"step": "confirm", "key": str(uuid.UUID(int=7))}
    for _ in range(2):
        viewer.post(address("terms", verb="add"), given)
    assert (Term.objects.count(), ReferenceChange.objects.count()) == (1, 1)


def test_the_check_says_which_visits_and_deadlines_it_affects(viewer, council):
    term = TermFactory()
    TermFactory(name="Spring", starts_on=date(2025, 1, 6), ends_on=date(2025, 2, 14))
    support.booked(council.mainstream, starts_at=datetime(2024, 12, 19, 10, tzinfo=LONDON))
    given = WHY | {"name": term.name} | typed(starts_on=term.starts_on, ends_on=date(2024, 12, 18))
    page = text_of(check(viewer, address("terms", term.pk), given))
    assert "1 planned visit is on a day that would no longer do" in page
    given = WHY | {"name": "Thanks"} | typed(day=date(2024, 11, 27))
    page = text_of(viewer.post(address("bank-holidays", verb="add"), given))
    assert re.search(r"[1-9] deadlines? moves? to another day", page)
    assert not BankHoliday.objects.filter(day=date(2024, 11, 27)).exists()
    press(viewer, address("bank-holidays", verb="add"), given)
    holiday = BankHoliday.objects.get(day=date(2024, 11, 27))
    page = text_of(check(viewer, address("bank-holidays", holiday.pk, "remove")))
    assert re.search(r"[1-9] deadlines? moves? to another day", page)
    assert "Removed" in page


def test_what_somebody_else_has_removed_is_not_brought_back(viewer, administrator):
    term = TermFactory()
    row = Term.objects.get(pk=term.pk)
    why = {"by": administrator, "at": AT, "reason": "So."}
    calendar.remove_term(term=term, key=uuid.uuid4(), **why)
    with pytest.raises(WrongDates, match="Somebody else has removed it"):
        calendar.change_term(term=row, name="x", **DATES, support="", key=uuid.uuid4(), **why)
    with pytest.raises(WrongDates, match="Somebody else has removed it"):
        calendar.remove_term(term=row, key=uuid.uuid4(), **why)
    assert not Term.objects.exists()


def test_a_change_notices_what_somebody_else_has_done_since_the_page_was_opened(viewer):
    """The second is told what it is now, loses nothing typed, and may go on."""
    term = TermFactory(name="Autumn", support="")
    page = address("terms", term.pk)
    opened = hidden_of(viewer.get(page))
    other = person(Role.ADMINISTRATOR, full_name="Ida Mautby")
    put = {"name": "Autumn", "support": "", "reason": "So.", "key": uuid.uuid4(), "by": other, "at": AT}
    calendar.change_term(term=term, **DATES, **put)
    mine = opened | WHY | {"name": "Mine"} | typed(starts_on=date(2025, 1, 7), ends_on=date(2025, 2, 14))
    told = viewer.post(page, mine)
    now = "Autumn: 6 January to 14 February 2025"
    assert f"Ida Mautby has changed it while you were writing. It is now: {now}. Press again" in text_of(told)
    assert 'value="Mine"' in text_of(told)
    assert hidden_of(told)["seen"] == now
    assert Term.objects.get().name == "Autumn"
    assert "Mine: 7 January" in text_of(viewer.post(page, mine | {"seen": now}))
    assert viewer.post(page, mine | {"seen": now, "step": "confirm"}).status_code == 302
    assert Term.objects.get().name == "Mine"


def test_what_is_gone_meanwhile_is_said_and_not_a_page_that_is_missing(viewer, administrator):
    term = TermFactory()
    page = address("terms", term.pk)
    opened = hidden_of(viewer.get(page))
    calendar.remove_term(term=term, reason="So.", key=uuid.uuid4(), by=administrator, at=AT)
    for where in (page, address("terms", term.pk, "remove")):
        answer = viewer.post(where, opened | WHY | TERM | typed(**DATES), follow=True)
        assert "Somebody else has removed it while you were writing. Nothing has been changed." in text_of(answer)
        assert viewer.get(where).status_code == 404


def test_a_removal_that_is_pressed_twice_is_not_somebody_elses(viewer):
    page = address("terms", TermFactory().pk, "remove")
    last = hidden_of(check(viewer, page)) | {"step": "confirm"}
    answers = [text_of(viewer.post(page, last, follow=True)) for _ in range(2)]
    assert "The term has been removed." in answers[0]
    assert "Somebody else" not in answers[1]


def test_a_removal_notices_it_too(viewer):
    """Nobody is known to have set what was loaded; a page without what it showed is no page of ours."""
    holiday = BankHolidayFactory(name="Thanks")
    page = address("bank-holidays", holiday.pk, "remove")
    for seen in ({"seen": "Thanks: 1 May 2024"}, {}):
        told = text_of(viewer.post(page, WHY | seen | {"step": "confirm"}))
        assert "Somebody has changed it while you were writing. It is now: Thanks: 25 December 2024" in told
    assert BankHoliday.objects.exists()


def test_a_term_is_added_changed_and_removed(viewer):
    page = text_of(press(viewer, address("terms", verb="add"), TERM | typed(**DATES), follow=True))
    assert "The term has been added. Visits that are planned already are being checked against it." in page
    assert "6 January to 14 February 2025" in page
    assert is_asked(job=CHECK_BOOKINGS, subject="all")
    term = Term.objects.get()
    change = address("terms", term.pk)
    assert change in page
    page = text_of(viewer.get(change))
    assert 'value="Spring 2025, first half"' in page
    assert address("terms", term.pk, "remove") in page
    press(viewer, change, TERM | typed(starts_on=date(2025, 1, 7), ends_on=date(2025, 2, 14)))
    assert Term.objects.get().starts_on == date(2025, 1, 7)
    page = text_of(viewer.get(address("terms", term.pk, "remove")))
    assert "7 January to 14 February 2025" in page
    assert Term.objects.exists()
    assert "The term has been removed." in text_of(press(viewer, address("terms", term.pk, "remove"), follow=True))
    assert not Term.objects.exists()


def test_a_bank_holiday_is_added_and_changed(viewer):
    press(viewer, address("bank-holidays", verb="add"), {"name": "Coronation"} | typed(day=date(2025, 5, 8)))
    holiday = BankHoliday.objects.get()
    press(viewer, address("bank-holidays", holiday.pk), {"name": "Jubilee"} | typed(day=date(2025, 5, 9)))
    holiday.refresh_from_db()
    assert (holiday.name, holiday.day) == ("Jubilee", date(2025, 5, 9))


def test_the_county_is_closed_on_a_single_day(viewer):
    given = {"kind": ClosureKind.CLOSED, "note": "Snow"} | typed(starts_on=date(2025, 1, 8))
    assert press(viewer, address("closures", verb="add"), given).status_code == 302
    closure = Closure.objects.get()
    assert (closure.starts_on, closure.ends_on, closure.establishment) == (date(2025, 1, 8), date(2025, 1, 8), None)


def test_a_schools_closure_is_no_line_of_the_countys_calendar(viewer):
    closure = ClosureFactory(establishment=EstablishmentFactory())
    for verb in ("change", "remove"):
        assert viewer.get(address("closures", closure.pk, verb)).status_code == 404
        assert press(viewer, address("closures", closure.pk, verb)).status_code == 404
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
    answer = press(viewer, address("terms", verb="add"), TERM | typed(**DATES) | changed)
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
    assert press(viewer, f"/calendar/{part}/{pk}/remove/").status_code == 404


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
