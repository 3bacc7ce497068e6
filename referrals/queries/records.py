"""Visits, their records and files, for those who may see them; which agreed actions are still open."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from referrals.choices import ActionResult, Doer
from referrals.models import (
    Addendum,
    AgreedAction,
    AgreedActionResult,
    Attachment,
    Booking,
    RecordAnswer,
    RecordDraft,
    Referral,
    Visit,
    VisitRecord,
)
from referrals.permissions import Asking, doers_of, sees_child, visible_requests
from referrals.queries.progress import standing_records
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Sees
from s2s_portal.organisations.permissions import sees

_OF_A_REQUEST = ("establishment__kind", "zone", "teacher", "submitted_by", "place", "period__contract")


@dataclass(frozen=True)
class OpenAction:
    """An action that a standing record agreed and no standing record says is done.

    `agreed_on` is the day of its visit, `told` how it stood at later visits (the oldest first, each with its record).
    """

    action: AgreedAction
    agreed_on: date
    told: tuple[AgreedActionResult, ...]


# --- Visits ------------------------------------------------------------------------------------------------------
def find_booking(asking: Asking, key: uuid.UUID) -> Booking | None:
    """The booking with this key, if the person may see its request, with the request and what became of it."""
    related = ["visit__by", *(f"referral__{name}" for name in _OF_A_REQUEST)]
    visible = Referral.objects.filter(visible_requests(asking))
    return Booking.objects.select_related(*related).filter(key=key, referral__in=visible).first()


def visit_of(booking: Booking) -> Visit | None:
    """What became of a booking of `find_booking`; None while nobody has told."""
    return getattr(booking, "visit", None)


# --- Drafts ------------------------------------------------------------------------------------------------------
def reads_draft(asking: Asking, referral: Referral) -> bool:
    """Whether the person may read a record that is still being written: who has the request, and co-ordinators."""
    if asking.today is None or not sees_child(asking, referral):
        return False
    return bool(doers_of(asking.user, referral, today=asking.today) & {Doer.TEACHER, Doer.COORDINATOR})


def draft_of(visit: Visit) -> RecordDraft | None:
    """The record of `visit` that is being written, if there is one."""
    return RecordDraft.objects.select_related("started_by").filter(visit=visit).first()


def answers_of(draft: RecordDraft) -> dict[str, RecordAnswer]:
    """The draft's saved answers by name, with who saved each."""
    return {answer.name: answer for answer in draft.answers.select_related("saved_by").order_by("pk")}


