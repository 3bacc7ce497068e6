"""Sending reminders: through real actions, from a request's first day on."""

import uuid
from datetime import datetime, timedelta

import pytest

from referrals.actions import contacting, covering, moving
from referrals.choices import BookingKind, BookingMode, ReminderKind, ReminderState, Status, WhoAsked
from referrals.models import Offer, Referral, Reminder, VisitRecord
from referrals.queries import reminding
from referrals.reminders import scanning, sending
from referrals.rules import reminders
from s2s_portal.core.calendar import Days
from s2s_portal.jobs.models import JobRequest
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.writing import written
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import calendar
from s2s_portal.organisations.choices import LOOK_AGAIN, LinkPurpose, Role
from s2s_portal.organisations.models import SignedLink, User
from s2s_portal.organisations.queries import links
from s2s_portal.organisations.queries.calendar import days
from tests.factories import contract_ends, support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = pytest.mark.sqlite


def morning(day: int, month: int = 11, year: int = 2024) -> datetime:
    """Eight o'clock of a day."""
    return datetime(year, month, day, 8, tzinfo=LONDON)


def sent(kind: ReminderKind, **found: object) -> list[str]:
    """To whom reminders of a kind went, in order of time."""
    rows = Reminder.objects.filter(kind=kind, state=ReminderState.SENT, **found)
    return list(rows.order_by("at", "pk").values_list("told", flat=True))


def not_sent(kind: ReminderKind) -> list[tuple[int, str]]:
    """The steps of a kind that were not sent, and why."""
    rows = Reminder.objects.filter(kind=kind, state=ReminderState.NOT_SENT).order_by("due_at", "pk")
    return list(rows.values_list("step", "why"))


def only(council, referral) -> Referral:
    """The council with one open request, so that a test sees what it is about."""
    Referral.objects.exclude(pk=referral.pk).update(remind_at=None)
    return referral


def run_to(last: datetime, *, first: datetime = AT) -> None:
    """Every slot from the day after `first` to `last`, in order."""
    day = first.replace(hour=8, minute=0) + timedelta(days=1)
    while day <= last:
        sending.send(at=day)
        day += timedelta(days=1)


def test_nobody_has_it_after_two_working_days(council):
    one = only(council, council.early_years)
    sending.send(at=morning(27))
    assert sent(ReminderKind.NOT_ASSIGNED) == []
    sending.send(at=morning(28))
    assert sent(ReminderKind.NOT_ASSIGNED) == ["S2S co-ordinator Person"]
    [message] = Notification.objects.filter(kind="REMIND_NOT_ASSIGNED")
    assert (message.person, message.reference) == (council.people[Role.S2S_COORDINATOR], one.reference)


def test_a_second_run_sends_nothing_again(council):
    sending.send(at=morning(28))
    before = set(Notification.objects.values_list("key", flat=True)), set(Reminder.objects.values_list("key"))
    sending.send(at=morning(28))
    Referral.objects.update(remind_at=AT)
    sending.send(at=morning(28))
    assert before == (set(Notification.objects.values_list("key", flat=True)), set(Reminder.objects.values_list("key")))


def test_first_contact_goes_to_the_teacher_and_then_to_the_coordinator_too(council):
    one = only(council, council.early_years)
    support.assigned(one)
    run_to(morning(13, 12))
    teacher = council.people[Role.S2S_TEACHER].full_name
    both = f"{teacher}, {council.people[Role.S2S_COORDINATOR].full_name}"
    assert sent(ReminderKind.FIRST_CONTACT) == [teacher, teacher, both]
    due = Reminder.objects.filter(kind=ReminderKind.FIRST_CONTACT).order_by("step").values_list("step", "due_at")
    assert list(due) == [(3, morning(29)), (5, morning(3, 12)), (8, morning(6, 12))]
    assert sent(ReminderKind.NOT_ASSIGNED) == []


def test_three_days_without_the_scheduler_are_caught_up_once(council):
    one = only(council, council.early_years)
    support.assigned(one)
    sending.send(at=morning(5, 12) + timedelta(hours=2))
    assert sent(ReminderKind.FIRST_CONTACT) == [council.people[Role.S2S_TEACHER].full_name]
    assert sent(ReminderKind.FIRST_CONTACT, step=5)
    assert not_sent(ReminderKind.FIRST_CONTACT) == [(3, "a later one of the same kind was due as well")]


