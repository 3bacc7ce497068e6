"""Visits by week and by month: London's days and times on both clock changes, what closes a day, and whose they are."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from referrals.actions import covering
from referrals.models import Booking, BookingTeacher
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import ClosureKind, Role
from tests.factories import support
from tests.factories.calendar import ClosureFactory, LeaveFactory, WorkingWeekFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
WEEK, MONTH = reverse("referrals:visits_week"), reverse("referrals:visits_month")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module, with Norfolk's calendar."""
    load_norfolk_calendar(by=shared_council.people[Role.ADMINISTRATOR], at=AT)
    return shared_council


@pytest.fixture
def browser(council, client_for):
    """The teacher's browser."""
    return client_for(council.people[Role.S2S_TEACHER])


def days_of(page) -> dict[str, str]:
    """What a calendar says of each of its days (2024-11-26), in words with single spaces."""
    assert page.status_code == 200
    cells = re.findall(r'<td role="cell".*?</td>', text_of(page), re.DOTALL)
    dated = [(re.search(r'datetime="([0-9-]+)"', cell), cell) for cell in cells]
    return {found[1]: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for found, cell in dated if found}


def at_time(booking: Booking, starts_at: datetime) -> None:
    """Put a visit where no action would: clocks change on Sundays."""
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    Booking.objects.filter(pk=booking.pk).update(**times)
    BookingTeacher.objects.filter(booking=booking).update(**times)


def another(council):
    """One more request, for a setting of its own."""
    return sent_request(EstablishmentFactory(zone=council.zone), by=council.people[Role.EARLY_YEARS_ADVISER])


def test_a_week_shows_its_visits_on_their_days(council, browser):
    support.booked(council.early_years, starts_at=datetime(2024, 11, 28, 10, 0, tzinfo=LONDON))
    page = browser.get(WEEK)
    shown = days_of(page)
    assert list(shown) == [f"2024-11-{day}" for day in range(25, 30)]
    assert "10:00 Bulrush Nursery" in shown["2024-11-28"]
    assert "Observation, W. T." in shown["2024-11-28"]
    assert "Today" in shown["2024-11-26"]
    assert "No visits" in shown["2024-11-27"]
    assert "Wilf" not in text_of(page)


def test_a_table_has_a_header_for_each_column(browser):
    page = text_of(browser.get(WEEK))
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)<', page) == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    ]  # fmt: skip
    assert "<caption" in page


def test_an_empty_week_says_so(browser):
    page = text_of(browser.get(WEEK))
    assert "No visits in this week." in page
    assert "No visits in this month." in text_of(browser.get(MONTH))


@pytest.mark.parametrize(
    ("day", "friday", "monday"),
    [
        (date(2025, 3, 30), date(2025, 3, 28), date(2025, 3, 31)),
        (date(2024, 10, 27), date(2024, 10, 25), date(2024, 10, 28)),
    ],
    ids=["clocks go forward", "clocks go back"],
)
def test_visits_stand_at_their_local_time_on_and_around_both_clock_changes(council, browser, day, friday, monday):
    for on in (friday, day, monday):
        booking = support.booked(another(council), starts_at=AT + timedelta(days=1, hours=2 * on.day % 8))
        at_time(booking, datetime(on.year, on.month, on.day, 9, 15, tzinfo=ZoneInfo("Europe/London")))
    week = days_of(browser.get(WEEK, {"from": day.isoformat()}))
    assert len(week) == 7  # a visit at the weekend shows the weekend
    assert "09:15 " in week[day.isoformat()]
    assert "09:15 " in week[friday.isoformat()]
    after = days_of(browser.get(WEEK, {"from": monday.isoformat()}))
    assert "09:15 " in after[monday.isoformat()]
    month = days_of(browser.get(MONTH, {"from": day.isoformat()}))
    assert all("09:15 " in month[on.isoformat()] for on in (friday, day, monday))


@pytest.mark.parametrize("day", [date(2025, 3, 30), date(2024, 10, 27)])
@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (23, 59)])
def test_the_first_and_the_last_minute_of_a_long_or_short_day_are_its_own(council, browser, day, hour, minute):
    booking = support.booked(council.early_years, starts_at=AT + timedelta(days=1))
    at_time(booking, datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON))
    assert f"{hour:02d}:{minute:02d} Bulrush" in days_of(browser.get(WEEK, {"from": day.isoformat()}))[day.isoformat()]
    for other in (day - timedelta(days=7), day + timedelta(days=1)):
        assert "Bulrush" not in text_of(browser.get(WEEK, {"from": other.isoformat()}))


def test_holidays_closures_and_leave_are_named(council, browser):
    teacher = council.people[Role.S2S_TEACHER]
    WorkingWeekFactory(user=teacher, in_force_from=date(2024, 9, 2), friday=False)
    LeaveFactory(user=teacher, starts_on=date(2024, 12, 4))
    ClosureFactory(starts_on=date(2024, 12, 5))
    week = days_of(browser.get(WEEK, {"from": "2024-12-02"}))
    assert "On leave" in week["2024-12-04"]
    assert "Closed" in week["2024-12-05"]
    assert "Does not work on this day of the week" in week["2024-12-06"]
    assert "Half-term" in days_of(browser.get(WEEK, {"from": "2024-10-28"}))["2024-10-29"]
    christmas = days_of(browser.get(WEEK, {"from": "2024-12-23"}))
    assert "School holidays" in christmas["2024-12-23"]
    assert "Bank holiday" in christmas["2024-12-25"]


