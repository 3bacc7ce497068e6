"""Places, pace, waiting and unmet demand, counted once more from lines of the ledger, events and refusals."""

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from math import ceil
from statistics import median

from quotas.models import LedgerEntry
from referrals.models import Decision, NeedType, Referral
from s2s_portal.organisations.models import Zone
from tests.oversight.history.counting import ALL, STREAMS, Count, Table, references
from tests.oversight.history.days import ONE_DAY, day_of, days_after, monday_of

COUNTED = {
    "FULL": "Refused: all places were used",
    "OTHERS_WAITING": "Refused: others waited for the places that were free",
    "CUT_OFF": "Refused: requests had closed",
    "OTHER_REFERRERS": "Refused: only SEND Advisers file under the contract",
}
ON_THE_LIST = ("WAITING", "LAPSED")


# --- Places ---
def places(count: Count) -> tuple[dict[str, Table], dict]:
    """What is used, the paces, and how the places went by week. Its lines lead to no requests."""
    used, paces, tables = {}, {}, {}
    for stream in count.streams:
        lines = _lines(count, stream)
        sums = Counter()
        for _, kind, number in lines:
            sums[kind] += number
        used[STREAMS[stream]] = (
            *(sums["GRANTED"], sums["ADJUSTED"], -sums["DRAWN"], sums["RELEASED"]),
            -sums["DRAWN"] - sums["RELEASED"],
            sum(number for _, _, number in lines),
        )
        paces |= {(STREAMS[stream], over): row for over, row in _paces(count, lines).items()}
        tables[STREAMS[stream].lower().replace(" ", "-")] = _weeks(count, lines)
    if len(used) > 1:
        used[ALL] = tuple(map(sum, zip(*used.values(), strict=True)))
    return tables | {"used": used, "pace": paces}, {}


def _lines(count: Count, stream: str) -> list[tuple[date, str, int]]:
    rows = LedgerEntry.objects.filter(quota__period=count.period, quota__stream=stream, at__lte=count.at)
    return [(day_of(at), kind, number) for at, kind, number in rows.order_by("seq").values_list("at", "kind", "places")]


def _paces(count: Count, lines: list[tuple[date, str, int]]) -> dict[str, tuple]:
    """Each window's working days, places used, pace, and the day on which the last place goes at that pace."""
    opens, closes = count.period.opens_on, count.period.requests_close_on
    left, bought = (
        sum(number for *_, number in lines),
        sum(n for _, kind, n in lines if kind in ("GRANTED", "ADJUSTED")),
    )
    if left <= 0 or not bought or not opens <= count.today <= closes:
        return {}
    by_day, drawn_on = Counter(), {day for day, kind, _ in lines if kind == "DRAWN"}
    for day, _, number in lines:
        by_day[day] += number
    then, counted = sum(number for day, number in by_day.items() if day < opens), []
    for day in days_after(opens - ONE_DAY, count.today):
        was, then = then, then + by_day[day]
        if count.calendar.works(day) and (was > 0 or then > 0 or day in drawn_on):
            counted.append(day)
    found = {}
    for days in (len(counted), 20, 10):
        if days < len(counted) or days == len(counted) and days:
            whole = days == len(counted)
            if not whole or "The period so far" not in found:
                first = opens if whole else counted[-days]
                used = sum(-n for day, kind, n in lines if kind in ("DRAWN", "RELEASED") and first <= day)
                over = "The period so far" if whole else f"The last {days} working days"
                found[over] = (
                    days,
                    used,
                    float(Fraction(used, days)),
                    _goes(count, left, Fraction(used, days), closes, today_counts=True),
                    _goes(count, left, Fraction(used, days), closes),
                )
    return found


def _goes(count: Count, left: int, pace: Fraction, closes: date, *, today_counts: bool = False) -> str:
    if pace > 0:
        day = count.calendar.after(count.today, ceil(left / pace) - today_counts, count.calendar.works)
        if day <= closes:
            return f"{day:%-d %B %Y}"
    return "Not before requests close"


def _weeks(count: Count, lines: list[tuple[date, str, int]]) -> Table:
    """What each week did, and what was left at its end; the first line is all that came before the opening."""
    opens = count.period.opens_on
    until = max([min(count.today, count.period.requests_close_on), *(day for day, *_ in lines)])
    starts = [None] + [day for day in days_after(monday_of(opens) - ONE_DAY, until) if day.weekday() == 0]
    found: Table = {}
    left = 0
    for start in starts:
        some = [
            one
            for one in lines
            if (start is None and one[0] < opens) or (one[0] >= opens and monday_of(one[0]) == start)
        ]
        left += sum(number for *_, number in some)
        kinds = Counter()
        for _, kind, number in some:
            kinds[kind] += number
        label = f"{start:%-d %B %Y}" if start else f"Before {opens:%-d %B %Y}"
        found[label] = (-kinds["DRAWN"], kinds["RELEASED"], kinds["GRANTED"] + kinds["ADJUSTED"], left)
    return found


