"""Refusals: stored with their six facts, and told (R6)."""

from datetime import datetime, timedelta

from quotas import queries as quota_queries
from quotas.actions.places import LockedQuota
from referrals.actions import history, telling
from referrals.choices import RefusalRule
from referrals.documents import Judged, refusal_facts
from referrals.models import Decision, DraftReferral
from referrals.queries import waiting
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import User
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
    rule = rule or RefusalRule.NO_QUOTA
    earlier = _same_press(draft, rule, at)
    if earlier is not None:
        return earlier
    facts = refusal_facts(_judged(draft, locked, rule, at))
    decision = Decision.objects.create(
        reference=history.next_reference(history.REFUSAL_PREFIX),
        draft_key=draft.key,
        rule=rule,
        stream=draft.stream,
        establishment=draft.establishment,
        zone_id=draft.establishment.zone_id,
        primary_need_id=draft.primary_need_id,
        period_id=locked.quota.period_id if locked else None,
        by=by,
        at=at,
        facts=facts.as_json(),
    )
    telling.refused(decision=decision, facts=facts, at=at)
    audit.record(kind=AuditKind.WRITE, what="was refused", reference=decision.reference, by=by)
    return decision


def _same_press(draft: DraftReferral, rule: RefusalRule, at: datetime) -> Decision | None:
    return (
        Decision.objects.filter(draft_key=draft.key, rule=rule, at__gt=at - SAME_PRESS, at__lt=at + SAME_PRESS)
        .order_by("-at", "-pk")
        .first()
    )


def _judged(draft: DraftReferral, locked: LockedQuota | None, rule: RefusalRule, at: datetime) -> Judged:
    label = draft.get_stream_display()
    advice = text(telling.HELP_KEYS[draft.stream], at)
    if locked is None:
        return Judged(rule=rule, at=at, stream_label=label, help=advice)
    quota, period = locked.quota, locked.quota.period
    size = quota_queries.size_last_set(quota)
    following = quota_queries.period_after(period)
    return Judged(
        rule=rule,
        at=at,
        stream_label=label,
        left=locked.left,
        bought=quota_queries.places_bought(quota),
        opens_on=period.opens_on,
        cut_off_on=period.requests_close_on,
        size_set_by=str(size.by) if size else "",
        size_set_at=size.at if size else None,
        dates_set_by=str(period.set_by),
        dates_set_at=period.set_at,
        next_period_opens_on=following.opens_on if following else None,
        contract_ends_on=period.contract.ends_on,
        successor=period.contract.successor_name,
        help=advice,
        waiting=waiting.how_many_wait(quota),
    )
