"""Files of a record of visit: attached and removed while the record is being written, fixed once it is finalised."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from referrals.actions.recording import NotOpen, locked_draft
from referrals.actions.steps import wrote
from referrals.models import Attachment, RecordDraft, Visit
from referrals.rules.records import MOST_FILES
from s2s_portal.core import files
from s2s_portal.organisations.models import User

FINALISED = "This record is finalised: its files stay as they are."


@dataclass(frozen=True)
class Attached:
    """What came of attaching: the file's row, or a sentence why it was not taken."""

    file: Attachment | None = None
    refusal: str = ""


@transaction.atomic
def attach(*, visit: Visit, key: uuid.UUID, name: str, data: bytes, by: User, at: datetime) -> Attached:
    """Keep a file beside the record of `visit` that is being written; the same key again is the same file.

    Its kind is judged by its content (core.files). Raises `NotAllowed` unless `by` has the request, `NotOpen` once the
    record is finalised.
    """
    draft = _locked(visit, by, at)
    there = Attachment.objects.filter(visit=visit, edition=draft.edition)
    known = there.filter(key=key).first()
    if known is not None:
        return Attached(known)
    if there.count() >= MOST_FILES:
        return Attached(refusal=f"A record has at most {MOST_FILES} files. Remove one first.")
    accepted = files.checked(name, data)
    if isinstance(accepted, files.Refused):
        return Attached(refusal=accepted.sentence)
    kept = _kept(draft, visit, key, accepted, data, by, at)
    wrote("attached a file to a record of visit", visit.referral, by)
    return Attached(kept)


def _locked(visit: Visit, by: User, at: datetime) -> RecordDraft:
    draft = locked_draft(visit, by=by, at=at)
    if draft is None:
        raise NotOpen(FINALISED)
    return draft


def _kept(
    draft: RecordDraft, visit: Visit, key: uuid.UUID, accepted: files.Accepted, data: bytes, by: User, at: datetime
) -> Attachment:
    """The file's row; without it the stored file goes, too."""
    stored_as = files.store(data)
    try:
        return Attachment.objects.create(
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
    except BaseException:
        files.delete_stored(stored_as)
        raise


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
