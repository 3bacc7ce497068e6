"""What other settings of R10 would do to the requests that are open now."""

from datetime import datetime

from django.db.models import Min

from referrals.models import Referral
from referrals.queries.progress import PROGRESS_FIELDS, progress_of, unrecorded_visits
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.standards import Standards
from referrals.rules.standards_effects import ClockEffect, clocks_changed, effects
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.queries.calendar import days


def effects_at(at: datetime, *, now: Standards, then: Standards) -> list[ClockEffect]:
    """What `then` instead of `now` would do at `at` to each clock whose setting changes. Three queries, or none."""
    if not clocks_changed(now, then):
        return []
    rows = Referral.objects.filter(status__in=OPEN_WITH_S2S).select_related("place").only(*PROGRESS_FIELDS)
    visits = unrecorded_visits().filter(referral__status__in=OPEN_WITH_S2S).order_by().values_list("referral")
    unrecorded = dict(visits.annotate(first=Min("booking__starts_at")))
    found = [progress_of(row, unrecorded_at=unrecorded.get(row.pk)) for row in rows]
    progress = [one for one in found if one is not None]
    return effects(progress, now=now, then=then, days=days(), today=london_date(at))
