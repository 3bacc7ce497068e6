"""Giving requests to teachers, handing them over with their visits, covering them."""

from datetime import timedelta

import pytest

from referrals.actions import assigning, covering
from referrals.choices import BookingChanged, BookingState, EventKind, Status
from referrals.models import Cover, Referral
from referrals.queries import diaries
from s2s_portal.core.calendar import london_date
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
TODAY, DAY = london_date(AT), timedelta(days=1)
NOTE = "Wilf hides under tables; ask for his key worker."


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def coordinator(council):
    return council.people[Role.S2S_COORDINATOR]


@pytest.fixture
def teacher():
    """Somebody of a special school."""
    teacher = person(Role.S2S_TEACHER, full_name="Tamsin Eccles")
    teacher.memberships.update(home_school=EstablishmentFactory(school=True, name="Tidemark School"))
    return teacher


def keys(since: int = 0) -> list[tuple[str, str, str]]:
    """The messages that were queued after the first `since`: kind, key, to whom."""
    return list(Notification.objects.order_by("pk").values_list("kind", "key", "to_email"))[since:]


def assign(council, teacher, coordinator, **changes):
    told = {"reasons": ["12 km from Tidemark School"], "note": NOTE, "by": coordinator, "at": AT} | changes
    return assigning.assign(referral=council.early_years, teacher=teacher, **told)


class TestAssign:
    def test_it_is_with_the_teacher_and_everybody_is_told(self, council, teacher, coordinator):
        before = Notification.objects.count()
        row = assign(council, teacher, coordinator).referral
        row = Referral.objects.get(pk=row.pk)
        assert (row.status, row.teacher, row.provider_school.name) == (Status.ASSIGNED, teacher, "Tidemark School")
        event = row.events.latest("seq")
        assert (event.kind, event.provider_school, event.by) == (EventKind.ASSIGNED, row.provider_school, coordinator)
        assert event.facts["reasons"] == ["12 km from Tidemark School"]
        assert event.facts["contact_due_on"] == "2024-12-03"
        assert event.facts["note"] == NOTE
        ref = row.reference
        assert keys(before) == [
            (Kind.REQUEST_ASSIGNED_TEACHER, f"given-to:{ref}:2:{teacher.pk}", teacher.email),
            (Kind.REQUEST_WITH_TEACHER_CONTACT, f"with-teacher:{ref}:2:contact", row.contact_email),
            (Kind.REQUEST_STATUS_ADVISER, f"status:{ref}:2:adviser", row.submitted_by.email),
        ]
        assert AuditEvent.objects.filter(what="gave a request to a teacher", reference=ref).count() == 1

    def test_nothing_that_was_typed_goes_into_a_message_or_the_audit_log(self, council, teacher, coordinator):
        assign(council, teacher, coordinator)
        said = str(list(Notification.objects.values_list("context", flat=True)))
        said += str(list(AuditEvent.objects.values_list("what", flat=True)))
        assert [part for part in ("Wilf", "Tasburgh", "key worker", "12 km") if part in said] == []

    def test_pressed_twice_it_is_the_same(self, council, teacher, coordinator):
        assign(council, teacher, coordinator)
        told = Notification.objects.count()
        again = assign(council, teacher, coordinator)
        assert (again.refusal, again.referral.events.count(), Notification.objects.count()) == ("", 2, told)

    def test_of_two_coordinators_the_second_is_told_where_it_stands(self, council, teacher, coordinator):
        assign(council, teacher, coordinator)
        late = assign(council, person(Role.S2S_TEACHER), person(Role.S2S_COORDINATOR))
        assert late.refusal == "This request can no longer be given to a teacher. It stands at: With a teacher."
        assert late.referral.teacher == teacher

    @pytest.mark.parametrize("fields", [{}, {"is_active": False}])
    def test_only_a_teacher_who_signs_in_is_given_one(self, council, coordinator, fields):
        roles = [Role.S2S_TEACHER] if fields else [Role.S2S_COORDINATOR]
        nobody = person(*roles, **fields)
        for action in (
            lambda: assign(council, nobody, coordinator),
            lambda: assigning.reassign(referral=council.early_years, teacher=nobody, note="", by=coordinator, at=AT),
            lambda: covering.cover(
                referral=council.early_years, teacher=nobody, starts_on=TODAY, ends_on=TODAY, by=coordinator, at=AT
            ),
        ):
            with pytest.raises(assigning.NotATeacher, match="is not an S2S teacher who signs in"):
                action()
        assert Referral.objects.get(pk=council.early_years.pk).teacher is None


