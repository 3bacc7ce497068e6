"""A history of 5,000 requests of one period, drawn from a seed: some sixty lives, and copies of them.

The lives are made by the real actions; the copies have rows of their own for everything that is counted. The ledger is
written anew from all of their lines, in the order of time, as if places had been bought for so many. Two or three
thousand such places are used, and on one day there was none left.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, count
from typing import Any

from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Period, Quota
from referrals.actions import history
from referrals.models import Booking, Referral, ReferralEvent, Rollover, RolloverLine
from s2s_portal.organisations.actions.norfolk import TERMS, TRAINING_DAYS
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import Establishment, Membership, User, Zone
from tests.factories.history.copying import Copier, Copy, Rows, column_of, columns_of, go_on_counting, rows_of, write
from tests.factories.history.making import FOR_NOW, made
from tests.factories.history.people import NOW, Council, works
from tests.factories.history.walks import rng_of
from tests.factories.organisations import EstablishmentFactory
from tests.moments import LONDON

COPIES_OF_THE_FIRST = 15
"""So often the lives of the first contract that nobody carried over are copied."""
SHIFTS = (0, -1, 1, -2, 3, -5, 6, -9, 13)
"""Weeks; each copy tries one."""
COPIES_OF_A_REFUSAL = 25


@dataclass(frozen=True)
class History:
    """The periods of the first contract and of the second, with who asks; `now` is after everything in it."""

    council: Council
    before: Period
    period: Period
    now: datetime = NOW

    @property
    def by(self) -> User:
        """A commissioner."""
        return self.council.one


def generated(seed: int, *, requests: int = 5_000) -> History:
    """The history of a seed, with so many requests in the later period."""
    council = Council(rng_of(seed))
    lives = made(council)
    multiplied = _Multiplied(council, [rows_of(life) for life in lives.requests])
    multiplied.until(council.period, requests)
    for draft in [rows_of([], [key]) for key in lives.refused]:
        for number in range(COPIES_OF_A_REFUSAL):
            multiplied.copy(draft, number)
    multiplied.write()
    Rollover.objects.filter(pk=lives.rollover.pk).update(
        open_before=RolloverLine.objects.filter(rollover=lives.rollover, late=False).count()
    )
    return History(council, council.before, council.period)


class _Multiplied:
    """Copies of lives until there are enough."""

    def __init__(self, council: Council, lives: list[Rows]) -> None:
        self.council, self.lives = council, lives
        self._references = {prefix: iter(history.next_references(prefix, 8_000)) for prefix in ("EY", "MS", "RF")}
        self._copier = Copier(lambda prefix: next(self._references[prefix]))
        more = [EstablishmentFactory(school=True, zone=None, name=f"Dale End {at} School") for at in range(3)]
        self._schools = [*council.schools, *more]
        self._teachers: dict[tuple[int, int], list[User]] = {}

    def until(self, period: Period, requests: int) -> None:
        """Copy life after life, each with another council's people, until the period has so many requests."""
        column = column_of(Referral, "period_id")
        sizes = [sum(row[column] == period.pk for row in life[Referral]) for life in self.lives]
        missing = requests - sum(sizes)
        for number in count():
            for life, size in zip(self.lives, sizes, strict=True):
                if size > missing or (not size and number >= COPIES_OF_THE_FIRST):
                    continue
                self.copy(life, number)
                missing -= size
            if not missing:
                return

    def copy(self, life: Rows, number: int) -> None:
        """One copy of a life, in other zones, with other teachers, some weeks earlier or later if it may be."""
        weeks = SHIFTS[number % len(SHIFTS)]
        copy = Copy(weeks if _may_be_moved(life, weeks, self.council.period) else 0)
        zones, places = self.council.zones, self.council.places_of_zones
        turned = {one: zones[(at + number) % len(zones)] for at, one in enumerate(zones)}
        copy.mapped[Zone] = {one.pk: other.pk for one, other in turned.items()}
        copy.mapped[Establishment] = {
            place.pk: places[other.pk, stream][(at + number) % len(places[other.pk, stream])].pk
            for one, other in turned.items()
            for stream in Stream
            for at, place in enumerate(places[one.pk, stream])
        }
        teachers = self._teachers_of(number, copy.weeks)
        pairs = list(zip(self.council.teachers, teachers, strict=True))
        copy.mapped[User] = {one.pk: other.pk for one, other in pairs}
        copy.texts |= {one.full_name: other.full_name for one, other in pairs}
        copy.provider_schools = {
            school.pk: self._school(at, number).pk for at, school in enumerate(self.council.schools)
        }
        self._copier.copy(life, copy)

    def _school(self, at: int, number: int) -> Establishment:
        return self._schools[(at + number) % len(self._schools)]

    def _teachers_of(self, number: int, weeks: int) -> list[User]:
        """Teachers of this copy alone: nobody can be at two places at once."""
        if (number, weeks) not in self._teachers:
            some = [
                User(email=f"{one.pk}-{number}{weeks:+d}@s2s.invalid", full_name=f"{one.full_name} {number}{weeks:+d}")
                for one in self.council.teachers
            ]
            self._teachers[number, weeks] = User.objects.bulk_create(some)
            schools = [self._school(at, number) for at in range(len(self.council.schools))] + [None]
            Membership.objects.bulk_create(
                Membership(user=user, role=Role.S2S_TEACHER, home_school=school)
                for user, school in zip(some, schools, strict=True)
            )
        return self._teachers[number, weeks]

    def write(self) -> None:
        """Write all copies, and the ledger of everything."""
        found = self._copier.found
        _give_turns(found[Referral])
        _write_ledger(found.pop(LedgerEntry), [self.council.before, self.council.period])
        for model, rows in found.items():
            write(model, rows)
        go_on_counting()


