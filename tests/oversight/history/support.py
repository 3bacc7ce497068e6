"""Zones, needs, support, outcomes and the contract's end, counted once more."""

from collections import Counter, defaultdict
from datetime import date, datetime

from referrals.models import Closing, DraftReferral, GoalOutcome, NeedType, RolloverLine, SupportWanted, VisitRecord
from s2s_portal.organisations.models import Establishment, Zone
from tests.oversight.history.counting import ALL, MAIN, Count, Table, references, share
from tests.oversight.history.days import day_of
from tests.oversight.history.lives import Life

BANDS = {
    "U2": "under-2",
    "N1": "nursery-2",
    "N2": "nursery-3",
    "R": "reception",
    **dict.fromkeys("12", "years-1-2"),
    **dict.fromkeys("3456", "years-3-6"),
    **dict.fromkeys("789", "years-7-9"),
    **dict.fromkeys(("10", "11"), "years-10-11"),
    **dict.fromkeys(("12", "13"), "years-12-13"),
}
KINDS = (
    *("OBSERVATION", "FOLLOW_UP", "MODELLING", "TRAINING_STAFF", "TRAINING_WHOLE", "RESOURCES"),
    *("PLAN_REVIEW", "REVERSE_VISIT", "REVIEW_MEETING"),
)
WANTED = (
    *("OBSERVATION", "ADVICE", "MODELLING", "TRAINING_STAFF"),
    *("TRAINING_WHOLE", "RESOURCES", "PLAN_REVIEW", "REVERSE_VISIT"),
)
AIMS = {
    "practical": ("OBSERVATION", "MODELLING", "RESOURCES"),
    "empowering": ("TRAINING_STAFF", "TRAINING_WHOLE", "REVERSE_VISIT"),
    "sustainable": ("FOLLOW_UP", "PLAN_REVIEW", "REVIEW_MEETING"),
}
RESULTS = ("MET", "PARTLY", "NOT_MET", "NOT_WORKED_ON")
Behind = dict[tuple[str, str], set[str]]


def _both(count: Count, some: list[Life]) -> tuple:
    counts = [sum(life.stream == stream for life in some) for stream in count.streams]
    return (*counts, *([sum(counts)] if len(counts) > 1 else []))


# --- Zones ---
def zones(count: Count) -> tuple[dict[str, Table], Behind]:
    """Each zone's requests with a place, beside its open schools or settings."""
    tables, behind = {}, {}
    for stream in count.streams:
        key = stream.lower().replace("_", "-")
        open_ = Establishment.objects.filter(status__in=("OPEN", "CLOSING"), kind__eligibility=stream)
        there = Counter(open_.exclude(zone=None).values_list("zone", flat=True))
        whose = {zone: [] for zone in Zone.objects.values_list("pk", flat=True)}
        for life in count.with_place:
            if life.stream == stream:
                whose[life.zone].append(life)
        total, places = sum(map(len, whose.values())), there.total()
        table = {str(zone): _rates(len(some), there[zone], total, places) for zone, some in whose.items()}
        tables[key] = table | {ALL: _rates(total, places, total, places)}
        behind |= {(key, str(zone)): references(some) for zone, some in whose.items()}
    return tables, behind


def _rates(requests: int, places: int, total: int, whole: int) -> tuple:
    of_places = share(places, whole)
    return (requests, places, share(requests, places), share(requests, total), of_places, of_places * total / 100)


