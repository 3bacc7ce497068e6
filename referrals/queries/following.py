"""Contracts as a commissioner chooses between them: what one takes that could follow another."""

from dataclasses import dataclass

from django.db.models import Count

from quotas.models import Contract, Period, Quota
from referrals.choices import RolloverStage
from referrals.models import Referral, Rollover
from referrals.queries.contract_ends import contracts, rollovers
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.organisations.choices import Stream


@dataclass(frozen=True)
class Following:
    """A contract that could follow, and the streams its first period has places for; no period, no streams."""

    contract: Contract
    period: Period | None
    streams: tuple[Stream, ...]


@dataclass(frozen=True)
class ContractLine:
    """A contract, how many requests are open under it, and its newest end if one was begun."""

    contract: Contract
    open: int
    end: Rollover | None


def following(source: Contract) -> list[Following]:
    """The contracts that begin later than `source`, the latest first, with what each takes. Three queries at most."""
    others = list(contracts().filter(starts_on__gt=source.starts_on))
    first: dict[int, Period] = {}
    for period in Period.objects.filter(contract__in=others).order_by("opens_on"):
        first.setdefault(period.contract_id, period)
    streams: dict[int, list[str]] = {}
    for period_id, stream in Quota.objects.filter(period__in=first.values()).values_list("period", "stream"):
        streams.setdefault(period_id, []).append(stream)
    return [_following(one, first.get(one.pk), streams) for one in others]


def _following(contract: Contract, period: Period | None, streams: dict[int, list[str]]) -> Following:
    taken = streams.get(period.pk, []) if period else []
    return Following(contract, period, tuple(stream for stream in Stream if stream in taken))


def what_follows(contract: Contract | None) -> Following | None:
    """What the contract takes that follows; None where none does. Two queries at most."""
    if contract is None:
        return None
    period = contract.periods.order_by("opens_on").first()
    streams = list(period.quotas.values_list("stream", flat=True)) if period else []
    return _following(contract, period, {period.pk: streams} if period else {})


def contract_lines() -> list[ContractLine]:
    """Every contract, the latest first, with its open requests and its newest end. Three queries."""
    newest: dict[int, Rollover] = {}
    for end in rollovers():
        newest.setdefault(end.source_id, end)
    held = Referral.objects.filter(status__in=OPEN_WITH_S2S).order_by().values_list("period__contract")
    is_open = dict(held.annotate(count=Count("pk")))
    return [ContractLine(one, is_open.get(one.pk, 0), newest.get(one.pk)) for one in contracts()]


def contract_with(pk: int) -> Contract | None:
    """The contract with this id."""
    return contracts().filter(pk=pk).first()


def end_of(contract: Contract) -> Rollover | None:
    """The end of `contract` that was begun and not undone, if there is one."""
    return rollovers().filter(source=contract).exclude(stage=RolloverStage.UNDONE).first()
