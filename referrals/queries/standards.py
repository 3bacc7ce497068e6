"""The settings of R10 as they were at a moment, and every set of them there was."""

from bisect import bisect_right
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import QuerySet

from referrals.models import ServiceStandards, StandardsTakenBack
from referrals.rules.standards import DEFAULTS, Standards
from s2s_portal.core.calendar import starts_at


@dataclass(frozen=True)
class InForce:
    """One set of settings. `row` says who set them, when and why; None: nobody has, these are the defaults."""

    standards: Standards
    row: ServiceStandards | None = None

    @property
    def taken_back(self) -> StandardsTakenBack | None:
        """Who took the set back before its day, and why; None for one that counts."""
        return getattr(self.row, "taken_back", None)

    @property
    def number(self) -> int:
        """What tells this set from every other; 0 for the defaults."""
        return self.row.pk if self.row else 0


def standards_at(at: datetime) -> Standards:
    """The settings in force at `at` (aware); the defaults where none were set. One query."""
    row = _rows_until(at).first()
    return DEFAULTS if row is None else _of(row)


@dataclass(frozen=True)
class Standing:
    """What counts at a moment, and what is set to follow on a day to come, if anything."""

    now: InForce
    coming: InForce | None = None


def standing_at(at: datetime) -> Standing:
    """The settings in force at `at` (aware) and those that wait for their day, with who set them. One query."""
    rows = [InForce(_of(row), row) for row in counted().select_related("set_by")]
    begun = [one for one in rows if one.row and one.row.in_force_from <= at]
    coming = [one for one in rows if one.row and one.row.in_force_from > at]
    return Standing(begun[0] if begun else InForce(DEFAULTS), coming[-1] if coming else None)


def newest() -> InForce:
    """The settings that follow all others, those that wait for their day included, with who set them. One query."""
    row = counted().select_related("set_by").first()
    return InForce(DEFAULTS) if row is None else InForce(_of(row), row)


def counted() -> QuerySet[ServiceStandards]:
    """The sets that ever count, the latest first: what was taken back before its day never did."""
    return ServiceStandards.objects.filter(taken_back__isnull=True).order_by("-in_force_from", "-pk")


def _rows_until(at: datetime) -> QuerySet[ServiceStandards]:
    return counted().filter(in_force_from__lte=at)


def change(number: int) -> InForce | None:
    """The set of that number, taken back or not, with who did so; None if there is none. One query."""
    row = _as_set().filter(pk=number).first()
    return None if row is None else InForce(_of(row), row)


def _as_set() -> QuerySet[ServiceStandards]:
    return ServiceStandards.objects.select_related("set_by", "taken_back__by").order_by("-pk")


@dataclass(frozen=True)
class Change:
    """One set as it was set, and the settings that it was to follow."""

    to: InForce
    before: Standards


def history() -> list[Change]:
    """Every set as it was set, what was taken back included, the one set last first. One query."""
    found, before = [], DEFAULTS
    for row in reversed(list(_as_set())):
        one = InForce(_of(row), row)
        found.append(Change(one, before))
        if one.taken_back is None:  # what is taken back has been so before the next was set
            before = one.standards
    return found[::-1]


def begin_on(day: date) -> bool:
    """Whether a set that was to wait for `day` (in London) comes into force with it. One query."""
    return counted().filter(in_force_from=starts_at(day)).exists()


@dataclass(frozen=True)
class StandardsOverTime:
    """Every set up to a moment: `sets` has the defaults in front, then one for each moment of `begins`, in order."""

    begins: tuple[datetime, ...] = ()
    sets: tuple[Standards, ...] = (DEFAULTS,)

    def at(self, moment: datetime) -> Standards:
        """The settings that were in force at `moment` (aware)."""
        return self.sets[bisect_right(self.begins, moment)]


def over_time(until: datetime) -> StandardsOverTime:
    """What was in force at every moment up to `until` (aware). One query."""
    rows = list(_rows_until(until).reverse())
    return StandardsOverTime(tuple(row.in_force_from for row in rows), (DEFAULTS, *map(_of, rows)))


def _of(row: ServiceStandards) -> Standards:
    return Standards(**{field.name: getattr(row, field.name) for field in fields(Standards)})