# --- Needs and support ---
def needs(count: Count) -> tuple[dict[str, Table], Behind]:
    """By need, year and SEN status, and what support was asked for and given."""
    known = {str(pk) for pk in NeedType.objects.values_list("pk", flat=True)}
    keys = {
        "need": (lambda need, year, sen: str(need) if str(need) in known else "other", {*known, "other"}),
        "year": (lambda need, year, sen: BANDS.get(year, "other"), {*BANDS.values(), "other"}),
        "sen": (lambda need, year, sen: sen or "other", {"N", "K", "E", "other"}),
    }
    tables: dict[str, Table] = {}
    behind: Behind = {}
    for figure, (key, labels) in keys.items():
        groups = {label: [] for label in labels}
        for life in count.with_place:
            groups[key(*count.everything.details[life.reference][:3])].append(life)
        tables[figure] = {label: _both(count, some) for label, some in groups.items()} | {
            ALL: _both(count, count.with_place)
        }
        behind |= {(figure, label): references(some) for label, some in groups.items()}
    asked = defaultdict(set)
    for reference, kind in SupportWanted.objects.values_list("referral__reference", "kind"):
        asked[kind].add(reference)
    holding = references(count.with_place)
    had = {kind: references(life for life in count.lives if any(one[2] == kind for one in life.mine)) for kind in KINDS}
    visits = Counter(kind for life in count.lives for *_, kind in life.mine)
    tables["wanted"] = {
        kind: (len(asked[kind] & holding), len(asked[kind] & holding & had[kind]) if kind in KINDS else None)
        for kind in WANTED
    }
    supported = {life.reference for life in count.lives if life.mine}
    tables["given"] = {kind: (len(had[kind]), visits[kind]) for kind in KINDS} | {ALL: (len(supported), visits.total())}
    behind |= {("wanted", kind): asked[kind] & holding for kind in WANTED}
    return tables, behind | {("given", kind): had[kind] for kind in KINDS}


# --- Outcomes ---
class _Told:
    """What was said at the last closing of each request, and in the records that stand."""

    def __init__(self, count: Count) -> None:
        last = dict(Closing.objects.order_by("at", "pk").values_list("referral__reference", "pk"))
        self.results = defaultdict(list)
        for reference, closing, result in GoalOutcome.objects.values_list(
            "closing__referral__reference", "closing", "result"
        ):
            if last[reference] == closing:
                self.results[reference].append(result)
        content = dict(VisitRecord.objects.values_list("reference", "content"))
        self.felt = {}
        for life in count.lives:
            starts = {booking: at for booking, at, _ in life.mine}
            standing = sorted((starts[booking], record) for record, (booking, _) in life.records.items())
            said = [content[record] for _, record in standing]
            said = [one for one in said if one.get("confidence_before") and one.get("confidence_after")]
            if said:
                self.felt[life.reference] = (said[0]["confidence_before"], said[-1]["confidence_after"])


def outcomes(count: Count) -> tuple[dict[str, Table], Behind]:
    """Goals by the last closing, confidence before the first visit and after the last, and both by aim."""
    told = _Told(count)
    groups = {stream: [life for life in count.lives if life.stream == stream] for stream in count.streams}
    behind: Behind = {}
    for stream, some in groups.items():
        behind["goals", stream] = references(_closed(some))
        behind["confidence", stream] = {life.reference for life in some if life.reference in told.felt}
    if len(groups) > 1:
        groups[ALL] = count.lives
    aims: Table = {}
    for aim, kinds in AIMS.items():
        some = [life for life in count.lives if any(kind in kinds for *_, kind in life.mine)]
        visits = sum(kind in kinds for life in some for *_, kind in life.mine)
        closed, goals, *_, met = _goals(some, told)
        aims[aim] = (len(some), visits, closed, goals, met, *_felt(some, told)[1:3])
        behind["aim", aim] = references(some)
    tables = {
        "goals": {key: _goals(some, told) for key, some in groups.items()},
        "confidence": {key: _felt(some, told) for key, some in groups.items()},
    }
    tables = {figure: table if any(row[0] for row in table.values()) else {} for figure, table in tables.items()}
    return tables | {"aim": aims if any(row[1] for row in aims.values()) else {}}, behind


def _closed(some: list[Life]) -> list[Life]:
    return [life for life in some if life.status == "CLOSED" and life.held]


def _goals(some: list[Life], told: _Told) -> tuple:
    results = Counter(result for life in _closed(some) for result in told.results[life.reference])
    counts = [results[one] for one in RESULTS]
    return (len(_closed(some)), sum(counts), *counts, share(counts[0] + counts[1], sum(counts)))


def _felt(some: list[Life], told: _Told) -> tuple:
    felt = [told.felt[life.reference] for life in some if life.reference in told.felt]
    if not felt:
        return (0, None, None, 0, 0, 0)
    before, after = (sum(column) / len(felt) for column in zip(*felt, strict=True))
    signs = Counter((one > other) - (one < other) for other, one in felt)
    return (len(felt), before, after, signs[1], signs[0], signs[-1])


