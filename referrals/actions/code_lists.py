"""Types of need and sections of INDES: added, called otherwise from a day on, ended. What was used keeps its words."""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from referrals.documents.code_lists import in_words, label_of
from referrals.models import IndesSection, NeedType, Specialism
from s2s_portal.core import calendar, spoken
from s2s_portal.organisations.actions.levers import CannotChange, check_seen, done_before, note
from s2s_portal.organisations.choices import ReferenceKind
from s2s_portal.organisations.models import ReferenceChange, User

Code = NeedType | IndesSection
A_DAY = timedelta(days=1)
_AGAIN = "Add one of the same code from a day to come instead"


@transaction.atomic
def add_need_type(
    *, code: str, label: str, valid_from: date, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """A new type of need from `valid_from` on. Raises `NotAllowed`, and `CannotChange` while its code is taken."""
    done = done_before(key, by=by)
    return done or _add(NeedType(code=code, label=label, valid_from=valid_from), "code", reason, key, by, at)


@transaction.atomic
def add_indes_section(
    *,
    version: str,
    number: int,
    title: str,
    top_level: int,
    valid_from: date,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> ReferenceChange:
    """A new section of a version of INDES. Raises `NotAllowed`, and `CannotChange` while its number is taken."""
    done = done_before(key, by=by)
    row = IndesSection(version=version, number=number, title=title, top_level=top_level, valid_from=valid_from)
    return done or _add(row, "number", reason, key, by, at)


def _add(row: Code, field: str, reason: str, key: uuid.UUID, by: User, at: datetime) -> ReferenceChange:
    if row.valid_from < calendar.london_date(at):
        raise CannotChange("The day must be today or later: what is past stays as it was", "valid_from")
    _check_apart(row, field)
    row.save()
    return note(
        kind=_kind(row), subject=str(row)[:200], what="added", now=in_words(row), reason=reason, key=key, by=by, at=at
    )


@transaction.atomic
def relabel(
    *, code: Code, label: str, from_day: date, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """Let a code be called `label` from `from_day` on: it ends the day before, and one of the same code follows.

    Teachers who know it well know the one that follows. `seen`: `in_words` of the code that the person saw.
    Raises `NotAllowed`, `ChangedMeanwhile` and `CannotChange`.
    """
    done = done_before(key, by=by)
    if done is not None:
        return done
    row = _seen(code, seen)
    _check_following(row, label, from_day, calendar.london_date(at))
    was, next_row = in_words(row), _following(row, label, from_day)
    row.valid_to = from_day - A_DAY
    row.save(update_fields=["valid_to"])
    _check_apart(next_row, "from_day")
    next_row.save()
    if isinstance(row, NeedType):
        teachers = Specialism.objects.filter(need_type=code.pk).values_list("teacher_id", flat=True)
        Specialism.objects.bulk_create(Specialism(teacher_id=one, need_type=next_row) for one in teachers)
    told = {"was": was, "now": in_words(next_row), "reason": reason, "key": key, "by": by, "at": at}
    return note(kind=_kind(row), subject=str(row)[:200], what="called otherwise", **told)


def _check_following(row: Code, label: str, from_day: date, today: date) -> None:
    if label_of(row) == label:
        raise CannotChange("It is called so already", "label")
    if from_day < today:
        raise CannotChange("The day must be today or later: what is past stays as it was", "from_day")
    if from_day <= row.valid_from:
        raise CannotChange(f"The day must be after {spoken.day(row.valid_from)}, when this label begins", "from_day")
    if row.valid_to is not None and row.valid_to < from_day - A_DAY:
        raise CannotChange(f"It ends on {spoken.day(row.valid_to)}: choose a day up to the one after", "from_day")


def _following(row: Code, label: str, from_day: date) -> Code:
    """The same code with another label; it ends when the first one was to end, unless that is the day before."""
    ends_on = row.valid_to if row.valid_to is not None and row.valid_to >= from_day else None
    dates = {"valid_from": from_day, "valid_to": ends_on}
    if isinstance(row, NeedType):
        return NeedType(code=row.code, label=label, **dates)
    scale = {"version": row.version, "number": row.number, "top_level": row.top_level}
    return IndesSection(title=label, **scale, **dates)


@transaction.atomic
def end(
    *, code: Code, last_day: date | None, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """Let a code be used until `last_day`, that day included, or without an end.

    `seen`: `in_words` of the code that the person saw. Raises `NotAllowed`, `ChangedMeanwhile` and `CannotChange`.
    """
    done = done_before(key, by=by)
    if done is not None:
        return done
    row = _seen(code, seen)
    if row.valid_to == last_day:
        raise CannotChange("It ends then already" if last_day else "It has no end already", "last_day")
    if row.valid_to is not None and row.valid_to < calendar.london_date(at):
        raise CannotChange(f"It ended on {spoken.day(row.valid_to)}, and that stays so. {_AGAIN}", "last_day")
    if last_day is not None and last_day < max(calendar.london_date(at), row.valid_from):
        raise CannotChange("The last day must be today or later, and not before the first", "last_day")
    was, row.valid_to = in_words(row), last_day
    _check_apart(row, "last_day")
    row.save(update_fields=["valid_to"])
    told = {"was": was, "now": in_words(row), "reason": reason, "key": key, "by": by, "at": at}
    return note(kind=_kind(row), subject=str(row)[:200], what="ended" if last_day else "without an end", **told)


def _seen(code: Code, seen: str) -> Code:
    """The code as it is now, locked, if that is what the person saw."""
    row = type(code).objects.select_for_update(no_key=True).get(pk=code.pk)
    check_seen(seen, in_words(row), kind=_kind(row))
    return row


def _kind(row: Code) -> ReferenceKind:
    return ReferenceKind.NEED_TYPE if isinstance(row, NeedType) else ReferenceKind.INDES_SECTION


def _check_apart(row: Code, field: str) -> None:
    """Raise `CannotChange` if another row of the same code is valid on one of its days: nobody could choose."""
    others = _others(row).exclude(pk=row.pk).filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lte=row.valid_to)
    other = others.order_by("valid_from").first()
    if other is not None:
        raise CannotChange(f"“{other}” is valid on some of these days already", field)


def _others(row: Code) -> QuerySet[Code]:
    if isinstance(row, NeedType):
        return NeedType.objects.filter(code=row.code)
    return IndesSection.objects.filter(number=row.number)
