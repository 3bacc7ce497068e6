"""What a register's kind of establishment means for S2S: a stream, not eligible, or a provider (DESIGN §3)."""

import uuid
from datetime import date, datetime

from django.db import transaction

from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions.levers import CannotChange, check_seen, done_before, note, one_at_a_time
from s2s_portal.organisations.choices import Eligibility, Permission, ReferenceKind
from s2s_portal.organisations.models import ComingMeaning, EstablishmentKind, ReferenceChange, User

NO_MORE = "That change has been taken back, or has come into force"


@transaction.atomic
def set_eligibility(
    *,
    kind: EstablishmentKind,
    eligibility: Eligibility,
    from_day: date | None = None,
    seen: str,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> ReferenceChange:
    """Let `kind` mean `eligibility` from now on, or from the beginning of the London day `from_day`, if it is to come.

    Requests keep the stream under which they were sent. `seen` is the meaning, in words, that the person saw. Raises
    `NotAllowed`, `ChangedMeanwhile` and `CannotChange`.
    """
    done = done_before(key, by=by, permission=Permission.MANAGE_REFERENCE)
    if done is not None:
        return done
    row, today = _locked(kind), london_date(at)
    coming = _still_to_come(row, at)
    was = row.get_eligibility_display()
    check_seen(seen, was, kind=ReferenceKind.KIND)
    if from_day is not None and from_day < today:
        raise CannotChange("That day is over: choose today or a later day", "from_day")
    if coming is not None:
        day = spoken.day(coming.from_day)
        raise CannotChange(f"{coming.set_by} has changed it from {day} already. Take that change back first")
    if row.eligibility == eligibility:
        raise CannotChange("It means this already", "eligibility")
    told = {"was": was, "now": Eligibility(eligibility).label, "reason": reason, "key": key, "by": by, "at": at}
    if from_day is not None and from_day > today:
        set_by = {"reason": reason, "set_by": by, "set_at": at}
        ComingMeaning.objects.create(kind=row, eligibility=eligibility, from_day=from_day, **set_by)
        return note(kind=ReferenceKind.KIND, subject=str(row), what=f"from {spoken.day(from_day)}", **told)
    _change(row, eligibility)
    return note(kind=ReferenceKind.KIND, subject=str(row), what="means something else", **told)


@transaction.atomic
def take_meaning_back(*, coming: ComingMeaning, reason: str, key: uuid.UUID, by: User, at: datetime) -> ReferenceChange:
    """Let what a kind was to mean from a day to come not come.

    Raises `NotAllowed`, and `CannotChange` if it has come, or was taken back; what others set since stays.
    """
    done = done_before(key, by=by, permission=Permission.MANAGE_REFERENCE)
    if done is not None:
        return done
    row = _locked(coming.kind)
    if _still_to_come(row, at) != coming:
        raise CannotChange(NO_MORE)
    coming.delete()
    told = {"was": coming.get_eligibility_display(), "now": row.get_eligibility_display()}
    what = f"not from {spoken.day(coming.from_day)} after all"
    return note(kind=ReferenceKind.KIND, subject=str(row), what=what, reason=reason, key=key, by=by, at=at, **told)


@transaction.atomic
def begin_meanings(*, at: datetime) -> int:
    """Let every kind mean what it was to mean from today, or from a day before; how many did not until now.

    For background work: whoever set it stands in the history, with their reason.
    """
    one_at_a_time()
    due = ComingMeaning.objects.select_related("kind", "set_by").filter(from_day__lte=london_date(at))
    return sum(_still_to_come(_locked(coming.kind), at) is None for coming in due.order_by("from_day", "pk"))


def _locked(kind: EstablishmentKind) -> EstablishmentKind:
    return EstablishmentKind.objects.select_for_update(no_key=True).get(pk=kind.pk)


def _still_to_come(row: EstablishmentKind, at: datetime) -> ComingMeaning | None:
    """What `row` is to mean later. If its day has come it comes into force now: background work may be late."""
    coming = ComingMeaning.objects.select_related("set_by").filter(kind=row).first()
    if coming is None or coming.from_day > london_date(at):
        return coming
    was = row.get_eligibility_display()
    _change(row, coming.eligibility)
    coming.delete()
    told = {"was": was, "now": row.get_eligibility_display(), "reason": coming.reason, "by": coming.set_by}
    note(kind=ReferenceKind.KIND, subject=str(row), what="has come into force", key=uuid.uuid4(), at=at, **told)
    return None


def _change(row: EstablishmentKind, eligibility: str) -> None:
    row.eligibility = eligibility
    row.save(update_fields=["eligibility"])