def test_what_is_no_longer_true_is_written_down_and_not_sent(council):
    one = support.assigned(only(council, council.early_years))
    wednesday = morning(4, 12) + timedelta(hours=3)
    contacting.log_contact(referral=one, attempt=support.attempt(at=wednesday), by=one.teacher, at=wednesday)
    sending.send(at=morning(5, 12))
    assert not_sent(ReminderKind.FIRST_CONTACT) == [
        (3, "S2S has reached the school or setting"),
        (5, "S2S has reached the school or setting"),
    ]
    assert sent(ReminderKind.FIRST_CONTACT) == []


def test_what_never_became_due_leaves_no_line(council):
    one = support.in_contact(only(council, council.early_years))
    assert one.status == Status.IN_CONTACT
    run_to(morning(6, 12))
    assert not Reminder.objects.filter(kind__in=(ReminderKind.FIRST_CONTACT, ReminderKind.NOT_ASSIGNED)).exists()


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param(morning(28) - timedelta(seconds=1), id="before eight"),
        pytest.param(morning(28) + timedelta(hours=10), id="from six in the evening"),
        pytest.param(morning(30) + timedelta(hours=2), id="Saturday"),
    ],
)
def test_quiet_hours_wait_for_the_next_slot(council, quiet):
    assert sending.send(at=quiet) == 0
    assert not Reminder.objects.exists()
    assert sending.send(at=morning(2, 12))


def test_a_teacher_who_has_left_gets_nothing_and_the_coordinator_does(council):
    one = support.assigned(only(council, council.early_years))
    teacher = one.teacher
    teacher.is_active = False
    teacher.save()
    sending.send(at=morning(29))
    assert sent(ReminderKind.FIRST_CONTACT) == [council.people[Role.S2S_COORDINATOR].full_name]
    [row] = Reminder.objects.filter(kind=ReminderKind.FIRST_CONTACT)
    assert row.why == f"{teacher.full_name} no longer uses the portal"


def test_a_request_that_has_ended_is_not_looked_at_any_more(council):
    one = support.in_status(only(council, council.early_years), Status.CLOSED)
    sending.send(at=morning(28))
    one.refresh_from_db()
    assert one.remind_at is None
    assert not Reminder.objects.filter(subject=one.reference).exists()


def test_information_is_asked_for_again_and_then_the_coordinator_may_decline(council):
    one = support.in_status(only(council, council.early_years), Status.RETURNED)
    run_to(morning(13, 12))
    adviser, coordinator = (council.people[role].full_name for role in (Role.EARLY_YEARS_ADVISER, Role.S2S_COORDINATOR))
    assert sent(ReminderKind.INFORMATION) == [adviser, adviser, f"{adviser}, {coordinator}"]
    assert {row.context["may_decline"] for row in Notification.objects.filter(kind="REMIND_INFORMATION")} == {
        False,
        True,
    }
    assert not Reminder.objects.filter(kind=ReminderKind.NOT_ASSIGNED, subject=one.reference).exists()


def test_a_visit_ahead_is_told_five_and_one_working_days_before_and_again_for_its_new_time(council):
    booking = support.booked(only(council, council.early_years), starts_at=datetime(2024, 12, 5, 9, 30, tzinfo=LONDON))
    run_to(morning(29))
    teacher = council.people[Role.S2S_TEACHER].full_name
    told = f"{teacher}, Perran Oxnead (school or setting)"
    assert sent(ReminderKind.VISIT_AHEAD) == [told]
    new = datetime(2024, 12, 12, 9, 30, tzinfo=LONDON)
    at = morning(29) + timedelta(hours=2)
    moved = moving.move(
        booking=booking,
        sequence=booking.sequence,
        starts_at=new,
        ends_at=new + timedelta(hours=1),
        asked_by=WhoAsked.SETTING,
        note="",
        reasons={},
        by=booking.referral.teacher,
        at=at,
    )
    assert not moved.refusal
    run_to(morning(13, 12), first=at)
    assert sent(ReminderKind.VISIT_AHEAD) == [told] * 3
    steps = Reminder.objects.filter(kind=ReminderKind.VISIT_AHEAD).order_by("at").values_list("step", "at")
    assert list(steps) == [(5, morning(28)), (5, morning(5, 12)), (1, morning(11, 12))]


