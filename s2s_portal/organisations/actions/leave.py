"""When people work: their days of the week, and their leave. Teachers say it themselves, or a co-ordinator does."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from s2s_portal.core import spoken
from s2s_portal.organisations.actions.calendar import WrongDates, changed, check_dates
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import Leave, User, WorkingWeek
from s2s_portal.organisations.permissions import can, check
from s2s_portal.organisations.queries.people import subject_of

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@transaction.atomic
def set_working_week(
    *, person: User, weekdays: Collection[int], in_force_from: date, by: User, at: datetime
) -> WorkingWeek:
    """The days of the week (Monday is 0) on which `person` works from a day on. From the same day again replaces it.

    Raises `NotAllowed` for somebody else's week unless `by` looks after teachers, `WrongDates` for a week without days.
    """
    check_may_set(by, person)
    if not set(weekdays) & set(range(len(DAYS))):
        raise WrongDates("Choose at least one day. For a time without work, enter leave.")
    _locked(person)
    worked = {name: number in weekdays for number, name in enumerate(DAYS)}
    week, _ = WorkingWeek.objects.update_or_create(user=person, in_force_from=in_force_from, defaults=worked)
    changed(f"set the working week from {spoken.day(in_force_from)}", about=subject_of(person), by=by, at=at)
    return week


@transaction.atomic
def add_leave(*, person: User, starts_on: date, ends_on: date, note: str, by: User, at: datetime) -> Leave:
    """Days on which `person` is away, both included.

    Raises `NotAllowed` for somebody else's unless `by` looks after teachers, `WrongDates` if they are away already.
    """
    check_may_set(by, person)
    _locked(person)
    check_dates(starts_on, ends_on, Leave.objects.filter(user=person), what="Leave")
    leave = Leave.objects.create(user=person, starts_on=starts_on, ends_on=ends_on, note=note)
    changed(f"added leave, {spoken.stretch(starts_on, ends_on)}", about=subject_of(person), by=by, at=at)
    return leave


@transaction.atomic
def remove_leave(*, leave: Leave, by: User, at: datetime) -> None:
    """Take leave back. Raises as `add_leave`."""
    check_may_set(by, leave.user)
    leave.delete()
    changed(
        f"removed leave, {spoken.stretch(leave.starts_on, leave.ends_on)}", about=subject_of(leave.user), by=by, at=at
    )


def check_may_set(by: User, person: User) -> None:
    """Raise `NotAllowed` unless `by` is `person` and says when they work, or looks after teachers."""
    if by.pk != person.pk or not can(by, Permission.SET_OWN_LEAVE):
        check(by, Permission.MANAGE_AVAILABILITY)


def _locked(person: User) -> None:
    """One change of a person's days at a time."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
