"""Closing a request that was visited, with an outcome for each goal; opening it again (R14)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from referrals.actions import history, telling_support
from referrals.actions.steps import USED_ELSEWHERE, Step, opened, wrote
from referrals.choices import Action, GoalResult
from referrals.documents import ClosedFacts, ReopenedFacts
from referrals.models import Closing, Goal, GoalOutcome, Referral
from referrals.queries.closings import cannot_close
from referrals.rules import closing as rules
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Ending:
    """What is said when a request closes: a summary, and for each goal's id a `GoalResult` and a note."""

    key: uuid.UUID
    summary: str
    results: Mapping[int, tuple[str, str]] = field(default_factory=dict)


class MissingOutcome(ValueError):
    """A goal has no outcome, or an outcome is for a goal of another request; the message says so."""


@transaction.atomic
def close(*, referral: Referral, ending: Ending, by: User, at: datetime) -> Step:
    """Close a request after its visits; its end state follows from them. The same key again is the same closing.

    Visits without outcome or record, or still to come, are named in the refusal. Raises `NotAllowed` unless `by` has
    the request, `MissingOutcome` unless each goal has one.
    """
    now = opened(referral=referral, action=Action.CLOSE, by=by, at=at)
    row = now.referral
    known = Closing.objects.filter(key=ending.key).first()
    if known is not None:
        return Step(row, "" if known.referral_id == row.pk else USED_ELSEWHERE)
    if now.step is None:
        return now.refused(Action.CLOSE)
    goals = list(row.goals.order_by("position"))
    _check_results(goals, ending)
    refusal = cannot_close(row, at=at)
    if refusal:
        return Step(row, refusal)
    results = [GoalResult(result) for result, _ in ending.results.values()]
    row.status = lifecycle.leads_to(now.step, returned_from=None)
    row.end_state = rules.end_state(visits_held=row.visits_held, results=results)
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["status", "end_state", "ended_at", "ended_by"])
    _write(row, ending, goals, by, at)
    facts = ClosedFacts(end_state=row.end_state, visits_held=row.visits_held)
    event = history.append(referral=row, facts=facts, by=by, at=at)
    sentence = "S2S has finished its support. The summary and what became of each goal are on the portal."
    telling_support.status(referral=row, sentence=sentence, seq=event.seq, at=at)
    wrote("closed a request", row, by)
    return Step(row)


def _check_results(goals: list[Goal], ending: Ending) -> None:
    if {goal.pk for goal in goals} != set(ending.results):
        raise MissingOutcome("Say for each goal of the request what became of it.")


def _write(referral: Referral, ending: Ending, goals: list[Goal], by: User, at: datetime) -> None:
    closing = Closing.objects.create(
        key=ending.key, referral=referral, end_state=referral.end_state, summary=ending.summary, by=by, at=at
    )
    GoalOutcome.objects.bulk_create(
        GoalOutcome(closing=closing, goal=goal, result=ending.results[goal.pk][0], note=ending.results[goal.pk][1])
        for goal in goals
    )


@transaction.atomic
def reopen(*, referral: Referral, reason: str, by: User, at: datetime) -> Step:
    """Open a closed request again, until delivery ends; it keeps its place. Raises `NotAllowed` for all but S2S."""
    now = opened(referral=referral, action=Action.REOPEN, by=by, at=at)
    row = now.referral
    if now.step is None:
        return now.refused(Action.REOPEN)
    over = not calendar.is_by_end_of(row.period.delivery_ends_on, at)
    refusal = rules.cannot_reopen(visits_held=row.visits_held, delivery_over=over)
    if refusal:
        return Step(row, refusal)
    row.status, row.end_state = lifecycle.leads_to(now.step, returned_from=None), ""
    row.ended_at, row.ended_by = None, None
    row.save(update_fields=["status", "end_state", "ended_at", "ended_by"])
    event = history.append(referral=row, facts=ReopenedFacts(note=reason), by=by, at=at)
    sentence = "S2S opened this request again: support goes on."
    telling_support.status(referral=row, sentence=sentence, seq=event.seq, at=at)
    telling_support.to_teacher(referral=row, sentence=sentence, seq=event.seq, by=by, at=at)
    wrote("opened a request again", row, by)
    return Step(row)