def test_what_happened_is_asked_for_and_then_its_record(council):
    booking = support.booked(only(council, council.early_years), starts_at=datetime(2024, 11, 28, 9, 30, tzinfo=LONDON))
    run_to(morning(29))
    teacher = council.people[Role.S2S_TEACHER].full_name
    assert sent(ReminderKind.OUTCOME_MISSING) == [teacher]
    support.held(booking, at=morning(29) + timedelta(hours=1))
    run_to(morning(31, 1, 2025), first=morning(29))
    both = f"{teacher}, {council.people[Role.S2S_COORDINATOR].full_name}"
    assert sent(ReminderKind.RECORD_OVERDUE) == [both] * 3
    assert sent(ReminderKind.REVIEW_DUE) == [teacher]
    assert sent(ReminderKind.NOT_OFFERED) == []


def test_half_way_to_the_first_visit_somebody_asks_for_a_time(council):
    support.in_contact(only(council, council.early_years))
    run_to(morning(11, 12))
    assert sent(ReminderKind.NOT_OFFERED) == [
        f"{council.people[Role.S2S_TEACHER].full_name}, {council.people[Role.S2S_COORDINATOR].full_name}"
    ]
    [row] = Reminder.objects.filter(kind=ReminderKind.NOT_OFFERED)
    assert row.due_at == morning(10, 12)


def test_drafts_are_told_of_before_the_cut_off(council):
    run_to(morning(13, 12))
    adviser, far = council.people[Role.EARLY_YEARS_ADVISER].full_name, council.far_adviser.full_name
    assert sorted(sent(ReminderKind.DRAFT_UNSENT, subject__startswith="draft")) == sorted([adviser, far] * 2)
    days = set(Reminder.objects.filter(kind=ReminderKind.DRAFT_UNSENT, subject__startswith="draft").values_list("at"))
    assert days == {(morning(6, 12),), (morning(12, 12),)}


def test_the_contracts_end_is_told_to_all_who_have_open_requests(council):
    support.assigned(council.early_years)
    contract = council.period.contract
    day = days().add_working_days(contract.ends_on, -20)
    at = datetime(day.year, day.month, day.day, 8, tzinfo=LONDON)
    sending.send(at=at)
    names = [council.people[role].full_name for role in (Role.S2S_TEACHER, Role.S2S_COORDINATOR, Role.COMMISSIONER)]
    assert sent(ReminderKind.CONTRACT_END) == [", ".join(names)]
    told = {row.to_name: row.context["references"] for row in Notification.objects.filter(kind="REMIND_CONTRACT_END")}
    assert told[names[0]] == [council.early_years.reference]
    assert told[names[1]] == []
    assert pages_told() == {names[0]: "/caseload/", names[1]: "/contract-ends/", names[2]: "/contract-ends/"}
    sending.send(at=at)
    assert len(sent(ReminderKind.CONTRACT_END)) == 1


def test_a_contracts_end_that_was_begun_is_where_commissioners_are_led(council):
    rollover = contract_ends.begun(council.period, None)
    day = days().add_working_days(council.period.contract.ends_on, -20)
    sending.send(at=datetime(day.year, day.month, day.day, 8, tzinfo=LONDON))
    assert pages_told()[council.people[Role.COMMISSIONER].full_name] == f"/contract-ends/{rollover.key}/"


def pages_told() -> dict[str, str]:
    """The page to which each reminder of a contract's end leads, by whom it is for."""
    return {row.to_name: row.context["address"] for row in Notification.objects.filter(kind=Kind.REMIND_CONTRACT_END)}


def test_the_weeks_summary_goes_on_monday_to_those_who_have_something(council):
    run_to(morning(3, 12))
    rows = Reminder.objects.filter(kind=ReminderKind.WEEKLY_DIGEST, subject__startswith="person")
    assert council.people[Role.S2S_COORDINATOR].full_name in set(rows.values_list("told", flat=True))
    assert council.people[Role.AUDITOR].full_name not in set(rows.values_list("told", flat=True))
    mondays = set(rows.values_list("at", flat=True))
    assert mondays == {morning(27), morning(2, 12)}  # the week in which it began is caught up, once


