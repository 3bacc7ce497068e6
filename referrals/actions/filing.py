"""Making requests: one or a whole cohort's, with a place each or with a turn on the waiting list.

Everything here runs in the caller's transaction, under the lock of the quota, after the caller has judged. The number
of statements is the same for one request and for forty.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from quotas import queries as quota_queries
from quotas.actions import places
from quotas.actions.places import LockedQuota
from quotas.models import LedgerEntry
from quotas.rules import Fee
from referrals.actions import history
from referrals.choices import Action
from referrals.documents import JoinedFacts, SubmittedFacts
from referrals.models import Cohort, DraftReferral, Goal, Referral, SupportWanted
from referrals.models.details import DETAIL_FIELDS
from referrals.queries import waiting
from referrals.rules import answers as answer_rules
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import Establishment, User

Kept = TypeVar("Kept", SubmittedFacts, JoinedFacts)


@dataclass(frozen=True)
class Filing:
    """What one request is made of. `key` becomes its submission key; `details` are the columns of `DETAIL_FIELDS`."""

    key: uuid.UUID
    stream: str
    establishment: Establishment
    details: Mapping[str, Any]
    goals: Sequence[str]
    support_wanted: Sequence[str]
    became: str  # how audit rows name what it was until now
    cohort: Cohort | None = None
    continues_id: int | None = None  # the request of an earlier contract that this one asks for again


def of_draft(draft: DraftReferral) -> Filing:
    """What a draft's request is made of."""
    return Filing(
        key=draft.key,
        stream=draft.stream,
        establishment=draft.establishment,
        details={name: getattr(draft, name) for name in DETAIL_FIELDS},
        goals=[text for text in (draft.goal_1, draft.goal_2, draft.goal_3) if text],
        support_wanted=draft.support_wanted,
        became=draft.audit_reference,
        continues_id=draft.continues_id,
    )


def send(
    *, filings: Sequence[Filing], locked: LockedQuota, by: User, at: datetime
) -> list[tuple[Referral, SubmittedFacts]]:
    """Make a request of each filing, each with its place; all or none (R4, R5). Raises `places.NoPlaceLeft`."""
    if not filings:
        return []
    made = _made(filings, locked, Action.SUBMIT, by, at)
    lines = places.draw_all(locked=locked, references=[one.reference for one in made], by=by, at=at)
    for referral, line in zip(made, lines, strict=True):
        referral.place = line
    _save(made, filings)
    facts = [_submitted(referral, locked, line, at) for referral, line in zip(made, lines, strict=True)]
    return _record(list(zip(made, facts, strict=True)), filings, "sent a request", by, at)


def wait(
    *, filings: Sequence[Filing], locked: LockedQuota, by: User, at: datetime
) -> list[tuple[Referral, JoinedFacts]]:
    """Put a request of each filing on the quota's waiting list, in this order, behind everyone who waits (R7)."""
    if not filings:
        return []
    made = _made(filings, locked, Action.JOIN, by, at)
    ahead, turn = waiting.how_many_wait(locked.quota), waiting.last_turn(locked.quota)
    for number, referral in enumerate(made, start=1):
        referral.turn = turn + number
    _save(made, filings)
    facts = [_joined(referral, locked, ahead + number, at) for number, referral in enumerate(made)]
    return _record(list(zip(made, facts, strict=True)), filings, "joined the waiting list", by, at)


def _made(filings: Sequence[Filing], locked: LockedQuota, action: Action, by: User, at: datetime) -> list[Referral]:
    stream = locked.quota.stream
    fee = quota_queries.fee_for(stream=stream, day=calendar.london_date(at))
    references = history.next_references(history.PREFIX_OF_STREAM[stream], len(filings))
    status = lifecycle.TRANSITIONS[None, action].to
    return [
        _referral(filing, reference, locked, fee, status=status, submitted_by=by, submitted_at=at, remind_at=at)
        for filing, reference in zip(filings, references, strict=True)
    ]


def _referral(filing: Filing, reference: str, locked: LockedQuota, fee: Fee, **rest: Any) -> Referral:
    referral = Referral(
        **filing.details,
        reference=reference,
        submission_key=filing.key,
        stream=filing.stream,
        zone_id=filing.establishment.zone_id,
        period_id=locked.quota.period_id,
        cohort=filing.cohort,
        continues_id=filing.continues_id,
        fee_basis=fee.basis,
        fee_pence=fee.pence,
        **rest,
    )
    referral.establishment = filing.establishment  # already read: what follows needs its name
    return referral


def _save(made: Sequence[Referral], filings: Sequence[Filing]) -> None:
    Referral.objects.bulk_create(made)
    Goal.objects.bulk_create(
        Goal(referral=referral, position=position, text=text)
        for referral, filing in zip(made, filings, strict=True)
        for position, text in enumerate(filing.goals, start=1)
    )
    SupportWanted.objects.bulk_create(
        SupportWanted(referral=referral, kind=kind)
        for referral, filing in zip(made, filings, strict=True)
        for kind in filing.support_wanted
    )


def _record(
    lines: list[tuple[Referral, Kept]], filings: Sequence[Filing], what: str, by: User, at: datetime
) -> list[tuple[Referral, Kept]]:
    history.begin_all(lines=lines, by=by, at=at)
    written = [(what, referral.reference) for referral, _ in lines]
    # Whoever asks who read this child's record finds the readings of the draft by these rows (R18).
    became = [
        (f"became {referral.reference}", filing.became) for (referral, _), filing in zip(lines, filings, strict=True)
    ]
    audit.record_all(kind=AuditKind.WRITE, lines=[*written, *became], by=by)
    return lines


def _submitted(referral: Referral, locked: LockedQuota, line: LedgerEntry, at: datetime) -> SubmittedFacts:
    return SubmittedFacts(
        places_left=line.left_after,
        places_bought=locked.bought,
        ledger_seq=line.seq,
        fee_pence=referral.fee_pence,
        fee_basis=referral.fee_basis,
        cut_off_on=locked.quota.period.requests_close_on.isoformat(),
        placed_out_of_year=_out_of_year(referral, at),
    )


def _joined(referral: Referral, locked: LockedQuota, ahead: int, at: datetime) -> JoinedFacts:
    return JoinedFacts(
        turn=referral.turn,
        ahead=ahead,
        places_left=locked.left,
        places_bought=locked.bought,
        cut_off_on=locked.quota.period.requests_close_on.isoformat(),
        allocation_deadline_on=locked.quota.period.allocation_deadline_on.isoformat(),
        fee_pence=referral.fee_pence,
        fee_basis=referral.fee_basis,
        placed_out_of_year=_out_of_year(referral, at),
    )


def _out_of_year(referral: Referral, at: datetime) -> bool:
    answers = {name: getattr(referral, name) for name in ("about", "date_of_birth", "year_group")}
    return answer_rules.year_group_warning(answers, today=calendar.london_date(at)) is not None
