"""Uploaded files of the registers, what checking them found, and the history of imports."""

import hashlib
import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from s2s_portal.jobs.queries import asked
from s2s_portal.organisations.choices import READ_REGISTER, RegisterPart, UploadState
from s2s_portal.organisations.models import Establishment, ImportRun, RegisterChange, RegisterUpload


def held_as(source: str) -> str:
    """A SHA-256 of what we hold of a register, as far as an import of it would compare or change it."""
    digest = hashlib.sha256()
    rows = Establishment.objects.filter(source=source).order_by("urn")
    for row in rows.values_list("urn", "row_hash", "status", "name").iterator(chunk_size=2_000):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def uploads() -> QuerySet[RegisterUpload]:
    """Every upload with who gave and who decided about it, the newest first."""
    return RegisterUpload.objects.select_related("by", "decided_by").order_by("-pk")


def upload(key: uuid.UUID) -> RegisterUpload | None:
    """The upload with this key; None if there is none."""
    return uploads().filter(key=key).first()


def lines(of: RegisterUpload, part: RegisterPart) -> QuerySet[RegisterChange]:
    """What the newest check of the file lists under `part`, in the file's order."""
    return RegisterChange.objects.filter(upload=of, part=part).order_by("pk")


def parts_listed(of: RegisterUpload) -> set[str]:
    """The lists of the newest check that still have lines: those of what was not imported, or long ago, are gone."""
    return set(RegisterChange.objects.filter(upload=of).order_by().values_list("part", flat=True).distinct())


def runs_by_command() -> list[ImportRun]:
    """The newest imports that were not uploads, at most ten."""
    return list(ImportRun.objects.filter(upload=None).order_by("-pk")[:10])


def last_authority() -> str:
    """The authority of the newest upload: most often the next one is of the same."""
    last = RegisterUpload.objects.order_by("-pk").values_list("la", flat=True).first()
    return last or ""


def register_files(names: Collection[str]) -> set[str]:
    """Those of the stored files called `names` that an upload still needs."""
    return set(RegisterUpload.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))


def left_lying(before: datetime) -> list[uuid.UUID]:
    """The keys of uploads from before `before` that have not ended: nobody has decided, or their work fails."""
    unended = (UploadState.REVIEW, UploadState.CHECKING, UploadState.IMPORTING)
    return list(RegisterUpload.objects.filter(state__in=unended, at__lt=before).values_list("key", flat=True))


def failures(of: RegisterUpload, real: datetime) -> int:
    """How often the work on an upload has failed, unless a worker has it in hand at the real moment `real`: then 0."""
    work = asked(job=READ_REGISTER, subject=str(of.key), real=real)
    return 0 if work.is_in_hand or not of.is_working else work.failures
