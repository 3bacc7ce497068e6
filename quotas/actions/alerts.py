"""Thresholds of a quota's use: seen, told once, armed again when use falls back (DESIGN §7)."""

from datetime import datetime

from django.db import transaction

from quotas import queries, rules
from quotas.actions import places, telling
from quotas.choices import Intake
from quotas.models import Quota, QuotaAlert


@transaction.atomic
def watch(*, quota: Quota, at: datetime) -> int:
    """Open an alert for each threshold that the quota's use has newly reached and close those it fell below.

    People are told of the highest new one if the period takes requests, or took them when it was reached: what the
    last minute brought is told too, however late it is seen. Returns that threshold in per cent, or 0. Under the
    quota's lock, so that of two workers one finds nothing to do.
    """
    locked = places.locked(quota)
    balance = queries.counts([quota])[0].balance
    reached = rules.thresholds_reached(balance)
    known = set(queries.open_alerts(quota).values_list("threshold", flat=True))
    queries.open_alerts(quota).filter(threshold__in=known - reached).update(closed_at=at)
    new = sorted(reached - known)
    seq = locked.last.seq if locked.last else 0
    QuotaAlert.objects.bulk_create(
        QuotaAlert(quota=quota, threshold=threshold, opened_at=at, opened_seq=seq) for threshold in new
    )
    if not new:
        return 0
    reached_at = queries.reached_at(quota, threshold=new[-1], bought=balance.bought)
    if Intake.OPEN not in {rules.intake(quota.period, moment) for moment in (at, reached_at or at)}:
        return 0
    telling.threshold_reached(quota=quota, threshold=new[-1], seq=seq, balance=balance, at=at)
    return new[-1]
