"""What difference support made: confidence, goals, and both by aim of the service, as figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from referrals.choices import GoalResult
from s2s_portal.core.svg import Bars, Series
from s2s_portal.oversight.choices import Aim, Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, Value, sum_line
from s2s_portal.oversight.rules.aims import AIMS
from s2s_portal.oversight.rules.confidence import Confidence

QUESTION = "What difference did it make?"
GOALS, CONFIDENCE, AIM = "goals", "confidence", "aim"
RESULTS = (GoalResult.MET, GoalResult.PARTLY, GoalResult.NOT_MET, GoalResult.NOT_WORKED_ON)
GOALS_DEFINITION = (
    "Requests of the period that are closed now after at least one held visit. Each counts once, by its last closing: "
    "one that was opened again counts when it has closed again. Its teacher says at the closing what became of each of "
    "its goals. A request that the end of its contract closed counts, but nobody was asked about its goals. The "
    "percentage is of all goals with an outcome, those that were not worked on among them."
)
CONFIDENCE_DEFINITION = (
    "Staff are asked at a visit how confident they felt before and after it, from 1 (not at all) to 5 (very). Each "
    "request counts once: as before the first visit at which staff were asked, and after the last one. Requests count "
    "whether they are closed or not; those for which nobody was asked do not. Only finalised records that stand are "
    "read; visits under an earlier contract count there. The numbers in the middle are means of requests."
)
AIM_DEFINITION = (
    "The three aims are the service’s own. A request counts under an aim if a visit that serves it was held, so it may "
    "count under several; a visit counts once. Goals and confidence are those of these requests, counted as above: "
    "goals rest on the closed ones, confidence on those for which staff were asked. It shows what happened where there "
    "was such a visit, not that the visit was the cause."
)


@dataclass(frozen=True)
class Goals:
    """What became of the goals of `closed` requests: counts by result. `asked` of these requests say it of goals."""

    closed: int
    asked: int
    met: int
    partly: int
    not_met: int
    not_worked_on: int

    @property
    def results(self) -> tuple[int, ...]:
        """The counts of `RESULTS`, in their order."""
        return (self.met, self.partly, self.not_met, self.not_worked_on)

    @property
    def count(self) -> int:
        """How many goals have an outcome."""
        return sum(self.results)

    @property
    def share(self) -> float | None:
        """The per cent that were met or partly met; None without a goal."""
        return 100 * (self.met + self.partly) / self.count if self.count else None


@dataclass(frozen=True)
class Group:
    """One stream, one aim or all: its requests with a held visit, and what became of them."""

    key: str
    label: str
    requests: int
    visits: int
    goals: Goals
    confidence: Confidence


@dataclass(frozen=True)
class Outcomes:
    """What difference it made, by stream and by aim; `whole` is all of it, each request once."""

    whole: Group
    streams: Sequence[Group]
    aims: Sequence[Group]

    @property
    def sentence(self) -> str:
        """Goals and confidence in words."""
        return f"{self.goals_sentence} {self.confidence_sentence}"

    @property
    def goals_sentence(self) -> str:
        """How many goals were met, and on how many requests that rests."""
        goals = self.whole.goals
        if not goals.closed:
            return "No request has been closed after a visit yet."
        if not goals.count:
            closed = f"{_requests(goals.closed)} {_was(goals.closed)} closed after a visit"
            return f"{closed}, without an outcome of any goal."
        met = f"{goals.met:,} of {goals.count:,} goals {_was(goals.met)} met"
        partly = f" and {goals.partly:,} partly" if goals.partly else ""
        return f"{met}{partly}, in {_requests(goals.asked)} closed after visits."

    @property
    def confidence_sentence(self) -> str:
        """How staff's confidence changed, and on how many requests that rests."""
        one = self.whole.confidence
        if one.before is None or one.after is None:
            return "Nobody has been asked yet how confident staff feel."
        before, after = f"{one.before:.1f}", f"{one.after:.1f}"
        if before == after:
            change = f"stayed at {after}"
        else:
            change = f"{'rose' if one.after > one.before else 'fell'} from {before} to {after}"
        return f"Staff’s confidence {change} of 5, in {_requests(one.count)} for which they were asked."


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count:,} requests"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def outcomes_answer(outcomes: Outcomes) -> Answer:
    """How many goals were met, and how confidence changed."""
    goals = outcomes.whole.goals
    figure = f"{goals.met:,} of {goals.count:,} goals met" if goals.count else "No outcome yet"
    return Answer(QUESTION, figure, outcomes.sentence, Dashboard.OUTCOMES)


def outcomes_figures(outcomes: Outcomes) -> list[Figure]:
    """Goals and confidence by stream, and both by aim."""
    return [_goals(outcomes), _confidence(outcomes), _aims(outcomes)]


