"""Booking visits through the real action: what is written, told, refused and asked for reasons."""

import uuid
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from referrals.actions import booking as actions
from referrals.choices import (
    About,
    Agreement,
    BookingKind,
    BookingMode,
    BookingProblem,
    BookingState,
    EventKind,
    Status,
)
from referrals.models import Booking, BookingTeacher, Referral, ServiceStandards
from referrals.rules.standards import DEFAULTS
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import EstablishmentStatus, Role
from s2s_portal.organisations.models import AuditEvent, JourneyTime
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.calendar import ClosureFactory, LeaveFactory, TermFactory, WorkingWeekFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
P = BookingProblem
HOUR = timedelta(hours=1)


def at(day, hour=10, minute=0, *, month=12, year=2024):
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


def attempt(referral, wanted, *, teachers=None, reasons=None, key=None, by=None, now=AT):
    return actions.book(
        referral=referral,
        key=key or uuid.uuid4(),
        wanted=wanted,
        teachers=teachers or [referral.teacher],
        reasons=reasons or {},
        by=by or referral.teacher,
        at=now,
    )


def refused(made):
    assert made.booking is None
    return [problem.cause for problem in made.judgement.refused]


def test_a_visit_is_booked_told_and_written_down(council, referral, teacher):
    colleague = person(Role.S2S_TEACHER, full_name="Ashill Carr")
    wanted = support.wanted(at(3), hours=1.5)
    made = attempt(referral, wanted, teachers=[teacher, colleague])
    booking = Booking.objects.get()
    assert (made.booking, made.refusal, made.referral.status) == (booking, "", Status.BOOKED)
    assert (booking.starts_at, booking.ends_at, booking.state, booking.sequence) == (
        *(wanted.starts_at, wanted.ends_at, BookingState.PLANNED, 0),
    )
    rows = BookingTeacher.objects.filter(live=True, starts_at=wanted.starts_at, ends_at=wanted.ends_at)
    assert {row.teacher for row in rows} == {teacher, colleague}
    event = referral.events.get(kind=EventKind.BOOKED)
    assert event.facts["teachers"] == [one.full_name for one in sorted([teacher, colleague], key=lambda one: one.pk)]
    [change] = booking.changes.all()
    assert (change.seq, change.what, change.by) == (1, "BOOKED", teacher)
    told = Notification.objects.filter(kind="VISIT_BOOKED")
    assert {one.to_email for one in told} == {teacher.email, colleague.email, referral.contact_email}
    assert (
        AuditEvent.objects.filter(what="booked a visit", reference=referral.reference, user_id=teacher.pk).count() == 1
    )


def test_the_same_page_sent_twice_is_one_visit(referral):
    key, wanted = uuid.uuid4(), support.wanted(at(3))
    first, second = (attempt(referral, wanted, key=key) for _ in range(2))
    assert first.booking == second.booking
    assert (Booking.objects.count(), Notification.objects.filter(kind="VISIT_BOOKED").count()) == (1, 2)


def test_a_key_of_another_requests_visit_books_nothing(council, referral):
    key = uuid.uuid4()
    attempt(referral, support.wanted(at(3)), key=key)
    other = support.in_contact(council.far, teacher=referral.teacher)
    made = attempt(other, support.wanted(at(5)), key=key)
    assert made.booking is None
    assert "another request" in made.refusal
    assert Booking.objects.count() == 1


def test_nobody_is_told_of_a_visit_that_was_entered_afterwards(referral):
    made = attempt(referral, support.wanted(at(26, 8, month=11)))
    assert made.booking is not None
    assert not Notification.objects.filter(kind="VISIT_BOOKED").exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.S2S_TEACHER])
def test_only_the_teacher_who_has_it_books(council, referral, role):
    with pytest.raises(NotAllowed):
        attempt(referral, support.wanted(at(3)), by=council.people[role])
    assert not Booking.objects.exists()


def test_another_teacher_books_only_while_covering(council, referral):
    other = person(Role.S2S_TEACHER)
    with pytest.raises(NotAllowed):
        attempt(referral, support.wanted(at(3)), by=other)


def test_a_visit_has_a_teacher(referral):
    with pytest.raises(ValueError, match="at least one teacher"):
        actions.book(
            referral=referral,
            key=uuid.uuid4(),
            wanted=support.wanted(at(3)),
            teachers=[],
            reasons={},
            by=referral.teacher,
            at=AT,
        )


def test_a_request_that_nobody_has_reached_is_not_booked_yet(council):
    referral = support.assigned(council.early_years)
    made = attempt(referral, support.wanted(at(3)))
    assert made.booking is None
    assert "With a teacher" in made.refusal


