"""Requests that S2S ends before a visit was held, not taken on or not started: their places are given back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quotas.actions import places
from quotas.choices import FILL_PLACES, EntryKind
from quotas.models import LedgerEntry, Quota
from referrals.actions import history, planned_visits, telling_support
from referrals.actions.steps import Opened, Step, opened, wrote
from referrals.choices import Action, EndState
from referrals.documents import ClosedFacts, DeclinedFacts
from referrals.models import Referral
from referrals.queries.closings import cannot_end_unvisited
from referrals.rules import lifecycle
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.models import User

NOTHING_MORE = "It has ended. Planned visits are cancelled; there is nothing more to do."
"""What the teacher who had the request is told."""


@transaction.atomic
def decline(*, referral: Referral, reason: str, note: str, by: User, at: datetime) -> Step:
    """Do not take a request on, for a `DeclineReason`; its place is given back, once (R8).

    Raises `NotAllowed` unless `by` is a co-ordinator.
    """
    locked = lock_quota_of(referral)
    now = opened(referral=referral, action=Action.DECLINE, by=by, at=at)
    if refused := _refused(now, Action.DECLINE, at):
        return refused
    given_back = give_back(now, locked, reason="Request not taken on", by=by, at=at)
    facts = DeclinedFacts(reason=reason, note=note, **given_back.numbers)
    event = history.append(referral=now.referral, facts=facts, by=by, at=at)
    sentence = f"S2S does not take this request on. {given_back.sentence} The reason is on the portal."
    telling_support.status(referral=now.referral, sentence=sentence, seq=event.seq, at=at)
    telling_support.to_teacher(referral=now.referral, sentence=NOTHING_MORE, seq=event.seq, by=by, at=at)
    wrote("did not take a request on", now.referral, by)
    return Step(now.referral)


@transaction.atomic
def close_not_started(*, referral: Referral, reason: str, note: str, by: User, at: datetime) -> Step:
    """Close a request before a visit was held, for a `NotStartedReason`; its place is given back, once (R8, R14).

    Raises `NotAllowed` unless `by` is a co-ordinator or has the request.
    """
    locked = lock_quota_of(referral)
    now = opened(referral=referral, action=Action.CLOSE_NOT_STARTED, by=by, at=at)
    if refused := _refused(now, Action.CLOSE_NOT_STARTED, at):
        return refused
    now.referral.end_state = EndState.NOT_STARTED
    given_back = give_back(now, locked, reason="Request closed as not started", by=by, at=at)
    facts = ClosedFacts(end_state=EndState.NOT_STARTED, visits_held=0, reason=reason, note=note, **given_back.numbers)
    event = history.append(referral=now.referral, facts=facts, by=by, at=at)
    sentence = f"S2S closed this request before a visit was held. {given_back.sentence}"
    telling_support.status(referral=now.referral, sentence=sentence, seq=event.seq, at=at)
    telling_support.to_teacher(referral=now.referral, sentence=NOTHING_MORE, seq=event.seq, by=by, at=at)
    wrote("closed a request as not started", now.referral, by)
    return Step(now.referral)


def _refused(now: Opened, action: Action, at: datetime) -> Step | None:
    """The answer to somebody who came too late, or after a visit began that may have spent the place; else None."""
    if now.step is None:
        return now.refused(action)
    why_not = cannot_end_unvisited(now.referral, at=at)
    return Step(now.referral, why_not) if why_not else None


@dataclass(frozen=True)
class GivenBack:
    """The line of the ledger that gave a place back, and how many were bought."""

    line: LedgerEntry
    bought: int
    used_one: bool = True
    """False where the request was carried over from an earlier contract: it used no place of this one (R15)."""

    @property
    def numbers(self) -> dict[str, int]:
        """As the facts of events call them."""
        counted = {"places_left": self.line.left_after, "places_bought": self.bought, "ledger_seq": self.line.seq}
        return counted | {"gave_back": self.used_one}

    @property
    def sentence(self) -> str:
        """What became of the place, for messages."""
        return "Its place was given back." if self.used_one else "It used no place of this contract."


def lock_quota_of(referral: Referral) -> places.LockedQuota:
    """Lock the quota that the request's place came from: before the request's own row (ENGINEERING §4)."""
    quota = Quota.objects.select_related("period").get(period=referral.period_id, stream=referral.stream)
    return places.locked(quota)


def give_back(now: Opened, locked: places.LockedQuota, *, reason: str, by: User, at: datetime) -> GivenBack:
    """End the request as its transition says: planned visits are cancelled, its place goes to whoever waits first."""
    referral, place = now.referral, now.referral.place
    referral.status = lifecycle.leads_to(now.step, returned_from=None)
    referral.place, referral.ended_at, referral.ended_by = None, at, by
    referral.returned_from, referral.returned_at = "", None
    referral.save(update_fields=ENDED_COLUMNS)
    planned_visits.cancel_all(referral=referral, by=by, at=at)
    line = places.release(locked=locked, draw=place, reason=reason, by=by, at=at)
    jobs.ask(job=FILL_PLACES, subject=str(locked.quota.pk), at=at)
    return GivenBack(line, locked.bought, used_one=place.kind != EntryKind.CARRIED)


ENDED_COLUMNS = ["status", "place", "ended_at", "ended_by", "returned_from", "returned_at", "end_state"]
"""What changes when a request ends before a visit."""
