"""A teacher's day, the sheet to print and the caseload: what each shows, to whom, in how few queries."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from referrals.actions import covering, returning
from referrals.choices import About, BookingKind, BookingMode, EndState, Status
from referrals.models import BookingFlag, Referral
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import AuditKind, ClosureKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.factories.calendar import BankHolidayFactory, ClosureFactory, LeaveFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY, SHEET, CASELOAD = (reverse(f"referrals:{name}") for name in ("my_day", "day_sheet", "my_caseload"))
DAY_LONG = timedelta(days=1)
LONG_AGO = datetime(2024, 11, 4, 9, 0, tzinfo=LONDON)
AT_TEN = AT.replace(hour=10, minute=0)


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module, with Norfolk's calendar."""
    load_norfolk_calendar(by=shared_council.people[Role.ADMINISTRATOR], at=AT)
    return shared_council


@pytest.fixture
def teacher(council):
    """The teacher of the council."""
    return council.people[Role.S2S_TEACHER]


@pytest.fixture
def browser(teacher, client_for):
    """The teacher's browser."""
    return client_for(teacher)


def another(council, *, at: datetime = AT, **changes: object) -> Referral:
    """One more request, for a setting of its own."""
    setting, by = EstablishmentFactory(zone=council.zone), council.people[Role.EARLY_YEARS_ADVISER]
    talked_on = {"conversation_on": at.date() - DAY_LONG, "agreement_on": at.date() - DAY_LONG}
    return sent_request(setting, by=by, at=at, **talked_on | changes)


def cover(council, booking, teacher, *, until: date = date(2024, 11, 29)) -> None:
    """The teacher looks after the request of a booking, from today."""
    covering.cover(
        referral=Referral.objects.get(pk=booking.referral_id),
        teacher=teacher,
        starts_on=AT.date(),
        ends_on=until,
        by=council.people[Role.S2S_COORDINATOR],
        at=AT,
    )


def words_of(page) -> str:
    """What a page says, without its tags and with single spaces."""
    main = text_of(page).partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


# --- The day: empty ---
def test_a_day_without_requests_says_how_they_come(browser):
    page = words_of(browser.get(DAY))
    assert "Today, Tuesday 26 November 2024" in page
    assert "No visits today. None is planned." in page
    assert "No requests have been assigned to you yet" in page


def test_a_day_without_visits_says_when_the_next_is(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN + timedelta(days=14))
    page = words_of(browser.get(DAY))
    assert "No visits today. Your next is on Tuesday 10 December 2024 at 10:00." in page
    assert "Nothing is overdue." in page
    assert "No request waits for its first contact." in page
    assert "No visits in the next 7 days." in page
    assert "Covering" not in page


def test_the_next_visit_may_be_this_week(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN + timedelta(days=2))
    page = words_of(browser.get(DAY))
    assert "Your next is on Thursday 28 November 2024 at 10:00." in page
    assert "Thursday 28 November 10:00 Bulrush Nursery" in page


# --- The day: what there is ---
def test_a_visit_of_today_says_when_where_who_and_how_to_call(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN)
    answer = browser.get(DAY)
    page = words_of(answer)
    assert "10:00 to 11:00 Bulrush Nursery" in page
    assert "Observation, W. T. ( " + council.early_years.reference in page
    assert "1 Reedcutters Lane, Market Staithe, Norfolk, NR29 9ZZ" in page
    assert "Perran Oxnead: 01603 496001" in page
    assert 'href="tel:01603496001"' in text_of(answer)
    assert "Tell what became" not in page
    assert "Wilf" not in text_of(answer)
    assert "Tasburgh" not in text_of(answer)


@pytest.mark.moment(AT.replace(hour=10, minute=0))
def test_a_visit_that_has_begun_asks_what_became_of_it(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN)
    assert "Tell what became of the visit" in words_of(browser.get(DAY))


