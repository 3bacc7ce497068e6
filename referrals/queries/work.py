"""What S2S has done and means to do with one request: its visits, clocks and cover, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from referrals.choices import BookingKind, BookingMode, BookingState, NotHeldReason, VisitOutcome
from referrals.documents.next_steps import Stands
from referrals.models import BookingTeacher, Referral
from referrals.permissions import Asking, covers_on
from referrals.queries import contract_end_lines, requests
from referrals.queries.progress import progress_of, standing_records
from referrals.queries.standards import counted
from referrals.rules.clocks import Running, running
from referrals.rules.standards import DEFAULTS, Standards
from s2s_portal.organisations.queries.calendar import days_for

SHOWN = (BookingState.PLANNED, BookingState.HELD, BookingState.NOT_HELD)
"""What became of visits that the page tells; a cancelled one stands in the history."""


@dataclass(frozen=True)
class Visited:
    """One visit as the page tells it. `flags` are sentences; `record` is a finalised record's reference, or ""."""

    key: str
    kind: BookingKind
    mode: BookingMode
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    outcome: str
    minutes_late: int | None
    reason: str
    note: str
    record: str
    teachers: Sequence[str] = ()
    flags: Sequence[str] = ()

    @property
    def is_remote(self) -> bool:
        """Whether nobody drives."""
        return self.mode == BookingMode.REMOTE

    @property
    def lacks_record(self) -> bool:
        """Whether it was held and has no record that stands."""
        return self.state == BookingState.HELD and not self.record

    @property
    def what(self) -> str:
        """What became of it, without what was noted: "Held, began 10 minutes late"; "" while it is planned."""
        if self.state == BookingState.NOT_HELD:
            why = NotHeldReason(self.reason).label
            return f"Not held: {why[0].lower()}{why[1:]}"
        if self.outcome == VisitOutcome.HELD_LATE:
            return f"Held, began {self.minutes_late} minute{'' if self.minutes_late == 1 else 's'} late"
        return VisitOutcome(self.outcome).label if self.outcome else ""


@dataclass(frozen=True)
class Covering:
    """Who looks after a request today in its teacher's place, and until when (a London day)."""

    teacher: str
    ends_on: date


@dataclass(frozen=True)
class Work:
    """S2S's side of one request at a moment. `clocks`: the most urgent first."""

    visits: list[Visited] = field(default_factory=list)
    clocks: list[Running] = field(default_factory=list)
    cover: Covering | None = None
    stands: Stands = field(default_factory=Stands)


def find(asking: Asking, reference: str, *, at: datetime) -> Referral | None:
    """As `requests.find`, with today's cover and R10's settings at `at` (aware) beside it. One query.

    `asked_about_end`: its adviser is asked what is still wanted when its contract ends.
    """
    in_force = counted().filter(in_force_from__lte=at)
    # Of several covers of one day, the one that was arranged last.
    covers = covers_on(asking.today).filter(referral=OuterRef("pk")).order_by("-at", "-pk")
    rows = requests.shown_to(asking).annotate(
        cover_teacher=Subquery(covers.values("teacher__full_name")[:1]),
        cover_ends_on=Subquery(covers.values("ends_on")[:1]),
        asked_about_end=Exists(contract_end_lines.questions()),
        **{f"now_{name}": Subquery(in_force.values(name)[:1]) for name in OF_CLOCKS},
    )
    return rows.filter(reference=reference).first()


OF_CLOCKS = ("contact_working_days", "observation_weeks", "record_working_days", "review_weeks")
"""The settings that clocks are reckoned from."""


def work_of(referral: Referral, *, at: datetime, today: date) -> Work:
    """What S2S does with a request of `find`. Two queries: its visits (none without a teacher), and the calendar."""
    visits = _visits_of(referral) if referral.teacher_id is not None else []
    unrecorded_at = min((one.starts_at for one in visits if one.lacks_record), default=None)
    return Work(
        visits=visits,
        clocks=_clocks_of(referral, unrecorded_at, today),
        cover=Covering(referral.cover_teacher, referral.cover_ends_on) if referral.cover_teacher else None,
        stands=_stands(visits, unrecorded_at, at),
    )


def _stands(visits: list[Visited], unrecorded_at: datetime | None, at: datetime) -> Stands:
    planned = [one for one in visits if one.state == BookingState.PLANNED]
    return Stands(
        untold_at=min((one.starts_at for one in planned if one.starts_at <= at), default=None),
        unrecorded_at=unrecorded_at,
        flagged_at=min((one.starts_at for one in planned if one.flags), default=None),
        planned_at=min((one.starts_at for one in planned if one.starts_at > at), default=None),
    )


def _clocks_of(referral: Referral, unrecorded_at: datetime | None, today: date) -> list[Running]:
    progress = progress_of(referral, unrecorded_at=unrecorded_at)
    if progress is None or referral.ended_at is not None:
        return []
    settings = {name: getattr(referral, f"now_{name}") for name in OF_CLOCKS}
    standards = DEFAULTS if None in settings.values() else Standards(**settings)
    return running(progress, standards=standards, days=days_for(referral.establishment_id), today=today)


def _visits_of(referral: Referral) -> list[Visited]:
    """The visits in order of time, with their teachers, open flags and records. One query."""
    # A cancelled booking keeps its teachers' rows, so every booking has one.
    rows = BookingTeacher.objects.filter(booking__referral=referral, booking__state__in=SHOWN).annotate(
        open_flag=FilteredRelation("booking__flags", condition=Q(booking__flags__settled_at=None)),
        record=Subquery(_record()),
    )
    found: dict[str, Visited] = {}
    people: dict[str, dict[str, None]] = {}
    flags: dict[str, dict[str, None]] = {}
    for row in rows.order_by("booking__starts_at", "booking", "teacher__full_name", "open_flag").values_list(*COLUMNS):
        key, *told, record, teacher, live, flag = row
        found[key] = _visited(str(key), told, record)
        people.setdefault(key, {}).update({teacher: None} if live else {})
        flags.setdefault(key, {}).update({flag: None} if flag else {})
    return [_with(one, people[key], flags[key]) for key, one in found.items()]


COLUMNS = (
    *("booking__key", "booking__kind", "booking__mode", "booking__state", "booking__starts_at", "booking__ends_at"),
    *("booking__visit__outcome", "booking__visit__minutes_late", "booking__visit__reason", "booking__visit__note"),
    *("record", "teacher__full_name", "live", "open_flag__detail"),
)


def _record() -> QuerySet[Any]:
    """The record of a booking's visit that stands: the reference."""
    records = standing_records().filter(visit__booking=OuterRef("booking")).order_by("-edition")
    return records.values("reference")[:1]


def _visited(key: str, told: list[Any], record: str | None) -> Visited:
    kind, mode, state, starts_at, ends_at, outcome, minutes_late, reason, note = told
    return Visited(
        key=key,
        kind=BookingKind(kind),
        mode=BookingMode(mode),
        state=BookingState(state),
        starts_at=starts_at,
        ends_at=ends_at,
        outcome=outcome or "",
        minutes_late=minutes_late,
        reason=reason or "",
        note=note or "",
        record=record or "",
    )


def _with(visit: Visited, teachers: dict[str, None], flags: dict[str, None]) -> Visited:
    return replace(visit, teachers=tuple(teachers), flags=tuple(flags))
