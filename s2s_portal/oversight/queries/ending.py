"""What becomes of the open requests of a contract at its end: as proposed, as decided, or as it was done (R15).

Two statements, whatever their number. Before anybody has begun the end, it is judged here as it would be then.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from quotas.models import Contract
from referrals.choices import LineState, RolloverStage, Status
from referrals.models import DraftReferral, Referral, Rollover, RolloverLine
from referrals.permissions import visible_requests
from referrals.queries.contract_end_open import alike_of, next_after, open_of, successor_in, takes
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.rollover import Open, Successor, proposal
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.contract_end import Outcome
from s2s_portal.oversight.queries.scope import Scope


@dataclass(frozen=True)
class ContractAtEnd:
    """A contract, how far its end is, what follows, and how many stand beside its open requests.

    `stage` is "" and `key` None while nobody has begun the end; then `successor` is what the next contract takes.
    `open_before` is R15's count, once it has run. `next_name` is "" where no contract follows.
    """

    name: str
    ends_on: date
    run_off_ends_on: date
    rollover: int | None
    key: Any
    stage: str
    open_before: int | None
    next_name: str
    successor: Successor | None
    waiting: int
    lapsed: int
    drafts: int


class Ending(NamedTuple):
    """One open request: what becomes of it (`outcome`, a `Fate`, once it is done), why, and how far that is."""

    pk: int
    stream: str
    fate: str
    reason: str
    state: str = LineState.PENDING
    outcome: str = ""
    late: bool = False


def contract_of(scope: Scope) -> ContractAtEnd:
    """The contract of the period that is asked for. One statement."""
    row: dict[str, Any] = dict(
        _contracts().filter(pk=scope.period.contract_id).annotate(**_beside(scope)).values().get()
    )
    end, following = row["end"] or {}, row["following"] or {}
    successor = successor_in(following, unit="unit", referrers="referrers") if following and not end else None
    return ContractAtEnd(
        name=row["name"],
        ends_on=row["ends_on"],
        run_off_ends_on=row["run_off_ends_on"],
        rollover=end.get("pk"),
        key=UUID(end["key"]) if end else None,
        stage=end.get("stage", ""),
        open_before=end.get("open_before"),
        next_name=(end.get("target_name") if end else following.get("name")) or "",
        successor=successor,
        waiting=row["waiting"] or 0,
        lapsed=row["lapsed"] or 0,
        drafts=row["drafts"] or 0,
    )


@cache
def _contracts() -> QuerySet[Contract]:
    """Every contract with its end and what follows: the same for whoever asks, so it is put together once."""
    return Contract.objects.annotate(end=_end_of(), following=_what_follows())


def _end_of() -> Subquery:
    """The end of the contract that was begun and not undone, in one piece."""
    end = Rollover.objects.filter(source=OuterRef("pk")).exclude(stage=RolloverStage.UNDONE).order_by("-pk")
    columns = {name: name for name in ("pk", "key", "stage", "open_before")}
    return Subquery(end.values(found=JSONObject(**columns, target_name="target__name"))[:1])


def _what_follows() -> Subquery:
    """The next contract to begin after this one did, with what it takes, in one piece."""
    taken = takes("pk")
    columns = {name: name for name in ("name", "unit", "referrers", *taken)}
    after = next_after(OuterRef("starts_on")).annotate(**taken)
    return Subquery(after.values(found=JSONObject(**columns))[:1])


def _beside(scope: Scope) -> dict[str, Subquery]:
    """What R15 accounts for separately. Whoever waits or waited in vain has a turn: few requests have."""
    on_list = Referral.objects.filter(
        _of_stream(scope), visible_requests(scope.asking), period__contract=OuterRef("pk"), turn__isnull=False
    )
    return {
        "waiting": _count(on_list.filter(status=Status.WAITING)),
        "lapsed": _count(on_list.filter(status=Status.LAPSED)),
        "drafts": _count(DraftReferral.objects.filter(_of_stream(scope))),
    }


def _count(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().annotate(count=Func(F("pk"), function="COUNT")).values("count"))


def _of_stream(scope: Scope, column: str = "stream") -> Q:
    return Q(**{column: scope.stream}) if scope.stream else Q()


def endings_of(contract: ContractAtEnd, scope: Scope, *, standards: Standards, days: Days) -> list[Ending]:
    """The open requests of the contract that the person may see, or those its end began with. One statement."""
    if contract.rollover is not None:
        return [Ending._make(row) for row in _lines(contract, scope).order_by("pk").values_list("referral", *_COLUMNS)]
    found = open_of(_open_requests(scope), at=scope.at, standards=standards, days=days)
    return [Ending(pk, one.stream, *_proposed(one, contract, scope)) for pk, one in found.items()]


def outcomes_of(contract: ContractAtEnd, scope: Scope, *, standards: Standards, days: Days) -> Counter[Outcome]:
    """Of how many of the same requests the same becomes. One statement, which counts those that are alike."""
    counted: Counter[Outcome] = Counter()
    if contract.rollover is not None:
        for stream, *told, count in _lines(contract, scope).values_list(*_COLUMNS).annotate(count=Count("pk")):
            counted[Outcome(Stream(stream), *told)] += count
        return counted
    for one, count in alike_of(_open_requests(scope), at=scope.at, standards=standards, days=days):
        counted[Outcome(one.stream, *_proposed(one, contract, scope))] += count
    return counted


_COLUMNS = ("referral__stream", "fate", "reason", "state", "outcome", "late")


def _lines(contract: ContractAtEnd, scope: Scope) -> QuerySet[RolloverLine]:
    """What the end began with, in no order."""
    seen = Referral.objects.filter(visible_requests(scope.asking), scope.part)
    lines = RolloverLine.objects.filter(_of_stream(scope, "referral__stream"), rollover=contract.rollover)
    return lines.filter(referral__in=seen).order_by()


def _open_requests(scope: Scope) -> QuerySet[Referral]:
    rows = Referral.objects.filter(visible_requests(scope.asking), _of_stream(scope), status__in=OPEN_WITH_S2S)
    return rows.filter(scope.part, period__contract=scope.period.contract_id)


def _proposed(one: Open, contract: ContractAtEnd, scope: Scope) -> tuple[str, str]:
    """The fate that is proposed for an open request if the end were begun at this moment, and why."""
    found = proposal(one, contract.successor, run_off_ends_on=contract.run_off_ends_on, today=scope.today)
    return found.fate, found.reason
