"""How a request closed: its summary and what became of each goal, and what keeps one from closing (R14)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from referrals.choices import Action, BookingState, EndState, GoalResult, Status
from referrals.models import Closing, Goal, Referral
from referrals.queries.progress import unrecorded_visits
from referrals.rules import closing as rules
from s2s_portal.core import calendar


@dataclass(frozen=True)
class GoalLine:
    """What became of one goal. Its text and the note are for those who see the whole case."""

    goal: str
    result: GoalResult
    note: str


@dataclass(frozen=True)
class Closed:
    """The closing of a closed request; summary and goals are blank for those who do not see the case."""

    end_state: EndState
    at: datetime
    by: str
    summary: str
    goals: Sequence[GoalLine]
    counted: str
    """How many goals came out how, in words: "2 goals met, 1 partly met"."""


def closing_of(referral: Referral, *, with_child: bool) -> Closed | None:
    """How a closed request closed last, after its visits; None for any other. One query, or none."""
    if referral.status != Status.CLOSED or not referral.visits_held:
        return None
    rows = list(
        Closing.objects.filter(referral=referral)
        .order_by("-at", "-pk", "outcomes__goal__position")
        .values_list("pk", "summary", "at", "by__full_name", *OUTCOME)
    )
    pk, summary, at, by, *_ = rows[0]
    goals = [
        GoalLine(goal, GoalResult(result), note) for one, _, _, _, goal, result, note in rows if one == pk and goal
    ]
    return Closed(
        end_state=EndState(referral.end_state),
        at=at,
        by=by,
        summary=summary if with_child else "",
        goals=goals if with_child else [],
        counted=_counted(goals),
    )


OUTCOME = ("outcomes__goal__text", "outcomes__result", "outcomes__note")


def _counted(goals: Sequence[GoalLine]) -> str:
    counts = Counter(goal.result for goal in goals)
    return ", ".join(f"{counts[result]} {result.label.lower()}" for result in GoalResult if counts[result])


def cannot_close(referral: Referral, *, at: datetime) -> str | None:
    """Why a request that was visited cannot close at `at`, in a sentence; None if it can. Two queries."""
    planned = [booking.starts_at for booking in referral.bookings.filter(state=BookingState.PLANNED)]
    begun = [calendar.london_date(starts_at) for starts_at in planned if starts_at <= at]
    unrecorded = unrecorded_visits().filter(referral=referral).values_list("booking__starts_at", flat=True)
    return rules.cannot_close(
        planned=len(planned) - len(begun),
        untold=begun,
        unrecorded=[calendar.london_date(starts_at) for starts_at in unrecorded],
    )


@dataclass(frozen=True)
class Missing:
    """A visit that keeps a request from closing, and what it asks for: its outcome, its record, or a decision."""

    booking: UUID
    asks: Action


def missing_of(referral: Referral, *, at: datetime) -> Missing | None:
    """What `cannot_close` names first, to lead there; None if nothing keeps the request from closing. Two queries."""
    planned = list(referral.bookings.filter(state=BookingState.PLANNED).order_by("starts_at", "pk")[:1])
    if planned and planned[0].starts_at <= at:
        return Missing(planned[0].key, Action.HOLD)
    unrecorded = unrecorded_visits().filter(referral=referral).order_by("booking__starts_at", "pk")
    if key := unrecorded.values_list("booking__key", flat=True).first():
        return Missing(key, Action.RECORD)
    return Missing(planned[0].key, Action.MOVE_BOOKING) if planned else None


def cannot_end_unvisited(referral: Referral, *, at: datetime) -> str | None:
    """Why a request cannot end at `at` as one without a visit, in a sentence; None if it can. One query."""
    begun = referral.bookings.filter(state=BookingState.PLANNED, starts_at__lte=at).values_list("starts_at", flat=True)
    return rules.cannot_end_unvisited([calendar.london_date(starts_at) for starts_at in begun])


def goals_of(referral: Referral) -> list[Goal]:
    """The goals of a request, in order. One query."""
    return list(referral.goals.order_by("position"))
