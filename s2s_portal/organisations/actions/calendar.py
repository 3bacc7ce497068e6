"""Terms, bank holidays and closures. Whatever changes a day has the visits that are planned looked at again."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from s2s_portal.core import spoken
from s2s_portal.jobs.actions import ask
from s2s_portal.organisations.actions.audit import record
from s2s_portal.organisations.actions.levers import ChangedMeanwhile, one_at_a_time
from s2s_portal.organisations.choices import (
    CHECK_BOOKINGS,
    LOOK_AGAIN,
    AuditKind,
    ClosureKind,
    Permission,
)
from s2s_portal.organisations.models import BankHoliday, Closure, Establishment, ReferenceChange, Term, User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.calendar_words import (
    Row,
    days_in_words,
    in_words,
    kind_of,
    last_to_say,
    place_in_words,
)

COUNTY = "calendar"
"""How audit rows name the days of the whole county."""
MOST_DAYS = 366
"""Of one term, closure or leave. What is longer is a slip of the keyboard."""
_WORDS = {Term: "term", BankHoliday: "bank holiday", Closure: "closure"}


class WrongDates(ValueError):
    """These dates cannot be entered; the message says why."""


def check_dates(starts_on: date, ends_on: date, among: QuerySet, *, what: str) -> None:
    """Raise `WrongDates` unless the dates are in order and apart from the rows of `among`, which are locked."""
    if ends_on < starts_on:
        raise WrongDates("The last day must not be before the first.")
    if (ends_on - starts_on).days >= MOST_DAYS:
        raise WrongDates(f"{what} is at most a year long.")
    list(among.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    other = among.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("starts_on").first()
    if other is not None:
        raise WrongDates(f"{spoken.stretch(other.starts_on, other.ends_on)} is entered already.")


def changed(what: str, *, about: str, by: User, at: datetime, reason: str = "") -> None:
    """Write down who changed which day, and have planned visits, and for the county reminders, looked at again."""
    record(kind=AuditKind.WRITE, what=what, reference=about, by=by, reason=reason)
    ask(job=CHECK_BOOKINGS, subject="all", at=at)
    if about == COUNTY:
        ask(job=LOOK_AGAIN, subject="all", at=at)


# --- What every change of the calendar shares --------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Because:
    """Why days change, by whom and when. `key`: of the page on which it was checked, so that two presses are one.

    `seen`: the line in words as that page showed it; None where nobody looked, as for a new one.
    """

    reason: str
    key: uuid.UUID
    by: User
    at: datetime
    seen: str | None = None


def _begin(permission: Permission, because: Because) -> bool:
    """Whether there is something to do: one change after the other, and none twice. Raises `NotAllowed`."""
    check(because.by, permission)
    one_at_a_time()
    return not ReferenceChange.objects.filter(key=because.key).exists()


def _as_it_was(row: Row, because: Because) -> str:
    """What the calendar says of a row before it changes; "" for a new one.

    Raises `WrongDates` if it is gone, `ChangedMeanwhile` if it is not as the person saw it.
    """
    if row.pk is None:
        return ""
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise WrongDates("Somebody else has removed it while you were writing.")
    now = in_words(found)
    if because.seen not in (None, now):
        who = last_to_say(now, found) or "Somebody"
        raise ChangedMeanwhile(f"{who} has changed it while you were writing. It is now: {now}", now)
    return now


def _noted(row: Row, verb: str, was: str, now: str, because: Because) -> None:
    """What was and what is: days are overwritten, and every deadline and wait that hung on them is reckoned anew."""
    place = row.establishment if isinstance(row, Closure) else None
    kind = kind_of(place)
    what = f"{verb} {_WORDS[type(row)]}"
    told = {"was": was, "now": now, "reason": because.reason, "key": because.key, "by": because.by, "at": because.at}
    ReferenceChange.objects.create(kind=kind, subject=place_in_words(place), what=what, **told)
    about = f"establishment {place.source} {place.urn}" if place else COUNTY
    changed(f"{what}, {days_in_words(row)}", about=about, by=because.by, at=because.at, reason=because.reason)


# --- Terms -------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_term(
    *, name: str, starts_on: date, ends_on: date, support: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> Term:
    """A new stretch of days on which pupils attend, both days included. `support` says how well it is supported.

    The same `key` again changes nothing. Raises `NotAllowed` unless `by` looks after the calendar, `WrongDates` if it
    overlaps another.
    """
    term = Term(name=name, starts_on=starts_on, ends_on=ends_on, support=support)
    return _set_term(term, "added", Because(reason=reason, key=key, by=by, at=at))


@transaction.atomic
def change_term(
    *,
    term: Term,
    name: str,
    starts_on: date,
    ends_on: date,
    support: str,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Term:
    """Other dates or another name for a stretch of term. As `add_term`; `ChangedMeanwhile` if it is not as `seen`."""
    term.name, term.starts_on, term.ends_on, term.support = name, starts_on, ends_on, support
    return _set_term(term, "changed", Because(reason=reason, key=key, by=by, at=at, seen=seen))


def _set_term(term: Term, verb: str, because: Because) -> Term:
    if _begin(Permission.MANAGE_CALENDAR, because):
        was = _as_it_was(term, because)
        check_dates(term.starts_on, term.ends_on, Term.objects.exclude(pk=term.pk), what="A stretch of term")
        term.save()
        _noted(term, verb, was, in_words(term), because)
    return term


@transaction.atomic
def remove_term(*, term: Term, reason: str, key: uuid.UUID, by: User, at: datetime, seen: str | None = None) -> None:
    """Forget a stretch of term. As `change_term`."""
    _remove(term, Permission.MANAGE_CALENDAR, Because(reason=reason, key=key, by=by, at=at, seen=seen))


def _remove(row: Row, permission: Permission, because: Because) -> None:
    if _begin(permission, because):
        was = _as_it_was(row, because)
        type(row)._default_manager.filter(pk=row.pk).delete()
        _noted(row, "removed", was, "", because)


# --- Bank holidays -----------------------------------------------------------------------------------------------
@transaction.atomic
def add_bank_holiday(*, day: date, name: str, reason: str, key: uuid.UUID, by: User, at: datetime) -> BankHoliday:
    """A new bank holiday. As `add_term`; `WrongDates` if it is there."""
    return _set_bank_holiday(BankHoliday(day=day, name=name), "added", Because(reason=reason, key=key, by=by, at=at))


@transaction.atomic
def change_bank_holiday(
    *,
    holiday: BankHoliday,
    day: date,
    name: str,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> BankHoliday:
    """Another day or name for a bank holiday. Raises as `add_bank_holiday` and `change_term`."""
    holiday.day, holiday.name = day, name
    return _set_bank_holiday(holiday, "changed", Because(reason=reason, key=key, by=by, at=at, seen=seen))


def _set_bank_holiday(holiday: BankHoliday, verb: str, because: Because) -> BankHoliday:
    if _begin(Permission.MANAGE_CALENDAR, because):
        was = _as_it_was(holiday, because)
        if BankHoliday.objects.exclude(pk=holiday.pk).filter(day=holiday.day).exists():
            raise WrongDates(f"{spoken.day(holiday.day)} is a bank holiday already.")
        holiday.save()
        _noted(holiday, verb, was, in_words(holiday), because)
    return holiday


@transaction.atomic
def remove_bank_holiday(
    *, holiday: BankHoliday, reason: str, key: uuid.UUID, by: User, at: datetime, seen: str | None = None
) -> None:
    """Forget a bank holiday. As `change_term`."""
    _remove(holiday, Permission.MANAGE_CALENDAR, Because(reason=reason, key=key, by=by, at=at, seen=seen))


# --- Closures ----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_closure(
    *,
    establishment: Establishment | None,
    starts_on: date,
    ends_on: date,
    kind: ClosureKind,
    note: str,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> Closure:
    """Days on which a school or setting, or with None the whole county, is closed or trains its staff.

    The same `key` again changes nothing. Raises `NotAllowed` unless `by` looks after the calendar (county) or schools'
    closed days, and `WrongDates` if the same place is closed on some of them already.
    """
    closure = Closure(establishment=establishment, starts_on=starts_on, ends_on=ends_on, kind=kind, note=note)
    return _set_closure(closure, "added", Because(reason=reason, key=key, by=by, at=at))


@transaction.atomic
def change_closure(
    *,
    closure: Closure,
    starts_on: date,
    ends_on: date,
    kind: ClosureKind,
    note: str,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Closure:
    """Other days, another kind or note for a closure. Raises as `add_closure` and `change_term`."""
    closure.starts_on, closure.ends_on, closure.kind, closure.note = starts_on, ends_on, kind, note
    return _set_closure(closure, "changed", Because(reason=reason, key=key, by=by, at=at, seen=seen))


def _set_closure(closure: Closure, verb: str, because: Because) -> Closure:
    if _begin(_may_close(closure), because):
        was = _as_it_was(closure, because)
        others = Closure.objects.filter(establishment=closure.establishment_id).exclude(pk=closure.pk)
        check_dates(closure.starts_on, closure.ends_on, others, what="A closure")
        closure.save()
        _noted(closure, verb, was, in_words(closure), because)
    return closure


@transaction.atomic
def remove_closure(
    *, closure: Closure, reason: str, key: uuid.UUID, by: User, at: datetime, seen: str | None = None
) -> None:
    """Forget a closure. Raises as `change_closure`."""
    _remove(closure, _may_close(closure), Because(reason=reason, key=key, by=by, at=at, seen=seen))


def _may_close(closure: Closure) -> Permission:
    return Permission.MANAGE_AVAILABILITY if closure.establishment_id else Permission.MANAGE_CALENDAR
