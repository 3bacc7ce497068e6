"""How much each S2S teacher and provider school has to do, as figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from s2s_portal.core.svg import Bars, Series
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import Column, Figure, Line, sum_line

WEEKS_AHEAD = WEEKS_BACK = 4
TEACHERS, SCHOOLS = "teachers", "schools"
NO_SCHOOL = "none"
"""The key of the teachers whose own school is not entered."""
NOBODY = "Not given to a teacher yet"
DEFINITION = (
    "Open requests of this period that a teacher has (not those that they only cover), and how many of the standards’ "
    "clocks of these requests are past their day: a request may have two. Visits ahead are those planned for the next "
    f"{WEEKS_AHEAD} weeks of 7 days, visits held those of the last {WEEKS_BACK} weeks whose outcome was told; each "
    "counts for every teacher who goes, and once in the sum of a school. A teacher’s school is their own school as it "
    f"is now. “{NOBODY}” are those that S2S has to give, and those that went back to their advisers for more "
    "information before they were given."
)

LEAVE = f" Leave is what is entered for today and the next {WEEKS_AHEAD} weeks."


@dataclass(frozen=True)
class Load:
    """What one teacher has. `key` stands in addresses; `ahead` and `held` are ids of visits, `leave` says when away."""

    key: str
    name: str
    school: str
    open: int
    overdue: int
    ahead: frozenset[int]
    held: frozenset[int]
    leave: str = ""


@dataclass(frozen=True)
class School:
    """A provider school with its teachers' loads. `key` stands in addresses."""

    key: str
    name: str
    loads: Sequence[Load]

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """Open requests, overdue clocks, visits ahead, visits held."""
        return _numbers(self.loads)

    @property
    def open_each(self) -> float | None:
        """Open requests for each teacher; None where there is none."""
        return _each(self.loads)


@dataclass(frozen=True)
class Team:
    """The provider schools; the last is of those requests that nobody has been given yet.

    `by_name`: this person may read what each teacher has, not only their schools; `with_leave`: and when they are away.
    """

    schools: Sequence[School]
    by_name: bool = False
    with_leave: bool = False

    @property
    def loads(self) -> list[Load]:
        """What every teacher has."""
        return [load for school in self.schools for load in school.loads]


def _each(loads: Sequence[Load]) -> float | None:
    teachers = _teachers(loads)
    return sum(load.open for load in loads if load.name != NOBODY) / teachers if teachers else None


def _numbers(loads: Iterable[Load]) -> tuple[int, int, int, int]:
    some = list(loads)
    return (
        sum(load.open for load in some),
        sum(load.overdue for load in some),
        len(frozenset[int]().union(*(load.ahead for load in some))),
        len(frozenset[int]().union(*(load.held for load in some))),
    )


_NUMBERS = (
    Column("Open requests", Unit.COUNT),
    Column("Overdue clocks", Unit.COUNT),
    Column("Visits ahead", Unit.COUNT),
    Column("Visits held", Unit.COUNT),
)


def team_figures(team: Team) -> list[Figure]:
    """By provider school, and by teacher for those who may read that."""
    return [_by_school(team), *([_by_teacher(team)] if team.by_name else [])]


def team_sentence(team: Team) -> str:
    """What all of them have, and who has most."""
    loads = team.loads
    opened, overdue, ahead, _ = _numbers(loads)
    if not loads:
        return "There are no S2S teachers yet."
    people = _many(_teachers(loads), "teacher")
    having = f"{_many(opened, 'open request')}, {_many(overdue, 'overdue clock')} and {_many(ahead, 'visit')}"
    sentence = f"{having} in the next {WEEKS_AHEAD} weeks"
    return f"{sentence}; {people}{_most(team)}."


def _most(team: Team) -> str:
    """Which teacher has most open requests, or which school's teachers have most each."""
    if team.by_name:
        one = max((load for load in team.loads if load.name != NOBODY), key=lambda load: load.open, default=None)
        return f"; {one.name} has most: {_many(one.open, 'open request')}" if one and one.open else ""
    school = max((one for one in team.schools if one.open_each), key=lambda one: one.open_each or 0, default=None)
    if school is None:
        return ""
    those = "teachers without a school" if school.key == NO_SCHOOL else f"the teachers of {school.name}"
    return f"; {those} have most: {school.open_each:,.1f} open requests each"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _by_school(team: Team) -> Figure:
    every, schools = team.loads, team.schools
    return Figure(
        key=SCHOOLS,
        caption="By provider school",
        sentence=team_sentence(team),
        definition=DEFINITION,
        columns=(
            Column("Provider school"),
            Column("Teachers", Unit.COUNT),
            *_NUMBERS,
            Column("Open per teacher", Unit.RATE),
        ),
        lines=(
            *(
                Line((school.name, _teachers(school.loads), *school.numbers, school.open_each), key=school.key)
                for school in schools
            ),
            sum_line("All", (_teachers(every), *_numbers(every), _each(every))),
        )
        if every
        else (),
        chart=_chart("Open requests and visits by provider school", [(one.name, one.numbers) for one in schools]),
    )


def _teachers(loads: Sequence[Load]) -> int:
    return sum(load.name != NOBODY for load in loads)


def _by_teacher(team: Team) -> Figure:
    every, says_leave = team.loads, team.with_leave
    return Figure(
        key=TEACHERS,
        caption="By teacher",
        sentence=team_sentence(team),
        definition=f"{DEFINITION}{LEAVE if says_leave else ''}",
        columns=(Column("Teacher"), Column("Provider school"), *_NUMBERS, *([Column("Leave")] if says_leave else [])),
        lines=(
            *(
                Line(
                    (load.name, load.school, *_numbers([load]), *([load.leave or None] if says_leave else [])),
                    key=load.key,
                )
                for load in every
            ),
            sum_line("All", ("", *_numbers(every), *([None] if says_leave else []))),
        )
        if every
        else (),
        chart=_chart("Open requests and visits by teacher", [(load.name, _numbers([load])) for load in every]),
    )


def _chart(title: str, rows: Sequence[tuple[str, Sequence[int]]]) -> Bars:
    return Bars(
        title=title,
        description="The table below has the same numbers.",
        categories=tuple(name for name, _ in rows),
        series=tuple(
            Series(column.label, tuple(float(numbers[at]) for _, numbers in rows)) for at, column in enumerate(_NUMBERS)
        ),
        unit="requests, clocks and visits",
    )