def test_a_visit_at_the_same_time_is_refused_and_one_that_touches_is_not(council, referral):
    attempt(referral, support.wanted(at(3)))
    other = support.in_contact(council.far, teacher=referral.teacher)
    overlapping = attempt(other, support.wanted(at(3, 10, 59)))
    assert refused(overlapping) == [P.OVERLAP]
    assert overlapping.judgement.refused[0].sentence == (
        f"{referral.teacher.full_name} has a visit to Bulrush Nursery at 10:00 then."
    )
    assert other.status == Referral.objects.get(pk=other.pk).status == Status.IN_CONTACT
    made = attempt(other, support.wanted(at(3, 11)), reasons={P.TOO_LITTLE_TRAVEL: "By bicycle."})
    assert made.booking is not None


def test_one_teacher_of_two_who_is_taken_refuses_the_visit(council, referral):
    colleague = person(Role.S2S_TEACHER, full_name="Ashill Carr")
    theirs = support.in_contact(council.far, teacher=colleague)
    attempt(theirs, support.wanted(at(3)))
    made = attempt(referral, support.wanted(at(3)), teachers=[referral.teacher, colleague])
    assert refused(made) == [P.OVERLAP]
    assert BookingTeacher.objects.count() == 1


def test_the_database_itself_refuses_an_overlap(council, referral):
    first = attempt(referral, support.wanted(at(3))).booking
    other = support.in_contact(council.far, teacher=referral.teacher)
    second = attempt(other, support.wanted(at(5))).booking
    third = support.book(other, at(6), teachers=[person(Role.S2S_TEACHER)])
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        second.teachers.update(starts_at=first.starts_at + HOUR / 2, ends_at=first.ends_at + HOUR)
    taken = {"teacher": referral.teacher, "starts_at": first.starts_at, "ends_at": first.ends_at}
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        BookingTeacher.objects.create(booking=third, **taken)
    # What touches, and what is not live, is no overlap.
    second.teachers.update(starts_at=first.ends_at, ends_at=first.ends_at + HOUR)
    BookingTeacher.objects.create(booking=third, **taken, live=False)


def test_a_warning_needs_a_reason_and_only_what_was_asked_for_is_kept(council):
    TermFactory(starts_on=date(2024, 11, 4), ends_on=date(2024, 12, 20))
    TermFactory(starts_on=date(2025, 1, 6), ends_on=date(2025, 2, 14))
    referral = support.in_contact(council.mainstream)
    wanted = support.wanted(at(23))
    silent = attempt(referral, wanted)
    assert (silent.booking, silent.judgement.refused) == (None, [])
    assert [one.cause for one in silent.judgement.unexplained] == [P.OUT_OF_TERM]
    made = attempt(referral, wanted, reasons={P.OUT_OF_TERM: " They open. ", P.TERMS_UNKNOWN: "In advance."})
    assert made.booking.reasons == {"OUT_OF_TERM": "They open."}
    assert referral.events.get(kind=EventKind.BOOKED).facts["reasons"] == {"OUT_OF_TERM": "They open."}


def test_travel_is_measured_and_remote_needs_none(council, referral):
    near, far = sorted([council.setting, council.far_setting], key=lambda one: one.pk)
    JourneyTime.objects.create(first=near, second=far, minutes=45, set_by=referral.teacher, set_at=AT)
    attempt(referral, support.wanted(at(3)))
    other = support.in_contact(council.far, teacher=referral.teacher)
    short = attempt(other, support.wanted(at(3, 11, 20)))
    [warning] = short.judgement.unexplained
    assert warning.sentence.endswith("Bulrush Nursery at 10:00: it is about 45 minutes away, and you left 20.")
    assert attempt(other, support.wanted(at(3, 11, 20), mode=BookingMode.REMOTE)).booking is not None
    assert attempt(other, support.wanted(at(3, 13))).booking is not None


def test_a_visit_by_the_setting_is_at_the_teachers_own_school(council, referral):
    school = EstablishmentFactory(school=True)
    Referral.objects.filter(pk=referral.pk).update(provider_school=school)
    ends = sorted([school, council.far_setting], key=lambda one: one.pk)
    JourneyTime.objects.create(first=ends[0], second=ends[1], minutes=30, set_by=referral.teacher, set_at=AT)
    other = support.in_contact(council.far, teacher=referral.teacher)
    attempt(other, support.wanted(at(3)))
    made = attempt(referral, support.wanted(at(3, 11, 10), kind=BookingKind.REVERSE_VISIT))
    assert "about 30 minutes away, and you left 10" in made.judgement.unexplained[0].sentence


