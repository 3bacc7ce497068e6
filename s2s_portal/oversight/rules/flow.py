"""How requests come in and go, week by week, so that the sums hold, and how old the open ones are. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from s2s_portal.core.calendar import monday_of

WEEK = timedelta(days=7)


class Left(StrEnum):
    """How a request left; the value stands in no address."""

    COMPLETED = "Completed"
    ENDED_EARLY = "Ended early"
    NOT_STARTED = "Not started"
    DECLINED = "Not taken on"
    WITHDRAWN = "Withdrawn"
    MOVED = "Moved"


class Movement(NamedTuple):
    """One event by which a request came to be open (`left` is None), or ended; `on` is its London day."""

    on: date
    left: Left | None = None


@dataclass
class Week:
    """One week from its Monday: the ids of the requests that came in and that left, and how many are open at its end.

    `before` is the week before it, if there is one.
    """

    monday: date
    before: "Week | None" = field(default=None, repr=False, compare=False)
    came: list[int] = field(default_factory=list)
    left: dict[Left, list[int]] = field(default_factory=lambda: {how: [] for how in Left})
    still: int = 0

    @property
    def gone(self) -> list[int]:
        """The ids of all that left in it, however."""
        return [pk for some in self.left.values() for pk in some]

    @property
    def open(self) -> frozenset[int]:
        """The ids of those open at its end. Found when asked for: of most weeks only their number is shown."""
        standing: set[int] = set()
        for week in reversed(list(_back_from(self))):
            standing.update(week.came)
            standing.difference_update(week.gone)
        return frozenset(standing)


def _back_from(week: Week | None) -> Iterator[Week]:
    while week is not None:
        yield week
        week = week.before


def weeks_of(movements: Mapping[int, Sequence[Movement]], *, until: date) -> list[Week]:
    """Every week from the first movement to that of `until`, without a gap. Each request has movements.

    They are in order. A request counts once in a week. One that leaves and comes back within a week did neither; one
    that comes in and leaves within a week did both. So open before + came in - left = open after, in every week.
    """
    firsts = [some[0].on for some in movements.values()]
    if not firsts:
        return []
    weeks = _Weeks()
    monday, last = monday_of(min(firsts)), None
    while monday <= until:
        weeks[monday] = last = Week(monday, last)
        monday += WEEK
    in_order = list(weeks.values())
    for pk, some in movements.items():
        came_on, first = some[0]
        how = some[-1].left
        if first is None and len(some) == 1:  # most requests came once, and many of them left once
            weeks[came_on].came.append(pk)
        elif first is None and len(some) == 2 and how is not None:
            weeks[came_on].came.append(pk)
            weeks[some[1].on].left[how].append(pk)
        else:
            _put(pk, some, weeks)
    still = 0
    for week in in_order:
        still += len(week.came) - len(week.gone)
        week.still = still
    return in_order


class _Weeks(dict[date, Week]):
    """Weeks by their Mondays, and by the other days when these are first asked for."""

    def __missing__(self, day: date) -> Week:
        found = self[day] = self[monday_of(day)]
        return found


def _put(pk: int, movements: Sequence[Movement], weeks: Mapping[date, Week]) -> None:
    was_open = False
    for monday, group in groupby(movements, key=lambda one: weeks[one.on].monday):
        some = list(group)
        how = some[-1].left
        came = not was_open and any(one.left is None for one in some)
        if came:
            weeks[monday].came.append(pk)
        if how is not None and (was_open or came):
            weeks[monday].left[how].append(pk)
        was_open = how is None


class Age(NamedTuple):
    """A stretch of ages in whole weeks: from `least` to `most`, both included; None: without end."""

    key: str
    least: int
    most: int | None

    @property
    def label(self) -> str:
        """As tables name it."""
        if self.most is None:
            return f"{self.least} weeks or more"
        return f"Under {self.most + 1} weeks" if self.least == 0 else f"{self.least} to {self.most} weeks"


AGES = (Age("0", 0, 3), Age("4", 4, 7), Age("8", 8, 12), Age("13", 13, 25), Age("26", 26, None))
_LEAST = [age.least for age in AGES]


def age_of(placed_on: date, today: date) -> Age:
    """How old an open request is that has had its place since `placed_on`."""
    weeks = max(0, (today - placed_on).days // WEEK.days)
    return AGES[bisect_right(_LEAST, weeks) - 1]
