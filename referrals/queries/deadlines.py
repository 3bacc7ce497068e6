"""What has become of a period's places and requests, for the account when one of its deadlines has passed."""

from datetime import date, datetime, timedelta

from django.db.models import Count

from quotas.choices import EntryKind
from quotas.models import Quota
from referrals.choices import Deadline, EventKind, Status
from referrals.models import DeadlineAccount, DraftReferral, Referral, ReferralEvent
from s2s_portal.core.calendar import ends_at, london_date

TOLD_WITHIN = timedelta(days=28)
"""So long after a deadline people are still told of it, when nobody could tell them on its day."""
DAY_OF = {Deadline.CUT_OFF: "requests_close_on", Deadline.ALLOCATION: "allocation_deadline_on"}
"""The column of a period in which each deadline stands."""


def day_of(quota: Quota, deadline: Deadline) -> date:
    """The day of one of the quota's deadlines, which it includes."""
    return getattr(quota.period, DAY_OF[deadline])


def has_passed(quota: Quota, deadline: Deadline, at: datetime) -> bool:
    """Whether the deadline's day is over at `at` (aware), and not so long ago that nobody wants to hear of it."""
    ended = ends_at(day_of(quota, deadline))
    return ended <= at < ended + TOLD_WITHIN


def unaccounted(deadline: Deadline, at: datetime) -> list[Quota]:
    """The quotas of which the deadline has passed at `at` and nobody was told, with period, in the order of locks."""
    today, column = london_date(at), f"period__{DAY_OF[deadline]}"
    wanted = {f"{column}__lt": today, f"{column}__gte": today - TOLD_WITHIN}
    quotas = Quota.objects.filter(**wanted).select_related("period").order_by("pk")
    told = set(DeadlineAccount.objects.filter(deadline=deadline, quota__in=quotas).values_list("quota", "on"))
    return [quota for quota in quotas if (quota.pk, day_of(quota, deadline)) not in told]


def intake_of(quota: Quota) -> dict[str, int]:
    """What the intake came to: requests that got a place, places given back, who waits, and unsent drafts."""
    return {
        "sent": quota.entries.filter(kind=EntryKind.DRAWN, answers=None).count(),
        "given_back": quota.entries.filter(kind=EntryKind.RELEASED).count(),
        "waiting": _in_status(quota, Status.WAITING),
        "drafts": DraftReferral.objects.filter(stream=quota.stream).count(),
    }


def given_of(quota: Quota) -> dict[str, int]:
    """What the waiting list came to: places given, how many of them by hand, and requests that got none."""
    events = ReferralEvent.objects.filter(
        kind=EventKind.PLACE_GIVEN, referral__period=quota.period_id, referral__stream=quota.stream
    )
    return {
        "given": events.count(),
        "by_hand": events.filter(facts__by_hand=True).count(),
        "lapses": _in_status(quota, Status.WAITING, Status.LAPSED),
    }


def _in_status(quota: Quota, *statuses: Status) -> int:
    return Referral.objects.filter(period=quota.period_id, stream=quota.stream, status__in=statuses).count()


def drafts_by_person(stream: str) -> dict[int, int]:
    """How many unsent drafts of `stream` each person who can sign in has started, by the person's id."""
    drafts = DraftReferral.objects.filter(stream=stream, started_by__is_active=True).order_by()
    return dict(drafts.values_list("started_by").annotate(Count("pk")))