def test_what_the_facts_say_refuses(council, referral):
    teacher, setting = referral.teacher, council.setting
    ClosureFactory(establishment=setting, starts_on=date(2024, 12, 9))
    LeaveFactory(user=teacher, starts_on=date(2024, 12, 10))
    WorkingWeekFactory(user=teacher, wednesday=False)
    assert refused(attempt(referral, support.wanted(at(9)))) == [P.SETTING_CLOSED]
    assert refused(attempt(referral, support.wanted(at(10)))) == [P.TEACHER_AWAY]
    on_wednesday = attempt(referral, support.wanted(at(11)))
    assert on_wednesday.judgement.refused[0].sentence == f"{teacher.full_name} does not work on Wednesdays."
    assert refused(attempt(referral, support.wanted(at(7)))) == [P.NOT_A_WORKING_DAY]
    assert refused(attempt(referral, support.wanted(at(25, month=11)))) == [P.IN_THE_PAST]
    assert refused(attempt(referral, support.wanted(at(1, month=4, year=2025)))) == [P.AFTER_RUN_OFF]
    assert attempt(referral, support.wanted(at(31, month=3, year=2025))).booking is not None


def test_a_colleague_who_has_left_or_never_was_a_teacher_does_not_go(council, referral):
    gone = person(Role.S2S_TEACHER, is_active=False, full_name="Heron Acle")
    made = attempt(referral, support.wanted(at(3)), teachers=[referral.teacher, gone])
    assert [one.sentence for one in made.judgement.refused] == ["Heron Acle is no longer an S2S teacher."]
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    assert refused(attempt(referral, support.wanted(at(3)), teachers=[adviser])) == [P.TEACHER_LEFT]


@pytest.mark.parametrize(
    ("status", "closed_on", "day", "suits"),
    [
        (EstablishmentStatus.CLOSED, None, 3, False),
        (EstablishmentStatus.CLOSED, date(2024, 11, 1), 3, False),
        (EstablishmentStatus.CLOSING, None, 3, True),
        (EstablishmentStatus.CLOSING, date(2024, 12, 3), 3, True),
        (EstablishmentStatus.CLOSING, date(2024, 12, 3), 5, False),
        (EstablishmentStatus.OPEN, date(2020, 1, 1), 3, True),  # closed once and open again
    ],
)
def test_a_place_that_closes_for_good(council, referral, status, closed_on, day, suits):
    council.setting.status, council.setting.closed_on = status, closed_on
    council.setting.save()
    made = attempt(referral, support.wanted(at(day)))
    assert (made.booking is not None) is suits
    assert suits or refused(made) == [P.SETTING_CLOSED]


def test_an_observation_of_a_named_child_waits_for_the_parents(council):
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    no_answer = {"agreement": Agreement.NOT_YET, "agreement_by": "", "agreement_on": None, "agreement_how": ""}
    asked = sent_request(council.setting, by=adviser, **no_answer, agreement_held="")
    referral = support.in_contact(asked)
    assert (referral.about, referral.agreement) == (About.CHILD, Agreement.NOT_YET)
    made = attempt(referral, support.wanted(at(3)), reasons={P.NO_AGREEMENT: "There is no time."})
    assert refused(made) == [P.NO_AGREEMENT]
    assert attempt(referral, support.wanted(at(3), kind=BookingKind.TRAINING_STAFF)).booking is not None


def test_the_caps_count_what_is_held_and_planned(council, referral):
    days = (2, 3, 4, 5, 6, 9)
    for day in days[:3]:
        support.book(referral, at(day))
    fourth = attempt(referral, support.wanted(at(5)))
    assert [one.cause for one in fourth.judgement.unexplained] == [P.OVER_SOFT_CAP]
    for day in days[3:]:
        support.book(referral, at(day), reasons={P.OVER_SOFT_CAP: "Two rooms."})
    assert refused(attempt(referral, support.wanted(at(10)))) == [P.OVER_HARD_CAP]


def test_the_caps_are_settings(council, referral):
    support.book(referral, at(3))
    one_visit = asdict(DEFAULTS) | {"usual_visits": 1, "most_visits": 1}
    coordinator = council.people[Role.S2S_COORDINATOR]
    ServiceStandards.objects.create(**one_visit, in_force_from=AT, reason="A year", set_by=coordinator, set_at=AT)
    assert refused(attempt(referral, support.wanted(at(5)))) == [P.OVER_HARD_CAP]
