"""Demand that was not met: requests that were refused, that wait, or for which no place came free (R7).

Nothing here is about one child. The database counts, by stream, zone, need and week; how many rows come back does not
depend on how many requests there are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from quotas.models import Period
from referrals.choices import Status
from referrals.documents.unmet import WHY
from referrals.models import Decision, NeedType, Referral
from referrals.permissions import Asking, sees_cases_of, visible_decisions, visible_requests
from referrals.queries.needs import Need, NeedRow, needs_in_use
from referrals.rules.disclosure import Shown, combined, suppressed
from s2s_portal.core.calendar import LONDON
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

COUNTED = tuple(WHY)
"""The refusals that leave a need without support: no place, none in time, or a contract that is not for its adviser.

What a contract takes in cohorts only is asked for again as a part of one, and counted there if it is refused.
"""
REFUSED, WAITING, LAPSED = "refused", "waiting", "lapsed"
KINDS = (REFUSED, WAITING, LAPSED)
KIND_OF_STATUS = {Status.WAITING: WAITING, Status.LAPSED: LAPSED}
NAMES = {
    "zone_name": F("zone__name"),
    "need_code": F("primary_need__code"),
    "need_name": F("primary_need__label"),
}
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Group:
    """So many requests of one kind that have stream, zone, need and week in common; `week` is a Monday.

    `rule` is what refused them; "" for others. `need_code` is "" where none is recorded.
    """

    kind: str
    rule: str
    stream: str
    zone_id: int | None
    zone: str
    need_code: str
    need: str
    week: date
    count: int


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is about, and its counts of requests as they are shown."""

    about: str | date
    refused: Shown
    waiting: Shown
    lapsed: Shown
    total: Shown


@dataclass(frozen=True)
class UnmetDemand:
    """The demand of one period that was not met: its sums, and the same requests by zone, need and week.

    `why`: those refused, counted by the rule that refused them first.
    """

    sums: Line
    why: Counter[str]
    zones: list[Line]
    needs: list[Line]
    weeks: list[Line]


def unmet_demand(
    asking: Asking, *, period: Period, stream: str = "", needs: Sequence[Need] | None = None
) -> UnmetDemand:
    """What the person may see of the demand of `period` that was not met, of one stream or ("") both.

    `needs` are the types of need in use during the period, where they have been read before. They are counted by their
    codes: one that is called otherwise now is one line.
    """
    narrowed = _narrowed(period, stream)
    groups = [*_refused(asking, narrowed), *_on_the_list(asking, narrowed)]
    return UnmetDemand(
        sums=_line("", groups),
        why=_by_rule(groups),
        zones=_by_zone(groups),
        needs=_by_need(asking.user, groups, _needs_of(asking, period) if needs is None else needs),
        weeks=_by_week(groups),
    )


def refused(asking: Asking, *, period: Period, stream: str = "") -> Counter[str]:
    """How many requests each rule refused that were not sent since: as `unmet_demand` has it, in one statement."""
    return _by_rule(_refused(asking, _narrowed(period, stream)))


def _by_rule(groups: Iterable[Group]) -> Counter[str]:
    found: Counter[str] = Counter()
    for group in groups:
        if group.kind == REFUSED:
            found[group.rule] += group.count
    return found


def _narrowed(period: Period, stream: str) -> Q:
    return Q(period=period) & (Q(stream=stream) if stream else Q())


def _week_of(moment: str) -> TruncWeek:
    """The Monday of the London week of a moment."""
    return TruncWeek(moment, tzinfo=LONDON, output_field=DateField())


def _refused(asking: Asking, narrowed: Q) -> list[Group]:
    """Refused drafts, each where and when it was refused first, without those that became a request later.

    Index `referrals_decision_unmet` holds all that is asked of refusals, so that the wide rows stay unread; it finds
    those of a period and stream, and of each an earlier one of the same draft. That of `submission_key` finds its
    request.
    """
    earlier = _earlier().filter(narrowed)
    rows = _decisions().filter(narrowed, visible_decisions(asking.user), ~Exists(earlier))
    return [_group(REFUSED, row) for row in rows]