def test_a_held_visit_asks_for_its_record(council, browser):
    support.held(support.booked(council.early_years, at=LONG_AGO, starts_at=AT.replace(hour=8)), at=AT)
    page = words_of(browser.get(DAY))
    assert "Finalise the record of the visit" in page
    assert "Tell what became" not in page


def test_a_visit_to_the_teachers_own_school_and_a_remote_one_say_where(council, teacher, browser):
    teacher.memberships.update(home_school=EstablishmentFactory(name="Fenreach School"))
    one, two = support.in_contact(council.early_years), support.in_contact(another(council))
    support.book(one, AT_TEN, kind=BookingKind.REVERSE_VISIT)
    support.book(two, AT_TEN + timedelta(hours=3), mode=BookingMode.REMOTE)
    page = words_of(browser.get(DAY))
    assert "At Fenreach School, 1 Reedcutters Lane" in page
    assert "Remote Perran Oxnead" in page


def test_a_doubtful_visit_is_marked(council, browser):
    booking = support.booked(council.early_years, starts_at=AT_TEN)
    BookingFlag.objects.create(booking=booking, cause="SETTING_CLOSED", detail="It is closed.", raised_at=AT)
    assert "To check" in words_of(browser.get(DAY))


def test_a_group_is_called_a_group(council, browser):
    nobody = {"child_first_name": "", "child_last_name": "", "date_of_birth": None}
    group = another(council, about=About.GROUP, group_size=4, group_description="Four children", **nobody)
    support.booked(group, starts_at=AT_TEN)
    assert "Observation, Group ( " in words_of(browser.get(DAY))


def test_what_is_late_is_named_with_how_late_it_is(council, browser):
    late = support.assigned(another(council, at=LONG_AGO), at=LONG_AGO)
    untold = support.booked(council.early_years, at=LONG_AGO, starts_at=AT_TEN - timedelta(days=5))
    page = words_of(browser.get(DAY))
    overdue = page.partition("Overdue")[2].partition("To contact")[0]
    assert "11 working days late Reach the school or setting by 11 November 2024" in overdue
    assert late.reference in overdue
    assert f"Tell what became of the visit of 21 November 2024 {untold.referral.reference}" in overdue
    assert "No request waits for its first contact." in page


def test_a_late_record_is_overdue(council, browser):
    held = support.booked(another(council, at=LONG_AGO), at=LONG_AGO, starts_at=LONG_AGO + timedelta(days=1))
    support.held(held)
    assert "5 working days late Finalise the record of visit by 19 November 2024" in words_of(browser.get(DAY))


def test_requests_newly_given_say_by_when_to_call_and_whom(council, browser):
    support.assigned(council.early_years)
    answer = browser.get(DAY)
    page = words_of(answer).partition("To contact")[2]
    assert "In 5 working days Contact by 3 December 2024" in page
    assert "Bulrush Nursery, W. T." in page
    assert 'href="tel:01603496001"' in text_of(answer)


def test_a_request_that_waits_for_an_answer_is_nobodys_hurry(council, browser):
    asked = support.assigned(council.early_years)
    returning.ask(referral=asked, question="Which room?", by=council.people[Role.S2S_TEACHER], at=AT)
    page = words_of(browser.get(DAY))
    assert "No request waits for its first contact." in page
    assert "Nothing is overdue." in page


def test_what_is_covered_shows_with_its_visits_and_for_whom(council, teacher, browser):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    booking = support.booked(council.early_years, teacher=colleague, starts_at=AT_TEN)
    assert "Bulrush" not in words_of(browser.get(DAY))
    cover(council, booking, teacher)
    page = words_of(browser.get(DAY))
    assert page.count("10:00 to 11:00 Bulrush Nursery") == 1
    assert "Covering for Edda Rushmere until 29 November 2024" in page
    assert "Covering for Edda Rushmere until 29 November 2024" in words_of(browser.get(CASELOAD))


