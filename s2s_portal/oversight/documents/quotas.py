"""The places of a period as figures: how many are used, at what pace, and how they went (R9, DESIGN §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import capfirst

from quotas.rules import Balance
from s2s_portal.core import spoken
from s2s_portal.core.calendar import ONE_DAY
from s2s_portal.core.routes import address
from s2s_portal.core.svg import Band, Bars, DayMark, Series, Steps
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, Value, sum_line
from s2s_portal.oversight.documents.pace import pace_in_short, pace_sentence
from s2s_portal.oversight.documents.quota_definitions import LEFT, PACE, USED
from s2s_portal.oversight.rules.pace import RECENT, Outlook, Prospect, Span, WeekOfPlaces, Window

SIX_DAYS = timedelta(days=6)
USED_COLUMNS = ("Bought at first", "Raised or lowered since", "Drawn by requests", "Given back", "Used now", "Left")
PACE_COLUMNS = (
    Column("Stream"),
    Column("Over"),
    Column("Working days", Unit.COUNT),
    Column("Drawn less given back", Unit.COUNT),
    Column("Places a working day", Unit.RATE),
    Column("The last goes, at the earliest"),
    Column("At the latest"),
)
WEEK_COLUMNS = (
    Column("Week from Monday"),
    *(Column(label, Unit.COUNT) for label in ("Drawn", "Given back", "Bought, raised or lowered", "Left at its end")),
)
URGENT_FIRST = (
    *(Prospect.OVER, Prospect.FULL, Prospect.RUNS_OUT, Prospect.MAY_RUN_OUT, Prospect.LASTS),
    *(Prospect.NO_PACE, Prospect.CLOSED, Prospect.NOT_OPEN, Prospect.NOT_BOUGHT),
)
LEVELS = {Prospect.OVER: "full", Prospect.FULL: "full", Prospect.RUNS_OUT: "low"}
WORST_FIRST = ("full", "low", "")


@dataclass(frozen=True)
class StreamPlaces:
    """The places of one stream: where they stand, how long they last, and the places left at the end of each day."""

    stream_label: str
    balance: Balance
    outlook: Outlook
    days: Sequence[tuple[date, int]]
    weeks: Sequence[WeekOfPlaces]

    @property
    def slug(self) -> str:
        """The stream as it stands in addresses."""
        return self.stream_label.replace(" ", "-")


@dataclass(frozen=True)
class Places:
    """The places of a period, early years first; one stream, if only that is asked for. `period` is its id."""

    period: int
    span: Span
    streams: Sequence[StreamPlaces]


# --- Answers -----------------------------------------------------------------------------------------------------
def used_answer(places: Places) -> Answer:
    """How many of the places are used."""
    streams = places.streams
    if not streams:
        return Answer("How many of the places are used?", "None", _used_sentence(places), Dashboard.QUOTAS)
    return Answer(
        question=f"How many of the {' and the '.join(f'{one.balance.bought:,}' for one in streams)} are used?",
        figure=", ".join(f"{one.balance.used:,} of {one.balance.bought:,}" for one in streams),
        sentence=_used_sentence(places),
        page=Dashboard.QUOTAS,
        level=min((one.balance.level for one in streams if one.balance.bought), key=WORST_FIRST.index, default=""),
    )


def pace_answer(places: Places) -> Answer:
    """At what pace the places are used, and when they run out."""
    question = f"At what pace, and when will they run out against {places.span.closes_on:%-d %B}?"
    streams = sorted(places.streams, key=lambda one: _urgency(one, places.span.today))
    if not streams:
        return Answer(question, "No pace", _pace_sentences(places), Dashboard.QUOTAS)
    shorts = (f"{one.stream_label}: {pace_in_short(one.outlook, places.span)}" for one in streams)
    return Answer(
        question=question,
        figure=capfirst(" · ".join(shorts)),
        sentence=_pace_sentences(places),
        page=Dashboard.QUOTAS,
        level=LEVELS.get(streams[0].outlook.prospect, ""),
    )


def _urgency(one: StreamPlaces, today: date) -> tuple[int, date]:
    """The stream whose last place goes first is named first."""
    return URGENT_FIRST.index(one.outlook.prospect), one.outlook.earliest(today) or date.max


def _used_sentence(places: Places) -> str:
    """Used and left of every stream in one sentence."""
    if not places.streams:
        return "No quota has been set up for this period."
    used = " and ".join(
        f"{one.balance.used:,} of {one.balance.bought:,} {one.stream_label} places" for one in places.streams
    )
    is_one = len(places.streams) == 1 and places.streams[0].balance.used == 1
    return f"{used} {'is' if is_one else 'are'} used; {_all_left(places)}."


def _all_left(places: Places) -> str:
    if all(one.balance.left > 1 for one in places.streams):
        left = " and ".join(f"{one.balance.left:,} {one.stream_label}" for one in places.streams)
        return f"{left} places are left"
    return " and ".join(_left(one) for one in places.streams)


def _left(one: StreamPlaces) -> str:
    left = one.balance.left
    if left < 0:
        return f"{one.stream_label} is over by {-left:,}"
    if left < 2:
        return f"{left or 'no'} {one.stream_label} place is left"
    return f"{left:,} {one.stream_label} places are left"


def _pace_sentences(places: Places) -> str:
    found = [_pace_sentence(one, places.span) for one in places.streams]
    return " ".join(found) or "No quota has been set up for this period."


def _pace_sentence(one: StreamPlaces, span: Span) -> str:
    return pace_sentence(stream_label=one.stream_label, balance=one.balance, outlook=one.outlook, span=span)


# --- Figures -----------------------------------------------------------------------------------------------------
def quota_figures(places: Places) -> list[Figure]:
    """What is used, at what pace, and for each stream how the places went."""
    return [_used_figure(places), _pace_figure(places), *(_burn_down(one, places) for one in places.streams)]


def _used_figure(places: Places) -> Figure:
    terms = [_terms(one.balance) for one in places.streams]
    lines = [
        Line((one.stream_label.capitalize(), *counts), url=_ledger(one, places))
        for one, counts in zip(places.streams, terms, strict=True)
    ]
    if len(lines) > 1:
        lines.append(sum_line("Both streams", [sum(column) for column in zip(*terms, strict=True)]))
    return Figure(
        key="used",
        caption="How many are used",
        sentence=_used_sentence(places),
        definition=USED,
        columns=(Column("Stream"), *(Column(label, Unit.COUNT) for label in USED_COLUMNS)),
        lines=tuple(lines),
        chart=Bars(
            title="Places used and left",
            description="A bar for each stream. The table below has the same numbers.",
            categories=tuple(one.stream_label.capitalize() for one in places.streams),
            series=(
                Series("Used", tuple(float(one.balance.used) for one in places.streams)),
                Series("Left", tuple(float(max(0, one.balance.left)) for one in places.streams)),
            ),
            unit="places",
            stacked=True,
        ),
        notes=tuple(f"{one.stream_label.capitalize()}: {one.balance.in_words}." for one in places.streams),
    )


def _terms(balance: Balance) -> tuple[int, int, int, int, int, int]:
    return balance.granted, balance.adjusted, balance.drawn, balance.released, balance.used, balance.left


def _pace_figure(places: Places) -> Figure:
    return Figure(
        key="pace",
        caption="At what pace",
        sentence=_pace_sentences(places),
        definition=PACE,
        columns=PACE_COLUMNS,
        lines=tuple(
            Line(
                (
                    one.stream_label.capitalize(),
                    _over(window),
                    window.days,
                    window.used,
                    float(window.pace),
                    _last_goes(one.outlook, one.outlook.soonest(window, places.span.today)),
                    _last_goes(one.outlook, one.outlook.projected(window)),
                )
            )
            for one in places.streams
            for window in one.outlook.windows
        ),
        chart=Bars(
            title="Places used for each working day",
            description="A bar for each window and stream. The table below has the same numbers.",
            categories=tuple(WINDOWS.values()),
            series=tuple(Series(one.stream_label.capitalize(), _paces(one.outlook)) for one in places.streams),
            unit="places a working day",
        ),
    )


WINDOWS: dict[int, str] = {0: "The period so far"} | {days: f"The last {days} working days" for days in RECENT}


def _over(window: Window) -> str:
    return WINDOWS[0 if window.is_whole else window.days]


def _last_goes(outlook: Outlook, on: date | None) -> str:
    if outlook.prospect == Prospect.NO_PACE:  # the sentence says that it is too early to name a day
        return "No pace yet"
    return spoken.day(on) if on else "Not before requests close"


def _paces(outlook: Outlook) -> tuple[float | None, ...]:
    """The pace of each window; None for one that the period is too short for. A bar has no length below nothing."""
    found = {_over(window): max(0.0, float(window.pace)) for window in outlook.windows}
    return tuple(found.get(label) for label in WINDOWS.values())


def _burn_down(one: StreamPlaces, places: Places) -> Figure:
    """The places left by day, with the range to come, and the same by week."""
    span = places.span
    days, ledger = [day for day, _ in one.days], _ledger(one, places)
    left = tuple(float(left) if day <= span.today else None for day, left in one.days)
    return Figure(
        key=one.slug,
        caption=f"{one.stream_label.capitalize()} places left",
        sentence=_pace_sentence(one, span),
        definition=LEFT,
        columns=WEEK_COLUMNS,
        lines=tuple(_week(week, span, ledger) for week in one.weeks),
        chart=Steps(
            title=f"{one.stream_label.capitalize()} places left, by day",
            description="From the opening day to the day on which requests close. The table below has it by week.",
            days=tuple(days),
            series=(Series("Places left", left),),
            unit="places",
            band=_band(one, span, days),
            marks=tuple(mark for mark in _marks(span) if days and days[0] <= mark.on <= days[-1]),
        ),
        notes=(f"{one.stream_label.capitalize()}: {one.balance.in_words}.",),
    )


def _band(one: StreamPlaces, span: Span, days: Sequence[date]) -> Band | None:
    """Between what the places left may go down, from today to the cut-off; None without a pace."""
    if one.outlook.prospect not in (Prospect.RUNS_OUT, Prospect.MAY_RUN_OUT, Prospect.LASTS):
        return None
    left = float(one.outlook.left)
    low: list[float | None] = []
    high: list[float | None] = []
    for day in days:
        if day > span.today:
            fewest, most = one.outlook.left_on(day)
            low.append(float(fewest))
            high.append(float(most))
        else:
            low.append(left if day == span.today else None)
            high.append(left if day == span.today else None)
    return Band("If the pace stays in its range", tuple(low), tuple(high))


def _marks(span: Span) -> tuple[DayMark, DayMark]:
    return DayMark("Today", span.today), DayMark("Requests close", span.closes_on)


def _week(week: WeekOfPlaces, span: Span, ledger: str) -> Line:
    """It leads to the page of its stream's ledger, as at the end of the week if that is over."""
    moved = week.places
    label = spoken.day(week.monday) if week.monday else f"Before {spoken.day(span.opens_on)}"
    values: tuple[Value, ...] = (label, moved.drawn, moved.released, moved.granted + moved.adjusted, week.left)
    until = week.monday + SIX_DAYS if week.monday else span.opens_on - ONE_DAY
    if until < span.today:
        ledger = f"{ledger}&on_day={until.day}&on_month={until.month}&on_year={until.year}"
    return Line(values, url=ledger)


def _ledger(one: StreamPlaces, places: Places) -> str:
    """The page of the stream's ledger."""
    return f"{address('quotas:quota_detail', one.slug)}?period={places.period}"