@cache
def _decisions() -> QuerySet[Decision, Any]:
    """Refusals that count and whose drafts became no request, by what they have in common; put together once."""
    became = Referral.objects.filter(submission_key=OuterRef("draft_key"))
    counted = Decision.objects.filter(~Exists(became), rule__in=COUNTED).order_by()
    return counted.values("rule", "stream", "zone_id", **NAMES, week=_week_of("at")).annotate(count=Count("pk"))


@cache
def _earlier() -> QuerySet[Decision]:
    """For each of them the earlier ones of the same draft."""
    same = Decision.objects.filter(stream=OuterRef("stream"), draft_key=OuterRef("draft_key"), pk__lt=OuterRef("pk"))
    return same.filter(rule__in=COUNTED)


def _on_the_list(asking: Asking, narrowed: Q) -> list[Group]:
    """Requests that wait and those that waited in vain, in the week when they joined.

    Both have a turn: the partial index `referrals_referral_one_for_each_turn` holds them and few others.
    """
    rows = _requests().filter(visible_requests(asking), narrowed)
    return [_group(KIND_OF_STATUS[Status(row["status"])], row) for row in rows]


@cache
def _requests() -> QuerySet[Referral, Any]:
    """Every such request, by what they have in common; put together once."""
    rows = Referral.objects.filter(turn__isnull=False, status__in=KIND_OF_STATUS).order_by()
    week = _week_of("submitted_at")
    return rows.values("status", "stream", "zone_id", **NAMES, week=week).annotate(count=Count("pk"))


def _group(kind: str, row: dict) -> Group:
    return Group(
        kind=kind,
        rule=row.get("rule", ""),
        stream=row["stream"],
        zone_id=row["zone_id"],
        zone=row["zone_name"] or "",
        need_code=row["need_code"] or "",
        need=row["need_name"] or "Not recorded",
        week=row["week"],
        count=row["count"],
    )


def _needs_of(asking: Asking, period: Period) -> list[Need]:
    rows = NeedType.objects.order_by().values_list(*NeedRow._fields)
    return needs_in_use(map(NeedRow._make, rows), period, asking.today or period.delivery_ends_on)


def _line(about: str | date, groups: Iterable[Group]) -> Line:
    sums: Counter[str] = Counter()
    for group in groups:
        sums[group.kind] += group.count
    return Line(about, *(sums[kind] for kind in KINDS), total=sums.total())


def _by_zone(groups: list[Group]) -> list[Line]:
    """The zones with such demand, by name; establishments without a zone last."""
    zones = sorted({group.zone for group in groups}, key=lambda name: (not name, name))
    return [_line(name or "No zone", [group for group in groups if group.zone == name]) for name in zones]


def _by_week(groups: list[Group]) -> list[Line]:
    """Every week from the first with such demand to the last: one without any belongs to the picture."""
    by_week: dict[date, list[Group]] = {}
    for group in groups:
        by_week.setdefault(group.week, []).append(group)
    lines = []
    week = min(by_week, default=None)
    while week is not None and week <= max(by_week):
        lines.append(_line(week, by_week.get(week, [])))
        week += A_WEEK
    return lines


def _by_need(user: User, groups: list[Group], needs: Sequence[Need]) -> list[Line]:
    """Every type of need, with what R16 lets this person see.

    Each stream and column is hidden by itself, and what is summed over both is made of what is shown of each: taking
    the tables of two streams from that of both tells nothing.
    """
    names = {need.code: need.label for need in needs}
    for group in groups:
        names.setdefault(group.need_code, group.need)
    parts = [_parts(user, [group for group in groups if group.stream == stream], names, stream) for stream in Stream]
    return [
        Line(
            name,
            *(combined([column[kind][need] for column in parts]) for kind in KINDS),
            total=combined([column[kind][need] for column in parts for kind in KINDS]),
        )
        for need, name in names.items()
    ]


def _parts(user: User, groups: list[Group], names: Iterable[str], stream: str) -> dict[str, dict[str, Shown]]:
    """The columns of one stream, by kind and need, as this person may see them."""
    sums: Counter[tuple[str, str]] = Counter()
    for group in groups:
        sums[group.kind, group.need_code] += group.count
    whole = sees_cases_of(user, stream, {group.zone_id for group in groups})
    parts = {}
    for kind in KINDS:
        counts = [sums[kind, need] for need in names]
        parts[kind] = dict(zip(names, counts if whole else suppressed(counts), strict=True))
    return parts
