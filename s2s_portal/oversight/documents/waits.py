"""How long schools and settings wait for contact, the first visit and its record, against R10, as figures."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from django.utils.text import capfirst

from s2s_portal.core.svg import Mark, Series, Spreads
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, Value, in_words, per_cent
from s2s_portal.oversight.rules.spread import Spread

ALL = "all"
QUESTION = "How long do settings wait for contact, observation and record, against the standards?"


class Measure(StrEnum):
    """What is waited for; the value stands in addresses."""

    CONTACT = "contact"
    VISIT = "visit"
    RECORD = "record"


class By(StrEnum):
    """What the waits are grouped by; the value stands in addresses."""

    STREAM = "stream"
    ZONE = "zone"
    SCHOOL = "school"


@dataclass(frozen=True)
class Words:
    """How one measure is spoken of.

    `over` heads the count of waits that are over, `waiting` of those that go on, `ended` of those that came to nothing.
    A sentence says `thing` of what waits, and `happened` of what was waited for.
    """

    caption: str
    unit: Unit
    unit_label: str
    one_unit: str
    counted: str
    over: str
    thing: str
    happened: str
    waiting: str
    ended: str
    definition: str


NEAREST_RANK = (
    "Half of the waits were no longer than the median, four in five no longer than the 80th percentile (nearest rank: "
    "always a wait that somebody had). The share within the standard is of the waits that are over and of those that "
    "are overdue, which were not in time however long they still go on; a wait is overdue once its due day has passed "
    "and no clock is paused. The due days are those that S2S is reminded of: of a wait that is over by the standard in "
    "force when it ended, of one that goes on by the standard as it is now, which is the line in the chart."
)
WORDS = {
    Measure.CONTACT: Words(
        caption="From the place to first contact",
        unit=Unit.DAYS,
        unit_label="working days",
        one_unit="working day",
        counted="Requests",
        over="Reached",
        thing="request",
        happened="reached",
        waiting="Still waiting",
        ended="Ended before",
        definition=(
            "Working days from the day on which a request got its place, not counted, to the day of the first contact "
            "in which S2S reached the school or setting, less those on which more information was awaited. A request "
            "that was reinstated counts once, from its new place. One that was carried over counts from its original "
            "place; a contact made before that counts under the earlier contract. Requests that never held a place are "
            "left out; those withdrawn, not taken on, closed or moved before contact are “ended before”. By provider "
            "school: the one that had the request on the day of contact."
        ),
    ),
    Measure.VISIT: Words(
        caption="From first contact to the first visit",
        unit=Unit.WEEKS,
        unit_label="weeks",
        one_unit="week",
        counted="Requests",
        over="Visited",
        thing="request",
        happened="visited",
        waiting="Still waiting",
        ended="Ended before",
        definition=(
            "Weeks from the day of first contact to that of the first visit that was held: weeks of term for schools "
            "(five school weekdays are a week), calendar weeks for early years settings, less the time in which more "
            "information was awaited. Visits that were cancelled or not held do not count, and a request that was "
            "opened again counts once, with its first visit. A visit before a request was carried over counts under "
            "the earlier contract. Where term dates are not entered nothing is measured, and nothing is overdue. "
            "Requests whose school or setting has not been reached are left out; those that ended or were moved before "
            "a visit are “ended before”. By provider school: the one that had the request on the day of the visit."
        ),
    ),
    Measure.RECORD: Words(
        caption="From a visit to its record",
        unit=Unit.DAYS,
        unit_label="working days",
        one_unit="working day",
        counted="Requests",
        over="Recorded visits",
        thing="visit",
        happened="recorded",
        waiting="Not recorded yet",
        ended="Moved before",
        definition=(
            "Working days from the day of each visit that was held, not counted, to the day on which its record was "
            "finalised. A record that was retracted does not count: its visit waits until the new one is finalised. "
            "Counts are of visits, so a request may have several; “Requests” counts each request once. A visit counts "
            "under the contract it was held under; its record can no longer come once the request was moved. By "
            "provider school: the one that had the request on the day of the visit."
        ),
    ),
}


@dataclass(frozen=True)
class Group:
    """The waits of one zone, school or stream. `key` stands in addresses; `requests` counts each request once."""

    key: str
    label: str
    requests: int
    spread: Spread


@dataclass(frozen=True)
class Waits:
    """All waits of a period. `standards` and `overall` are by measure; `groups` by measure and grouping, in order.

    `standards` are those in force now; what had another one during the period is in `changed`.
    """

    standards: Mapping[Measure, int]
    overall: Mapping[Measure, Group]
    groups: Mapping[tuple[Measure, By], Sequence[Group]]
    changed: Set[Measure] = frozenset()


def waits_answer(standards: Mapping[Measure, int], overall: Mapping[Measure, Spread]) -> Answer:
    """The three medians, and how many wait past their due day; `standards` has what had no other in the period."""
    if not any(one.over or one.waiting for one in overall.values()):
        return Answer(QUESTION, "Nothing yet", "No school or setting has waited for anything yet.", Dashboard.WAITS)
    overdue = sum(one.overdue for one in overall.values())
    parts = [_part(measure, overall[measure], standards.get(measure)) for measure in Measure]
    waits = f"{overdue:,} {'wait is' if overdue == 1 else 'waits are'} overdue" if overdue else "no wait is overdue"
    return Answer(
        QUESTION,
        capfirst(" · ".join(f"{measure} {_length(measure, overall[measure].median)}" for measure in Measure)),
        f"{'; '.join(parts)}; {waits}.",
        Dashboard.WAITS,
        level="low" if overdue else "",
    )


_HALF = {
    Measure.CONTACT: "Half of those reached heard",
    Measure.VISIT: "half of the first visits came",
    Measure.RECORD: "half of the records came",
}
_NONE = {
    Measure.CONTACT: "Nobody has been reached yet",
    Measure.VISIT: "no first visit has been measured yet",
    Measure.RECORD: "no record has been finalised yet",
}


def _part(measure: Measure, spread: Spread, standard: int | None) -> str:
    if spread.median is None:
        return _NONE[measure]
    beside = "" if standard is None else f" (standard: {standard})"
    return f"{_HALF[measure]} {_within(measure, spread.median)}{beside}"


def _within(measure: Measure, length: float) -> str:
    return f"within {_length(measure, length)}" if length else "on the same day"


def _length(measure: Measure, length: float | None) -> str:
    words = WORDS[measure]
    shown = in_words(_value(measure, length), words.unit)
    return shown if length is None else f"{shown} {words.one_unit if length == 1 else words.unit_label}"


def _value(measure: Measure, length: float | None) -> Value:
    """Working days are whole; weeks have one decimal."""
    return length if length is None or measure == Measure.VISIT else int(length)


def waits_figures(waits: Waits) -> list[Figure]:
    """Each measure by stream, zone and provider school."""
    return [_figure(waits, measure, by) for measure in Measure for by in By]


_CAPTIONS = {
    By.STREAM: ("by stream", "Stream"),
    By.ZONE: ("by zone", "Zone"),
    By.SCHOOL: ("by provider school", "Provider school"),
}


def _figure(waits: Waits, measure: Measure, by: By) -> Figure:
    words, standard, overall = WORDS[measure], waits.standards[measure], waits.overall[measure]
    caption, first = _CAPTIONS[by]
    groups = waits.groups[measure, by]
    everything, changed = _line(measure, overall, is_sum=True), measure in waits.changed
    return Figure(
        key=f"{measure}-{by}",
        caption=f"{words.caption}, {caption}",
        sentence=_sentence(measure, overall.spread, standard, changed=changed),
        definition=f"{words.definition} {NEAREST_RANK}",
        columns=(
            Column(first),
            Column(words.counted, Unit.COUNT),
            Column(words.over, Unit.COUNT),
            Column(f"Median ({words.unit_label})", words.unit),
            Column(f"80th percentile ({words.unit_label})", words.unit),
            Column("Within the standard" if changed else f"Within {standard} {words.unit_label}", Unit.PER_CENT),
            Column(words.waiting, Unit.COUNT),
            Column("Of them overdue", Unit.COUNT),
            Column(words.ended, Unit.COUNT),
        ),
        lines=(*(_line(measure, group) for group in groups), everything) if overall.requests else (),
        chart=Spreads(
            title=f"{words.caption}, {caption}",
            description=f"The median and the 80th percentile beside the standard of {standard} {words.unit_label}.",
            categories=tuple(group.label for group in (*groups, overall)),
            middle=Series("Median", tuple(group.spread.median for group in (*groups, overall))),
            far=Series("80th percentile", tuple(group.spread.far for group in (*groups, overall))),
            unit=words.unit_label,
            mark=Mark(f"Standard: {standard} {words.unit_label}", standard),
        ),
        notes=_notes(measure, overall.spread),
    )


def _line(measure: Measure, group: Group, *, is_sum: bool = False) -> Line:
    spread = group.spread
    values: tuple[Value, ...] = (
        group.label,
        group.requests,
        spread.over,
        _value(measure, spread.median),
        _value(measure, spread.far),
        spread.share_within,
        spread.waiting,
        spread.overdue,
        spread.ended,
    )
    return Line(values, key=group.key, is_sum=is_sum)


def _sentence(measure: Measure, spread: Spread, standard: int, *, changed: bool) -> str:
    words, going_on = WORDS[measure], _going_on(measure, spread)
    if spread.median is None or spread.far is None or spread.share_within is None:
        return f"{capfirst(_NONE[measure])}; {going_on}."
    unit = words.one_unit if standard == 1 else words.unit_label
    then = f"in force at the time (now {standard} {unit})" if changed else f"of {standard} {unit}"
    were = f"{'was' if spread.within == 1 else 'were'} {words.happened}"
    return (
        f"Of {spread.due:,} {words.thing}{'' if spread.due == 1 else 's'} {words.happened} or overdue, "
        f"{spread.within:,} ({per_cent(spread.within, spread.due)}) {were} within the standard {then}. "
        f"Of those {words.happened}, half {_within(measure, spread.median)}, four in five "
        f"{_within(measure, spread.far)}; {going_on}."
    )


def _going_on(measure: Measure, spread: Spread) -> str:
    if not spread.waiting:
        return "none is still waited for"
    still = f"{spread.waiting:,} {_still(measure, spread.waiting)}"
    if spread.waiting == 1:
        return f"{still}, past its due day" if spread.overdue else f"{still}, not past its due day"
    those = {0: "none", spread.waiting: "all"}.get(spread.overdue, f"{spread.overdue:,}")
    return f"{still}, {those} of them past the due day"


def _still(measure: Measure, count: int) -> str:
    if measure == Measure.RECORD:
        return "visit has no record yet" if count == 1 else "visits have no record yet"
    return "request still waits" if count == 1 else "requests still wait"


def _notes(measure: Measure, spread: Spread) -> tuple[str, ...]:
    unmeasured = spread.over - spread.measured
    if measure != Measure.VISIT or not unmeasured:
        return ()
    if unmeasured == 1:
        return ("1 first visit could not be measured: term dates are not entered for its weeks.",)
    return (f"{unmeasured:,} first visits could not be measured: term dates are not entered for their weeks.",)
