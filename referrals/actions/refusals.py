"""Refusals: stored with their six facts, and told (R6)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from quotas import queries as quota_queries
from quotas.actions.places import LockedQuota
from quotas.choices import Referrers, Unit
from quotas.models import Contract, Period
from referrals.actions import history, telling
from referrals.choices import RefusalRule
from referrals.documents import Judged, refusal_facts
from referrals.documents.refusals import NOT_TAKEN
from referrals.models import Cohort, CohortSchool, Decision, DraftReferral
from referrals.queries import waiting
from referrals.rules import lifecycle
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.queries.texts import text

SAME_PRESS = timedelta(seconds=60)
"""Within this time, before or after, a refusal of the same draft by the same rule is the same press of the button.

Before, too: presses get the lock in any order, and each is judged at the moment it arrived.
"""


def refuse(
    *, draft: DraftReferral, locked: LockedQuota | None, rule: RefusalRule | None, by: User, at: datetime
) -> Decision:
    """Store and tell the refusal of `draft` by `rule`, judged at `at` under the quota's lock. The draft is kept.

    Runs inside the submission's transaction; `rule` is None only where there is no quota at all.
    """
    refused = Refused(draft.key, draft.establishment, draft.primary_need_id)
    return _refuse_all([refused], draft.stream, locked, rule or RefusalRule.NO_QUOTA, None, by, at)[0]


def refuse_cohort(
    *,
    cohort: Cohort,
    lines: Sequence[CohortSchool],
    locked: LockedQuota | None,
    rule: RefusalRule | None,
    by: User,
    at: datetime,
) -> list[Decision]:
    """As `refuse` for each school of a cohort: a decision for each, because each is demand that was not met.

    One message tells them all.
    """
    refused = [Refused(line.key, line.establishment, cohort.primary_need_id) for line in lines]
    return _refuse_all(refused, Stream.MAINSTREAM, locked, rule or RefusalRule.NO_QUOTA, cohort, by, at)


@dataclass(frozen=True)
class Refused:
    """What was refused: the key it would have been sent with, for whom, and its main type of need."""

    key: uuid.UUID
    establishment: Establishment
    primary_need_id: int | None


def _refuse_all(
    refused: Sequence[Refused],
    stream: str,
    locked: LockedQuota | None,
    rule: RefusalRule,
    cohort: Cohort | None,
    by: User,
    at: datetime,
) -> list[Decision]:
    earlier = _same_press(refused, rule, at)
    if earlier:
        return earlier
    judged = _judged(Stream(stream), locked, rule, at)
    facts = refusal_facts(replace(judged, kept="The cohort is kept") if cohort else judged)
    references = history.next_references(history.REFUSAL_PREFIX, len(refused))
    decisions = Decision.objects.bulk_create(
        Decision(
            reference=reference,
            draft_key=one.key,
            rule=rule,
            stream=stream,
            establishment=one.establishment,
            zone_id=one.establishment.zone_id,
            primary_need_id=one.primary_need_id,
            period_id=locked.quota.period_id if locked else None,
            by=by,
            at=at,
            facts=facts.as_json(),
        )
        for one, reference in zip(refused, references, strict=True)
    )
    cohort_reference = cohort.reference if cohort else ""
    telling.refused(decision=decisions[0], facts=facts, at=at, schools=len(decisions), cohort=cohort_reference)
    audit.record_all(kind=AuditKind.WRITE, lines=[("was refused", one.reference) for one in decisions], by=by)
    return decisions


def _same_press(refused: Sequence[Refused], rule: RefusalRule, at: datetime) -> list[Decision]:
    keys = [one.key for one in refused]
    found = Decision.objects.filter(draft_key__in=keys, rule=rule, at__gt=at - SAME_PRESS, at__lt=at + SAME_PRESS)
    newest = {one.draft_key: one for one in found.order_by("at", "pk")}
    return [newest[key] for key in keys] if set(keys) <= set(newest) else []


def _judged(stream: Stream, locked: LockedQuota | None, rule: RefusalRule, at: datetime) -> Judged:
    label = stream.label
    advice = text(telling.HELP_KEYS[stream], at)
    if locked is None:
        period = quota_queries.period_at(at)
        bare = Judged(rule=rule, at=at, stream_label=label, help=advice)
        return replace(bare, **_of_contract(period.contract)) if period and rule in NOT_TAKEN else bare
    quota, period = locked.quota, locked.quota.period
    size = quota_queries.size_last_set(quota)
    opens_again = _opens_again(period, stream)
    return Judged(
        rule=rule,
        at=at,
        stream_label=label,
        left=locked.left,
        bought=locked.bought,
        opens_on=period.opens_on,
        cut_off_on=period.requests_close_on,
        size_set_by=str(size.by) if size else "",
        size_set_at=size.at if size else None,
        dates_set_by=str(period.set_by),
        dates_set_at=period.set_at,
        next_period_opens_on=opens_again,
        contract_ends_on=period.contract.ends_on,
        successor=period.contract.successor_name,
        help=advice,
        waiting=waiting.how_many_wait(quota),
        **(_of_contract(period.contract) if rule in NOT_TAKEN else {}),
    )


def _opens_again(period: Period, stream: Stream) -> date | None:
    """The next day on which such a request, alone or in a cohort, can be sent as far as is known (R6)."""
    for one in quota_queries.periods_after(period, stream):
        takes = {"unit": Unit(one.contract.unit), "referrers": Referrers(one.contract.referrers)}
        if lifecycle.not_taken(**takes, stream=stream, in_cohort=True) is None:
            return one.opens_on
    return None


def _of_contract(contract: Contract) -> dict[str, Any]:
    """What a refusal tells of the contract that takes no such request."""
    return {
        "contract": contract.name,
        "contract_set_by": str(contract.set_by),
        "contract_set_at": contract.set_at,
    }
