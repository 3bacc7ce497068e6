"""What was told about one request, to whom, and whether it arrived."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.permissions import sees_child
from referrals.queries import messages
from referrals.views.asking import asking
from referrals.views.rows import Cell
from s2s_portal.core import spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires

COLUMNS = [{"label": label} for label in ("Message", "To", "Written", "What became of it")]
WITHOUT_PEOPLE = [column for column in COLUMNS if column["label"] != "To"]


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def referral_messages(request: HttpRequest, reference: str) -> HttpResponse:
    """Every message about a request; names and addresses for those who see the full case. Each look is recorded."""
    who = asking(request)
    referral = messages.find(who, reference)
    if referral is None:
        raise Http404
    with_people = sees_child(who, referral)
    audit.record(kind=AuditKind.READ, what="messages about the request", reference=reference, by=request.user)
    page = page_of(messages.told_about(referral, with_people=with_people), request.GET.get("page"))
    context = {
        "referral": referral,
        "page": page,
        "columns": COLUMNS if with_people else WITHOUT_PEOPLE,
        "rows": told_rows(page, with_people=with_people),
        "with_people": with_people,
    }
    return render(request, "referrals/referral_messages.html", context)


def told_rows(told: Iterable[Any], *, with_people: bool) -> list[list[Cell]]:
    """One line for each `queries.messages.Told`, as `COLUMNS`, or `WITHOUT_PEOPLE`."""
    lines = []
    for one in told:
        to: list[Cell] = [{"text": one.name or one.email, "hint": one.email if one.name else ""}]
        became = {"text": one.standing.text, "colour": one.standing.colour, "hint": one.standing.hint}
        lines.append([one.what, *(to if with_people else []), spoken.moment(one.queued_at), became])
    return lines