def test_a_colleague_who_comes_along_has_nothing_to_tell(council, client_for):
    companion = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    row = support.in_contact(council.early_years)
    support.book(row, AT.replace(hour=9, minute=0), teachers=[row.teacher, companion])
    page = words_of(client_for(companion).get(DAY))
    assert "09:00 to 10:00 Bulrush Nursery" in page
    assert "Tell what became" not in page


@pytest.mark.moment(AT.replace(hour=11, minute=0))
def test_what_is_covered_does_not_ask_for_a_visit_that_has_begun(council, teacher, browser):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    booking = support.booked(council.early_years, teacher=colleague, starts_at=AT_TEN)
    cover(council, booking, teacher)
    page = words_of(browser.get(DAY))
    assert "Book the first visit" not in page
    assert "W. T.: Visit on 26 November 2024, 10:00" in page.replace("\xa0", " ")


def test_the_sheet_has_what_is_covered_while_it_is_covered(council, teacher, browser, client_for):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    booking = support.booked(council.early_years, teacher=colleague, starts_at=AT_TEN)
    later = another(council)
    after = support.booked(later, teacher=colleague, starts_at=AT_TEN + 2 * DAY_LONG)
    for one in (booking, after):
        cover(council, one, teacher, until=AT.date() + DAY_LONG)
    assert "Bulrush Nursery" in words_of(browser.get(SHEET))
    assert "Covering for Edda Rushmere" in words_of(browser.get(SHEET))
    assert "No visits on this day." in words_of(browser.get(SHEET, {"on": "2024-11-28"}))
    everybody = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(SHEET))
    assert re.findall(r"<caption[^>]*>([^<]+)<", everybody) == ["Edda Rushmere", teacher.full_name]


@pytest.mark.moment(AT.replace(hour=11, minute=0))
def test_every_link_of_a_day_leads_somewhere(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN)
    support.held(support.booked(another(council, at=LONG_AGO), at=LONG_AGO, starts_at=AT.replace(hour=8)), at=AT)
    support.booked(another(council), starts_at=AT_TEN + timedelta(days=1))
    page = text_of(browser.get(DAY)).partition("<main")[2].partition("</main>")[0]
    links = set(re.findall(r'href="(/[^"#]*)"', page))
    assert {link.rsplit("/", 2)[1] for link in links} >= {"outcome", "record", "caseload", "sheet"}
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_leave_and_closed_days_of_the_week_are_said(teacher, browser):
    LeaveFactory(user=teacher, starts_on=date(2024, 11, 25), ends_on=date(2024, 11, 26))
    LeaveFactory(user=teacher, starts_on=date(2024, 12, 3), ends_on=date(2024, 12, 5))
    LeaveFactory(user=teacher, starts_on=date(2024, 12, 4) + timedelta(days=6))  # after the days that are shown
    LeaveFactory(user=person(Role.S2S_TEACHER), starts_on=date(2024, 11, 27))
    ClosureFactory(starts_on=date(2024, 11, 28))
    ClosureFactory(starts_on=date(2024, 12, 2), kind=ClosureKind.STAFF_ONLY)
    BankHolidayFactory(day=date(2024, 11, 29))
    ClosureFactory(starts_on=date(2024, 11, 27), establishment=EstablishmentFactory())
    said = words_of(browser.get(DAY)).partition("2024 ")[2].partition("No visits today")[0]
    assert said == (
        "You are on leave: 25 to 26 November 2024. You are on leave: 3 to 5 December 2024. "
        "Thursday 28 November 2024 is a day on which schools and settings are closed. "
        "Friday 29 November 2024 is a bank holiday. "
        "Monday 2 December 2024 is a training day: no children are in. "
    )


def test_home_is_the_day(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN)
    assert "10:00 to 11:00 Bulrush Nursery" in words_of(browser.get(reverse("home")))


