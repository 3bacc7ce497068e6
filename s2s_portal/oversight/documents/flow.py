"""How requests come in and go, and how old the open ones are, as figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from referrals.choices import Status
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.core.svg import Bars, Series, Steps
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import Column, Figure, Line, sum_line
from s2s_portal.oversight.rules.flow import AGES, Left, Week

WEEKS, CAME, LEFT, AGE = "weeks", "came-in", "left", "ages"
SIX_DAYS = timedelta(days=6)
_IN = (
    "A request comes in when it gets a place: it was sent, was given a place from the waiting list, was reinstated, or "
    "was carried over from an earlier contract; or when it is opened again after it had closed, or moved back. "
)
_OUT = (
    "It leaves when it is closed, not taken on or withdrawn; it moves when it goes on under another contract, or such "
    "a move to this one is undone. "
)
_ONCE = (
    "A request counts once in a week: one that leaves and comes back within the same week did neither. Weeks begin on "
    "Monday; the last one ends at the moment of these figures. Requests that only wait for a place are not in it."
)
AGE_DEFINITION = (
    "Requests that are open with S2S, by the whole weeks since the day on which they got their place and by where they "
    "stand now. One that was reinstated counts from its new place, one that was carried over from its original place."
)


@dataclass(frozen=True)
class Flow:
    """The weeks of a period, the oldest first, with what the open requests are. `today` is a London day.

    `streams` has, in order, each stream's name and the ids of its requests; `ages` by the age's key how many stand at
    each status.
    """

    weeks: Sequence[Week]
    streams: Sequence[tuple[str, frozenset[int]]]
    ages: Mapping[str, Mapping[Status, int]]
    today: date


def flow_figures(flow: Flow) -> list[Figure]:
    """Week by week in, out and open; who came in; who left; how old the open ones are."""
    return [_weeks(flow), _came(flow), _left(flow), _ages(flow)]


def _last_day(week: Week, today: date) -> date:
    return min(week.monday + SIX_DAYS, today)


def _moved(week: Week) -> int:
    return len(week.left[Left.MOVED])


def _weeks(flow: Flow) -> Figure:
    lines = [
        Line(
            (week.monday, len(week.came), len(week.gone) - _moved(week), _moved(week), week.still),
            key=week.monday.isoformat(),
        )
        for week in flow.weeks
    ]
    return Figure(
        key=WEEKS,
        caption="In, out and open by week",
        sentence=flow_sentence(flow),
        definition=f"{_IN}{_OUT}{_ONCE} A week leads to the requests that were open at its end.",
        columns=(
            Column("Week from Monday", Unit.DAY),
            Column("Came in", Unit.COUNT),
            Column("Left", Unit.COUNT),
            Column("Moved", Unit.COUNT),
            Column("Open at its end", Unit.COUNT),
        ),
        lines=tuple(lines),
        chart=Steps(
            title="Requests open with S2S at the end of each week",
            description="The table below has the same numbers.",
            days=tuple(_last_day(week, flow.today) for week in flow.weeks),
            series=(Series("Open", tuple(float(week.still) for week in flow.weeks)),),
            unit="requests",
        ),
    )


def flow_sentence(flow: Flow) -> str:
    """This week, and what is open now."""
    if not flow.weeks:
        return "No request has come in yet."
    week = flow.weeks[-1]
    still, gone = week.still, f"{len(week.gone):,}" if week.gone else "none"
    return (
        f"This week {_requests(len(week.came))} came in and {gone} left or moved; {_requests(still)} "
        f"{'is' if still == 1 else 'are'} open with S2S."
    )


def _requests(count: int) -> str:
    return f"{count:,} requests" if count > 1 else "1 request" if count else "no request"


def _came(flow: Flow) -> Figure:
    some = _stretch(flow.weeks, [bool(week.came) for week in flow.weeks])
    rows = [[len(members.intersection(week.came)) for _, members in flow.streams] for week in some]
    return _by_week(
        key=CAME,
        caption="Came in",
        definition=f"{_IN}{_ONCE} Weeks before the first came in, and since the last did, are left out.",
        sentence=_in_all([week.came for week in some], "came in"),
        labels=[label for label, _ in flow.streams],
        weeks=some,
        rows=rows,
    )


def _left(flow: Flow) -> Figure:
    some = _stretch(flow.weeks, [bool(week.gone) for week in flow.weeks])
    return _by_week(
        key=LEFT,
        caption="Left or moved",
        definition=f"{_OUT}{_ONCE} Weeks before the first left, and since the last did, are left out.",
        sentence=_in_all([week.gone for week in some], "left or moved"),
        labels=[how.value for how in Left],
        weeks=some,
        rows=[[len(week.left[how]) for how in Left] for week in some],
    )


def _stretch(weeks: Sequence[Week], has_some: Sequence[bool]) -> Sequence[Week]:
    """The weeks from the first to the last that has some, and none between left out: a time axis does not skip."""
    if True not in has_some:
        return ()
    return weeks[has_some.index(True) : len(weeks) - has_some[::-1].index(True)]


def _in_all(weeks: Sequence[Sequence[int]], did: str) -> str:
    times = Counter(chain.from_iterable(weeks))
    if not times:
        return f"No request {did} yet."
    again = sum(count > 1 for count in times.values())
    return f"{_requests(len(times))} {did}{f', {again:,} of them more than once' if again else ''}."


def _by_week(
    *,
    key: str,
    caption: str,
    definition: str,
    sentence: str,
    labels: Sequence[str],
    weeks: Sequence[Week],
    rows: Sequence[Sequence[int]],
) -> Figure:
    lines = [
        Line((week.monday, *row, sum(row)), key=week.monday.isoformat() if any(row) else "")
        for week, row in zip(weeks, rows, strict=True)
    ]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    series = tuple(
        Series(label, tuple(float(count) for count in column))
        for label, column in zip(labels, zip(*rows, strict=True), strict=False)
    )
    return Figure(
        key=key,
        caption=f"{caption} by week",
        sentence=sentence,
        definition=definition,
        columns=(
            Column("Week from Monday", Unit.DAY),
            *(Column(label, Unit.COUNT) for label in labels),
            Column("All", Unit.COUNT),
        ),
        lines=(*lines, sum_line("All weeks", [*sums, sum(sums)])) if lines else (),
        chart=Bars(
            title=f"{caption} by week",
            description="The table below has the same numbers.",
            categories=tuple(f"{week.monday:%-d %b %Y}" for week in weeks),
            series=series,
            unit="requests",
            stacked=True,
        ),
    )


def _ages(flow: Flow) -> Figure:
    rows = [[flow.ages[age.key].get(status, 0) for status in OPEN_WITH_S2S] for age in AGES]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    still = sum(sums)
    old = sum(sum(row) for age, row in zip(AGES, rows, strict=True) if age.least >= OLD_WEEKS)
    lines = [Line((age.label, *row, sum(row)), key=age.key) for age, row in zip(AGES, rows, strict=True)]
    are = "is" if still == 1 else "are"
    sentence = f"{_requests(still)} {are} open, {old or 'none'} of them for {OLD_WEEKS} weeks or more."
    return Figure(
        key=AGE,
        caption="How old the open requests are",
        sentence=sentence if still else "No request is open.",
        definition=AGE_DEFINITION,
        columns=(
            Column("Since the place"),
            *(Column(status.label, Unit.COUNT) for status in OPEN_WITH_S2S),
            Column("All", Unit.COUNT),
        ),
        lines=(*lines, sum_line("All", [*sums, still])) if still else (),
        chart=Bars(
            title="Open requests by age and status",
            description="The table below has the same numbers.",
            categories=tuple(age.label for age in AGES),
            series=tuple(
                Series(status.label, tuple(float(row[at]) for row in rows)) for at, status in enumerate(OPEN_WITH_S2S)
            ),
            unit="requests",
            stacked=True,
        ),
    )


OLD_WEEKS = 13
"""A quarter of a year: requests open for so long or longer are named in the sentence."""
