"""Terms, bank holidays and closures. Whatever changes a day has the visits that are planned looked at again."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from s2s_portal.core import spoken
from s2s_portal.jobs.actions import ask
from s2s_portal.organisations.actions.audit import record
from s2s_portal.organisations.choices import CHECK_BOOKINGS, AuditKind, ClosureKind, Permission
from s2s_portal.organisations.models import BankHoliday, Closure, Establishment, Term, User
from s2s_portal.organisations.permissions import check

MOST_DAYS = 366
"""Of one term, closure or leave. What is longer is a slip of the keyboard."""


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


def changed(what: str, *, about: str, by: User, at: datetime) -> None:
    """Write down who changed which day, and have the visits that are planned looked at again."""
    record(kind=AuditKind.WRITE, what=what, reference=about, by=by)
    ask(job=CHECK_BOOKINGS, subject="all", at=at)


# --- Terms -------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_term(*, name: str, starts_on: date, ends_on: date, support: str, by: User, at: datetime) -> Term:
    """A new stretch of days on which pupils attend, both days included. `support` says how well it is supported.

    Raises `NotAllowed` unless `by` looks after the calendar, `WrongDates` if it overlaps another.
    """
    return _set_term(Term(name=name, starts_on=starts_on, ends_on=ends_on, support=support), "added", by, at)


@transaction.atomic
def change_term(*, term: Term, name: str, starts_on: date, ends_on: date, support: str, by: User, at: datetime) -> Term:
    """Other dates or another name for a stretch of term. Raises as `add_term`."""
    term.name, term.starts_on, term.ends_on, term.support = name, starts_on, ends_on, support
    return _set_term(term, "changed", by, at)


def _set_term(term: Term, verb: str, by: User, at: datetime) -> Term:
    check(by, Permission.MANAGE_CALENDAR)
    check_dates(term.starts_on, term.ends_on, Term.objects.exclude(pk=term.pk), what="A stretch of term")
    term.save()
    changed(f"{verb} term, {spoken.stretch(term.starts_on, term.ends_on)}", about="calendar", by=by, at=at)
    return term


@transaction.atomic
def remove_term(*, term: Term, by: User, at: datetime) -> None:
    """Forget a stretch of term. Raises `NotAllowed`."""
    check(by, Permission.MANAGE_CALENDAR)
    term.delete()
    changed(f"removed term, {spoken.stretch(term.starts_on, term.ends_on)}", about="calendar", by=by, at=at)


# --- Bank holidays -----------------------------------------------------------------------------------------------
@transaction.atomic
def add_bank_holiday(*, day: date, name: str, by: User, at: datetime) -> BankHoliday:
    """A new bank holiday. Raises `NotAllowed` unless `by` looks after the calendar, `WrongDates` if it is there."""
    return _set_bank_holiday(BankHoliday(day=day, name=name), "added", by, at)


@transaction.atomic
def change_bank_holiday(*, holiday: BankHoliday, day: date, name: str, by: User, at: datetime) -> BankHoliday:
    """Another day or name for a bank holiday. Raises as `add_bank_holiday`."""
    holiday.day, holiday.name = day, name
    return _set_bank_holiday(holiday, "changed", by, at)


def _set_bank_holiday(holiday: BankHoliday, verb: str, by: User, at: datetime) -> BankHoliday:
    check(by, Permission.MANAGE_CALENDAR)
    others = BankHoliday.objects.exclude(pk=holiday.pk)
    list(others.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if others.filter(day=holiday.day).exists():
        raise WrongDates(f"{spoken.day(holiday.day)} is a bank holiday already.")
    holiday.save()
    changed(f"{verb} bank holiday, {spoken.day(holiday.day)}", about="calendar", by=by, at=at)
    return holiday


@transaction.atomic
def remove_bank_holiday(*, holiday: BankHoliday, by: User, at: datetime) -> None:
    """Forget a bank holiday. Raises `NotAllowed`."""
    check(by, Permission.MANAGE_CALENDAR)
    holiday.delete()
    changed(f"removed bank holiday, {spoken.day(holiday.day)}", about="calendar", by=by, at=at)


# --- Closures ----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_closure(
    *,
    establishment: Establishment | None,
    starts_on: date,
    ends_on: date,
    kind: ClosureKind,
    note: str,
    by: User,
    at: datetime,
) -> Closure:
    """Days on which a school or setting, or with None the whole county, is closed or trains its staff.

    Raises `NotAllowed` unless `by` looks after the calendar (county) or schools' closed days, and `WrongDates` if the
    same place is closed on some of them already.
    """
    closure = Closure(establishment=establishment, starts_on=starts_on, ends_on=ends_on, kind=kind, note=note)
    return _set_closure(closure, "added", by, at)


@transaction.atomic
def change_closure(
    *, closure: Closure, starts_on: date, ends_on: date, kind: ClosureKind, note: str, by: User, at: datetime
) -> Closure:
    """Other days, another kind or note for a closure. Raises as `add_closure`."""
    closure.starts_on, closure.ends_on, closure.kind, closure.note = starts_on, ends_on, kind, note
    return _set_closure(closure, "changed", by, at)


def _set_closure(closure: Closure, verb: str, by: User, at: datetime) -> Closure:
    check(by, _may_close(closure))
    if closure.establishment_id:
        # The lock on its other closures is none while there are none.
        Establishment.objects.select_for_update(no_key=True).only("pk").get(pk=closure.establishment_id)
    others = Closure.objects.filter(establishment=closure.establishment_id).exclude(pk=closure.pk)
    check_dates(closure.starts_on, closure.ends_on, others, what="A closure")
    closure.save()
    days = spoken.stretch(closure.starts_on, closure.ends_on)
    changed(f"{verb} closure, {days}", about=_place(closure), by=by, at=at)
    return closure


@transaction.atomic
def remove_closure(*, closure: Closure, by: User, at: datetime) -> None:
    """Forget a closure. Raises as `add_closure`."""
    check(by, _may_close(closure))
    closure.delete()
    days = spoken.stretch(closure.starts_on, closure.ends_on)
    changed(f"removed closure, {days}", about=_place(closure), by=by, at=at)


def _may_close(closure: Closure) -> Permission:
    return Permission.MANAGE_AVAILABILITY if closure.establishment_id else Permission.MANAGE_CALENDAR


def _place(closure: Closure) -> str:
    """What an audit row calls where it is: "calendar" for the whole county."""
    place = closure.establishment
    return f"establishment {place.source} {place.urn}" if place else "calendar"