def test_a_visit_to_a_school_that_has_closed_that_day_is_marked(council, browser):
    support.booked(council.early_years, starts_at=datetime(2024, 11, 28, 10, 0, tzinfo=LONDON))
    assert "Closed that day" not in text_of(browser.get(WEEK))
    ClosureFactory(establishment=council.setting, starts_on=date(2024, 11, 28))
    assert "Closed that day" in days_of(browser.get(WEEK))["2024-11-28"]
    other = ClosureFactory(establishment=council.setting, starts_on=date(2024, 11, 27), kind=ClosureKind.STAFF_ONLY)
    assert "Closed" not in days_of(browser.get(WEEK))[other.starts_on.isoformat()]


def test_a_month_is_whole_weeks_of_its_own_days(council, browser):
    support.booked(council.early_years, starts_at=datetime(2024, 11, 28, 10, 0, tzinfo=LONDON))
    page = browser.get(MONTH)
    shown = days_of(page)
    assert "November 2024" in text_of(page)
    assert min(shown) == "2024-11-01"
    assert max(shown) == "2024-11-29"
    assert "10:00 Bulrush Nursery" in shown["2024-11-28"]


@pytest.mark.parametrize(
    ("address", "previous", "following"),
    [(WEEK, "2024-12-23", "2025-01-06"), (MONTH, "2024-12-01", "2025-02-01")],
)
def test_one_leafs_through_the_calendar(browser, address, previous, following):
    page = text_of(browser.get(address, {"from": "2025-01-01"}))
    links = dict(re.findall(r'href="[^"]*from=([0-9-]+)" rel="(prev|next)"', page))
    assert links == {previous: "prev", following: "next"}
    assert f'href="{address}?from=2024-11-26"' in page


def test_a_coordinator_sees_everybody_or_one(council, client_for):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    starts_at = datetime(2024, 11, 28, 10, 0, tzinfo=LONDON)
    support.booked(council.early_years, starts_at=starts_at)
    support.booked(council.mainstream, teacher=colleague, starts_at=starts_at)
    LeaveFactory(user=colleague, starts_on=date(2024, 11, 27))
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    everybody = days_of(desk.get(WEEK))
    assert "Staithe Primary School" in everybody["2024-11-28"]
    assert "Bulrush Nursery" in everybody["2024-11-28"]
    assert "Edda Rushmere" in everybody["2024-11-28"]
    assert "Edda Rushmere on leave" in everybody["2024-11-27"]
    page = desk.get(WEEK, {"teacher": colleague.pk})
    assert "Bulrush" not in text_of(page)
    assert "Staithe" in text_of(page)
    assert "On leave" in days_of(page)["2024-11-27"]
    assert f'href="{MONTH}?teacher={colleague.pk}&from=2024-11-25"' in text_of(page)


def test_a_week_has_what_is_covered_once_and_says_for_whom(council, browser, client_for):
    colleague, teacher = person(Role.S2S_TEACHER, full_name="Edda Rushmere"), council.people[Role.S2S_TEACHER]
    starts_at = datetime(2024, 11, 28, 10, 0, tzinfo=LONDON)
    row = support.in_contact(council.early_years, teacher=colleague)
    support.book(row, starts_at, teachers=[colleague])
    covering.cover(
        referral=row,
        teacher=teacher,
        starts_on=date(2024, 11, 26),
        ends_on=date(2024, 11, 28),
        by=council.people[Role.S2S_COORDINATOR],
        at=AT,
    )
    thursday = days_of(browser.get(WEEK))["2024-11-28"]
    assert thursday.count("Bulrush Nursery") == 1
    assert "Covering for Edda Rushmere" in thursday
    everybody = days_of(client_for(council.people[Role.S2S_COORDINATOR]).get(WEEK))["2024-11-28"]
    assert everybody.count("Bulrush Nursery") == 1


def test_a_teacher_sees_no_colleagues_calendar(council, browser):
    colleague = person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    support.booked(council.mainstream, teacher=colleague, starts_at=datetime(2024, 11, 28, 10, 0, tzinfo=LONDON))
    assert "Staithe" not in text_of(browser.get(WEEK))
    assert browser.get(WEEK, {"teacher": colleague.pk}).status_code == 403


def test_a_month_of_everybody_shows_some_of_a_day_and_links_to_the_rest(council, client_for):
    for _ in range(6):
        teacher = person(Role.S2S_TEACHER)
        support.booked(another(council), teacher=teacher, starts_at=datetime(2024, 11, 28, 10, 0, tzinfo=LONDON))
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    page = text_of(desk.get(MONTH))
    assert "1 more" in page
    [week] = re.findall(r'href="([^"]+)">1 more', page)
    assert text_of(desk.get(week)).count("<strong>10:00</strong>") == 6


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", [WEEK, MONTH])
def test_a_calendar_takes_the_same_queries(council, client_for, count, address, django_assert_num_queries):
    for number in range(count):
        starts_at = datetime(2024, 11, 28, 10 + 2 * number, 0, tzinfo=LONDON)
        support.booked(another(council), starts_at=starts_at)
        LeaveFactory(user=person(Role.S2S_TEACHER), starts_on=date(2024, 11, 27))
    desk = client_for(council.people[Role.S2S_COORDINATOR])
    with django_assert_num_queries(10):
        desk.get(address)