def edition_checked(
    answers: Mapping[str, RecordAnswer], actions: Iterable[OpenAction], files: Iterable[Attachment]
) -> str:
    """What tells one state of a draft from every other, 64 characters: what is checked is what is finalised.

    Versions begin anew in a replacement, ids do not: the check of a record that was retracted since is none of it.
    """
    parts = [f"{name}={answer.pk}.{answer.version}" for name, answer in sorted(answers.items())]
    parts += [f"action {one.action.pk}" for one in actions] + [f"file {one.key}" for one in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# --- Agreed actions ------------------------------------------------------------------------------------------------
def open_actions(referral: Referral, *, before: datetime | None = None) -> list[OpenAction]:
    """The agreed actions of a request that nobody has done, the oldest first; `before`: of visits that began earlier.

    Retracted records count neither for what was agreed nor for what was done. Two queries at most.
    """
    standing = standing_records().filter(visit__referral=referral)
    done = AgreedActionResult.objects.filter(
        action=OuterRef("pk"), result=ActionResult.DONE, record__retraction__isnull=True
    )
    found = AgreedAction.objects.filter(~Exists(done), record__in=standing)
    if before is not None:
        found = found.filter(record__visit__booking__starts_at__lt=before)
    told = AgreedActionResult.objects.filter(record__retraction__isnull=True).select_related("record__visit__booking")
    found = found.select_related("record__visit__booking").prefetch_related(
        Prefetch("results", told.order_by("record__visit__booking__starts_at", "pk"), to_attr="told")
    )
    rows = found.order_by("record__visit__booking__starts_at", "record", "position")
    return [OpenAction(row, london_date(row.record.visit.booking.starts_at), tuple(row.told)) for row in rows]


def rolled_into(visit: Visit) -> list[OpenAction]:
    """The open actions that the record of `visit` has to tell about: those agreed at earlier visits."""
    return open_actions(visit.referral, before=visit.booking.starts_at)


# --- Records -----------------------------------------------------------------------------------------------------
def _shown_to(asking: Asking, referral: Referral) -> QuerySet[VisitRecord]:
    """The records of a request that the person may know of: the standing ones; all, for an auditor with a reason."""
    records = VisitRecord.objects.filter(visit__referral=referral)
    return records if sees_retracted(asking, referral) else records.filter(retraction__isnull=True)


def sees_retracted(asking: Asking, referral: Referral) -> bool:
    """Whether the person may see what was retracted: an auditor with a live reason for this request."""
    return Sees.UNDER_REASON in sees(asking.user) and referral.reference in asking.reasons


def retracted_of(asking: Asking, referral: Referral) -> frozenset[str]:
    """The references of a request's records that were retracted and that the person may not see."""
    if sees_retracted(asking, referral):
        return frozenset()
    rows = VisitRecord.objects.filter(visit__referral=referral, retraction__isnull=False)
    return frozenset(rows.values_list("reference", flat=True))


def retracted_for(asking: Asking, referral: Referral) -> list[VisitRecord]:
    """The records of a request that were retracted, with their retractions, for those who may see them; in order.

    One query for an auditor with a reason, none for anybody else.
    """
    if not sees_retracted(asking, referral):
        return []
    rows = VisitRecord.objects.filter(visit__referral=referral, retraction__isnull=False)
    return list(rows.select_related("visit__booking", "retraction").order_by("visit__booking__starts_at", "pk"))


def number_of(record: VisitRecord) -> int:
    """The record's number within its request, which ends its address."""
    return int(record.reference.rpartition("/")[2])


def find_record(asking: Asking, referral: Referral, number: int) -> VisitRecord | None:
    """A request's record by its number, with its visit, addenda (as `added`) and retraction, if the person may."""
    added = Addendum.objects.select_related("by").order_by("at", "pk")
    return (
        _shown_to(asking, referral)
        .select_related("visit__booking", "by", "retraction__by", "confirmation")
        .prefetch_related(Prefetch("addenda", added, to_attr="added"))
        .filter(reference=f"{referral.reference}/{number}")
        .first()
    )


def version_of(record: VisitRecord) -> int:
    """The version of a record of `find_record`: it rises with every addendum."""
    return 1 + len(record.added)


def record_standing_for(visit: Visit) -> VisitRecord | None:
    """The finalised record of `visit` that was not retracted, if there is one."""
    return standing_records().filter(visit=visit).first()


# --- Files -------------------------------------------------------------------------------------------------------
def files_of(visit: Visit, edition: int) -> list[Attachment]:
    """The files of one edition of a visit's record, in the order they were attached."""
    return list(Attachment.objects.filter(visit=visit, edition=edition).select_related("by").order_by("at", "pk"))


def find_file(asking: Asking, key: uuid.UUID) -> Attachment | None:
    """A file, if the person may see the record that it belongs to: one policy for pages and files (R17)."""
    related = [f"visit__referral__{name}" for name in _OF_A_REQUEST]
    file = Attachment.objects.select_related("visit__booking", *related).filter(key=key).first()
    if file is None:
        return None
    referral = file.visit.referral
    if not Referral.objects.filter(visible_requests(asking), pk=referral.pk).exists():
        return None
    return file if sees_child(asking, referral) and _sees_record_of(asking, file) else None


def _sees_record_of(asking: Asking, file: Attachment) -> bool:
    records = VisitRecord.objects.filter(visit=file.visit, edition=file.edition)
    record = records.select_related("retraction").first()
    if record is None:
        return reads_draft(asking, file.visit.referral)
    return not hasattr(record, "retraction") or sees_retracted(asking, file.visit.referral)
