"""Writing the record of a visit: each answer is saved by itself, as one types, against the version it was seen in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions.steps import opened
from referrals.choices import Action
from referrals.models import RecordAnswer, RecordDraft, Visit
from referrals.queries import records
from referrals.rules import records as rules
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import User


class NotOpen(ValueError):
    """The record can no longer be written: it is finalised, or its request has moved on. The message says which."""


@dataclass(frozen=True)
class Typed:
    """What somebody typed for one answer, and the version that it was typed over (0: nothing was there)."""

    value: str
    version: int


@dataclass(frozen=True)
class Saved:
    """What came of one answer. `answer` is what is saved now (None: nothing is).

    `conflict`: somebody else saved it first, so that `answer` is theirs. `problem`: it was too long to be saved.
    """

    answer: RecordAnswer | None
    conflict: bool = False
    problem: str = ""


@transaction.atomic
def save(*, visit: Visit, typed: Mapping[str, Typed], by: User, at: datetime) -> dict[str, Saved]:
    """Save the answers that changed, each by itself: one that somebody else changed meanwhile is left as it is.

    Names that the record does not have are left out. Raises `NotAllowed` unless `by` has the request, `NotOpen` once
    the record is finalised.
    """
    draft = locked_draft(visit, by=by, at=at)
    if draft is None:
        raise NotOpen("This record is finalised: it can be added to, but no longer changed.")
    known = rules.lengths(one.action.pk for one in records.rolled_into(visit))
    there = records.answers_of(draft)
    found = {}
    for name, one in typed.items():
        if name in known:
            found[name] = _saved(draft, name, one, there.get(name), known[name], by, at)
    _write_audit_row(visit, found, there, by)
    return found


def locked_draft(visit: Visit, *, by: User, at: datetime) -> RecordDraft | None:
    """The visit's draft, locked until the transaction ends; None if there is none. Raises as `save` does.

    The person is judged on the request's row as it is under its lock: a hand-over may have come between.
    """
    now = opened(referral=visit.referral, action=Action.RECORD, by=by, at=at)
    if now.step is None:
        raise NotOpen(f"No record can be written now. The request stands at: {now.referral.get_status_display()}.")
    return RecordDraft.objects.select_for_update(no_key=True).filter(visit=visit).first()


def _saved(
    draft: RecordDraft, name: str, typed: Typed, there: RecordAnswer | None, longest: int, by: User, at: datetime
) -> Saved:
    if len(typed.value) > longest:
        return Saved(there, problem=rules.too_long(typed.value, longest))
    if typed.value == (there.value if there else ""):
        return Saved(there)
    if typed.version != (there.version if there else 0):
        return Saved(there, conflict=True)
    answer = RecordAnswer(draft=draft, name=name) if there is None else RecordAnswer(pk=there.pk, draft=draft)
    answer.name, answer.value, answer.version = name, typed.value, typed.version + 1
    answer.saved_by, answer.saved_at = by, at
    answer.save()
    return Saved(answer)


def _write_audit_row(visit: Visit, found: Mapping[str, Saved], there: Mapping[str, RecordAnswer], by: User) -> None:
    """One row when a person begins to write an answer, not one for every second in which they type on."""
    begun = [
        name
        for name, one in found.items()
        if one.answer is not None
        and one.answer is not there.get(name)
        and (name not in there or there[name].saved_by_id != by.pk)
    ]
    if begun:
        what = f"wrote in a record of visit: {', '.join(begun)}"
        reference = visit.referral.reference
        audit.record(kind=AuditKind.WRITE, what=what[:100], reference=reference, by=by)