@pytest.mark.parametrize("count", [1, 3])
def test_a_full_day_takes_the_same_queries(council, teacher, browser, count, django_assert_num_queries):
    colleague = person(Role.S2S_TEACHER)
    for number in range(count):
        support.booked(another(council), starts_at=AT_TEN + timedelta(hours=2 * number))
        support.held(support.booked(another(council), at=LONG_AGO, starts_at=LONG_AGO + timedelta(hours=2 * number)))
        support.assigned(another(council))
        covered = support.booked(
            another(council), teacher=colleague, starts_at=AT_TEN + timedelta(days=1, hours=2 * number)
        )
        covering.cover(
            referral=covered.referral,
            teacher=teacher,
            starts_on=AT.date(),
            ends_on=AT.date(),
            by=council.people[Role.S2S_COORDINATOR],
            at=AT,
        )
    with django_assert_num_queries(14):
        browser.get(DAY)


def test_a_quiet_day_takes_no_more_queries(council, browser, django_assert_max_num_queries):
    support.booked(council.early_years, starts_at=AT_TEN + timedelta(days=14))
    with django_assert_max_num_queries(15):
        browser.get(DAY)


# --- The sheet ---
def test_the_sheet_has_initials_phone_and_reference(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN)
    answer = browser.get(SHEET)
    page = words_of(answer)
    assert "Day sheet: Tuesday 26 November 2024" in page
    for words in ("10:00 to 11:00", "Bulrush Nursery", "01603 496001", "Observation", "W. T.", "Printed at"):
        assert words in page
    assert "26 November 2024, 09:30" in page
    assert "Wilf" not in text_of(answer)


def test_the_sheet_can_be_of_tomorrow(council, browser):
    support.booked(council.early_years, starts_at=AT_TEN + timedelta(days=1))
    assert "No visits on this day." in words_of(browser.get(SHEET))
    [tomorrow] = re.findall(r'href="([^"]+)"[^>]*>Tomorrow<', text_of(browser.get(SHEET)))
    assert "Bulrush Nursery" in words_of(browser.get(tomorrow))


