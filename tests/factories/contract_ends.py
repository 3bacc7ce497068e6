"""A contract's end for tests, through the real actions: a successor, and the steps to the account and back."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from quotas.actions import contracts, places
from quotas.models import Contract, Period
from referrals.actions import rollover_approving, rollover_deciding, rollover_running, rollover_undoing
from referrals.choices import Fate, LineState
from referrals.models import Referral, Rollover, RolloverLine
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from tests.factories.organisations import person
from tests.moments import LONDON

#: The last day of the contract, in the morning.
LAST_DAY = datetime(2025, 3, 31, 9, 0, tzinfo=LONDON)
STREAMS = (Stream.EARLY_YEARS, Stream.MAINSTREAM)


def commissioners() -> tuple[User, User]:
    """Two people who may decide about a contract's end: one proposes, the other approves."""
    found = list(User.objects.filter(memberships__role=Role.COMMISSIONER, is_active=True).order_by("pk")[:2])
    while len(found) < 2:
        found.append(person(Role.COMMISSIONER))
    return found[0], found[1]


def successor(
    source: Contract, *, streams: tuple[Stream, ...] = STREAMS, same_provider: bool = True, **differs: Any
) -> Contract:
    """The contract of the year after `source`, with a period of ten places in each of `streams`.

    `differs` goes to it.
    """
    by, _ = commissioners()
    year = source.ends_on.year
    contract = contracts.create(
        name=f"Specialist Outreach from April {year}",
        provider=source.provider if same_provider else "The Staithe Partnership",
        starts_on=date(year, 4, 1),
        ends_on=date(year + 1, 3, 31),
        run_off_ends_on=date(year + 1, 3, 31),
        successor_name="",
        by=by,
        at=LAST_DAY,
        **differs,
    )
    period = contracts.add_period(
        contract=contract,
        name="A year",
        opens_on=date(year, 4, 1),
        requests_close_on=date(year, 12, 12),
        allocation_deadline_on=date(year, 12, 19),
        delivery_ends_on=date(year + 1, 3, 31),
        by=by,
        at=LAST_DAY,
    )
    for stream in streams:
        quota = contracts.open_quota(period=period, stream=stream, by=by)
        places.grant(quota=quota, places=10, reason="Places bought", by=by, at=LAST_DAY)
    return contract


def ended(contract: Contract) -> None:
    """Have it end the day before `LAST_DAY`, on which visits may still be held: what comes now comes late."""
    Contract.objects.filter(pk=contract.pk).update(ends_on=LAST_DAY.date() - timedelta(days=1))


def begun(period: Period, target: Contract | None, *, at: datetime = LAST_DAY) -> Rollover:
    """The end of the contract of `period`, begun: a line for each open request."""
    return rollover_deciding.begin(source=period.contract, target=target, by=commissioners()[0], at=at)


def all_decided(rollover: Rollover, *, at: datetime = LAST_DAY) -> None:
    """Every line that waits for a decision is to finish under the old contract."""
    for line in rollover.lines.filter(fate=Fate.ASK).select_related("rollover__source", "rollover__target"):
        decided = rollover_deciding.decide(line=line, fate=Fate.FINISH, note="", by=commissioners()[0], at=at)
        assert not decided.refusal, decided.refusal


def key_of(rollover: Rollover) -> uuid.UUID | None:
    """The key of what is proposed now, as the second person's page has it."""
    change = Rollover.objects.select_related("change").get(pk=rollover.pk).change
    return change.key if change else None


def approved(rollover: Rollover, *, at: datetime = LAST_DAY) -> Rollover:
    """Proposed by one commissioner, approved by the other: its tasks are asked for."""
    one, other = commissioners()
    all_decided(rollover, at=at)
    proposed = rollover_approving.propose(rollover=rollover, reason="The contract ends.", by=one, at=at)
    assert not proposed.refusal, proposed.refusal
    outcome = rollover_approving.approve(
        rollover=rollover, change=key_of(rollover), typed=rollover.source.name, by=other, at=at
    )
    assert not outcome.refusal, outcome.refusal
    return outcome.rollover


def ran(rollover: Rollover, *, at: datetime = LAST_DAY) -> Rollover:
    """Every line done, as the tasks do it."""
    portal = ensure_system_user()
    for pk in rollover.lines.filter(state=LineState.PENDING).order_by("pk").values_list("pk", flat=True):
        rollover_running.run_line(pk=pk, by=portal, at=at)
    return rollover_running.finish(rollover=rollover, by=portal, at=at)


def undone(rollover: Rollover, *, at: datetime = LAST_DAY) -> Rollover:
    """Undone by a commissioner, and every line moved back as the tasks do it."""
    outcome = rollover_undoing.undo(rollover=rollover, by=commissioners()[0], at=at)
    assert not outcome.refusal, outcome.refusal
    portal = ensure_system_user()
    for pk in rollover.lines.filter(state=LineState.UNDOING).order_by("pk").values_list("pk", flat=True):
        rollover_undoing.undo_line(pk=pk, by=portal, at=at)
    return rollover_running.finish(rollover=rollover, by=portal, at=at)


def line_of(rollover: Rollover, referral: Any) -> RolloverLine:
    """The line of a request, as it is now, with what actions read."""
    return RolloverLine.objects.select_related(
        "rollover__source", "rollover__target", "referral", "successor__place", "successor__teacher"
    ).get(rollover=rollover, referral=referral)


def moved(referral: Referral, period: Period, *, same_provider: bool = True, at: datetime = LAST_DAY) -> Referral:
    """The request as which `referral` goes on under a contract that follows that of `period`, moved by its tasks."""
    rollover = begun(period, successor(period.contract, same_provider=same_provider), at=at)
    line = line_of(rollover, referral)
    decided = rollover_deciding.decide(line=line, fate=Fate.MOVE, note="", by=commissioners()[0], at=at)
    assert not decided.refusal, decided.refusal
    ran(approved(rollover, at=at), at=at)
    return Referral.objects.get(continues=referral)