# --- The contract's end ---
def contract_end(count: Count) -> tuple[dict[str, Table], Behind]:
    """What becomes of each open request, and why: as it would be judged now, or as it was done."""
    lines = RolloverLine.objects.filter(rollover__source=count.period.contract, referral__stream__in=count.streams)
    found = [(count.everything.lives[one.referral.reference], *_done(one)) for one in lines.select_related("referral")]
    if not found:
        found = [(life, *_judged(count, life)) for life in count.open]
    fates, whys = defaultdict(list), defaultdict(list)
    for life, fate, why in found:
        fates[fate].append(life)
        whys[why].append(life)
    always = ("finishing", "moved", "closed") if lines else ("finish", "move", "close", "ask")
    labels = {"finishing": "Finishing under this contract", "move": "Move to the next contract", "close": "Close"}
    labels |= {
        "moved": "Moved",
        "closed": "Closed",
        "finish": "Finish under this contract",
        "ask": "Ask the adviser, or decide",
    }
    fate_table = {key: _both(count, fates[key]) for key in {*always, *fates}}
    fate_table = {key if any(row) else labels[key]: row for key, row in fate_table.items()}
    some = {ALL: _both(count, [life for life, *_ in found])} if found else {}
    beside = {
        "Requests that wait for a place": (sum(life.status == "WAITING" for life in count.lives),),
        "Requests for which no place came free": (sum(life.status == "LAPSED" for life in count.lives),),
        "Drafts that were not sent": (DraftReferral.objects.filter(stream__in=count.streams).count(),),
    }
    tables = {"fate": fate_table | some, "why": {key: _both(count, lives) for key, lives in whys.items()} | some}
    behind = {("fate", key): references(lives) for key, lives in fates.items()}
    behind |= {("why", key): references(lives) for key, lives in whys.items()}
    return tables | {"beside": beside, "days": _days_left(count)}, behind


def _days_left(count: Count) -> Table:
    period, contract = count.period, count.period.contract
    days = {
        "Requests close": period.requests_close_on,
        "Places are given until": period.allocation_deadline_on,
        "The contract ends": contract.ends_on,
        "Last day of visits": contract.run_off_ends_on,
    }
    return {label: (day, *_left(count, day)) for label, day in days.items()}


def _left(count: Count, day: date) -> tuple:
    return (None, None) if day < count.today else ((day - count.today).days, count.calendar.worked(count.today, day))


def _done(line: RolloverLine) -> tuple[str, str]:
    outcome = {"FINISH": "finishing", "MOVE": "moved", "CLOSE": "closed", "": "to-do"}[line.outcome]
    fate = "late" if line.late else "moved-back" if line.state == "UNDONE" else outcome
    return fate, line.reason.lower().replace("_", "-")


def _judged(count: Count, life: Life) -> tuple[str, str]:
    """The contract that follows takes mainstream requests only."""
    ahead = sorted(life.planned.values())
    if life.unrecorded or any(at <= count.at for at in ahead):
        return "finish", "record-missing"
    if life.asked:
        return "ask", "information-awaited"
    finishes, why = _in_time(count, life, ahead)
    if finishes:
        return "finish", why
    return ("move", why) if life.stream == MAIN else ("ask", "stream-not-taken")


def _in_time(count: Count, life: Life, ahead: list[datetime]) -> tuple[bool, str]:
    """Whether it can be finished by the last day of visits, and why it can or not."""
    until = count.period.contract.run_off_ends_on
    if count.today > until:
        return False, "run-off-over"
    if ahead:
        is_in_time = day_of(ahead[-1]) <= until
        return is_in_time, "visit-in-time" if is_in_time else "visit-too-late"
    if life.status != "SUPPORTING":
        return False, "no-visit-yet"
    if life.is_reviewed:
        return True, "only-closing-left"
    is_in_time = count.review_due(life) <= until
    return is_in_time, "review-in-time" if is_in_time else "review-too-late"