def test_who_covers_a_request_that_day_is_told_too(council):
    ours, theirs = support.assigned(council.early_years), support.assigned(council.far)
    stand_in, coordinator = person(Role.S2S_TEACHER, full_name="Linnet Hoveton"), council.people[Role.S2S_COORDINATOR]
    for one, day in ((ours, 29), (theirs, 28)):
        on = morning(day).date()
        covering.cover(referral=one, teacher=stand_in, starts_on=on, ends_on=on, by=coordinator, at=AT)
    sending.send(at=morning(29))
    assert sent(ReminderKind.FIRST_CONTACT, subject=ours.reference) == [f"{ours.teacher.full_name}, Linnet Hoveton"]
    assert sent(ReminderKind.FIRST_CONTACT, subject=theirs.reference) == [theirs.teacher.full_name]


def test_a_school_that_has_chosen_no_time_is_asked_again(council):
    one = support.in_contact(only(council, council.early_years))
    Offer.objects.create(
        key=uuid.uuid4(),
        referral=one,
        kind=BookingKind.OBSERVATION,
        mode=BookingMode.IN_PERSON,
        teacher=one.teacher,
        offered_at=AT,
    )
    run_to(morning(11, 12))
    assert sent(ReminderKind.NOT_CHOSEN) == ["Perran Oxnead (school or setting)"]
    assert Reminder.objects.get(kind=ReminderKind.NOT_CHOSEN).due_at == morning(3, 12)
    assert sent(ReminderKind.NOT_OFFERED) == []
    told = Notification.objects.get(kind=Kind.REMIND_NOT_CHOSEN)
    link = SignedLink.objects.get(pk=told.context["link_id"])
    assert link.subject == f"offer {Offer.objects.get().key}"


def test_a_school_that_has_not_confirmed_a_record_is_asked_again_and_its_teacher_is_told(council):
    booking = support.booked(only(council, council.early_years), starts_at=datetime(2024, 11, 28, 9, 30, tzinfo=LONDON))
    support.recorded(support.held(booking))
    run_to(morning(13, 12))
    teacher = council.people[Role.S2S_TEACHER].full_name
    assert sent(ReminderKind.NOT_CONFIRMED) == [f"Perran Oxnead (school or setting), {teacher}"]
    assert Reminder.objects.get(kind=ReminderKind.NOT_CONFIRMED).due_at == morning(12, 12)
    told = Notification.objects.filter(kind=Kind.REMIND_NOT_CONFIRMED)
    contact, to_teacher = told.get(person=None), told.exclude(person=None).get()
    link = SignedLink.objects.get(pk=contact.context["link_id"])
    assert (link.purpose, link.subject) == (LinkPurpose.READ_RECORD, f"record {VisitRecord.objects.get().reference}")
    assert "/requests/" in to_teacher.context["address"]
    assert to_teacher.context["link_id"] == 0
    words = written(contact.kind, contact.context, to_name=contact.to_name, link=links.link_of(contact.context))
    assert links.address_of(link.pk) in words.text


def test_a_leap_day_is_a_working_day_like_any_other(council):
    leap = datetime(2028, 2, 29, 8, tzinfo=LONDON)
    assert reminders.moment(leap.date(), Days()) == leap


def test_a_day_that_becomes_a_closure_moves_what_is_due(council):
    one = support.assigned(only(council, council.early_years))
    sending.send(at=morning(27))
    one.refresh_from_db()
    assert one.remind_at == morning(29)
    administrator = council.people[Role.ADMINISTRATOR]
    at = morning(27).replace(hour=11)
    why = {"reason": "So.", "key": uuid.uuid4()}
    calendar.add_bank_holiday(day=morning(28).date(), name="A day of thanks", **why, by=administrator, at=at)
    assert JobRequest.objects.filter(job=LOOK_AGAIN).exists()
    sending.look_again(at=at)
    run_to(morning(2, 12), first=at)
    assert sent(ReminderKind.FIRST_CONTACT) == [one.teacher.full_name]
    assert Reminder.objects.get(kind=ReminderKind.FIRST_CONTACT).due_at == morning(2, 12)


