"""Requests that end and come back: not taken on, closed, opened again, reinstated; their places and their visits."""

import uuid
from datetime import timedelta

import pytest

from quotas.choices import FILL_PLACES, EntryKind
from quotas.models import LedgerEntry
from referrals.actions import closing, ending, reinstating, returning, waiting, withdrawing
from referrals.choices import (
    BookingState,
    DeclineReason,
    EndState,
    EventKind,
    GoalResult,
    NotStartedReason,
    Status,
    WithdrawReason,
)
from referrals.models import Closing, Referral
from s2s_portal.jobs.models import JobRequest
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.quotas import quota_of, use_places
from tests.factories.referrals import waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import CONTRACT_ENDS, LONDON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "Wilf hides under tables."
LAST_SECOND = AT.replace(month=12, day=20, hour=23, minute=59, second=59, tzinfo=LONDON)


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def coordinator(council):
    return council.people[Role.S2S_COORDINATOR]


def new_messages(since):
    rows = Notification.objects.order_by("pk")[since:]
    assert SECRET not in str([row.context for row in rows])
    return [(row.kind, row.key, row.to_email) for row in rows]


def end(how, row, by, at=AT + DAY):
    if how == Status.DECLINED:
        return ending.decline(referral=row, reason=DeclineReason.OTHER, note=SECRET, by=by, at=at)
    return ending.close_not_started(referral=row, reason=NotStartedReason.OTHER, note=SECRET, by=by, at=at)


ENDS = pytest.mark.parametrize("how", [Status.DECLINED, Status.CLOSED])


class TestEnding:
    @ENDS
    def test_a_visit_that_has_begun_may_have_spent_the_place(self, council, coordinator, how):
        visit = support.booked(council.early_years)
        adviser = council.people[Role.EARLY_YEARS_ADVISER]
        left = quota_of(council.period).entries.latest("seq").left_after
        step = end(how, council.early_years, coordinator, at=visit.starts_at)
        assert step.refusal == "A visit began on 28 November 2024. Its teacher tells first what became of it."
        why = {"reason": WithdrawReason.OTHER, "note": ""}
        stays = withdrawing.withdraw(referral=council.early_years, **why, by=adviser, at=visit.starts_at)
        assert stays.status == Status.BOOKED
        assert quota_of(council.period).entries.latest("seq").left_after == left
        visit.refresh_from_db()
        assert visit.state == BookingState.PLANNED
        support.held(visit, outcome="NOT_HELD", reason="OTHER")
        assert not end(how, council.early_years, coordinator, at=visit.ends_at).refusal

    @ENDS
    def test_its_place_goes_to_whoever_waits_first(self, council, coordinator, how):
        quota = quota_of(council.period)
        use_places(quota, quota.entries.latest("seq").left_after, by=coordinator)
        waits = waiting_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
        step = end(how, council.early_years, coordinator)
        assert (step.referral.status, step.referral.place) == (how, None)
        assert JobRequest.objects.filter(job=FILL_PLACES, subject=str(quota.pk)).exists()
        assert waiting.fill(quota=quota, by=ensure_system_user(), at=AT + DAY) == [waits]

    @ENDS
    def test_planned_visits_are_cancelled_and_everybody_is_told_without_the_reason(self, council, coordinator, how):
        booking = support.booked(council.early_years)
        row, since = booking.referral, Notification.objects.count()
        row = end(how, row, coordinator).referral
        booking.refresh_from_db()
        assert (booking.state, booking.teachers.filter(live=True).count()) == (BookingState.CANCELLED, 0)
        seq = row.events.count()
        assert new_messages(since) == [
            (Kind.VISIT_CANCELLED, f"visit-cancelled:{booking.key}:1:{row.teacher_id}", row.teacher.email),
            (Kind.VISIT_CANCELLED, f"visit-cancelled:{booking.key}:1:contact", row.contact_email),
            (Kind.REQUEST_STATUS_ADVISER, f"status:{row.reference}:{seq}:adviser", row.submitted_by.email),
            (Kind.REQUEST_STATUS_CONTACT, f"status:{row.reference}:{seq}:contact", row.contact_email),
            (Kind.REQUEST_STATUS_TEACHER, f"status:{row.reference}:{seq}:teacher:{row.teacher_id}", row.teacher.email),
        ]
        assert row.events.latest("seq").facts["note"] == SECRET

    @ENDS
    def test_an_open_question_ends_with_it_and_twice_gives_back_once(self, council, coordinator, how):
        returned = support.in_status(council.early_years, Status.RETURNED)
        row = end(how, returned, coordinator).referral
        assert (row.returned_from, row.returned_at, row.ended_by) == ("", None, coordinator)
        assert end(how, row, coordinator).refusal
        lines = LedgerEntry.objects.filter(reference=row.reference).values_list("kind", flat=True).order_by("seq")
        assert list(lines) == [EntryKind.DRAWN, EntryKind.RELEASED]
        assert row.end_state == (EndState.NOT_STARTED if how == Status.CLOSED else "")


