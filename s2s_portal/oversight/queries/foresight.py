"""What raising or lowering a quota would come to: when its places run out, and who waits for one."""

from datetime import datetime

from django.utils.text import capfirst

from quotas.models import Quota
from quotas.registry import Foreseen
from referrals.choices import Giving
from referrals.permissions import Asking
from referrals.queries.waiting import Queue, queue_of
from s2s_portal.organisations.models import User
from s2s_portal.oversight.documents.pace import pace_in_short
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.rules.pace import NOTHING, DayOfPlaces, Span, outlook


def foreseen(quota: Quota, places: int, by: User, at: datetime) -> list[Foreseen]:
    """The range in which the last place goes and how many requests wait, now and with `places` (signed) more."""
    return [_runs_out(quota, places, by, at), _waits(queue_of(quota, at=at), places)]


def _runs_out(quota: Quota, places: int, by: User, at: datetime) -> Foreseen:
    scope = Scope(Asking(by), quota.period, at, quota.stream)
    readings = Readings(scope)
    now = next((one.days for one in readings.ledgers if one.stream == quota.stream), {})
    afterwards = now | {scope.today: now.get(scope.today, NOTHING) + DayOfPlaces(adjusted=places)}
    span = Span(scope.period.opens_on, scope.period.requests_close_on, scope.today)
    before, after = (pace_in_short(outlook(days, span, readings.days), span) for days in (now, afterwards))
    return Foreseen("They run out", capfirst(before), capfirst(after))


def _waits(queue: Queue, places: int) -> Foreseen:
    """Places that come free while requests are open go to those who wait at once; later the commissioner gives them."""
    given = 0
    if places > 0 and queue.giving == Giving.AUTOMATIC:
        given = min(queue.waiting, max(0, queue.left + places))
    still = _requests(queue.waiting - given)
    return Foreseen(
        "Wait for a place", _requests(queue.waiting), f"{still}: {given:,} get one at once" if given else still
    )


def _requests(count: int) -> str:
    return "Nobody" if not count else "1 request" if count == 1 else f"{count:,} requests"