def test_one_request_that_cannot_be_reckoned_keeps_nobody_elses_reminders(council):
    without_address = person(Role.S2S_TEACHER)
    ours, theirs = support.assigned(council.early_years, teacher=without_address), support.assigned(council.far)
    sending.send(at=morning(27))
    User.objects.filter(pk=without_address.pk).update(email="")
    with pytest.raises(scanning.SomeFailed, match=f"1 requests, {ours.reference}"):
        sending.send(at=morning(29))
    assert sent(ReminderKind.FIRST_CONTACT) == [theirs.teacher.full_name]
    ours.refresh_from_db()
    assert ours.remind_at == morning(29)
    User.objects.filter(pk=without_address.pk).update(email="teacher@special.invalid")
    sending.send(at=morning(29))
    assert len(sent(ReminderKind.FIRST_CONTACT)) == 2


def test_the_scan_reads_the_same_number_of_statements_for_one_and_for_three(council, django_assert_num_queries):
    rows = Referral.objects.filter(status=Status.SUBMITTED)
    assert rows.count() == 3
    for found in (rows, rows.filter(pk=council.early_years.pk)):
        with django_assert_num_queries(7):
            reminding.watched(found, today=AT.date())


def test_a_scan_that_is_stopped_goes_on_where_it_was(council):
    asked = []

    def stopping() -> bool:
        asked.append(1)
        return len(asked) > 2

    sending.send(at=morning(28), stopping=stopping)
    some = Reminder.objects.filter(kind=ReminderKind.NOT_ASSIGNED).count()
    sending.send(at=morning(28))
    assert some < 3
    assert Reminder.objects.filter(kind=ReminderKind.NOT_ASSIGNED).count() == 3


def test_one_request_that_cannot_be_reckoned_keeps_no_draft_and_no_contract_waiting(council):
    without_address = person(Role.S2S_TEACHER)
    support.assigned(council.early_years, teacher=without_address)
    User.objects.filter(pk=without_address.pk).update(email="")
    with pytest.raises(scanning.SomeFailed):
        sending.send(at=morning(2, 12))
    assert sent(ReminderKind.WEEKLY_DIGEST, subject="everyone") == ["3 people"]


def test_a_round_that_was_broken_off_counts_whom_it_had_told_before(council):
    cut_off_near = morning(6, 12)
    asked = []

    def after_both_drafts() -> bool:
        asked.append(Reminder.objects.filter(subject__startswith="draft").count() == 2)
        return asked[-1]

    Referral.objects.update(remind_at=None)
    assert sending.send(at=cut_off_near, stopping=after_both_drafts) == 2
    assert not Reminder.objects.filter(subject__startswith="period", step=5).exists()
    sending.send(at=cut_off_near)
    rows = Reminder.objects.filter(subject__startswith="period", step=5)
    assert [(row.state, row.told) for row in rows] == [(ReminderState.SENT, "those who started 2 drafts")]


@pytest.mark.parametrize("same_provider", [True, False])
def test_a_request_that_is_carried_over_is_reminded_of_nothing_twice(council, same_provider):
    one = only(council, support.assigned(council.early_years))
    run_to(morning(6, 12))
    before = set(Reminder.objects.values_list("kind", "step"))
    assert {("FIRST_CONTACT", 3), ("FIRST_CONTACT", 5), ("FIRST_CONTACT", 8)} <= before
    new = contract_ends.moved(one, council.period, same_provider=same_provider, at=morning(9, 12))
    run_to(morning(20, 12), first=morning(8, 12))
    again = Reminder.objects.filter(subject=new.reference)
    assert not before & set(again.filter(due_at__lt=morning(9, 12)).values_list("kind", "step"))
    assert not again.filter(due_at__lt=morning(9, 12)).exists()


def test_the_answer_that_a_request_waited_for_when_it_was_carried_over_is_still_asked_for(council):
    one = support.in_status(only(council, council.early_years), Status.RETURNED)
    new = contract_ends.moved(one, council.period, at=AT + timedelta(hours=1))
    run_to(morning(12, 12))
    adviser, coordinator = (council.people[role].full_name for role in (Role.EARLY_YEARS_ADVISER, Role.S2S_COORDINATOR))
    assert sent(ReminderKind.INFORMATION, subject=new.reference) == [adviser, adviser, f"{adviser}, {coordinator}"]
    assert sent(ReminderKind.INFORMATION, subject=one.reference) == []