class TestReassign:
    def reassign(self, row, teacher, coordinator):
        return assigning.reassign(referral=row, teacher=teacher, note=NOTE, by=coordinator, at=AT + DAY)

    def test_planned_visits_go_along_and_both_calendars_are_told(self, council, teacher, coordinator):
        booking = support.booked(council.early_years)
        was, before = booking.booked_by, Notification.objects.count()
        row = self.reassign(booking.referral, teacher, coordinator).referral
        assert (row.teacher, row.status, row.provider_school.name) == (teacher, Status.BOOKED, "Tidemark School")
        goes = {one.teacher: (one.live, one.starts_at) for one in booking.teachers.all()}
        assert goes == {was: (False, booking.starts_at), teacher: (True, booking.starts_at)}
        booking.refresh_from_db()
        assert (booking.sequence, booking.changes.latest("seq").what) == (1, BookingChanged.TEACHERS)
        assert row.events.latest("seq").facts["visits_moved"] == 1
        kinds = [(kind, to) for kind, _, to in keys(before)]
        assert kinds == [
            (Kind.VISIT_CANCELLED, was.email),
            (Kind.VISIT_MOVED, teacher.email),
            (Kind.VISIT_MOVED, row.contact_email),
            (Kind.REQUEST_ASSIGNED_TEACHER, teacher.email),
            (Kind.REQUEST_WITH_TEACHER_CONTACT, row.contact_email),
            (Kind.REQUEST_STATUS_ADVISER, row.submitted_by.email),
        ]
        assert "key worker" not in str(list(Notification.objects.values_list("context", flat=True)))

    def test_a_visit_that_clashes_is_named_and_nothing_is_done(self, council, teacher, coordinator):
        booking = support.booked(council.early_years)
        support.booked(council.far, teacher=teacher, starts_at=booking.starts_at + timedelta(minutes=30))
        step = self.reassign(booking.referral, teacher, coordinator)
        where = "Marram Pre-school at 10:00 on 28 November 2024"
        assert step.refusal == f"Tamsin Eccles has a visit to {where}. Move one of the visits first."
        assert Referral.objects.get(pk=step.referral.pk).teacher == booking.booked_by

    def test_somebody_who_came_along_anyway_is_no_clash_and_goes_alone(self, council, teacher, coordinator):
        row = support.in_contact(council.early_years)
        booking = support.book(row, AT + 2 * DAY, teachers=[row.teacher, teacher])
        assert self.reassign(row, teacher, coordinator).refusal == ""
        assert [one.teacher for one in booking.teachers.filter(live=True)] == [teacher]

    def test_back_again_the_first_ones_row_is_live_again(self, council, teacher, coordinator):
        booking = support.booked(council.early_years)
        self.reassign(booking.referral, teacher, coordinator)
        back = self.reassign(booking.referral, booking.booked_by, coordinator)
        assert [one.teacher for one in booking.teachers.filter(live=True)] == [back.referral.teacher]
        assert booking.teachers.count() == 2

    def test_a_visit_to_which_the_teacher_does_not_go_stays_with_whoever_does(self, council, teacher, coordinator):
        row, guest = support.in_contact(council.early_years), person(Role.S2S_TEACHER)
        booking = support.book(row, AT + 2 * DAY, teachers=[guest])
        assert self.reassign(row, teacher, coordinator).referral.events.latest("seq").facts["visits_moved"] == 0
        assert [one.teacher for one in booking.teachers.filter(live=True)] == [guest]

    def test_a_visit_that_has_begun_stays_with_whoever_went_and_nobody_is_told(self, council, teacher, coordinator):
        booking = support.booked(council.early_years, starts_at=AT + DAY - timedelta(hours=1))
        before = Notification.objects.count()
        row = self.reassign(booking.referral, teacher, coordinator).referral
        assert (row.teacher, row.events.latest("seq").facts["visits_moved"]) == (teacher, 0)
        assert [one.teacher for one in booking.teachers.filter(live=True)] == [booking.booked_by]
        assert {kind for kind, _, _ in keys(before)}.isdisjoint({Kind.VISIT_MOVED, Kind.VISIT_CANCELLED})
        support.held(booking, at=AT + DAY)  # told by the one who has the request now

    def test_to_the_same_teacher_nothing_happens(self, council, coordinator):
        row = support.assigned(council.early_years)
        assert self.reassign(row, row.teacher, coordinator).referral.events.count() == 2