def _give_turns(copies: list[list[Any]]) -> None:
    """Numbers on the waiting lists after those that were given, in the order of joining."""
    turn, sent = column_of(Referral, "turn"), column_of(Referral, "submitted_at")
    period, stream = column_of(Referral, "period_id"), column_of(Referral, "stream")
    first = 1 + Referral.objects.filter(turn__isnull=False).count()
    numbers: defaultdict[tuple[int, str], Iterator[int]] = defaultdict(lambda: count(first))
    for one in sorted((one for one in copies if one[turn] is not None), key=lambda one: (one[sent], one[0])):
        one[turn] = next(numbers[one[period], one[stream]])


def _write_ledger(copies: list[list[Any]], periods: list[Period]) -> None:
    """The lines of all requests, and what was bought: as much as makes it that on one day none was left.

    The first line of a quota is what was bought first. Nobody can change a line, so all are written anew.
    """
    names = ("quota_id", "seq", "kind", "places", "left_after", "at")
    quota_id, seq, kind, places, left_after, at = (column_of(LedgerEntry, name) for name in names)
    there = LedgerEntry.objects.filter(quota__period__in=periods)
    lines = [*map(list, there.exclude(reason=FOR_NOW).values_list(*columns_of(LedgerEntry))), *copies]
    there._raw_delete(there.db)
    for quota in Quota.objects.filter(period__in=periods):
        own = sorted((one for one in lines if one[quota_id] == quota.pk), key=lambda one: (one[at], one[0]))
        own.sort(key=lambda one: one[kind] != EntryKind.GRANTED)
        own[0][places] = max(1, -min(accumulate((one[places] for one in own[1:]), initial=0)))
        left = accumulate(one[places] for one in own)
        for number, (one, so_many) in enumerate(zip(own, left, strict=True), 1):
            one[seq], one[left_after] = number, so_many
        write(LedgerEntry, own)


def _may_be_moved(life: Rows, weeks: int, period: Period) -> bool:
    """Whether all of it may have happened so many weeks later."""
    later = timedelta(weeks=weeks)
    events = [
        (row[column_of(ReferralEvent, "at")], row[column_of(ReferralEvent, "kind")]) for row in life[ReferralEvent]
    ]
    column = column_of(Referral, "period_id")
    if not weeks or any(row[column] != period.pk for row in life[Referral]):
        return not weeks
    if not all(period.opens_on <= _day(at + later) and at + later <= NOW for at, _ in events):
        return False
    starts = [row[column_of(Booking, "starts_at")] for row in life[Booking]]
    return all(works(_day(at + later)) for at in starts) and _has_the_same_pauses(events, later)


def _has_the_same_pauses(events: list[tuple[datetime, str]], later: timedelta) -> bool:
    asked_at = None
    for at, kind in events:
        if asked_at is not None:
            days = [_day(asked_at) + timedelta(days=number) for number in range((_day(at) - _day(asked_at)).days + 1)]
            if any((works(day), _in_school(day)) != (works(day + later), _in_school(day + later)) for day in days):
                return False
        if kind == "ASKED":
            asked_at = at
        elif kind in ("SENT_BACK", "TAKEN_BACK", "REINSTATED"):
            asked_at = None
    return True


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _in_school(day: date) -> bool:
    return works(day) and day not in TRAINING_DAYS and any(first <= day <= last for _, first, last, _ in TERMS)
