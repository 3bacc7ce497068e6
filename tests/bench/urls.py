"""The portal's addresses, and beside them the views its pages are compared with."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from quotas import queries as quota_queries
from quotas.models import LedgerEntry, Quota
from referrals.models import DraftReferral, Goal, Referral, ReferralEvent, SupportWanted
from referrals.models.details import DETAIL_FIELDS
from referrals.permissions import Asking
from referrals.queries import caseload, day, requests
from referrals.queries.requests import Filters
from s2s_portal.core import references
from s2s_portal.core.pages import page_of
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import zones_by_stream
from s2s_portal.organisations.queries import establishments
from s2s_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from s2s_portal.urls import urlpatterns as portal
from tests.bench.boards import own_sql


def floor(request: HttpRequest) -> HttpResponse:
    """An empty page in the portal's look."""
    return render(request, "base.html")


def bare_list(request: HttpRequest) -> HttpResponse:
    """What a list reads, as text."""
    counting = quota_queries.period_at(request.at)
    filters = Filters(period_id=counting.pk, text=request.GET.get("text", ""))
    page = page_of(requests.listed(Asking(request.user), filters), None, size=25)
    choices = [*requests.zones_to_choose(request.user), *quota_queries.periods()]
    lines = [f"{one.reference} {one.establishment.name} {one.zone} {one.submitted_by}" for one in page]
    return HttpResponse("\n".join([page.paginator.total, *lines, *map(str, choices)]), content_type="text/plain")


def bare_request(request: HttpRequest, reference: str) -> HttpResponse:
    """What a request's page reads and records, as text."""
    referral = requests.find(Asking(request.user), reference)
    audit.record(kind=AuditKind.READ, what="bare", reference=reference, by=request.user)
    values = [str(getattr(referral, name)) for name in DETAIL_FIELDS]
    parts = [*referral.goals.all(), *referral.support_wanted.all(), *requests.history_of(referral, with_notes=True)]
    return HttpResponse("\n".join([*values, *map(str, parts)]), content_type="text/plain")


def bare_suggest(request: HttpRequest) -> HttpResponse:
    """What suggestions read, as text."""
    zones = zones_by_stream(request.user)
    found = establishments.search(
        text=request.GET["q"], streams=list(zones), zone_ids=set().union(*zones.values()), limit=10
    )
    return HttpResponse("\n".join(map(str, found)), content_type="text/plain")


def bare_day(request: HttpRequest) -> HttpResponse:
    """What a teacher's day reads, as text."""
    return HttpResponse(repr(day.day_of(request.user.pk, at=request.at)), content_type="text/plain")


def bare_caseload(request: HttpRequest) -> HttpResponse:
    """What a caseload reads, as text."""
    cases = caseload.open_cases(request.user.pk, at=request.at)
    lines = [f"{case.referral} {case.child} {case.status} {case.step} {case.clocks}" for case in cases[:25]]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@transaction.atomic
def bare_submit(request: HttpRequest) -> HttpResponse:
    """The rows of a submission under its lock, with nothing asked and nothing judged."""
    draft = DraftReferral.objects.select_related("establishment").get(pk=request.POST["draft"])
    quota = Quota.objects.select_for_update(no_key=True).get(stream=draft.stream)
    last = quota.entries.order_by("-seq").first()
    by, at = request.user, request.at
    reference = references.readable("PL", last.seq, key=b"bench")
    line = {"quota": quota, "kind": "DRAWN", "places": -1, "reference": reference, "reason": "Request sent"}
    place = LedgerEntry.objects.create(**line, seq=last.seq + 1, left_after=last.left_after - 1, by=by, at=at)
    referral = Referral.objects.create(
        **{name: getattr(draft, name) for name in DETAIL_FIELDS},
        reference=reference,
        submission_key=draft.key,
        stream=draft.stream,
        zone_id=draft.establishment.zone_id,
        period_id=quota.period_id,
        place=place,
        fee_basis="FUNDED",
        fee_pence=0,
        status="SUBMITTED",
        submitted_by=by,
        submitted_at=at,
    )
    Goal.objects.create(referral=referral, position=1, text=draft.goal_1)
    SupportWanted.objects.create(referral=referral, kind=draft.support_wanted[0])
    ReferralEvent.objects.create(
        referral=referral,
        seq=1,
        kind="SUBMITTED",
        version=1,
        at=at,
        by=by,
        stream=referral.stream,
        zone_id=referral.zone_id,
        establishment_id=referral.establishment_id,
        facts={},
    )
    for whom in ("adviser", "contact"):
        key = f"plain:{reference}:{whom}"
        told = {"kind": "REQUEST_SENT_ADVISER", "to_email": by.email, "to_name": by.full_name, "context": {}}
        Notification.objects.create(**told, key=key, message_id=f"<{key}>", queued_at=at)
    AuditEvent.objects.create(user_id=by.pk, user_email=by.email, kind="WRITE", what="plain", reference=reference)
    draft.sections.all().delete()
    draft.delete()
    return HttpResponse(reference, content_type="text/plain")


urlpatterns = [
    path("bench/submit/", bare_submit),
    path("bench/floor/", floor),
    path("bench/own-sql/", own_sql),
    path("bench/list/", bare_list),
    path("bench/request/<str:reference>/", bare_request),
    path("bench/suggest/", bare_suggest),
    path("bench/day/", bare_day),
    path("bench/caseload/", bare_caseload),
    *portal,
]