class TestClosing:
    def visited(self, council):
        return Referral.objects.get(pk=support.held(support.booked(council.early_years)).referral_id)

    @pytest.mark.parametrize(
        ("result", "state"),
        [(GoalResult.MET, EndState.COMPLETED), (GoalResult.NOT_WORKED_ON, EndState.ENDED_EARLY)],
    )
    def test_it_closes_with_a_summary_and_an_outcome_for_each_goal(self, council, result, state):
        row = self.visited(council)
        since = Notification.objects.count()
        row = support.closed(row, result=result)
        assert (row.status, row.end_state, row.ended_by) == (Status.CLOSED, state, row.teacher)
        assert row.place_id is not None
        said = Closing.objects.get()
        assert (said.end_state, [(one.goal.text, one.result) for one in said.outcomes.all()]) == (
            state,
            [(goal.text, result) for goal in row.goals.order_by("position")],
        )
        assert [kind for kind, _, _ in new_messages(since)] == [
            Kind.REQUEST_STATUS_ADVISER,
            Kind.REQUEST_STATUS_CONTACT,
        ]

    def test_the_same_key_again_is_the_same_closing_and_another_is_too_late(self, council):
        row = support.closed(self.visited(council))
        said = Closing.objects.get()
        told = {"summary": "Again", "results": {}}
        again = closing.close(referral=row, ending=closing.Ending(said.key, **told), by=row.teacher, at=AT + 4 * DAY)
        assert (again.refusal, Closing.objects.count()) == ("", 1)
        late = closing.close(referral=row, ending=support.ending_of(row), by=row.teacher, at=AT + 4 * DAY)
        assert late.refusal == "This request can no longer be closed. It stands at: Closed."

    def test_each_goal_has_an_outcome(self, council):
        row = self.visited(council)
        said = closing.Ending(uuid.uuid4(), "Done", {})
        with pytest.raises(closing.MissingOutcome, match="each goal"):
            closing.close(referral=row, ending=said, by=row.teacher, at=AT + 3 * DAY)

    def test_what_stands_in_the_way_is_named_and_undone_one_by_one(self, council):
        row = self.visited(council)
        booking = support.book(row, AT + 6 * DAY)

        def why(at):
            return closing.close(referral=row, ending=support.ending_of(row), by=row.teacher, at=at).refusal

        assert why(AT + 3 * DAY) == "Finalise the record of the visit on 28 November 2024 first."
        assert why(booking.starts_at) == "Tell first what became of the visit on 2 December 2024."
        support.recorded(row.visits.get())
        assert why(AT + 3 * DAY) == "A visit is still planned. Hold or cancel it first."

    @pytest.mark.parametrize(("late", "opens"), [(timedelta(0), True), (timedelta(seconds=1), False)])
    def test_it_opens_again_until_the_last_second_of_delivery(self, council, coordinator, late, opens):
        row = support.closed(self.visited(council))
        step = closing.reopen(referral=row, reason=SECRET, by=coordinator, at=CONTRACT_ENDS + late)
        row = Referral.objects.get(pk=row.pk)
        if opens:
            assert (row.status, row.end_state, row.ended_at, row.ended_by) == (Status.SUPPORTING, "", None, None)
            assert row.events.latest("seq").kind == EventKind.REOPENED
            new_messages(0)
        else:
            assert (step.refusal, row.status) == ("Delivery has ended: nothing is opened again.", Status.CLOSED)

    def test_closed_again_it_has_two_closings(self, council, coordinator):
        row = support.closed(self.visited(council))
        closing.reopen(referral=row, reason="", by=coordinator, at=AT + 4 * DAY)
        support.closed(row, at=AT + 5 * DAY)
        assert Closing.objects.filter(referral=row).count() == 2


