"""Lines of a contract's end as pages list them: narrowed, with visits, and what hinders the running."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from referrals.choices import RUN_LINE, UNDO_LINE, BookingState, Fate, FateReason, LineState, RolloverStage
from referrals.models import Booking, Referral, ReferralEvent, Rollover, RolloverLine
from referrals.permissions import in_own_zones
from referrals.queries.contract_ends import lines_of
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.models import User

MOST_FAILING = 25
"""Requests whose moving failed that are named; the next are named once these are done."""

MOST_SAID = 50
"""Reasons that are shown together; each stands with its request too."""


@dataclass(frozen=True)
class Narrowing:
    """Which lines a page shows; "" and False narrow nothing."""

    reason: str = ""
    fate: str = ""
    outcome: str = ""
    proposed: str = ""
    late: bool = False
    to_decide: bool = False
    with_problem: bool = False

    @classmethod
    def asked(cls, given: Any) -> "Narrowing":
        """What an address asks for; what is none of our words narrows nothing."""
        known = {"reason": FateReason, "fate": Fate, "outcome": Fate, "proposed": Fate}
        words = {name: given.get(name, "") for name in known}
        flags = {name: given.get(name) == "yes" for name in ("late", "to_decide", "with_problem")}
        return cls(**{name: word if word in known[name].values else "" for name, word in words.items()}, **flags)

    @property
    def filters(self) -> Q:
        """The same for the database."""
        words = {name: getattr(self, name) for name in ("reason", "fate", "proposed")}
        found = Q(**{name: word for name, word in words.items() if word})
        if self.outcome:
            found &= Q(outcome=self.outcome, state=LineState.DONE)
        if self.late:
            found &= Q(late=True)
        if self.to_decide:
            found &= Q(state=LineState.PENDING, fate=Fate.ASK)
        if self.with_problem:
            found &= ~Q(problem="")
        return found


def narrowed(rollover: Rollover, narrowing: Narrowing) -> QuerySet[RolloverLine]:
    """The lines that are asked for, in the order the requests came.

    Each has `planned_at`: its last planned visit, or None.
    """
    planned = Booking.objects.filter(state=BookingState.PLANNED).filter(
        Q(referral=OuterRef("referral")) | Q(referral=OuterRef("successor"))
    )
    rows = lines_of(rollover).select_related("wish_by", "referral__submitted_by").filter(narrowing.filters)
    return rows.annotate(planned_at=Subquery(planned.order_by("-starts_at").values("starts_at")[:1]))


def one_of(rollover: Rollover, pk: int) -> RolloverLine | None:
    """One line of `rollover` as `narrowed` gives it, with both contracts; None if it has no such line."""
    return narrowed(rollover, Narrowing()).select_related("rollover__source", "rollover__target").filter(pk=pk).first()


@dataclass(frozen=True)
class Progress:
    """How far a run or an undoing is, in requests: `fates` are (words, done, total)."""

    fates: list[tuple[str, int, int]]

    @property
    def done(self) -> int:
        """All that are done."""
        return sum(done for _, done, _ in self.fates)

    @property
    def total(self) -> int:
        """All that are to be done."""
        return sum(total for _, _, total in self.fates)


def progress_of(rollover: Rollover) -> Progress:
    """How much of what is to be done for each fate has been. One query."""
    if rollover.stage in (RolloverStage.UNDOING, RolloverStage.UNDONE):
        lines = rollover.lines.filter(outcome=Fate.MOVE)
        counted = lines.aggregate(total=Count("pk"), left=Count("pk", filter=Q(state=LineState.UNDOING)))
        return Progress([("Moved back", counted["total"] - counted["left"], counted["total"])])
    pending = Count("pk", filter=Q(state=LineState.PENDING))
    rows = rollover.lines.filter(late=False).order_by().values_list("fate").annotate(total=Count("pk"), left=pending)
    found = {Fate(fate): (total - left, total) for fate, total, left in rows}
    return Progress([(fate.label, *found[fate]) for fate in Fate if fate in found])


@dataclass(frozen=True)
class Failing:
    """A request whose moving failed: how often, when last (real time), and from when it is tried again."""

    reference: str
    line_id: int
    failures: int
    failed_at: datetime
    next_try_at: datetime


def failing_of(rollover: Rollover) -> list[Failing]:
    """Requests of `rollover` that the background work tried to do and could not yet. Two queries at most."""
    jobs = JobRequest.objects.filter(job__in=(RUN_LINE, UNDO_LINE), done_at__isnull=True, failures__gt=0)
    failed = {int(one.subject): one for one in jobs.order_by("pk")[:MOST_FAILING] if one.subject.isdigit()}
    if not failed:
        return []
    lines = rollover.lines.filter(pk__in=failed).order_by("pk").values_list("pk", "referral__reference")
    return [
        Failing(reference, pk, failed[pk].failures, failed[pk].failed_at, failed[pk].next_try_at)
        for pk, reference in lines
    ]


@dataclass(frozen=True)
class Left:
    """What a person looks at after the run: lines to decide now, late ones, and those with a problem."""

    to_decide: int
    late: int
    with_problem: int


def left_of(rollover: Rollover) -> Left:
    """What is left to look at. One query."""
    return Left(
        **rollover.lines.aggregate(
            to_decide=Count("pk", filter=Narrowing(to_decide=True).filters),
            late=Count("pk", filter=Q(late=True)),
            with_problem=Count("pk", filter=Narrowing(with_problem=True).filters),
        )
    )


def _stirring(lines: QuerySet[RolloverLine]) -> QuerySet[RolloverLine]:
    """Those of moved requests to which, old or new, something has happened since. By the index of events."""
    after_old = ReferralEvent.objects.filter(referral=OuterRef("referral"), seq__gt=OuterRef("last_seq"))
    after_new = ReferralEvent.objects.filter(referral=OuterRef("successor"), seq__gt=OuterRef("successor_seq"))
    return lines.filter(Exists(after_old) | Exists(after_new))


def has_stirred(line: RolloverLine) -> bool:
    """Whether something has happened to a moved request, old or new, since it was moved. One query."""
    return _stirring(RolloverLine.objects.filter(pk=line.pk)).exists()


def stirred(rollover: Rollover) -> list[str]:
    """References of the new requests to which, or to the old one of which, something has happened since the move.

    One query.
    """
    moved = rollover.lines.filter(state=LineState.DONE, outcome=Fate.MOVE)
    return list(_stirring(moved).order_by("pk").values_list("successor__reference", flat=True))


@dataclass(frozen=True)
class Undecided:
    """How many lines with a reason nobody decided by hand; about how many of them advisers were asked, and answered."""

    count: int
    asked: int
    answered: int


def undecided(rollover: Rollover, reason: FateReason) -> Undecided:
    """What one decision for all lines with `reason` would be about. One query."""
    return Undecided(
        **rollover.lines.filter(reason=reason, decided_at=None).aggregate(
            count=Count("pk"),
            asked=Count("pk", filter=Q(asked_at__isnull=False)),
            answered=Count("pk", filter=Q(wish_at__isnull=False)),
        )
    )


@dataclass(frozen=True)
class Said:
    """What one person said to a decision, for how many requests."""

    fate: Fate
    by: str
    note: str
    count: int


def said_of(rollover: Rollover) -> list[Said]:
    """What was said to decisions about `rollover`, what concerns most requests first, cut off. One query."""
    rows = rollover.lines.exclude(note="").order_by().values_list("fate", "decided_by__full_name", "note")
    counted = rows.annotate(count=Count("pk")).order_by("-count", "note")[:MOST_SAID]
    return [Said(Fate(fate), by or "", note, count) for fate, by, note, count in counted]


@dataclass(frozen=True)
class Questions:
    """Of requests that are to be decided: about how many nobody was asked, whose answer is awaited, and has come."""

    not_asked: int
    awaited: int
    answered: int


def questions_of(rollover: Rollover) -> Questions:
    """How far the asking about the undecided requests of `rollover` is. One query."""
    asked = Q(asked_at__isnull=False, wish_at=None)
    return Questions(
        **rollover.lines.filter(fate=Fate.ASK, state=LineState.PENDING).aggregate(
            not_asked=Count("pk", filter=Q(asked_at=None, wish_at=None)),
            awaited=Count("pk", filter=asked),
            answered=Count("pk", filter=Q(wish_at__isnull=False)),
        )
    )


def questions() -> QuerySet[RolloverLine]:
    """For a subquery of requests: lines whose adviser is asked, and nobody has answered or decided."""
    asked = RolloverLine.objects.filter(referral=OuterRef("pk"), asked_at__isnull=False, wish_at=None, decided_at=None)
    return asked.filter(state=LineState.PENDING, rollover__stage__in=(RolloverStage.DECIDING, RolloverStage.DONE))


def asked_of(user: User) -> QuerySet[Referral]:
    """Requests of the adviser's zones about which they are asked what is still wanted, in the order they came."""
    found = Referral.objects.filter(in_own_zones(user), Exists(questions()))
    return found.select_related("establishment__kind").order_by("pk")
