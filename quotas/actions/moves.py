"""Unused places moved between the streams of a period: one person proposes, a second one approves (R9)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quotas import queries, rules
from quotas.actions import levers, places, telling
from quotas.actions.places import LockedQuota
from quotas.choices import FILL_PLACES, EntryKind
from quotas.documents import MoveFacts, facts_of
from quotas.models import Quota
from s2s_portal.jobs import queries as job_queries
from s2s_portal.jobs.actions import ask
from s2s_portal.organisations.actions import changes
from s2s_portal.organisations.choices import ChangeOutcome, Permission
from s2s_portal.organisations.models import ProposedChange, User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries import changes as change_queries

BEING_GIVEN = (
    "A place has just come free and goes to those who wait first. Try again in a minute; if this stays so, the "
    "background jobs are not running."
)


class CannotMove(ValueError):
    """The places cannot be moved like this; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """The change as it now is, and why it could not be approved now ("" if nothing hindered it)."""

    change: ProposedChange
    problem: str = ""


@transaction.atomic
def propose(
    *,
    source: Quota,
    target: Quota,
    places: int,
    reason: str,
    by: User,
    at: datetime,
    key: uuid.UUID | None = None,
    seen: tuple[int, int] | None = None,
) -> ProposedChange:
    """Propose to move unused `places`; the other commissioners are told. Nothing moves yet.

    The same `key` again gives the first proposal. `seen` are the numbers of the last lines of source and target that
    the person saw (None: not asked). Raises `NotAllowed`, `LedgerMoved`, and `CannotMove` for quotas that are not the
    two streams of one period or too few unused places.
    """
    check(by, Permission.SET_UP_QUOTAS)
    earlier = change_queries.find(MoveFacts.KIND, key) if key else None
    if earlier is not None:
        return earlier
    if seen not in (None, (_last_seq(source), _last_seq(target))):
        raise levers.LedgerMoved("A line has been written since.")
    facts = _facts(source, target, places)
    change, is_new = changes.propose(
        key=key or uuid.uuid4(),
        kind=MoveFacts.KIND,
        subject=f"period {source.period_id}",
        version=MoveFacts.VERSION,
        facts=facts.as_json(),
        reason=reason,
        by=by,
        at=at,
    )
    if is_new:
        telling.proposed(change=change, facts=facts, at=at)
    return change


def _last_seq(quota: Quota) -> int:
    last = queries.last_line(quota)
    return last.seq if last else 0


def _facts(source: Quota, target: Quota, places: int) -> MoveFacts:
    if source.period_id != target.period_id or source.stream == target.stream:
        raise CannotMove("Places are moved between the two streams of one period.")
    left = queries.places_left(source)
    wrong = rules.cannot_move(left=left, stream_label=source.get_stream_display(), places=places)
    if wrong:
        raise CannotMove(wrong)
    return MoveFacts(
        source=source.pk,
        target=target.pk,
        source_stream=source.stream,
        target_stream=target.stream,
        period=str(source.period),
        places=places,
        source_left=left,
        target_left=queries.places_left(target),
    )


@transaction.atomic
def approve(*, change: ProposedChange, by: User, at: datetime, note: str = "") -> Outcome:
    """Move the places: two lines that name the change and together are nothing, under both quotas' locks.

    A change that was decided before is returned as it is. If the places are no longer unused, the outcome says so and
    the change goes on waiting. Raises `NotAllowed` for whoever proposed it.
    """
    changes.check_can_decide(by, change)
    facts = facts_of(change)
    source, target = _locked(facts)
    change = changes.locked(change)
    if change.outcome != ChangeOutcome.WAITING:
        return Outcome(change)
    problem = _hindrance(facts, source, target)
    if problem:
        return Outcome(change, problem)
    change = changes.decide(change=change, outcome=ChangeOutcome.APPROVED, note=note, by=by, at=at)
    for locked, moved in ((source, -facts.places), (target, facts.places)):
        places.append(locked, EntryKind.ADJUSTED, moved, reason=change.reason, by=by, at=at, change=change)
    ask(job=FILL_PLACES, subject=str(facts.target), at=at)
    telling.decided(change=change, facts=facts, at=at)
    return Outcome(change)


def _locked(facts: MoveFacts) -> tuple[LockedQuota, LockedQuota]:
    """Source and target, locked in the order of their ids, as everybody locks two quotas (ENGINEERING §4)."""
    quotas = Quota.objects.filter(pk__in=[facts.source, facts.target]).order_by("pk")
    held = {quota.pk: places.locked(quota) for quota in quotas}
    return held[facts.source], held[facts.target]


def _hindrance(facts: MoveFacts, source: LockedQuota, target: LockedQuota) -> str | None:
    """Why the places cannot be moved now, in a sentence.

    A place that has just come free is not unused while somebody may be waiting for it (R7): `quotas` cannot see who,
    but it knows that nobody has looked yet.
    """
    if job_queries.is_asked(job=FILL_PLACES, subject=str(facts.source)):
        return BEING_GIVEN
    return rules.cannot_move(
        left=source.left, stream_label=facts.source_label, places=facts.places
    ) or rules.cannot_adjust(bought=target.bought, places=facts.places)


@transaction.atomic
def refuse(*, change: ProposedChange, note: str, by: User, at: datetime) -> ProposedChange:
    """Refuse a move that waits; one that was decided before is returned as it is.

    Raises `NotAllowed` for whoever proposed it: they cancel.
    """
    return _end(change, ChangeOutcome.REFUSED, note, by, at)


@transaction.atomic
def cancel(*, change: ProposedChange, by: User, at: datetime) -> ProposedChange:
    """Take back a move that waits; one that was decided before is returned as it is.

    Raises `NotAllowed` for anyone but its proposer: they refuse.
    """
    return _end(change, ChangeOutcome.CANCELLED, "", by, at)


def _end(change: ProposedChange, outcome: ChangeOutcome, note: str, by: User, at: datetime) -> ProposedChange:
    waiting = changes.locked(change)
    was_waiting = waiting.outcome == ChangeOutcome.WAITING
    ended = changes.decide(change=waiting, outcome=outcome, note=note, by=by, at=at)
    if was_waiting and outcome == ChangeOutcome.REFUSED:
        telling.decided(change=ended, facts=facts_of(ended), at=at)
    return ended