class TestReinstating:
    def reinstate(self, council, row, at=AT + DAY):
        by = council.people[Role.COMMISSIONER]
        return reinstating.reinstate(referral=row, reason=SECRET, by=by, at=at)

    def test_what_is_withdrawn_again_is_told_again(self, council):
        told = Notification.objects.filter(
            kind__in=[Kind.REQUEST_WITHDRAWN_ADVISER, Kind.REQUEST_WITHDRAWN_CONTACT],
            reference=council.early_years.reference,
        )
        row = council.early_years
        for times in (1, 2):
            how = {"reason": WithdrawReason.OTHER, "note": "", "by": row.submitted_by, "at": AT + times * DAY}
            withdrawing.withdraw(referral=row, **how)
            assert told.count() == 2 * times
            row = self.reinstate(council, row, at=AT + times * DAY).referral

    def test_the_ledger_says_what_each_line_answers(self, council, coordinator):
        row = end(Status.DECLINED, support.in_status(council.early_years, Status.IN_CONTACT), coordinator).referral
        since = Notification.objects.count()
        again = Referral.objects.get(pk=self.reinstate(council, row).referral.pk)
        assert (again.status, again.teacher, again.first_contact_at, again.ended_at) == (
            Status.SUBMITTED,
            *(None, None, None),
        )
        withdrawn = withdrawing.withdraw(
            referral=again, reason=WithdrawReason.OTHER, note="", by=again.submitted_by, at=AT + 2 * DAY
        )
        self.reinstate(council, withdrawn, AT + 3 * DAY)
        lines = list(LedgerEntry.objects.filter(reference=row.reference).order_by("seq"))
        assert [line.places for line in lines] == [-1, 1, -1, 1, -1]
        assert [line.answers for line in lines] == [None, *lines[:-1]]
        assert Referral.objects.get(pk=row.pk).place == lines[-1]
        assert new_messages(since)[0][0] == Kind.REQUEST_STATUS_ADVISER

    @pytest.mark.parametrize(("late", "refusal"), [(0, ""), (1, "The last day on which places are given has passed")])
    def test_until_the_last_second_of_the_allocation_deadline(self, council, late, refusal):
        step = self.reinstate(council, council.withdrawn, LAST_SECOND + timedelta(seconds=late))
        assert step.refusal.startswith(refusal)
        assert bool(step.refusal) == bool(refusal)

    @pytest.mark.parametrize("others_wait", [False, True])
    def test_without_a_free_place_or_while_others_wait_nothing_is_done(self, council, coordinator, others_wait):
        quota = quota_of(council.period)
        use_places(quota, quota.entries.latest("seq").left_after, by=coordinator)
        if others_wait:  # a place is free, and somebody waits for it
            waiting_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
            end(Status.DECLINED, council.early_years, coordinator)
        step = self.reinstate(council, council.withdrawn)
        assert step.refusal == "No place is free for it."
        assert Referral.objects.get(pk=council.withdrawn.pk).status == Status.WITHDRAWN

    def test_one_that_left_the_waiting_list_never_had_a_place(self, council, coordinator):
        quota = quota_of(council.period)
        use_places(quota, quota.entries.latest("seq").left_after, by=coordinator)
        adviser = council.people[Role.EARLY_YEARS_ADVISER]
        waits = waiting_request(council.setting, by=adviser, at=AT)
        left = withdrawing.withdraw(referral=waits, reason=WithdrawReason.OTHER, note="", by=adviser, at=AT)
        assert self.reinstate(council, left).refusal.startswith("It never had a place")


class TestReturning:
    def test_question_and_answer_go_to_the_people_and_stay_on_the_portal(self, council, coordinator):
        row, since = council.early_years, Notification.objects.count()
        returning.ask(referral=row, question=SECRET, by=coordinator, at=AT)
        back = returning.send_back(referral=row, answer=SECRET, by=row.submitted_by, at=AT + 3 * DAY).referral
        assert new_messages(since) == [
            (Kind.INFORMATION_ASKED, f"asked:{row.reference}:2", row.submitted_by.email),
            (Kind.INFORMATION_GIVEN, f"answered:{row.reference}:3", coordinator.email),
        ]
        assert (back.contact_paused_days, back.events.latest("seq").facts["paused_days"]) == (3, 3)

    def test_taken_back_the_adviser_is_told_and_the_contact_is_not(self, council, coordinator):
        row = support.in_status(council.early_years, Status.RETURNED)
        since = Notification.objects.count()
        back = returning.take_back(referral=row, note=SECRET, by=coordinator, at=AT).referral
        assert [kind for kind, _, _ in new_messages(since)] == [Kind.REQUEST_STATUS_ADVISER]
        assert (back.status, back.contact_paused_days, back.returned_at) == (Status.SUBMITTED, 0, None)

    def test_whoever_asked_last_is_told(self, council, coordinator):
        row = support.assigned(council.early_years)
        returning.ask(referral=row, question="?", by=coordinator, at=AT)
        returning.take_back(referral=row, note="", by=coordinator, at=AT)
        returning.ask(referral=row, question="?", by=row.teacher, at=AT)
        returning.send_back(referral=row, answer="!", by=row.submitted_by, at=AT)
        assert Notification.objects.latest("pk").to_email == row.teacher.email

    def test_reached_while_it_was_awaited_the_visits_clock_stood_still_from_then_on(self, council, coordinator):
        row = support.assigned(council.early_years)
        returning.ask(referral=row, question="?", by=row.teacher, at=AT)
        support.contacting.log_contact(
            referral=row, attempt=support.attempt(at=AT + 2 * DAY), by=row.teacher, at=AT + 2 * DAY
        )
        back = returning.send_back(referral=row, answer="!", by=row.submitted_by, at=AT + 3 * DAY).referral
        assert (back.status, back.contact_paused_days, back.observation_paused_days) == (Status.IN_CONTACT, 2, 1)