class TestCover:
    def cover(self, row, teacher, coordinator, first=0, last=4, note=NOTE):
        days = {"starts_on": TODAY + first * DAY, "ends_on": TODAY + last * DAY}
        return covering.cover(referral=row, teacher=teacher, **days, note=note, by=coordinator, at=AT)

    def test_it_is_covered_and_the_teacher_is_told(self, council, teacher, coordinator):
        row, before = support.assigned(council.early_years), Notification.objects.count()
        assert self.cover(row, teacher, coordinator).refusal == ""
        [one] = Cover.objects.all()
        assert (one.teacher, one.starts_on, one.ends_on, one.note) == (teacher, TODAY, TODAY + 4 * DAY, NOTE)
        [(kind, key, to)] = keys(before)
        assert (kind, key, to) == (
            Kind.REQUEST_ASSIGNED_TEACHER,
            f"given-to:{row.reference}:3:{teacher.pk}",
            teacher.email,
        )
        assert "key worker" not in str(Notification.objects.latest("pk").context)

    def test_the_same_again_is_nothing_and_another_end_changes_it(self, council, teacher, coordinator):
        row = support.assigned(council.early_years)
        for _ in range(2):
            assert self.cover(row, teacher, coordinator).referral.events.count() == 3
        assert self.cover(row, teacher, coordinator, last=6).referral.events.count() == 4
        assert Cover.objects.get().ends_on == TODAY + 6 * DAY

    def test_nobody_covers_a_visit_at_a_time_at_which_they_have_another(self, council, teacher, coordinator):
        booking = support.booked(council.early_years)  # in two days, at nine
        own = support.booked(council.far, teacher=teacher, starts_at=booking.starts_at)
        refusal = self.cover(booking.referral, teacher, coordinator).refusal
        assert refusal == f"{teacher.full_name} has {diaries.named(own.teachers.get())}. Move one of the visits first."
        assert not Cover.objects.exists()
        for days in [(0, 1), (3, 4)]:  # not the day of the visits
            assert self.cover(booking.referral, teacher, coordinator, *days).refusal == ""

    def test_another_note_is_not_lost(self, council, teacher, coordinator):
        row, before = support.assigned(council.early_years), Notification.objects.count()
        self.cover(row, teacher, coordinator)
        self.cover(row, teacher, coordinator, note="His key worker is away: ask for Perran.")
        assert Cover.objects.get().note == "His key worker is away: ask for Perran."
        assert row.events.latest("seq").facts["note"] == Cover.objects.get().note
        assert [to for _, _, to in keys(before)] == [teacher.email] * 2

    @pytest.mark.parametrize(
        ("first", "last", "refusal"), [(-3, -1, "Those days have passed."), (-3, 0, ""), (5, 5, "")]
    )
    def test_days_that_have_passed_are_not_covered(self, council, teacher, coordinator, first, last, refusal):
        row = support.assigned(council.early_years)
        assert self.cover(row, teacher, coordinator, first, last).refusal == refusal
        assert Cover.objects.exists() == (not refusal)

    def test_days_are_in_order(self, council, teacher, coordinator):
        with pytest.raises(ValueError, match="first day or later"):
            self.cover(council.early_years, teacher, coordinator, 2, 1)

    def test_nobody_covers_for_themselves(self, council, coordinator):
        row = support.assigned(council.early_years)
        assert self.cover(row, row.teacher, coordinator).refusal.endswith("has this request already.")


def test_the_visit_that_was_planned_stays_planned(council, teacher, coordinator):
    booking = support.booked(council.early_years)
    assigning.reassign(referral=booking.referral, teacher=teacher, note="", by=coordinator, at=AT)
    booking.refresh_from_db()
    assert booking.state == BookingState.PLANNED
