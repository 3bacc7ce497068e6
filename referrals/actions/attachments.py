"""Files of a record of visit: attached and removed while the record is being written, fixed once it is finalised."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from django.db import IntegrityError, transaction

from referrals.actions.recording import NotOpen, locked_draft
from referrals.actions.steps import USED_ELSEWHERE, wrote
from referrals.choices import Action
from referrals.models import Attachment, RecordDraft, Visit
from referrals.permissions import check_may
from referrals.rules.records import MOST_FILES
from s2s_portal.core import files
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.registers import register_files

AT_ONCE = 500
"""Stored files whose rows are looked for in one statement."""
FINALISED = "This record is finalised: its files stay as they are."


@dataclass(frozen=True)
class Attached:
    """What came of attaching: the file's row, or a sentence why it was not taken."""

    file: Attachment | None = None
    refusal: str = ""


def attach(*, visit: Visit, key: uuid.UUID, name: str, data: bytes, by: User, at: datetime) -> Attached:
    """Keep a file beside the record of `visit` that is being written; the same key again is the same file.

    Its kind is judged by its content (core.files), and it is stored before anything is locked: on SQLite nobody else
    could write meanwhile. Raises `NotAllowed` unless `by` has the request, `NotOpen` once the record is finalised.
    """
    check_may(by, visit.referral, Action.RECORD, today=london_date(at))
    accepted = files.checked(name, data)
    if isinstance(accepted, files.Refused):
        return Attached(refusal=accepted.sentence)
    stored_as = files.store(data)
    try:
        attached = _attach(visit, key, accepted, data, stored_as, by, at)
    # Of another error nobody knows whether the row was committed: `forget_strays`.
    except (NotAllowed, NotOpen, IntegrityError):
        files.delete_stored(stored_as)
        raise
    if attached.file is None or attached.file.stored_as != stored_as:
        files.delete_stored(stored_as)
    return attached


@transaction.atomic
def _attach(
    visit: Visit, key: uuid.UUID, accepted: files.Accepted, data: bytes, stored_as: str, by: User, at: datetime
) -> Attached:
    draft = _locked(visit, by, at)
    known = Attachment.objects.filter(key=key).first()
    if known is not None and (known.visit_id, known.edition) != (visit.pk, draft.edition):
        return Attached(refusal=USED_ELSEWHERE)
    if known is not None:
        return Attached(known)
    if Attachment.objects.filter(visit=visit, edition=draft.edition).count() >= MOST_FILES:
        return Attached(refusal=f"A record has at most {MOST_FILES} files. Remove one first.")
    file = Attachment.objects.create(
        key=key,
        visit=visit,
        edition=draft.edition,
        name=accepted.name,
        content_type=accepted.content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=stored_as,
        by=by,
        at=at,
    )
    wrote("attached a file to a record of visit", visit.referral, by)
    return Attached(file)


def _locked(visit: Visit, by: User, at: datetime) -> RecordDraft:
    draft = locked_draft(visit, by=by, at=at)
    if draft is None:
        raise NotOpen(FINALISED)
    return draft


@transaction.atomic
def remove(*, file: Attachment, by: User, at: datetime) -> None:
    """Remove a file while its record is being written; a second time changes nothing. Raises as `attach` does.

    What was stored goes after the row is gone for certain.
    """
    draft = _locked(file.visit, by, at)
    if draft.edition != file.edition:
        raise NotOpen(FINALISED)
    removed, _ = Attachment.objects.filter(pk=file.pk).delete()
    if removed:
        wrote("removed a file from a record of visit", file.visit.referral, by)
        transaction.on_commit(partial(files.delete_stored, file.stored_as))


def forget_strays(*, before: datetime) -> int:
    """Delete the stored files that no row names, of those stored before the real moment `before`; returns how many.

    A process that dies between storing a file and committing its row, or a row's deletion and the file's, leaves one.
    """
    gone, stored = 0, files.stored_until(before)
    while some := set(islice(stored, AT_ONCE)):
        strays = some.difference(Attachment.objects.filter(stored_as__in=some).values_list("stored_as", flat=True))
        strays -= register_files(strays)
        for stray in strays:
            files.delete_stored(stray)
        gone += len(strays)
    return gone
