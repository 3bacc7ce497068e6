"""Requests that no place came free for, and refusals by a cut-off: what a later date or a successor brings back."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from quotas import queries as quota_queries
from quotas import rules as quota_rules
from quotas.choices import Intake
from quotas.models import Period, Quota
from referrals.choices import RefusalRule, Status
from referrals.models import CohortSchool, Decision, DraftReferral, Referral
from referrals.permissions import in_own_zones
from referrals.queries.places import why_not_taken
from s2s_portal.organisations.models import User


def _never_asked_again() -> Q:
    """That no draft and no request asks again for what a lapsed request asked for."""
    drafts = DraftReferral.objects.filter(continues=OuterRef("pk"))
    return ~Exists(drafts) & ~Exists(Referral.objects.filter(continues=OuterRef("pk")))


def lapsed_of(quota: Quota, *, most: int) -> list[Referral]:
    """Some requests, at most `most`, that lapsed on the waiting list of `quota`, by turn, and locked; [] if none did.

    Those that were asked for again under a later contract stay as they are.
    """
    found = Referral.objects.filter(period=quota.period_id, stream=quota.stream, status=Status.LAPSED)
    while True:
        bare = found.filter(_never_asked_again()).select_for_update(no_key=True, of=("self",)).order_by("turn")
        ids = [one.pk for one in bare.only("pk")[:most]]
        # Whoever asks again holds the row, but changes another table: only a new look sees what came of it.
        rows = found.filter(_never_asked_again(), pk__in=ids).select_related("establishment", "submitted_by")
        some = list(rows.order_by("turn"))
        if some or not ids:
            return some


def refused_by_cut_off(period: Period) -> dict[tuple[User, str], int]:
    """How many drafts and schools of cohorts the cut-off of `period` refused that are unsent still, by who sent them.

    By person and stream; people who are no longer active are left out. One query.
    """
    drafts = DraftReferral.objects.filter(key=OuterRef("draft_key"))
    schools = CohortSchool.objects.filter(key=OuterRef("draft_key"), sent_edition=None)
    found = Decision.objects.filter(Exists(drafts) | Exists(schools), period=period, rule=RefusalRule.CUT_OFF)
    refused = found.filter(by__is_active=True).select_related("by").order_by("pk")
    latest = {one.draft_key: one for one in refused}
    return dict(Counter((one.by, one.stream) for one in latest.values()))


def taking_after(period: Period, at: datetime) -> Period | None:
    """The period that takes requests at `at` (aware) and opened after `period`; None if there is none. One query."""
    taking = taking_now(at)
    return taking if taking is not None and taking.opens_on > period.opens_on else None


def taking_now(at: datetime) -> Period | None:
    """The period that takes requests at `at` (aware), with its contract; None if none does. One query."""
    period = quota_queries.period_at(at)
    return period if period is not None and quota_rules.intake(period, at) == Intake.OPEN else None


def to_ask_again(user: User, *, at: datetime) -> QuerySet[Referral]:
    """Lapsed requests of earlier periods that nobody has asked for again, of the adviser's zones; the oldest first.

    None while no period takes requests.
    """
    taking = taking_now(at)
    if taking is None:
        return Referral.objects.none()
    return lapsed_before(user, taking.opens_on)


def lapsed_before(user: User, opens_on: date) -> QuerySet[Referral]:
    """The same for a period that takes requests and opened on a London day."""
    found = Referral.objects.filter(in_own_zones(user), _never_asked_again(), status=Status.LAPSED)
    found = found.filter(period__opens_on__lt=opens_on)
    return found.select_related("establishment__kind", "zone", "period").order_by("submitted_at", "pk")


@dataclass(frozen=True)
class Again:
    """What can become of a lapsed request, and what has: the draft or request that asks again, the period open to it.

    `lapsed`: it did. `refused_by` says why the contract of that period would not take it.
    """

    lapsed: bool = False
    draft: DraftReferral | None = None
    request: Referral | None = None
    period: Period | None = None
    refused_by: RefusalRule | None = None

    @property
    def possible(self) -> bool:
        """Whether it can be asked for again now."""
        return not (self.draft or self.request or self.refused_by) and self.period is not None


def again_of(referral: Referral, at: datetime) -> Again:
    """What can become of `referral`, with its period read, and what has; nothing unless it lapsed. Three queries."""
    if referral.status != Status.LAPSED:
        return Again()
    period = taking_after(referral.period, at)
    return Again(
        lapsed=True,
        draft=DraftReferral.objects.filter(continues=referral).first(),
        request=Referral.objects.filter(continues=referral).order_by("pk").first(),
        period=period,
        refused_by=refused_alone(period, referral.stream) if period else None,
    )


def refused_alone(period: Period, stream: str) -> RefusalRule | None:
    """Why the contract of `period` takes no request of `stream` that is sent by itself."""
    return why_not_taken(period.contract, stream=stream, in_cohort=False)
