"""R13's table of fees: another fee from a day on. Requests that were sent keep theirs."""

from datetime import date, datetime

from django.db import transaction

from quotas import rules
from quotas.choices import FeeBasis
from quotas.models import FeeRule
from s2s_portal.core import calendar, spoken
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile, one_at_a_time
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


@transaction.atomic
def add_fee(
    *, stream: str, starts_on: date, basis: FeeBasis, pence: int, reason: str, seen: int, by: User, at: datetime
) -> FeeRule:
    """The fee of requests of `stream` that are sent from `starts_on` on, in pence.

    From today on, or before the stream's first row: no request was sent then. A row from the same day is put right.
    `seen` is the id of the newest row of the table that the person saw, 0 for none; the same again writes nothing.
    Raises `NotAllowed` unless `by` sets up quotas, `ChangedMeanwhile` and `CannotChange`.
    """
    check(by, Permission.SET_UP_QUOTAS)
    one_at_a_time()
    newest = FeeRule.objects.select_related("set_by").order_by("-pk").first()
    if newest is not None and newest.pk != seen:
        told = (newest.stream, newest.starts_on, newest.basis, newest.pence, newest.set_by_id)
        if told == (stream, starts_on, basis, pence, by.pk):
            return newest  # pressed twice
        raise ChangedMeanwhile(f"{newest.set_by} has set a fee while you were writing: look again", str(newest.pk))
    _check_fee(basis, pence)
    _check_day(stream, starts_on, calendar.london_date(at))
    _check_new(stream, starts_on, basis, pence)
    return _written(stream, starts_on, basis, pence, reason, by, at)


@transaction.atomic
def load(
    *, stream: str, starts_on: date, basis: FeeBasis, pence: int, reason: str, by: User, at: datetime
) -> FeeRule | None:
    """A row of a table that a council brings with it, its past included; None if it is there already.

    Raises `NotAllowed` unless `by` sets up quotas, `CannotChange` where only another fee was set for that day.
    """
    check(by, Permission.SET_UP_QUOTAS)
    one_at_a_time()
    _check_fee(basis, pence)
    there = FeeRule.objects.filter(stream=stream, starts_on=starts_on)
    if there.filter(basis=basis, pence=pence).exists():
        return None
    if there.exists():
        raise CannotChange(f"Another fee has been set from {spoken.day(starts_on)}: see Fees", "starts_on")
    return _written(stream, starts_on, basis, pence, reason, by, at)


def _written(stream: str, starts_on: date, basis: FeeBasis, pence: int, reason: str, by: User, at: datetime) -> FeeRule:
    """The one place where a fee is written, and written down."""
    audit.record(kind=AuditKind.WRITE, what=f"set the fee, {stream}, {spoken.day(starts_on)}", reference="fees", by=by)
    fee = {"basis": basis, "pence": pence, "reason": reason, "set_by": by, "set_at": at}
    return FeeRule.objects.create(stream=stream, starts_on=starts_on, **fee)


def _check_fee(basis: FeeBasis, pence: int) -> None:
    wrong = rules.cannot_charge(basis=basis, pence=pence)
    if wrong:
        raise CannotChange(wrong, "pounds")


def _check_day(stream: str, starts_on: date, today: date) -> None:
    first = FeeRule.objects.filter(stream=stream).order_by("starts_on").first()
    if first is not None and first.starts_on <= starts_on < today:
        raise CannotChange("The day must be today or later: requests that were sent keep their fee", "starts_on")


def _check_new(stream: str, starts_on: date, basis: FeeBasis, pence: int) -> None:
    before = FeeRule.objects.filter(stream=stream, starts_on__lte=starts_on).order_by("-starts_on", "-pk").first()
    if before is not None and (before.basis, before.pence) == (basis, pence):
        raise CannotChange(f"This is the fee from {spoken.day(before.starts_on)} already", "basis")
