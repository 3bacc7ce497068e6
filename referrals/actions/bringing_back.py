"""A later cut-off brings back what an earlier one had ended (DESIGN §8), and what lapsed can be asked for again."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from quotas.actions import places
from quotas.choices import FILL_PLACES
from quotas.models import Period, Quota
from referrals.actions import history, telling_support
from referrals.actions.rollover_running import check_is_portal
from referrals.choices import Action, Giving, Section, Status
from referrals.documents import BroughtBackFacts
from referrals.models import DraftReferral, DraftSection, Referral
from referrals.models.details import DETAIL_FIELDS
from referrals.permissions import check_can_ask_again
from referrals.queries import lapsed
from referrals.queries.waiting import giving_at
from referrals.rules import lifecycle
from s2s_portal.jobs import actions as jobs
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import User

AT_A_TIME = 50


def bring_back(*, quota: Quota, by: User, at: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Put the requests that no place came free for back on their waiting list, in their old order; returns how many.

    Only where places of the period are still given. Many transactions, so call it outside one. Raises `NotAllowed`
    unless `by` is the portal itself.
    """
    check_is_portal(by)
    back = 0
    while not stopping() and (some := _bring_some_back(quota, by, at)):
        back += some
    return back


@transaction.atomic
def _bring_some_back(quota: Quota, by: User, at: datetime) -> int:
    locked = places.locked(quota)
    period = Period.objects.select_related("contract").get(pk=quota.period_id)
    if giving_at(period, at) == Giving.OVER:
        return 0
    some = lapsed.lapsed_of(quota, most=AT_A_TIME)
    for referral in some:
        referral.status = lifecycle.TRANSITIONS[Status.LAPSED, Action.BRING_BACK].to
        referral.ended_at, referral.ended_by = None, None
        referral.save(update_fields=["status", "ended_at", "ended_by"])
        facts = BroughtBackFacts(
            turn=referral.turn,
            cut_off_on=period.requests_close_on.isoformat(),
            allocation_deadline_on=period.allocation_deadline_on.isoformat(),
        )
        event = history.append(referral=referral, facts=facts, by=by, at=at)
        sentence = "The cut-off was moved to a later day, so this request waits for a place again, with its old turn."
        telling_support.status(referral=referral, sentence=sentence, seq=event.seq, at=at)
        audit.record(kind=AuditKind.WRITE, what="came back to the waiting list", reference=referral.reference, by=by)
    if some:
        jobs.ask(job=FILL_PLACES, subject=str(locked.quota.pk), at=at)
    return len(some)


@transaction.atomic
def tell_refused(*, period: Period, at: datetime) -> int:
    """Tell advisers whom the earlier cut-off refused, and whose drafts are still unsent, that requests are open again.

    Once for each person, stream and cut-off; returns how many were told.
    """
    quotas = {quota.stream: quota for quota in period.quotas.all()}
    messages = [
        message(
            kind=Kind.CUT_OFF_MOVED,
            key=f"cut-off-moved:{period.pk}:{period.requests_close_on.isoformat()}:{stream}:{person.pk}",
            to_email=person.email,
            to_name=person.full_name,
            context={
                "stream_label": quotas[stream].get_stream_display(),
                "cut_off_on": period.requests_close_on.isoformat(),
                "refused": count,
                "address": reverse("referrals:draft_list"),
            },
            at=at,
        )
        for (person, stream), count in lapsed.refused_by_cut_off(period).items()
    ]
    queue_all(messages)
    return len(messages)


KEPT = (Section.SETTING, Section.CHILD, Section.NEEDS, Section.TRIED, Section.SUPPORT)
"""Sections whose answers hold good until somebody says otherwise; the others are to be looked at again."""


@transaction.atomic
def ask_again(*, referral: Referral, by: User, at: datetime) -> DraftReferral | None:
    """A draft with everything that a request said for which no place came free, and its original date (DESIGN §8).

    The second press gives the first draft; None where the request did not lapse, was asked for again already, or no
    later period takes requests at `at`. Raises `NotAllowed` unless `by` files requests of its stream and zone.
    """
    check_can_ask_again(by, referral)
    list(Referral.objects.select_for_update(no_key=True).filter(pk=referral.pk).only("pk"))
    row = Referral.objects.select_related("period").get(pk=referral.pk)
    known = DraftReferral.objects.filter(continues=row).first()
    if known is not None or row.status != Status.LAPSED or row.continued_by.exists():
        return known
    if lapsed.taking_after(row.period, at) is None:
        return None
    draft = _draft_of(row, by, at)
    DraftSection.objects.bulk_create(
        DraftSection(draft=draft, section=section, saved_by=by, saved_at=at) for section in KEPT
    )
    audit.record(kind=AuditKind.WRITE, what=f"asked again for {row.reference}", reference=draft.audit_reference, by=by)
    return draft


def _draft_of(row: Referral, by: User, at: datetime) -> DraftReferral:
    goals = row.goals.order_by("position").values_list("text", flat=True)
    return DraftReferral.objects.create(
        **{name: getattr(row, name) for name in DETAIL_FIELDS if name != "first_asked_at"},
        first_asked_at=row.first_asked_at or row.submitted_at,
        stream=row.stream,
        support_wanted=[one.kind for one in row.support_wanted.order_by("pk")],
        **{f"goal_{number}": text for number, text in enumerate(goals, start=1)},
        continues=row,
        started_by=by,
        started_at=at,
        changed_at=at,
    )
