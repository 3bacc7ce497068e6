"""Finalising a record of visit, once: from then on it is only added to, or retracted."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import history, telling_setting
from referrals.actions.steps import USED_ELSEWHERE, Step, opened, wrote
from referrals.choices import Action, RecordField
from referrals.documents import RecordAddedToFacts, RecordFinalisedFacts
from referrals.documents.records import ActionContent, FileContent, RecordContent, ResultContent
from referrals.models import (
    Addendum,
    AgreedAction,
    AgreedActionResult,
    Attachment,
    RecordDraft,
    Referral,
    Visit,
    VisitRecord,
)
from referrals.queries import records
from referrals.queries.records import OpenAction
from referrals.rules import records as rules
from referrals.rules.answers import Problem
from referrals.rules.records import Written
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.models import User

CHANGED = "Somebody has changed this record since you opened this page. Check it again."


@dataclass(frozen=True)
class Finalised(Step):
    """What came of finalising: the record (the same for a second press), or what is missing."""

    record: VisitRecord | None = None
    problems: tuple[Problem, ...] = ()


@transaction.atomic
def finalise(*, visit: Visit, checked: str, by: User, at: datetime) -> Finalised:
    """Copy a draft into a record that nobody can change; the draft is gone. Pressed twice, the same record.

    The school's or setting's contact is asked to confirm it. `checked` is `records.edition_checked` as the page showed
    it. Raises `NotAllowed` unless `by` has the request.
    """
    now = opened(referral=visit.referral, action=Action.RECORD, by=by, at=at)
    referral, draft = now.referral, RecordDraft.objects.select_for_update(no_key=True).filter(visit=visit).first()
    if draft is None:
        record = records.record_standing_for(visit)
        return Finalised(referral, "" if record else "There is no record to finalise.", record=record)
    if now.step is None:
        return Finalised(referral, now.refused(Action.RECORD).refusal)
    answers, rolled = records.answers_of(draft), records.rolled_into(visit)
    files = records.files_of(visit, draft.edition)
    if checked != records.edition_checked(answers, rolled, files):
        return Finalised(referral, CHANGED)
    written = rules.read({name: one.value for name, one in answers.items()}, [one.action.pk for one in rolled])
    problems = problems_of(visit, written, rolled)
    if problems:
        return Finalised(referral, "The record is not finalised: something is missing or wrong.", problems=problems)
    record = _write(draft, referral, written, rolled, files, by, at)
    draft.delete()
    facts = RecordFinalisedFacts(record=record.reference, actions=record.actions.count())
    history.append(referral=referral, facts=facts, by=by, at=at)
    telling_setting.record_ready(record=record, referral=referral, at=at)
    wrote("finalised a record of visit", referral, by)
    return Finalised(referral, record=record)


def problems_of(visit: Visit, written: Written, rolled: Sequence[OpenAction]) -> tuple[Problem, ...]:
    """What stands between a draft and being finalised."""
    visited_on = london_date(visit.booking.starts_at)
    open_actions = {one.action.pk: one.action.text for one in rolled}
    return tuple(rules.problems(written, visited_on=visited_on, open_actions=open_actions))


def _write(
    draft: RecordDraft,
    referral: Referral,
    written: Written,
    rolled: Sequence[OpenAction],
    files: Sequence[Attachment],
    by: User,
    at: datetime,
) -> VisitRecord:
    number = VisitRecord.objects.filter(visit__referral=referral).count() + 1
    content = _content(draft.visit, referral, written, rolled, files)
    record = VisitRecord.objects.create(
        visit=draft.visit,
        edition=draft.edition,
        reference=f"{referral.reference}/{number}",
        version=RecordContent.VERSION,
        content=asdict(content),
        by=by,
        at=at,
    )
    agreed = (one for one in written.actions if not one.is_blank)
    AgreedAction.objects.bulk_create(
        AgreedAction(record=record, position=position, text=one.text, owner=one.owner, due_on=one.due_on)
        for position, one in enumerate(agreed, start=1)
    )
    told = ((one.action, *written.results[one.action.pk]) for one in rolled)
    AgreedActionResult.objects.bulk_create(
        AgreedActionResult(action=action, record=record, result=result, why=why) for action, result, why in told
    )
    return record


def _content(
    visit: Visit, referral: Referral, written: Written, rolled: Sequence[OpenAction], files: Sequence[Attachment]
) -> RecordContent:
    booking = visit.booking
    goes = booking.teachers.filter(live=True).order_by("teacher__full_name", "pk")
    return RecordContent(
        establishment=referral.establishment.display_name,
        kind=booking.kind,
        mode=booking.mode,
        starts_at=booking.starts_at.isoformat(),
        ends_at=booking.ends_at.isoformat(),
        minutes_late=visit.minutes_late,
        teachers=tuple(goes.values_list("teacher__full_name", flat=True)),
        **{field.value: written.words[field] for field in RecordField},
        confidence_before=int(written.before) if written.before else None,
        confidence_after=int(written.after) if written.after else None,
        results=tuple(_result(one, *written.results[one.action.pk]) for one in rolled),
        actions=tuple(
            ActionContent(one.text, one.owner, one.due_on.isoformat()) for one in written.actions if one.due_on
        ),
        files=tuple(FileContent(file.name, file.size, file.sha256) for file in files),
    )


def _result(one: OpenAction, result: str, why: str) -> ResultContent:
    action = one.action
    return ResultContent(
        text=action.text,
        owner=action.owner,
        due_on=action.due_on.isoformat(),
        agreed_in=action.record.reference,
        result=result,
        why=why,
    )


@dataclass(frozen=True)
class Added(Step):
    """What came of adding to a record: the addendum, the same for a second press of one key."""

    addendum: Addendum | None = None


@transaction.atomic
def add(*, record: VisitRecord, key: uuid.UUID, text: str, by: User, at: datetime) -> Added:
    """Add to a finalised record, which itself stays as it was. The same key again is the same addendum.

    Raises `NotAllowed` unless `by` has the request or is a co-ordinator.
    """
    now = opened(referral=record.visit.referral, action=Action.ADD_TO_RECORD, by=by, at=at)
    known = Addendum.objects.filter(key=key).first()
    if known is not None and known.record_id != record.pk:
        return Added(now.referral, USED_ELSEWHERE)
    if known is not None:
        return Added(now.referral, addendum=known)
    if now.step is None:
        return Added(now.referral, now.refused(Action.ADD_TO_RECORD).refusal)
    if not records.standing_records().filter(pk=record.pk).exists():
        return Added(now.referral, "This record was retracted: nothing can be added to it.")
    addendum = Addendum.objects.create(key=key, record=record, text=text, by=by, at=at)
    facts = RecordAddedToFacts(record=record.reference)
    history.append(referral=now.referral, facts=facts, by=by, at=at)
    wrote("added to a record of visit", now.referral, by)
    return Added(now.referral, addendum=addendum)
