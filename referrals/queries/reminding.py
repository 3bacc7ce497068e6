"""What the reminders of requests are reckoned from, read for many at once: the number of statements is the same."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from referrals.choices import BookingChanged, BookingState, EventKind, Status, VisitOutcome
from referrals.models import Booking, BookingTeacher, Cover, Offer, Referral, ReferralEvent, Reminder, Visit
from referrals.models.referrals import ENDED
from referrals.permissions import covers_on
from referrals.queries.progress import standing_records
from referrals.rules.clocks import Progress
from referrals.rules.reminder_kinds import Situation, Span
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

PLACED = (EventKind.SUBMITTED, EventKind.PLACE_GIVEN, EventKind.REINSTATED)
ANSWERED = (EventKind.SENT_BACK, EventKind.TAKEN_BACK)
Line = tuple[str, int, datetime]
"""A line of a history: its kind, its number and its moment."""


@dataclass(frozen=True)
class Watched:
    """One request as reminders see it: its row with its people, what is so, what was written down, who covers it."""

    referral: Referral
    situation: Situation
    written: frozenset[str]
    covering: tuple[User, ...]
    bookings: dict[int, Booking]

    def teachers(self) -> list[User]:
        """The teacher who has it, and who covers it today."""
        own = [self.referral.teacher] if self.referral.teacher else []
        return [*own, *(one for one in self.covering if one not in own)]


def due_ids(at: datetime, *, after: tuple[datetime, int] | None, most: int) -> list[tuple[int, datetime]]:
    """The next requests to look at by `at`, in order, after the moment and id of the last: ids with their moments."""
    due = Referral.objects.filter(remind_at__lte=at)
    if after is not None:
        due = due.filter(remind_at__gte=after[0]).exclude(remind_at=after[0], pk__lte=after[1])
    return list(due.order_by("remind_at", "pk").values_list("pk", "remind_at")[:most])


def watched(referrals: QuerySet[Referral], *, today: date) -> list[Watched]:
    """The requests of `referrals` as reminders see them on `today`, in order of id.

    Nine queries for any number, seven if none has a visit.
    """
    people = ("establishment__kind", "place", "teacher", "submitted_by", "period__contract")
    rows = list(referrals.select_related(*people).order_by("pk"))
    ids = [row.pk for row in rows]
    lines = _lines_of(ids)
    bookings = _bookings_of(ids)
    offers = _offers_of(ids)
    unconfirmed, recorded = _records_of(ids)
    written = _written_of([row.reference for row in rows])
    covering = _covering(ids, today)
    return [
        Watched(
            referral=row,
            situation=replace(
                _situation(row, lines[row.pk], bookings[row.pk], offers[row.pk], recorded),
                unconfirmed=tuple(unconfirmed[row.pk]),
            ),
            written=frozenset(written[row.reference]),
            covering=tuple(covering[row.pk]),
            bookings={one.pk: one for one in bookings[row.pk]},
        )
        for row in rows
    ]


def written_of(reference: str) -> QuerySet[Reminder]:
    """What was written down about one request, the newest first."""
    return Reminder.objects.filter(subject=reference).order_by("-at", "-pk")


def _written_of(references: Sequence[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for subject, key in Reminder.objects.filter(subject__in=references).order_by().values_list("subject", "key"):
        found[subject].append(key)
    return found


def _lines_of(ids: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    events = ReferralEvent.objects.filter(referral__in=ids).order_by("referral", "seq")
    for referral, *line in events.values_list("referral", "kind", "seq", "at"):
        found[referral].append((line[0], line[1], line[2]))
    return found


def _bookings_of(ids: Sequence[int]) -> dict[int, list[Booking]]:
    going = Prefetch("teachers", BookingTeacher.objects.filter(live=True).select_related("teacher").order_by("pk"))
    rows = Booking.objects.filter(referral__in=ids).select_related("visit").prefetch_related(going, "changes")
    found = defaultdict(list)
    for row in rows.order_by("starts_at", "pk"):
        found[row.referral_id].append(row)
    return found


def _offers_of(ids: Sequence[int]) -> dict[int, list[Span]]:
    """For each request the times at which the school or setting was asked to choose when a visit suits."""
    found = defaultdict(list)
    rows = Offer.objects.filter(referral__in=ids).order_by("offered_at", "pk")
    for referral, pk, offered_at, settled_at in rows.values_list("referral", "pk", "offered_at", "settled_at"):
        found[referral].append(Span(str(pk), offered_at, settled_at, "the offer had been answered or taken back"))
    return found


def _records_of(ids: Sequence[int]) -> tuple[dict[int, list[Span]], dict[int, datetime]]:
    """For each request its records that stand, until the school or setting answered; and of each visit since when."""
    unconfirmed, recorded = defaultdict(list), {}
    rows = standing_records().filter(visit__referral__in=ids).order_by("at", "pk")
    for referral, visit, pk, at, answered_at in rows.values_list(
        "visit__referral", "visit", "pk", "at", "confirmation__at"
    ):
        unconfirmed[referral].append(Span(str(pk), at, answered_at, "the school or setting had answered"))
        recorded[visit] = at
    return unconfirmed, recorded


def _covering(ids: Sequence[int], today: date) -> dict[int, list[User]]:
    found = defaultdict(list)
    covers: Iterable[Cover] = covers_on(today).filter(referral__in=ids).select_related("teacher").order_by("pk")
    for cover in covers:
        found[cover.referral_id].append(cover.teacher)
    return found


# --- One request -------------------------------------------------------------------------------------------------
def _situation(
    row: Referral,
    lines: Sequence[Line],
    bookings: Sequence[Booking],
    offers: Sequence[Span],
    recorded: dict[int, datetime],
) -> Situation:
    placed_at = row.clocks_from or (row.place.at if row.place else _last(lines, PLACED))
    if placed_at is None:  # it waits for a place, or never got one
        return Situation(progress=None)
    asked = _asked(row, lines)
    has_ended = row.status in ENDED
    unanswered = bool(asked) and has_ended and asked[-1].until == row.ended_at
    changes = [(one, _versions(one)) for one in bookings]
    return Situation(
        progress=_progress(row, placed_at),
        placed_at=placed_at,
        assigned_at=_last(lines, (EventKind.ASSIGNED,), since=placed_at) or (placed_at if row.teacher_id else None),
        first_contact_at=row.first_contact_at,
        offered_at=min([one.booked_at for one in bookings] + [one.since for one in offers], default=None),
        first_held_at=row.first_held_at,
        reviewed_at=row.reviewed_at,
        ended_at=row.ended_at if has_ended else None,
        ended_why=f"the request had ended: {row.get_status_display().lower()}" if has_ended else "",
        clocks_stopped_at=asked[-1].since if unanswered else None,
        carried_at=_last(lines, (EventKind.CARRIED_OVER,)),
        asked=asked,
        offers=tuple(offers),
        visits=tuple(span for _, versions in changes for span in versions),
        untold=tuple(_untold(one) for one in bookings),
        records=tuple(_unrecorded(one, one.visit, recorded) for one in bookings if _was_held(one)),
    )


def _progress(row: Referral, placed_at: datetime) -> Progress:
    return Progress(
        stream=Stream(row.stream),
        status=Status(row.status),
        placed_on=london_date(placed_at),
        returned_from=Status(row.returned_from) if row.returned_from else None,
        contact_paused_days=row.contact_paused_days,
        observation_paused_days=row.observation_paused_days,
        first_contact_on=london_date(row.first_contact_at) if row.first_contact_at else None,
        first_held_on=london_date(row.first_held_at) if row.first_held_at else None,
    )


def _last(lines: Sequence[Line], kinds: Collection[str], since: datetime | None = None) -> datetime | None:
    found = [at for kind, _, at in lines if kind in kinds and (since is None or at >= since)]
    return found[-1] if found else None


def _asked(row: Referral, lines: Sequence[Line]) -> tuple[Span, ...]:
    """The times at which more information was awaited."""
    found: list[Span] = []
    for kind, seq, at in lines:
        if kind == EventKind.ASKED:
            found.append(Span(str(seq), at))
        elif kind in ANSWERED and found:
            found[-1] = found[-1]._replace(until=at, why="the question had been answered or taken back")
    if row.status == Status.RETURNED and row.returned_at and (not found or found[-1].until):
        # It was carried over while the answer was awaited: the question is in the history of the request that it was.
        found.append(Span(london_date(row.returned_at).isoformat(), row.returned_at))
    if found and found[-1].until is None and row.status in ENDED:
        found[-1] = found[-1]._replace(until=row.ended_at, why="the request had ended")
    return tuple(found)


def _versions(booking: Booking) -> list[Span]:
    """Each time of a visit: from when it was agreed until it was moved or cancelled, or had begun."""
    found: list[Span] = []
    for change in sorted(booking.changes.all(), key=lambda change: change.seq):
        if change.what == BookingChanged.TEACHERS:
            continue
        if found:
            why = "the visit had been moved" if change.what == BookingChanged.MOVED else "the visit had been cancelled"
            found[-1] = found[-1]._replace(until=change.at, why=why, is_planned=False)
        if change.what != BookingChanged.CANCELLED:
            begins = change.starts_at
            occasion = f"{booking.pk}-{change.seq}"
            why = "the visit had begun"
            found.append(Span(occasion, change.at, begins, why, london_date(begins), is_planned=True))
    return found


def _untold(booking: Booking) -> Span:
    """A visit from its end until somebody said how it went; nothing for one that was cancelled before."""
    until, why = None, "somebody has said how the visit went"
    if booking.state == BookingState.CANCELLED:
        said = [change.at for change in booking.changes.all()]
        until, why = max(said, default=booking.booked_at), "the visit had been cancelled"
    elif booking.state != BookingState.PLANNED:
        until = booking.visit.at
    return Span(str(booking.pk), booking.ends_at, until, why)


def _was_held(booking: Booking) -> bool:
    return booking.state == BookingState.HELD and booking.visit.outcome != VisitOutcome.NOT_HELD


def _unrecorded(booking: Booking, visit: Visit, recorded: dict[int, datetime]) -> Span:
    """A visit that was held, until its record stood."""
    until = recorded.get(visit.pk)
    return Span(str(booking.pk), booking.starts_at, until, "the record had been finalised")