@pytest.mark.parametrize("on", ["", "yesterday", "2024-02-30", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_today(browser, on):
    assert "Tuesday 26 November 2024" in words_of(browser.get(SHEET, {"on": on}))


def test_a_coordinator_prints_a_list_for_each_teacher_or_one(council, teacher, client_for):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    support.booked(council.early_years, starts_at=AT_TEN)
    support.booked(council.mainstream, teacher=colleague, starts_at=AT_TEN)
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    page = text_of(desk.get(SHEET))
    captions = re.findall(r"<caption[^>]*>([^<]+)<", page)
    assert captions == ["Edda Rushmere", teacher.full_name]
    one = words_of(desk.get(SHEET, {"teacher": colleague.pk}))
    assert "Staithe Primary School" in one
    assert "Bulrush" not in one


def test_who_printed_whose_initials_is_recorded(council, browser, teacher):
    support.booked(council.early_years, starts_at=AT_TEN)
    browser.get(SHEET)
    [row] = AuditEvent.objects.filter(what__contains="day sheet")
    assert (row.kind, row.reference, row.user_id) == (AuditKind.READ, council.early_years.reference, teacher.pk)


def test_a_teacher_prints_no_colleagues_sheet(council, browser):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    assert browser.get(SHEET, {"teacher": colleague.pk}).status_code == 403


def test_a_teacher_who_co_ordinates_too_sees_everybody(council, client_for):
    both = person(Role.S2S_TEACHER, Role.S2S_COORDINATOR)
    support.booked(council.early_years, starts_at=AT_TEN)
    assert "Bulrush Nursery" in words_of(client_for(both).get(SHEET))


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999"])
def test_nobodys_number_is_not_found(council, client_for, number):
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    assert desk.get(SHEET, {"teacher": number}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_sheet_takes_the_same_queries(council, client_for, count, django_assert_num_queries):
    for number in range(count):
        support.booked(another(council), starts_at=AT_TEN + timedelta(hours=2 * number))
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    with django_assert_num_queries(9):
        desk.get(SHEET)


# --- The caseload ---
def references_of(page) -> list[str]:
    """The references of a caseload, in its order."""
    return re.findall(r'href="/requests/([A-Z]{2}-[^/"]+)/"', text_of(page))


def test_the_most_urgent_comes_first(council, browser):
    later = support.assigned(council.early_years)
    sooner = support.assigned(another(council, at=LONG_AGO), at=LONG_AGO)
    asked = support.assigned(another(council, at=LONG_AGO), at=LONG_AGO)
    returning.ask(referral=asked, question="Which room?", by=asked.teacher, at=LONG_AGO)
    answer = browser.get(CASELOAD)
    assert references_of(answer) == [sooner.reference, later.reference, asked.reference]
    page = words_of(answer)
    assert "3 open requests, the most urgent first" in page
    assert "11 working days late" in page
    assert "Wait for the adviser’s answer" in page
    assert "Paused" in page
    assert "Wilf" not in text_of(answer)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (Status.ASSIGNED, "Reach the school or setting"),
        (Status.IN_CONTACT, "Book the first visit"),
        (Status.BOOKED, "Visit on 28 November 2024, 09:30"),
    ],
)
def test_each_status_has_its_next_step(council, browser, status, step):
    support.in_status(council.early_years, status)
    page = words_of(browser.get(CASELOAD))
    assert step in page
    assert status.label in page


def test_closed_requests_have_their_own_list(council, browser):
    closed = support.assigned(council.early_years)
    assert closed.reference not in words_of(browser.get(CASELOAD, {"show": "closed"}))
    support.in_status(closed, Status.CLOSED)
    page = words_of(browser.get(CASELOAD, {"show": "closed"}))
    assert closed.reference in page
    assert EndState.NOT_STARTED.label in page
    assert "No open requests" in words_of(browser.get(CASELOAD))


def test_empty_caseloads_say_so(council, browser, teacher, client_for):
    assert "No open requests" in words_of(browser.get(CASELOAD))
    assert "No request has been closed yet" in words_of(browser.get(CASELOAD, {"show": "closed"}))
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    theirs = reverse("referrals:teacher_caseload", args=[teacher.pk])
    assert "This teacher has no open request" in words_of(desk.get(theirs))


def test_a_coordinator_looks_at_a_teachers_caseload(council, teacher, client_for):
    support.assigned(council.early_years)
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    page = words_of(desk.get(reverse("referrals:teacher_caseload", args=[teacher.pk])))
    assert teacher.full_name in page
    assert council.early_years.reference in page
    assert desk.get(reverse("referrals:teacher_caseload", args=[desk.session["_auth_user_id"]])).status_code == 404


def test_without_term_dates_the_caseload_says_so(council, browser, django_assert_num_queries):
    council.people[Role.S2S_TEACHER].refresh_from_db()
    after_the_calendar = datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)
    row = support.in_contact(council.mainstream)
    Referral.objects.filter(pk=row.pk).update(first_contact_at=after_the_calendar)
    assert "Hold the first visit: term dates are not entered" in words_of(browser.get(CASELOAD))


def test_a_long_caseload_has_pages(council, browser):
    for _ in range(26):
        support.assigned(another(council))
    assert len(references_of(browser.get(CASELOAD))) == 25
    assert len(references_of(browser.get(CASELOAD, {"page": 2}))) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_caseload_takes_the_same_queries(council, browser, count, django_assert_num_queries):
    for number in range(count):
        support.held(support.booked(another(council), at=LONG_AGO, starts_at=LONG_AGO + timedelta(hours=2 * number)))
        support.in_status(support.assigned(another(council)), Status.CLOSED)
    with django_assert_num_queries(10):
        browser.get(CASELOAD)
    with django_assert_num_queries(7):
        browser.get(CASELOAD, {"show": "closed"})
