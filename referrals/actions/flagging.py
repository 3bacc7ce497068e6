"""Looking again at planned visits when facts change: what makes one doubtful is a flag until it is dealt with."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import planned_visits, telling_visits
from referrals.choices import BookingKind, BookingMode, BookingProblem
from referrals.models import Booking, BookingFlag, Referral
from referrals.queries import bookings as queries
from referrals.queries.circumstances import standing_circumstances
from referrals.rules import bookings as rules
from referrals.rules.bookings import Problem, Wanted
from s2s_portal.organisations.models import User

AT_ONCE = 50
"""Visits looked at in one transaction, which holds the locks of their requests."""
CAUSE_GONE = "The cause has gone."


@dataclass(frozen=True)
class Checked:
    """How many flags were raised, and how many were settled because their cause had gone."""

    raised: int = 0
    settled: int = 0

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(self.raised + other.raised, self.settled + other.settled)


def check(
    *,
    bookings: Collection[int] | None = None,
    by: User,
    at: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> Checked:
    """Look again at planned visits that have not begun: at those with these ids, or at every one.

    `by` is the portal. Fifty at a time, each lot in a transaction of its own; safe to repeat. `stopping` ends it early.
    """
    after, found = 0, Checked()
    while not stopping():
        some = list(queries.planned_ids(at=at, after=after, among=bookings)[:AT_ONCE])
        if not some:
            break
        found, after = found + _check(some, by, at), some[-1]
    return found


@transaction.atomic
def _check(ids: Sequence[int], by: User, at: datetime) -> Checked:
    # Under the requests' locks, in their order: nobody moves a visit between looking at it and raising its flag.
    of_requests = Booking.objects.filter(pk__in=ids).values("referral")
    list(Referral.objects.select_for_update(no_key=True).filter(pk__in=of_requests).order_by("pk").only("pk"))
    bookings = queries.to_check(ids, at)
    flags = BookingFlag.objects.filter(booking__in=[one.pk for one in bookings])
    known = {(flag.booking_id, flag.cause, flag.detail): flag for flag in flags}
    found = {
        (one.pk, problem.cause.value, problem.sentence): one
        for one, problems in _doubts(bookings)
        for problem in problems
    }
    gone = [flag.pk for key, flag in known.items() if _has_gone(flag, key in found)]
    back = [known[key].pk for key in found if key in known and _is_back(known[key])]
    new = [key for key in found if key not in known]
    BookingFlag.objects.filter(pk__in=gone).update(settled_at=at, settled_by=by, settlement=CAUSE_GONE)
    BookingFlag.objects.filter(pk__in=back).update(settled_at=None, settled_by=None, settlement="", raised_at=at)
    BookingFlag.objects.bulk_create(
        BookingFlag(booking_id=pk, cause=cause, detail=detail, raised_at=at) for pk, cause, detail in new
    )
    doubtful = {one.pk: one for key, one in found.items() if key not in known or known[key].pk in back}
    telling_visits.doubtful(bookings=list(doubtful.values()), by=by, at=at)
    return Checked(raised=len(new) + len(back), settled=len(gone))


def _has_gone(flag: BookingFlag, is_found: bool) -> bool:
    """Whether an open flag's cause is no longer there. What the contact asked for does not go by itself."""
    return flag.settled_at is None and not is_found and flag.cause != BookingProblem.SETTING_ASKS


def _doubts(bookings: Sequence[Booking]) -> list[tuple[Booking, list[Problem]]]:
    """What speaks against each now, without what it was booked in spite of."""
    given = standing_circumstances(bookings)
    return [
        (
            one,
            [
                problem
                for problem in rules.standing_problems(_wanted(one), given[one.pk])
                if problem.cause not in one.reasons
            ],
        )
        for one in bookings
    ]


def _wanted(booking: Booking) -> Wanted:
    return Wanted(
        kind=BookingKind(booking.kind),
        mode=BookingMode(booking.mode),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )


def _is_back(flag: BookingFlag) -> bool:
    """Whether a flag whose cause is there was settled by anything but a reason to keep the visit."""
    return flag.settled_at is not None and not flag.settlement.startswith(planned_visits.KEPT)
