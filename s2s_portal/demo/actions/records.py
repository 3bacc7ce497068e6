"""Records of visits as the demo's teachers write them: answer by answer, finalised or still being written."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from referrals.actions import finalising, recording
from referrals.actions.recording import Typed
from referrals.choices import ActionResult, RecordField
from referrals.models import Visit, VisitRecord
from referrals.queries import records
from referrals.queries.records import OpenAction
from referrals.rules import records as rules
from s2s_portal.core.calendar import london_date
from s2s_portal.demo.documents.support import WHY_PARTLY, Record
from s2s_portal.organisations.models import User

RESULTS = (ActionResult.DONE, ActionResult.PARTLY, ActionResult.DONE)
"""How the earlier record's actions stand at the next visit, in turn."""


def begin(visit: Visit, record: Record, *, by: User, at: datetime) -> None:
    """Write the first half, and leave it for another day."""
    words = {RecordField.SEEN: record.seen, RecordField.WORKS: record.works}
    recording.save(visit=visit, typed={field.value: Typed(text, 0) for field, text in words.items()}, by=by, at=at)


def write(visit: Visit, record: Record, *, by: User, at: datetime) -> VisitRecord:
    """Write a record and finalise it."""
    rolled = records.rolled_into(visit)
    answers = dict(_answers(visit, record)) | dict(_results(rolled))
    recording.save(visit=visit, typed={name: Typed(value, 0) for name, value in answers.items()}, by=by, at=at)
    draft = visit.draft
    files = records.files_of(visit, draft.edition)
    checked = records.edition_checked(records.answers_of(draft), rolled, files)
    finalised = finalising.finalise(visit=visit, checked=checked, by=by, at=at + timedelta(minutes=2))
    assert finalised.record is not None, finalised  # noqa: S101 - the texts are ours: nothing is missing
    return finalised.record


def _answers(visit: Visit, record: Record) -> Iterator[tuple[str, str]]:
    yield RecordField.SEEN.value, record.seen
    yield RecordField.WORKS.value, record.works
    yield RecordField.NEEDS_NOW.value, record.needs_now
    yield RecordField.RESOURCES.value, record.resources
    yield RecordField.NEXT_STEP.value, record.next_step
    yield rules.BEFORE, str(record.before)
    yield rules.AFTER, str(record.after)
    visited_on = london_date(visit.booking.starts_at)
    for position, (text, owner, in_days) in enumerate(record.actions, start=1):
        due_on = visited_on + timedelta(days=in_days)
        yield rules.action_name(position, "text"), text
        yield rules.action_name(position, "owner"), owner
        yield rules.action_name(position, "due"), f"{due_on.day} {due_on.month} {due_on.year}"


def _results(rolled: list[OpenAction]) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(rolled):
        result = RESULTS[number % len(RESULTS)]
        yield rules.result_name(one.action.pk), result.value
        if result != ActionResult.DONE:
            yield rules.why_name(one.action.pk), WHY_PARTLY
