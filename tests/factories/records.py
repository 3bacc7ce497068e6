"""Records of visits, through the real actions."""

import uuid
from datetime import datetime
from typing import Any

from referrals.actions import attachments, finalising, recording, retracting
from referrals.choices import ActionResult
from referrals.models import Attachment, Referral, Visit, VisitRecord
from referrals.queries import records
from referrals.rules import records as rules
from s2s_portal.organisations.models import User
from tests.factories import support

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
WORDS = {
    "seen": "He plays beside the others at the water tray.",
    "works": "Pictures beside the words.",
    "needs_now": "Time to answer.",
    "resources": "A picture timetable.",
    "next_step": "Staff keep the timetable at child height.",
}


def action(position: int = 1, text: str = "Use the picture timetable", due: str = "13 12 2024") -> dict[str, str]:
    """The answers of one agreed action."""
    parts = {"text": text, "owner": "Perran Oxnead", "due": due}
    return {rules.action_name(position, part): value for part, value in parts.items()}


def told(action_id: int, result: ActionResult = ActionResult.DONE, why: str = "") -> dict[str, str]:
    """The answers that say how an earlier action stands."""
    why = why or ("" if result == ActionResult.DONE else "There was no time")
    return {rules.result_name(action_id): result.value, rules.why_name(action_id): why}


def visit_of(referral: Referral, *, at: datetime, starts_at: datetime) -> Visit:
    """A visit of this request that was booked at `at` and held."""
    row = Referral.objects.select_related("teacher").get(pk=referral.pk)
    reasons = {"OVER_SOFT_CAP": "More was agreed"}  # read only for the fourth visit and later
    booking = (
        support.book(row, starts_at, at=at, reasons=reasons)
        if row.teacher
        else support.booked(row, at=at, starts_at=starts_at)
    )
    return fresh(support.held(booking))


def fresh(visit: Visit) -> Visit:
    """The visit with its request as they are now."""
    return Visit.objects.select_related("booking", "referral__teacher", "referral__establishment__kind").get(
        pk=visit.pk
    )


def type_in(visit: Visit, answers: dict[str, str], *, by: User | None = None, at: datetime | None = None) -> None:
    """Save these answers over whatever is there."""
    visit, there = fresh(visit), records.answers_of(visit.draft)
    typed = {
        name: recording.Typed(value, there[name].version if name in there else 0) for name, value in answers.items()
    }
    saved = recording.save(visit=visit, typed=typed, by=by or visit.referral.teacher, at=at or visit.booking.ends_at)
    assert not [name for name, one in saved.items() if one.conflict or one.problem]
    assert saved.keys() == answers.keys()


def edition(visit: Visit) -> str:
    """What the check page of a draft says it has checked."""
    draft = records.draft_of(visit)
    answers, rolled = records.answers_of(draft), records.rolled_into(visit)
    return records.edition_checked(answers, rolled, records.files_of(visit, draft.edition))


def finalise(visit: Visit, *, by: User | None = None, at: datetime | None = None) -> finalising.Finalised:
    """Finalise a draft as it is now."""
    visit = fresh(visit)
    by, at = by or visit.referral.teacher, at or visit.booking.ends_at
    return finalising.finalise(visit=visit, checked=edition(visit), by=by, at=at)


def recorded(visit: Visit, **changes: str) -> VisitRecord:
    """A finalised record in which every earlier action is done and one is agreed; `changes` replace answers."""
    visit = fresh(visit)
    answers = WORDS | action() | changes
    for one in records.rolled_into(visit):
        answers = told(one.action.pk) | answers
    type_in(visit, answers)
    done = finalise(visit)
    assert done.record is not None, (done.refusal, done.problems)
    return done.record


def retracted(record: VisitRecord, *, by: User | None = None, at: datetime | None = None) -> retracting.Retracted:
    """A record that was about the wrong child."""
    visit = fresh(record.visit)
    why: dict[str, Any] = {"reason": "About his brother", "breach_note": "Nobody had opened it but its writer."}
    by, at = by or visit.referral.teacher, at or visit.booking.ends_at
    return retracting.retract(record=record, **why, by=by, at=at)


def attached(visit: Visit, name: str = "timetable.pdf", data: bytes = PDF, **changes: Any) -> Attachment:
    """A file beside the record that is being written."""
    visit = fresh(visit)
    given = {"key": uuid.uuid4(), "by": visit.referral.teacher, "at": visit.booking.ends_at} | changes
    one = attachments.attach(visit=visit, name=name, data=data, **given)
    assert one.file is not None, one.refusal
    return one.file
