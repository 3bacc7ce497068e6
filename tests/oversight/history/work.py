"""Waits, stuck requests, flow and team, counted once more."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise

from referrals.models import BookingTeacher
from s2s_portal.organisations.models import Membership, User
from tests.oversight.history.counting import ALL, EARLY, RECORD_DAYS, Count, Table, rank, references, share
from tests.oversight.history.days import ONE_DAY, day_of, monday_of
from tests.oversight.history.lives import OPEN, Life

Wait = tuple[Life, str, float | None, bool, datetime | None]
"""A life, "over", "on" or "ended", how long, whether late, and when it was over."""
HOWS = ("Completed", "Ended early", "Not started", "Not taken on", "Withdrawn", "Moved")
A_WEEK = timedelta(days=7)


# --- Waits ---
def contacts(count: Count) -> list[Wait]:
    """From the place to first contact."""
    found: list[Wait] = []
    for life in count.lives:
        if life.placed is None or (life.carried and life.reached and life.reached < life.carried):
            continue
        due = count.contact_due(life)
        if life.reached:
            day = day_of(life.reached)
            length = max(0, count.calendar.worked(life.placed, day) - count.contact_paused(life))
            found.append((life, "over", length, day > due, life.reached))
        elif life.is_open:
            found.append((life, "on", None, life.status != "RETURNED" and due < count.today, None))
        else:
            found.append((life, "ended", None, False, None))
    return found


def visits(count: Count) -> list[Wait]:
    """From first contact to the first visit."""
    found: list[Wait] = []
    for life in count.lives:
        if (
            life.placed is None
            or not life.reached
            or (life.carried and life.first_held and life.first_held < life.carried)
        ):
            continue
        reached, due = day_of(life.reached), count.visit_due(life)
        if life.first_held:
            day = day_of(life.first_held)
            days = (day - reached).days if life.stream == EARLY else count.calendar.taught(reached, day, "weekdays")
            length = max(0, days - count.visit_paused(life)) / (7 if life.stream == EARLY else 5)
            found.append((life, "over", length, day > due, life.first_held))
        elif life.is_open:
            found.append((life, "on", None, life.status != "RETURNED" and due < count.today, None))
        else:
            found.append((life, "ended", None, False, None))
    return found


def records(count: Count) -> list[Wait]:
    """From each visit to its record."""
    found: list[Wait] = []
    for life in count.lives:
        for booking, at, _ in life.mine:
            held, recorded = day_of(at), life.recorded(booking)
            due = count.calendar.after(held, RECORD_DAYS, count.calendar.works)
            if recorded:
                found.append((life, "over", count.calendar.worked(held, recorded), recorded > due, at))
            elif life.status == "TRANSFERRED":
                found.append((life, "ended", None, False, at))
            else:
                found.append((life, "on", None, due < count.today, at))
    return found


def waits(count: Count) -> tuple[dict[str, Table], dict[tuple[str, str], set[str]]]:
    """By measure and group, and who is behind each line."""
    tables: dict[str, Table] = {}
    behind = {}
    for measure, some in (("contact", contacts(count)), ("visit", visits(count)), ("record", records(count))):
        groups: dict[str, dict[str, list[Wait]]] = {by: defaultdict(list) for by in ("stream", "zone", "school")}
        for one in some:
            groups["stream"][one[0].stream].append(one)
            groups["zone"][str(one[0].zone)].append(one)
            school = one[0].school if one[4] is None else one[0].school_at(one[4])
            groups["school"][str(school or "none")].append(one)
        for by, lines in groups.items():
            tables[f"{measure}-{by}"] = {key: _spread(waited, measure) for key, waited in lines.items()}
            if some:
                tables[f"{measure}-{by}"]["all"] = _spread(some, measure)
            behind |= {(f"{measure}-{by}", key): references(one[0] for one in waited) for key, waited in lines.items()}
            behind[f"{measure}-{by}", "all"] = references(one[0] for one in some)
    return tables, behind


def _spread(some: list[Wait], measure: str) -> tuple:
    lengths = [length for _, state, length, _, _ in some if state == "over" and length is not None]
    in_time = sum(state == "over" and not late for _, state, _, late, _ in some)
    on = [late for _, state, _, late, _ in some if state == "on"]
    ended = sum(state == "ended" for _, state, *_ in some)
    middle, far = rank(lengths, 50), rank(lengths, 80)
    requests = len(references(one[0] for one in some))
    return (requests, len(lengths), middle, far, share(in_time, len(lengths) + sum(on)), len(on), sum(on), ended)


# --- Stuck ---
def stuck(count: Count) -> tuple[dict[str, Table], dict[tuple[str, str], set[str]]]:
    """With whom and why, and the longest."""
    found = []
    for life in count.open:
        late = count.late(life)
        ahead = any(at >= count.at for at in life.planned.values())
        if life.asked:
            found.append((life, "answer", "answer", life.asked))
        elif late:
            found.append((life, "clock", late[0][1], late[0][0]))
        elif count.calendar.worked(day_of(life.last), count.today) >= 20 and not ahead:
            found.append((life, "idle", "idle", day_of(life.last)))
    by_holder, by_reason = defaultdict(list), defaultdict(list)
    for life, why, what, since in found:
        row = (life, why, count.calendar.worked(since, count.today))
        by_holder[_holder(life)].append(row)
        by_reason[what].append(row)
    every = [row for rows in by_holder.values() for row in rows]
    holders, reasons = ({key: _stopped(rows) for key, rows in by.items()} for by in (by_holder, by_reason))
    if every:
        holders[ALL], reasons[ALL] = _stopped(every), _stopped(every)
    short = {key: (row[3], row[4]) for key, row in reasons.items()}
    behind = {("with", key): references(row[0] for row in rows) for key, rows in by_holder.items()}
    behind |= {("why", key): references(row[0] for row in rows) for key, rows in by_reason.items()}
    longest = [(-count.calendar.worked(since, count.today), since, at) for at, (*_, since) in enumerate(found)]
    one_by_one = {found[at][0].reference: (since, -days) for days, since, at in sorted(longest)[:25]}
    return {"with": holders, "why": short, "longest": one_by_one}, behind


def _holder(life: Life) -> str:
    if life.status == "RETURNED":
        return "adviser-early-years" if life.stream == EARLY else "adviser-mainstream"
    return "coordinator" if life.status == "SUBMITTED" else str(life.school or "none")


def _stopped(rows: list) -> tuple:
    whys = Counter(why for _, why, _ in rows)
    return (whys["clock"], whys["answer"], whys["idle"], len(rows), max(days for *_, days in rows))


# --- Flow ---
def flow(count: Count) -> tuple[dict[str, Table], dict[tuple[str, str], set[str]]]:
    """Week by week, from what each request's events did to it; and how old the open ones are."""
    came, left, still = defaultdict(list), defaultdict(list), defaultdict(list)
    first = monday_of(min(day for life in count.lives for day, _ in life.moves))
    mondays = [first + A_WEEK * number for number in range((monday_of(count.today) - first).days // 7 + 1)]
    for life in count.lives:
        _through_the_weeks(life, mondays, came, left, still)
    weeks = {}
    for monday in mondays:
        moved = sum(how == "Moved" for _, how in left[monday])
        weeks[monday.isoformat()] = (len(came[monday]), len(left[monday]) - moved, moved, len(still[monday]))
    ins = {
        _line(monday, came): (
            *(sum(one.stream == stream for one in came[monday]) for stream in count.streams),
            len(came[monday]),
        )
        for monday in _stretch(mondays, came)
    }
    outs = {
        _line(monday, left): (*(sum(how == one for _, one in left[monday]) for how in HOWS), len(left[monday]))
        for monday in _stretch(mondays, left)
    }
    behind = {("weeks", one.isoformat()): references(still[one]) for one in mondays}
    behind |= {("came-in", one.isoformat()): references(came[one]) for one in mondays if came[one]}
    behind |= {("left", one.isoformat()): references(life for life, _ in left[one]) for one in mondays if left[one]}
    ages, whose = _ages(count)
    tables = {"weeks": weeks, "came-in": _with_sum(ins), "left": _with_sum(outs), "ages": ages}
    return tables, behind | {("ages", key): who for key, who in whose.items()}


def _stretch(mondays: list[date], of_week) -> list[date]:
    """Those from the first to the last with requests, and what lies between."""
    some = [monday for monday in mondays if of_week[monday]]
    return [monday for monday in mondays if some and some[0] <= monday <= some[-1]]


def _line(monday: date, of_week) -> str | date:
    """A week without requests leads to none: its line has no key."""
    return monday.isoformat() if of_week[monday] else monday


def _through_the_weeks(life: Life, mondays: list[date], came, left, still) -> None:
    was_open = False
    for monday, following in pairwise([*mondays, mondays[-1] + A_WEEK]):
        hows = [how for day, how in life.moves if monday <= day < following]
        is_open = hows[-1] is None if hows else was_open
        comes = not was_open and None in hows
        if comes:
            came[monday].append(life)
        if hows and not is_open and (was_open or comes):
            left[monday].append((life, hows[-1]))
        if is_open:
            still[monday].append(life)
        was_open = is_open


def _with_sum(table: Table) -> Table:
    return table | {ALL: tuple(map(sum, zip(*table.values(), strict=True)))} if table else table


def _ages(count: Count) -> tuple[Table, dict[str, set[str]]]:
    found: dict[str, list[Life]] = {key: [] for key in ("0", "4", "8", "13", "26")}
    for life in count.open:
        days = (count.today - life.placed).days
        key = "0" if days < 28 else "4" if days < 56 else "8" if days < 91 else "13" if days < 182 else "26"
        found[key].append(life)
    table: Table = {
        key: (*(sum(one.status == status for one in some) for status in OPEN), len(some)) for key, some in found.items()
    }
    return _with_sum(table) if count.open else {}, {key: references(some) for key, some in found.items()}


# --- Team ---
def team(count: Count) -> tuple[dict[str, Table], dict[tuple[str, str], set[str]]]:
    """By teacher and by their own school, with whom nobody has been given."""
    names = dict(User.objects.filter(memberships__role="S2S_TEACHER", is_active=True).values_list("pk", "full_name"))
    schools = dict(Membership.objects.filter(role="S2S_TEACHER").values_list("user", "home_school"))
    ids = {name: pk for pk, name in names.items()}
    own, trips = defaultdict(list), _trips(count)
    for life in count.open:
        own[ids.get(life.teacher)].append(life)
    teachers = {str(pk): _load(count, own[pk], trips[pk]) for pk in names}
    behind = {("teachers", str(pk)): references(own[pk]) for pk in names}
    by_school: dict[str, Table] = {}
    for school in {schools[pk] for pk in names}:
        there = [pk for pk in names if schools[pk] == school]
        some = [life for pk in there for life in own[pk]]
        key = str(school or "none")
        load = _load(count, some, set().union(*(trips[pk] for pk in there)))
        by_school[key] = (len(there), *load, len(some) / len(there))
        behind["schools", key] = references(some)
    if own[None]:
        load = _load(count, own[None], set())
        teachers["not-given"], by_school["not-given"] = load, (0, *load, None)
        behind["schools", "not-given"] = behind["teachers", "not-given"] = references(own[None])
    whole = _load(count, count.open, set().union(*trips.values()))
    given = len(count.open) - len(own[None])
    teachers[ALL], by_school[ALL] = whole, (len(names), *whole, given / len(names) if names else None)
    return {"teachers": teachers, "schools": by_school}, behind


def _load(count: Count, some: list[Life], trips: set[tuple[str, int]]) -> tuple:
    late = sum(len(count.late(life)) for life in some)
    kinds = Counter(kind for kind, _ in trips)
    return (len(some), late, kinds["ahead"], kinds["held"])


def _trips(count: Count) -> dict[int, set[tuple[str, int]]]:
    """The visits of four weeks before and after, by who goes."""
    rows = BookingTeacher.objects.filter(
        booking__referral__period=count.period, live=True, booking__referral__stream__in=count.streams
    )
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    four = 28 * ONE_DAY
    for who, booking, at, state in rows.values_list("teacher", "booking", "booking__starts_at", "booking__state"):
        if state == "PLANNED" and count.at <= at < count.at + four:
            found[who].add(("ahead", booking))
        elif state == "HELD" and count.at - four <= at < count.at:
            found[who].add(("held", booking))
    return found