def by_day(count: Count, stream: str) -> dict[date, float | None]:
    """The places left at the end of each day on which requests are taken; None for the days to come."""
    lines, opens, closes = _lines(count, stream), count.period.opens_on, count.period.requests_close_on
    return {
        day: float(sum(number for on, _, number in lines if on <= day)) if day <= count.today else None
        for day in days_after(opens - ONE_DAY, closes)
    }


# --- Waiting ---
def waiting(count: Count) -> tuple[dict[str, Table], dict[tuple[str, str], set[str]]]:
    """Who waits: by stream, with how long, and by zone."""
    some = [life for life in count.lives if life.status == "WAITING"]
    streams: Table = {}
    for stream in count.streams:
        joined = sorted(life.joined for life in some if life.stream == stream)
        days = [(count.today - day).days for day in joined]
        left = sum(number for *_, number in _lines(count, stream))
        long = (joined[0], days[0], float(median(days))) if joined else (None, None, None)
        streams[STREAMS[stream]] = (len(joined), left, *long)
    by_zone = defaultdict(list)
    for life in some:
        by_zone[str(life.zone)].append(life)
    zones = {zone: _by_stream(count, lives) for zone, lives in by_zone.items()}
    if len(zones) > 1:
        zones[ALL] = _by_stream(count, some)
    return {"stream": streams, "zone": zones}, {("zone", zone): references(lives) for zone, lives in by_zone.items()}


def _by_stream(count: Count, some) -> tuple:
    counts = [sum(life.stream == stream for life in some) for stream in count.streams]
    return (*counts, *([sum(counts)] if len(counts) > 1 else []))


# --- Unmet demand ---
def unmet(count: Count) -> tuple[dict[str, Table], dict]:
    """Refused, waiting and lapsed requests, by reason, zone, need and week of the first refusal or of joining."""
    needs = dict(NeedType.objects.values_list("pk", "label"))
    zones = dict(Zone.objects.values_list("pk", "name"))
    rows = [
        (zones[life.zone], needs[count.everything.details[life.reference][0]], monday_of(life.joined), life.status)
        for life in count.lives
        if life.status in ON_THE_LIST
    ]
    refused = _refused(count)
    rows += [(zones[zone], needs[need], monday_of(day_of(at)), "REFUSED") for _, zone, need, at in refused]
    why = Counter(COUNTED[rule] for rule, *_ in refused)
    why.update(row[3].lower() for row in rows if row[3] in ON_THE_LIST)
    weeks = {row[2] for row in rows}
    every = [one for one in days_after(min(weeks) - ONE_DAY, max(weeks)) if one.weekday() == 0] if rows else []
    tables = {
        "zone": {name: _kinds(rows, 0, name) for name in {row[0] for row in rows}},
        "need": {name: _kinds(rows, 1, name) for name in needs.values()},
        "week": {f"{monday:%-d %B %Y}": _kinds(rows, 2, monday) for monday in every},
    }
    whole = _kinds([("all", *row) for row in rows], 0, "all", at=4)
    found = {key: table | {ALL: whole} if rows else {} for key, table in tables.items()}
    found["why"] = {words: (number,) for words, number in why.items()} | ({ALL: (len(rows),)} if rows else {})
    drilled = {
        ("why", status.lower()): references([life for life in count.lives if life.status == status])
        for status in ON_THE_LIST
        if why[status.lower()]
    }
    return found, drilled


def _kinds(rows: list[tuple], column: int, value: object, *, at: int = 3) -> tuple:
    found = Counter(row[at] for row in rows if row[column] == value)
    return (found["REFUSED"], found["WAITING"], found["LAPSED"], found.total())


def _refused(count: Count) -> list[tuple]:
    """The first refusal of each draft that never became a request."""
    sent = set(Referral.objects.values_list("submission_key", flat=True))
    found = {}
    rows = Decision.objects.filter(period=count.period, stream__in=count.streams, rule__in=COUNTED).order_by("at", "pk")
    for key, *told in rows.values_list("draft_key", "rule", "zone", "primary_need", "at"):
        if key not in sent:
            found.setdefault(key, tuple(told))
    return list(found.values())
