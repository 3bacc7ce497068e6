"""The waiting list: who waits for a place of a quota, in which order (R7)."""

from django.db.models import QuerySet

from quotas.models import Quota
from referrals.choices import Status
from referrals.models import Referral


def waiting_for(quota: Quota) -> QuerySet[Referral]:
    """The requests that wait for a place of `quota`, the first in order first."""
    waiting = Referral.objects.filter(period=quota.period_id, stream=quota.stream, status=Status.WAITING)
    return waiting.order_by("turn")


def how_many_wait(quota: Quota) -> int:
    """How many requests wait for a place of `quota`."""
    return waiting_for(quota).order_by().count()


def ahead_of(referral: Referral) -> int:
    """How many get a place before a request that waits."""
    same_list = Referral.objects.filter(
        period=referral.period_id, stream=referral.stream, status=Status.WAITING, turn__lt=referral.turn
    )
    return same_list.count()


def last_turn(quota: Quota) -> int:
    """The last turn that was given out for `quota`, under its lock; 0 if nobody has ever waited."""
    turns = Referral.objects.filter(period=quota.period_id, stream=quota.stream, turn__isnull=False)
    return turns.order_by("-turn").values_list("turn", flat=True).first() or 0


def quotas_waited_for() -> list[Quota]:
    """Every quota that somebody waits for, with its period, in the order in which they are locked."""
    lists = Referral.objects.filter(status=Status.WAITING).order_by().values_list("period", "stream").distinct()
    wanted = set(lists)
    quotas = Quota.objects.filter(period__in={period for period, _ in wanted}).select_related("period__contract")
    return [quota for quota in quotas.order_by("pk") if (quota.period_id, quota.stream) in wanted]
