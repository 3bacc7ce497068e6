"""Records of visits: written answer by answer, finalised once, added to, retracted; their agreed actions roll on."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from referrals.actions import closing, finalising, recording, retracting
from referrals.actions.recording import NotOpen, Typed
from referrals.choices import ActionResult, EventKind, GoalResult, Status
from referrals.documents.records import content_of
from referrals.models import (
    AgreedActionResult,
    RecordAnswer,
    RecordDraft,
    Referral,
    ReferralEvent,
    Retraction,
    VisitRecord,
)
from referrals.permissions import Asking
from referrals.queries import records
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import records as made
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def visit(council):
    """A visit that was held, with its record begun."""
    return made.visit_of(council.early_years, at=AT, starts_at=AT + 2 * DAY)


def later(visit, days=7):
    """A further visit of the same request."""
    starts_at = visit.booking.starts_at
    return made.visit_of(visit.referral, at=starts_at + DAY, starts_at=starts_at + days * DAY)


def save(visit, by=None, at=None, **typed):
    visit = made.fresh(visit)
    answers = {name: Typed(*one) for name, one in typed.items()}
    return recording.save(visit=visit, typed=answers, by=by or visit.referral.teacher, at=at or visit.booking.ends_at)


# --- Writing -----------------------------------------------------------------------------------------------------
def test_an_answer_is_saved_with_who_and_when(visit):
    at = visit.booking.ends_at + timedelta(hours=1)
    one = save(visit, at=at, seen=("Sand", 0))["seen"]
    row = RecordAnswer.objects.get()
    assert one.answer == row
    assert (row.name, row.value, row.version) == ("seen", "Sand", 1)
    assert (row.saved_by, row.saved_at) == (visit.referral.teacher, at)
    save(visit, seen=("Sand and water", 1))
    row = RecordAnswer.objects.get()
    assert (row.value, row.version) == ("Sand and water", 2)
    save(visit, seen=("", 2))
    assert (RecordAnswer.objects.get().value, RecordAnswer.objects.get().version) == ("", 3)


def test_what_somebody_else_changed_meanwhile_is_left_as_it_is_and_shown(visit, council):
    cover = council.people[Role.S2S_TEACHER]
    save(visit, seen=("Mine", 0), works=("Pictures", 0))
    found = save(visit, by=cover, seen=("Theirs", 0), works=("Pictures", 0), resources=("A timetable", 0))
    assert (found["seen"].conflict, found["seen"].answer.value) == (True, "Mine")
    assert not found["works"].conflict  # the same words are no conflict, whatever they were typed over
    assert not found["resources"].conflict
    there = dict(RecordAnswer.objects.values_list("name", "value"))
    assert there == {"seen": "Mine", "works": "Pictures", "resources": "A timetable"}


def test_an_answer_that_is_too_long_is_not_cut_but_refused(visit):
    found = save(visit, seen=("x" * 4001, 0), works=("x" * 4000, 0))
    assert found["seen"].problem == "Shorten this by 1 character: it may have 4,000"
    assert found["seen"].answer is None
    assert list(RecordAnswer.objects.values_list("name", flat=True)) == ["works"]


def test_an_answer_that_the_record_does_not_have_is_not_kept(visit):
    assert save(visit, sent_by=("Me", 0), result_999=("DONE", 0)) == {}
    assert not RecordAnswer.objects.exists()


def test_the_log_says_who_began_to_write_an_answer_and_not_each_second_of_it(visit):
    AuditEvent.objects.all().delete()
    save(visit, seen=("S", 0), works=("W", 0))
    save(visit, seen=("Sa", 1))
    save(visit, seen=("Sa", 2), works=("", 9))
    lines = AuditEvent.objects.values_list("kind", "what", "reference", "user_id")
    referral = visit.referral
    what = "wrote in a record of visit: seen, works"
    assert list(lines) == [(AuditKind.WRITE, what, referral.reference, referral.teacher_id)]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.S2S_TEACHER])
def test_only_who_has_the_request_writes_its_record(visit, council, role):
    somebody = {"by": council.people[role]}
    with pytest.raises(NotAllowed):
        save(visit, **somebody, seen=("Mine", 0))
    with pytest.raises(NotAllowed):
        made.finalise(visit, **somebody)
    with pytest.raises(NotAllowed):
        made.attached(visit, **somebody)
    assert not RecordAnswer.objects.exists()


def test_a_teacher_without_the_request_does_not_write_its_record(visit):
    with pytest.raises(NotAllowed):
        save(visit, by=person(Role.S2S_TEACHER), seen=("Mine", 0))


def test_who_handed_the_request_over_meanwhile_writes_no_more(visit):
    stale = made.fresh(visit)  # as a page that came before the hand-over has read it
    was = stale.referral.teacher
    support.handed_over(visit.referral, at=visit.booking.ends_at)
    with pytest.raises(NotAllowed):
        recording.save(visit=stale, typed={"seen": Typed("Sand", 0)}, by=was, at=visit.booking.ends_at)
    assert not RecordAnswer.objects.exists()


def test_nothing_is_saved_in_a_finalised_record(visit):
    made.recorded(visit)
    with pytest.raises(NotOpen, match="This record is finalised"):
        save(visit, seen=("More", 1))


def test_nothing_is_saved_once_the_request_has_moved_on(visit):
    Referral.objects.filter(pk=visit.referral_id).update(status=Status.TRANSFERRED)
    with pytest.raises(NotOpen, match="The request stands at: Moved"):
        save(visit, seen=("More", 0))
    assert made.finalise(visit).refusal.startswith("This request can no longer be given a record of visit.")


# --- Finalising --------------------------------------------------------------------------------------------------
def test_a_finalised_record_has_everything_that_was_written(visit):
    file = made.attached(visit)
    at = visit.booking.ends_at + DAY
    made.type_in(visit, made.WORDS | made.action(2) | {"confidence_before": "2", "confidence_after": "4"})
    AuditEvent.objects.all().delete()
    done = made.finalise(visit, at=at)
    record, referral = VisitRecord.objects.get(), visit.referral
    assert done.record == record
    assert (record.reference, record.edition, record.at) == (f"{referral.reference}/1", 1, at)
    assert (record.by, record.visit) == (referral.teacher, visit)
    content = content_of(record.version, record.content)
    assert {name: getattr(content, name) for name in made.WORDS} == made.WORDS
    assert (content.confidence_before, content.confidence_after) == (2, 4)
    assert (content.kind, content.teachers) == ("OBSERVATION", (referral.teacher.full_name,))
    assert [(one.name, one.sha256) for one in content.files] == [(file.name, file.sha256)]
    [agreed] = record.actions.all()
    assert (agreed.position, agreed.text, agreed.owner) == (1, "Use the picture timetable", "Perran Oxnead")
    assert str(agreed.due_on) == "2024-12-13"
    assert [(one.text, one.due_on) for one in content.actions] == [(agreed.text, "2024-12-13")]
    assert not RecordDraft.objects.exists()
    assert not RecordAnswer.objects.exists()
    event = ReferralEvent.objects.filter(referral=referral).latest("seq")
    assert (event.kind, event.facts) == (EventKind.RECORD_FINALISED, {"record": record.reference, "actions": 1})
    assert AuditEvent.objects.get().what == "finalised a record of visit"


def test_pressed_twice_it_is_one_record(visit):
    record = made.recorded(visit)
    again = finalising.finalise(
        visit=made.fresh(visit), checked="", by=visit.referral.teacher, at=visit.booking.ends_at + DAY
    )
    assert (again.record, again.refusal) == (record, "")
    assert VisitRecord.objects.count() == 1
    assert ReferralEvent.objects.filter(kind=EventKind.RECORD_FINALISED).count() == 1


def test_a_visit_that_was_not_held_has_no_record(council):
    booking = support.booked(council.early_years)
    visit = support.held(booking, outcome="NOT_HELD", reason="TRAVEL")
    with_another = made.visit_of(council.early_years, at=booking.ends_at, starts_at=booking.ends_at + DAY)
    done = finalising.finalise(
        visit=made.fresh(visit), checked="", by=with_another.referral.teacher, at=with_another.booking.ends_at
    )
    assert (done.record, done.refusal) == (None, "There is no record to finalise.")


def test_a_check_of_the_record_that_was_retracted_does_not_finalise_its_replacement(visit):
    made.type_in(visit, made.WORDS)
    checked, by, at = made.edition(visit), visit.referral.teacher, visit.booking.ends_at
    record = finalising.finalise(visit=made.fresh(visit), checked=checked, by=by, at=at).record
    made.retracted(record)
    made.type_in(visit, {name: f"Of this child: {words}" for name, words in made.WORDS.items()})
    again = finalising.finalise(visit=made.fresh(visit), checked=checked, by=by, at=at + DAY)
    assert (again.record, again.refusal) == (None, finalising.CHANGED)


@pytest.mark.parametrize("change", ["an answer", "a file"])
def test_what_was_checked_is_what_is_finalised(visit, change):
    made.type_in(visit, made.WORDS)
    checked = made.edition(visit)
    if change == "an answer":
        made.type_in(visit, {"works": "Something else"})
    else:
        made.attached(visit)
    visit = made.fresh(visit)
    done = finalising.finalise(visit=visit, checked=checked, by=visit.referral.teacher, at=visit.booking.ends_at)
    assert (done.record, done.refusal) == (None, finalising.CHANGED)
    assert not VisitRecord.objects.exists()
    assert made.finalise(visit).record is not None


def test_a_record_in_which_something_is_missing_is_not_finalised(visit):
    made.type_in(visit, made.WORDS | {"seen": " "})
    done = made.finalise(visit)
    assert done.record is None
    assert done.refusal == "The record is not finalised: something is missing or wrong."
    assert [problem.field for problem in done.problems] == ["seen"]
    assert RecordDraft.objects.exists()


def test_finalising_that_fails_at_its_last_step_leaves_nothing(visit):
    made.type_in(visit, made.WORDS | made.action())
    before, by = ReferralEvent.objects.count(), made.fresh(visit).referral.teacher
    by.email = None  # the audit row, which is written last, cannot be
    AuditEvent.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.finalise(visit, by=by)
    assert not VisitRecord.objects.exists()
    assert (RecordDraft.objects.count(), ReferralEvent.objects.count()) == (1, before)
    assert RecordAnswer.objects.count() == len(made.WORDS | made.action())
    assert not AuditEvent.objects.exists()
    assert made.finalise(visit).record is not None


def test_records_are_numbered_within_their_request(visit):
    first = made.recorded(visit)
    second = made.recorded(later(visit))
    assert [one.reference.rpartition("/")[2] for one in (first, second)] == ["1", "2"]


def test_a_request_closes_once_its_visits_have_records(visit):
    referral = visit.referral
    ended = {"by": referral.teacher, "at": visit.booking.ends_at + DAY}
    assert (
        "Finalise the record"
        in closing.close(referral=referral, ending=support.ending_of(referral, GoalResult.MET), **ended).refusal
    )
    made.recorded(visit)
    assert not closing.close(referral=referral, ending=support.ending_of(referral, GoalResult.MET), **ended).refusal


# --- Agreed actions ----------------------------------------------------------------------------------------------
def open_texts(referral):
    return [one.action.text for one in records.open_actions(referral)]


def test_actions_roll_on_until_they_are_done(visit):
    made.recorded(visit, **made.action(2, "Sit at the front"))
    second = later(visit)
    timetable, front = records.rolled_into(second)
    assert (timetable.agreed_on, timetable.told) == (visit.booking.starts_at.date(), ())
    partly = made.told(front.action.pk, ActionResult.PARTLY)
    made.recorded(second, **partly, **made.action(1, "Fewer words"))
    assert open_texts(visit.referral) == ["Sit at the front", "Fewer words"]
    [front, fewer] = records.rolled_into(later(visit, 14))
    assert [(one.result, one.why) for one in front.told] == [(ActionResult.PARTLY, "There was no time")]
    assert fewer.told == ()


def test_every_open_action_has_to_be_told_about(visit):
    made.recorded(visit)
    second = later(visit)
    made.type_in(second, made.WORDS)
    [open_action] = records.rolled_into(second)
    problems = made.finalise(second).problems
    assert [problem.field for problem in problems] == [f"result_{open_action.action.pk}"]
    made.type_in(second, made.told(open_action.action.pk))
    content = content_of(1, made.finalise(second).record.content)
    [result] = content.results
    assert (result.text, result.stands, result.agreed_in) == (
        "Use the picture timetable",
        "Done",
        f"{visit.referral.reference}/1",
    )


def test_a_record_tells_nothing_about_what_a_later_visit_agreed(visit):
    second = later(visit)
    made.recorded(second)
    assert records.rolled_into(made.fresh(visit)) == []
    made.recorded(visit, **made.action(1, "From the first visit"))
    assert open_texts(visit.referral) == ["From the first visit", "Use the picture timetable"]


def test_retracted_records_count_neither_for_what_was_agreed_nor_for_what_was_done(visit):
    made.recorded(visit)
    second = made.recorded(later(visit), **made.action(1, "About another child"))
    assert open_texts(visit.referral) == ["About another child"]
    made.retracted(second)
    assert open_texts(visit.referral) == ["Use the picture timetable"]


RESULTS = st.lists(st.lists(st.sampled_from(list(ActionResult)), min_size=20, max_size=20), min_size=3, max_size=3)


@settings(
    max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    agreed=st.lists(st.integers(0, 5), min_size=4, max_size=4),
    results=RESULTS,
    mistaken=st.sampled_from([None, 0, 1, 2, 3]),
)
def test_no_action_is_lost_over_four_visits(visit, agreed, results, mistaken):
    """At each visit every action that was agreed before and not done is there again, and nothing else is."""
    with transaction.atomic():
        open_now, one = [], visit
        for number in range(4):
            one = later(one) if number else visit
            rolled = records.rolled_into(made.fresh(one))
            assert [each.action.text for each in rolled] == open_now
            told = dict(zip(open_now, results[number - 1], strict=False)) if number else {}
            texts = [f"Visit {number}, action {position}" for position in range(1, agreed[number] + 1)]
            answers = dict.fromkeys(made.action(), "")
            for position, text in enumerate(texts, start=1):
                answers |= made.action(position, text, due="31 3 2025")
            for each in rolled:
                answers |= made.told(each.action.pk, told[each.action.text])
            record = made.recorded(one, **answers)
            if number == mistaken:
                made.retracted(record)
                made.recorded(
                    one,
                    **dict.fromkeys(made.action(), ""),
                    **{
                        name: value
                        for each in rolled
                        for name, value in made.told(each.action.pk, ActionResult.NOT_DONE).items()
                    },
                )
                continue
            open_now = [text for text in open_now if told.get(text) != ActionResult.DONE] + texts
        assert open_texts(visit.referral) == open_now
        transaction.set_rollback(True)


# --- Adding ------------------------------------------------------------------------------------------------------
def test_something_is_added_once_and_the_record_stays_as_it_was(visit, council):
    record = made.recorded(visit)
    content, key, by = VisitRecord.objects.get().content, uuid.uuid4(), council.people[Role.S2S_COORDINATOR]
    given = {"record": record, "key": key, "text": "It was the blue room.", "by": by, "at": AT + 9 * DAY}
    first, again = finalising.add(**given), finalising.add(**given | {"text": "Something else"})
    assert first.addendum == again.addendum
    assert (first.addendum.text, first.addendum.by) == ("It was the blue room.", by)
    assert VisitRecord.objects.get().content == content
    event = ReferralEvent.objects.filter(referral=visit.referral).latest("seq")
    assert (event.kind, event.facts) == (EventKind.RECORD_ADDED_TO, {"record": record.reference})


def test_nothing_is_added_to_a_retracted_record_nor_once_the_request_has_moved_on(visit):
    record = made.recorded(visit)
    made.retracted(record)
    given = {"record": record, "text": "More", "by": visit.referral.teacher, "at": AT + 9 * DAY}
    assert finalising.add(key=uuid.uuid4(), **given).refusal == (
        "This record was retracted: nothing can be added to it."
    )
    Referral.objects.filter(pk=visit.referral_id).update(status=Status.TRANSFERRED)
    assert "It stands at: Moved" in finalising.add(key=uuid.uuid4(), **given).refusal


def test_only_s2s_adds_and_retracts(visit, council):
    record = made.recorded(visit)
    given = {"record": record, "by": council.people[Role.EARLY_YEARS_ADVISER], "at": AT + 9 * DAY}
    with pytest.raises(NotAllowed):
        finalising.add(key=uuid.uuid4(), text="More", **given)
    with pytest.raises(NotAllowed):
        retracting.retract(reason="x", breach_note="y", **given)


# --- Retracting ----------------------------------------------------------------------------------------------------
def test_a_retracted_record_is_there_for_an_auditor_with_a_reason_only(visit, council):
    record = made.recorded(visit)
    made.retracted(record)
    referral = made.fresh(visit).referral
    row = Retraction.objects.get()
    assert (row.record, row.reason) == (record, "About his brother")
    auditor, today = council.people[Role.AUDITOR], (AT + 9 * DAY).date()
    with_reason = Asking(auditor, frozenset({referral.reference}), today)
    assert records.find_record(with_reason, referral, 1) == record
    assert records.retracted_for(with_reason, referral) == [record]
    for asking in [Asking(one, today=today) for one in council.people.values()]:
        assert records.find_record(asking, referral, 1) is None
        assert records.retracted_for(asking, referral) == []


def test_a_replacement_is_begun_and_finalised_under_a_number_of_its_own(visit):
    record = made.recorded(visit)
    done = made.retracted(record)
    assert (done.draft.edition, done.draft.visit, done.draft.answers.count()) == (2, visit, 0)
    again = made.retracted(record)
    assert (again.draft, Retraction.objects.count()) == (done.draft, 1)
    second = made.recorded(visit)
    assert (second.reference, second.edition) == (f"{visit.referral.reference}/2", 2)
    assert made.retracted(record).draft is None
    kinds = ReferralEvent.objects.filter(referral=visit.referral).order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-3:] == [EventKind.RECORD_FINALISED, EventKind.RECORD_RETRACTED, EventKind.RECORD_FINALISED]


def test_the_replacement_is_written_although_the_request_has_closed(visit):
    record = made.recorded(visit)
    referral, at = visit.referral, visit.booking.ends_at + DAY
    closed = closing.close(referral=referral, ending=support.ending_of(referral), by=referral.teacher, at=at)
    assert closed.referral.status == Status.CLOSED
    made.retracted(record)
    assert made.recorded(visit).edition == 2


def test_nothing_is_retracted_once_the_request_has_moved_on(visit):
    record = made.recorded(visit)
    Referral.objects.filter(pk=visit.referral_id).update(status=Status.TRANSFERRED)
    assert "It stands at: Moved" in made.retracted(record).refusal
    assert not Retraction.objects.exists()


def test_results_of_a_retracted_record_stay_in_the_database(visit):
    made.recorded(visit)
    made.retracted(made.recorded(later(visit)))
    assert AgreedActionResult.objects.count() == 1
