"""Booking a visit on its page, and the page of one."""

import re
import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine
import vobject
from django.urls import reverse

from referrals.actions import moving
from referrals.choices import Agreement, BookingProblem, Status, WhoAsked
from referrals.models import Booking, BookingFlag, Referral
from referrals.rules.bookings import NO_AGREEMENT
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent, JourneyTime
from tests.factories import support
from tests.factories.calendar import ClosureFactory, LeaveFactory
from tests.factories.organisations import person
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
def referral(council):
    return support.in_contact(council.early_years)


@pytest.fixture
def desk(client_for, teacher):
    return client_for(teacher)


def typed(teacher, **changes):
    """What is typed into the page: an observation on Tuesday 3 December, 10:00, for an hour."""
    fields = {
        "kind": "OBSERVATION",
        "mode": "IN_PERSON",
        "day_day": "3",
        "day_month": "12",
        "day_year": "2024",
        "starts": "10:00",
        "minutes": "60",
        "teachers": [teacher.pk],
        "key": str(uuid.uuid4()),
    }
    return fields | changes


def page_of(referral):
    return f"/requests/{referral.reference}/book/"


def errors_of(page):
    """The error summary, as text and the field it links to."""
    summary = re.search(r"govuk-error-summary__list.*?</ul>", text_of(page), re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", summary.group(), re.DOTALL) if summary else []
    links = [re.search(r'href="#id_([a-z_]+?)(?:_0)?"', item) for item in items]
    return [(re.sub(r"<.*?>", "", item), link and link.group(1)) for item, link in zip(items, links, strict=True)]


# --- Booking ---
def test_a_visit_is_booked_and_the_page_says_who_was_invited(desk, referral, teacher):
    colleague = person(Role.S2S_TEACHER, full_name="Ashill Carr")
    answer = desk.post(page_of(referral), typed(teacher, teachers=[teacher.pk, colleague.pk]), follow=True)
    booking = Booking.objects.get()
    assert answer.redirect_chain == [(f"/visits/{booking.key}/", 302)]
    assert (booking.starts_at, booking.ends_at) == (moment(3), moment(3, 11))
    page = text_of(answer)
    assert f"{teacher.full_name}, Ashill Carr and Perran Oxnead get an invitation by e-mail." in page
    assert "Tuesday 3 December 2024, 10:00 to 11:00" in page
    assert "Tasburgh" not in re.search(r"<title>.*?</title>", page, re.DOTALL).group()


def test_the_page_shows_what_one_needs_on_the_phone(desk, referral, council, teacher):
    LeaveFactory(user=teacher, starts_on=date(2024, 11, 27))
    ClosureFactory(establishment=council.setting, starts_on=date(2024, 11, 28))
    support.book(support.in_contact(council.far, teacher=teacher), moment(29, month=11))
    page = text_of(desk.get(page_of(referral)))
    assert "Tuesdays and Thursdays before 11." in page
    assert "Perran Oxnead" in page
    assert 'href="tel:01603496001"' in page
    shown = page.split("Your next days there")[1].split("</dd>")[0]
    days = re.findall(r"(\w+day \d+ \w+ \d+)", shown)
    assert days[:3] == ["Tuesday 26 November 2024", "Friday 29 November 2024", "Monday 2 December 2024"]
    assert len(days) == 6
    assert "(you have a visit: 10:00 to 11:00)" in shown
    assert AuditEvent.objects.filter(what="page for booking a visit", reference=referral.reference).count() == 1


def test_where_nothing_is_free_the_page_says_so(desk, referral, teacher):
    LeaveFactory(user=teacher, starts_on=date(2024, 11, 26), ends_on=date(2025, 3, 1))
    assert "No day within six weeks" in text_of(desk.get(page_of(referral)))


def test_two_presses_make_one_visit(desk, referral, teacher):
    fields = typed(teacher)
    addresses = {desk.post(page_of(referral), fields).url for _ in range(2)}
    assert addresses == {f"/visits/{Booking.objects.get().key}/"}


@pytest.mark.parametrize("written", ["09:30", "9.30", "0930", "930", "9:30am", "9:30 AM", " 09:30 "])
def test_times_are_taken_as_people_write_them(desk, referral, teacher, written):
    assert desk.post(page_of(referral), typed(teacher, starts=written)).status_code == 302
    assert Booking.objects.get().starts_at == moment(3, 9, 30)


@pytest.mark.parametrize("written", ["half past nine", "25:00", "\x00", "9:75"])
def test_what_is_no_time_is_asked_for_again(desk, referral, teacher, written):
    page = desk.post(page_of(referral), typed(teacher, starts=written))
    assert errors_of(page) == [("Start time must be a time, like 09:30 or 13:00", "starts")]


@pytest.mark.parametrize(
    ("day", "month", "utc_hour"), [("28", "3", 9), ("31", "3", 8)], ids=["before the change", "after it"]
)
def test_times_are_londons(desk, referral, teacher, day, month, utc_hour):
    fields = typed(teacher, day_day=day, day_month=month, day_year="2025", starts="09:00")
    assert desk.post(page_of(referral), fields).status_code == 302
    assert Booking.objects.get().starts_at == datetime(2025, 3, int(day), utc_hour, tzinfo=UTC)


@pytest.mark.parametrize(("day", "month", "year"), [(30, 3, 2025), (27, 10, 2024)])
def test_a_time_that_is_not_there_or_there_twice_is_refused_in_words(desk, referral, teacher, day, month, year):
    fields = typed(teacher, day_day=day, day_month=month, day_year=year, starts="01:30")
    told = [text for text, _ in errors_of(desk.post(page_of(referral), fields))]
    assert "Visits are between 07:00 and 20:00. Choose another time or length." in told


def test_an_empty_page_says_what_is_missing(desk, referral):
    told = dict(errors_of(desk.post(page_of(referral), {"key": str(uuid.uuid4())})))
    assert told == {
        "Select what it is for": "kind",
        "Select in person or remote": "mode",
        "Enter the date": "day",
        "Enter the start time": "starts",
        "Select a length": "minutes",
        "Select who goes": "teachers",
    }


def test_what_refuses_stands_at_its_question_and_everything_typed_stays(desk, referral, council, teacher):
    other = support.in_contact(council.far, teacher=teacher)
    support.book(other, moment(3, 9, 30))
    Referral.objects.filter(pk=referral.pk).update(agreement=Agreement.NOT_YET)
    page = desk.post(page_of(referral), typed(teacher))
    assert errors_of(page) == [
        (
            NO_AGREEMENT,
            "kind",
        ),
        (f"{teacher.full_name} has a visit to Marram Pre-school at 09:30 then.", "starts"),
    ]
    assert 'value="10:00"' in text_of(page)
    assert re.search(r'value="OBSERVATION"[^>]*checked', text_of(page))
    assert "the child cannot be observed yet" in text_of(page)
    assert "<title>Error: Book a visit" in text_of(page)
    early = desk.post(page_of(referral), typed(teacher, kind="TRAINING_STAFF", starts="06:00", day_day="7"))
    assert [field for _, field in errors_of(early)] == ["day", "starts"]


def test_a_warning_asks_for_a_reason_and_takes_it(desk, referral, council, teacher):
    ends = sorted([council.setting, council.far_setting], key=lambda one: one.pk)
    JourneyTime.objects.create(first=ends[0], second=ends[1], minutes=45, set_by=teacher, set_at=AT)
    support.book(support.in_contact(council.far, teacher=teacher), moment(3, 8, 40))
    fields = typed(teacher)
    page = desk.post(page_of(referral), fields)
    told = "at 08:40: it is about 45 minutes away, and you left 20."
    [(sentence, field)] = errors_of(page)
    assert told in sentence
    assert field == "reason_too_little_travel"
    assert "Too little time to travel: why is this all right?" in text_of(page)
    again = desk.post(page_of(referral), fields | {"reason_too_little_travel": "  "})
    assert [field for _, field in errors_of(again)] == ["reason_too_little_travel"]
    assert not Booking.objects.filter(referral=referral).exists()
    given = fields | {"reason_too_little_travel": "A colleague drives."}
    assert desk.post(page_of(referral), given).status_code == 302
    booking = Booking.objects.get(referral=referral)
    assert booking.reasons == {"TOO_LITTLE_TRAVEL": "A colleague drives."}
    assert "A colleague drives." in text_of(desk.get(f"/visits/{booking.key}/"))


def test_a_reason_stays_beside_another_question_and_goes_with_its_warning(desk, referral, council, teacher):
    ends = sorted([council.setting, council.far_setting], key=lambda one: one.pk)
    JourneyTime.objects.create(first=ends[0], second=ends[1], minutes=45, set_by=teacher, set_at=AT)
    support.book(support.in_contact(council.far, teacher=teacher), moment(3, 8, 40))
    ClosureFactory(establishment=council.setting, starts_on=date(2024, 12, 3))
    fields = typed(teacher, reason_too_little_travel="A colleague drives.")
    closed = desk.post(page_of(referral), fields)
    assert [field for _, field in errors_of(closed)] == ["day"]
    assert "A colleague drives." in text_of(closed)
    weekend = desk.post(page_of(referral), fields | {"day_day": "7"})
    assert "why is this all right?" not in text_of(weekend)


def test_a_request_that_cannot_be_booked_says_so_and_keeps_what_was_typed(client_for, council, teacher):
    referral = support.assigned(council.early_years)
    desk = client_for(teacher)
    assert "It stands at: With a teacher." in text_of(desk.get(page_of(referral)))
    page = desk.post(page_of(referral), typed(teacher))
    assert [text for text, _ in errors_of(page)] == [
        "This request can no longer be given a visit. It stands at: With a teacher."
    ]
    assert 'value="10:00"' in text_of(page)


def test_somebody_who_is_no_teacher_cannot_be_sent(desk, referral, council, teacher):
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    page = desk.post(page_of(referral), typed(teacher, teachers=[adviser.pk]))
    assert [field for _, field in errors_of(page)] == ["teachers"]


def test_what_was_typed_comes_back_after_signing_in(desk, referral, teacher):
    desk.logout()
    desk.post(page_of(referral), typed(teacher, starts="13:45"))
    desk.force_login(teacher)
    assert 'value="13:45"' in text_of(desk.get(page_of(referral)))


# --- The page of a visit ---
def test_who_sees_the_request_without_the_child_reads_no_notes(council, client_for, referral, teacher):
    booking = support.book(referral, moment(3))
    moving.move(
        booking=booking,
        starts_at=moment(5),
        ends_at=moment(5, 11),
        sequence=0,
        asked_by=WhoAsked.FAMILY,
        note="Wilf is in hospital.",
        reasons={},
        by=teacher,
        at=AT,
    )
    BookingFlag.objects.create(
        booking=booking,
        cause=BookingProblem.SETTING_CLOSED,
        detail="They were closed.",
        raised_at=AT,
        settled_at=AT,
        settled_by=teacher,
        settlement="Kept: Wilf comes all the same.",
    )
    Booking.objects.update(reasons={"OUT_OF_TERM": "Wilf is there in the holidays."})
    for role, with_child in ((Role.S2S_TEACHER, True), (Role.EARLY_YEARS_ADVISER, True), (Role.COMMISSIONER, False)):
        page = text_of(client_for(council.people[role]).get(f"/visits/{booking.key}/"))
        assert "Thursday 5 December 2024, 10:00 to 11:00" in page
        assert "Asked for by: The family." in page
        assert "They were closed." in page
        assert ("Wilf" in page) is with_child
        assert ("Perran Oxnead" in page) is with_child
        assert ("visit.ics" in page) is with_child
    assert AuditEvent.objects.filter(what="visit page", reference=referral.reference).count() == 3


def buttons(page):
    """The words on the page's own buttons."""
    column = text_of(page).split("govuk-grid-column-two-thirds")[1].split("govuk-grid-column-one-third")[0]
    return [words.strip() for words in re.findall(r'class="govuk-button(?!-)[^>]*>([^<]+)<', column)]


def test_buttons_are_those_of_the_moment_and_of_the_person(council, client_for, desk, referral):
    booking = support.book(referral, moment(3))
    address = f"/visits/{booking.key}/"
    assert buttons(desk.get(address)) == ["Move the visit", "Cancel the visit"]
    assert buttons(client_for(council.people[Role.S2S_COORDINATOR]).get(address)) == [
        "Move the visit",
        "Cancel the visit",
    ]
    assert buttons(client_for(council.people[Role.COMMISSIONER]).get(address)) == []
    flag = BookingFlag.objects.create(
        booking=booking, cause=BookingProblem.SETTING_CLOSED, detail="They are closed.", raised_at=AT
    )
    page = desk.get(address)
    assert buttons(page) == ["Move the visit", "Keep it as it is", "Cancel the visit"]
    assert "They are closed." in text_of(page)
    flag.cause = BookingProblem.NO_AGREEMENT
    flag.save()
    assert buttons(desk.get(address)) == ["Move the visit", "Cancel the visit"]
    with time_machine.travel(moment(3), tick=False):
        desk.force_login(referral.teacher)
        assert set(buttons(desk.get(address))) <= {"Tell what became of it"}


def test_a_flag_says_what_there_is_to_do_to_those_who_may(council, client_for, desk, referral):
    booking = support.book(referral, moment(3))
    flag = BookingFlag.objects.create(
        booking=booking, cause=BookingProblem.SETTING_CLOSED, detail="They are closed.", raised_at=AT
    )
    address = f"/visits/{booking.key}/"
    adviser = client_for(council.people[Role.EARLY_YEARS_ADVISER])
    assert "Move it, cancel it, or keep it and say why." in text_of(desk.get(address))
    assert "S2S decides whether the visit is moved, cancelled or kept." in text_of(adviser.get(address))
    assert "Move it" not in text_of(adviser.get(address))
    flag.cause = BookingProblem.NO_AGREEMENT
    flag.save()
    assert "Move it or cancel it." in text_of(desk.get(address))


def test_who_books_stands_first_among_those_who_go(desk, referral):
    person(Role.S2S_TEACHER, full_name="Abel Aldous")
    page = text_of(desk.get(reverse("referrals:booking_start", args=[referral.reference])))
    boxes = [box for box in re.findall(r"<input[^>]*>", page) if 'name="teachers"' in box]
    assert len(boxes) == 2
    assert f'value="{referral.teacher_id}"' in boxes[0]


def test_nobody_else_finds_a_visit(council, client_for, referral):
    booking = support.book(referral, moment(3))
    stranger = client_for(person(Role.S2S_TEACHER))
    far = client_for(council.far_adviser)
    for desk in (stranger, far):
        for page in ("", "visit.ics", "move/", "cancel/", "keep/"):
            assert desk.get(f"/visits/{booking.key}/{page}").status_code == 404
    assert stranger.get(f"/visits/{uuid.uuid4()}/").status_code == 404


def test_a_colleague_who_goes_along_sees_it_and_the_request_stays_the_teachers(client_for, referral, teacher):
    colleague = person(Role.S2S_TEACHER, full_name="Ashill Carr")
    booking = support.book(referral, moment(3), teachers=[teacher, colleague])
    desk = client_for(colleague)
    assert desk.get(f"/visits/{booking.key}/").status_code == 200
    assert desk.get(f"/visits/{booking.key}/move/").status_code == 403


def test_the_calendar_file_is_the_entry_that_the_mail_brought(desk, referral):
    booking = support.book(referral, moment(28, 9, 30, month=3, year=2025))
    answer = desk.get(f"/visits/{booking.key}/visit.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="visit.ics"'
    calendar = vobject.readOne(answer.content.decode())
    event = calendar.vevent
    assert (calendar.method.value, event.uid.value, event.sequence.value) == ("REQUEST", str(booking.key), "0")
    assert (event.dtstart.value, event.dtend.value) == (booking.starts_at, booking.ends_at)
    assert event.dtstamp.value == AT
    assert "Wilf" not in answer.content.decode()
    moving.cancel(booking=booking, sequence=0, asked_by=WhoAsked.S2S, note="", by=referral.teacher, at=AT)
    cancelled = vobject.readOne(desk.get(f"/visits/{booking.key}/visit.ics").content.decode())
    assert (cancelled.method.value, cancelled.vevent.sequence.value) == ("CANCEL", "1")
    assert len(cancelled.vevent.attendee_list) == 2


# --- Queries ---
def test_pages_read_as_much_for_many_as_for_one(desk, referral, teacher, django_assert_max_num_queries, council):
    booking = support.book(referral, moment(3))
    desk.get(page_of(referral))  # sessions and such

    def counts():
        found = []
        for address in (page_of(referral), f"/visits/{booking.key}/", f"/visits/{booking.key}/move/"):
            with django_assert_max_num_queries(25) as captured:
                assert desk.get(address).status_code == 200
            found.append(
                len(
                    [
                        one
                        for one in captured.captured_queries
                        if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
                    ]
                )
            )
        return found

    before = counts()
    for day in (4, 5):
        support.book(support.in_contact(council.far, teacher=teacher) if day == 4 else referral, moment(day))
        BookingFlag.objects.create(booking=booking, cause="SETTING_CLOSED", detail=str(day), raised_at=AT)
        colleague = person(Role.S2S_TEACHER)
        booking.teachers.create(teacher=colleague, starts_at=booking.starts_at, ends_at=booking.ends_at)
    assert counts() == before
    assert max(before) <= 15, before


def test_the_request_is_booked_now(desk, referral, teacher):
    desk.post(page_of(referral), typed(teacher))
    assert Referral.objects.get(pk=referral.pk).status == Status.BOOKED