def _goals(outcomes: Outcomes) -> Figure:
    def values(group: Group) -> tuple[Value, ...]:
        goals = group.goals
        return (goals.closed, goals.count, *goals.results, goals.share)

    return Figure(
        key=GOALS,
        caption="Goals",
        sentence=outcomes.goals_sentence,
        definition=GOALS_DEFINITION,
        columns=(
            Column("Stream"),
            Column("Closed requests", Unit.COUNT),
            Column("Goals with an outcome", Unit.COUNT),
            *(Column(result.label, Unit.COUNT) for result in RESULTS),
            Column("Met or partly met", Unit.PER_CENT),
        ),
        lines=_lines(outcomes, values) if outcomes.whole.goals.closed else (),
        chart=Bars(
            title="What became of the goals of closed requests",
            description="The table below has the same numbers.",
            categories=tuple(group.label for group in outcomes.streams),
            series=tuple(
                Series(result.label, tuple(float(group.goals.results[at]) for group in outcomes.streams))
                for at, result in enumerate(RESULTS)
            ),
            unit="goals",
            stacked=True,
        ),
        notes=_unasked(outcomes.whole.goals),
    )


def _unasked(goals: Goals) -> tuple[str, ...]:
    count = goals.closed - goals.asked
    return (f"{_requests(count)} closed without an outcome of any goal.",) if count else ()


def _lines(outcomes: Outcomes, values: Callable[[Group], tuple[Value, ...]]) -> tuple[Line, ...]:
    lines = [Line((group.label, *values(group)), key=group.key) for group in outcomes.streams]
    return (*lines, sum_line("All", values(outcomes.whole))) if len(lines) > 1 else tuple(lines)


def _confidence(outcomes: Outcomes) -> Figure:
    def values(group: Group) -> tuple[Value, ...]:
        one = group.confidence
        return (one.count, one.before, one.after, one.higher, one.same, one.lower)

    return Figure(
        key=CONFIDENCE,
        caption="Confidence of staff",
        sentence=outcomes.confidence_sentence,
        definition=CONFIDENCE_DEFINITION,
        columns=(
            Column("Stream"),
            Column("Requests", Unit.COUNT),
            Column("Before", Unit.RATE),
            Column("After", Unit.RATE),
            Column("Higher", Unit.COUNT),
            Column("The same", Unit.COUNT),
            Column("Lower", Unit.COUNT),
        ),
        lines=_lines(outcomes, values) if outcomes.whole.confidence.count else (),
        chart=_before_and_after("Confidence of staff before and after", outcomes.streams),
    )


def _before_and_after(title: str, groups: Sequence[Group]) -> Bars:
    return Bars(
        title=title,
        description="The table below has the same numbers.",
        categories=tuple(group.label for group in groups),
        series=(
            Series("Before", tuple(group.confidence.before for group in groups)),
            Series("After", tuple(group.confidence.after for group in groups)),
        ),
        unit="from 1 to 5",
    )


def _aims(outcomes: Outcomes) -> Figure:
    lines = [
        Line(
            (
                group.label,
                group.requests,
                group.visits,
                group.goals.closed,
                group.goals.count,
                group.goals.share,
                group.confidence.before,
                group.confidence.after,
            ),
            key=group.key,
        )
        for group in outcomes.aims
    ]
    return Figure(
        key=AIM,
        caption="By aim of the service",
        sentence=_aims_sentence(outcomes.aims),
        definition=AIM_DEFINITION,
        columns=(
            Column("Aim"),
            Column("Requests", Unit.COUNT),
            Column("Visits held", Unit.COUNT),
            Column("Closed requests", Unit.COUNT),
            Column("Goals with an outcome", Unit.COUNT),
            Column("Met or partly met", Unit.PER_CENT),
            Column("Confidence before", Unit.RATE),
            Column("Confidence after", Unit.RATE),
        ),
        lines=tuple(lines) if outcomes.whole.visits else (),
        chart=_before_and_after("Confidence of staff before and after, by aim of the service", outcomes.aims),
        notes=tuple(_reason(aim) for aim in Aim),
    )


def _aims_sentence(aims: Sequence[Group]) -> str:
    visits = sum(group.visits for group in aims)
    if not visits:
        return "No visit has been held yet."
    parts = [f"{group.label[0].lower()}{group.label[1:]} {group.visits:,}" for group in aims]
    held = "1 visit was held" if visits == 1 else f"{visits:,} visits were held"
    return f"{held}: for {'; '.join(parts)}."


def _reason(aim: Aim) -> str:
    kinds = "; ".join(f"{kind.label[0].lower()}{kind.label[1:]}" for kind in AIMS[aim].kinds)
    return f"{aim.label}: {kinds}. Because {AIMS[aim].reason}"
