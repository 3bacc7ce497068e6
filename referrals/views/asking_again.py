"""Requests for which no place came free, offered on to the period that is open: with their original dates (R7)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import bringing_back
from referrals.documents.refusals import NOT_TAKEN, WAY_ON
from referrals.permissions import check_can_ask_again, files_in_zone
from referrals.queries import lapsed
from referrals.views.asking import asking, found_or_404
from s2s_portal.core import calendar, spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25
COLUMNS = ({"label": "Reference"}, {"label": "School or setting"}, {"label": "Zone"}, {"label": "First asked for"})
NOT_OPEN = "It can be asked for again, with its original date, as soon as a later period takes requests."


@requires(Permission.FILE_REQUESTS)
@require_safe
def ask_again_list(request: HttpRequest) -> HttpResponse:
    """The requests of the adviser's zones for which no place came free, the oldest wish first."""
    page = page_of(lapsed.to_ask_again(request.user, at=request.at), request.GET.get("page"), size=ROWS_A_PAGE)
    context = {
        "page": page,
        "rows": [_row(one) for one in page],
        "columns": COLUMNS,
        "period": lapsed.taking_now(request.at),
    }
    return render(request, "referrals/ask_again_list.html", context)


def _row(referral: Any) -> list[Any]:
    return [
        {"text": referral.reference, "url": reverse("referrals:ask_again", args=[referral.reference]), "nowrap": "yes"},
        {"text": referral.establishment.display_name, "hint": referral.get_stream_display().capitalize()},
        referral.zone.name,
        spoken.day(first_asked_on(referral)),
    ]


def first_asked_on(referral: Any) -> Any:
    """The London day on which this support was first asked for."""
    return calendar.london_date(referral.first_asked_at or referral.submitted_at)


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask again for one request: a draft with its answers and its original date, which opens at its task list."""
    referral = found_or_404(asking(request), reference)
    check_can_ask_again(request.user, referral)
    if request.method == "POST":
        draft = bringing_back.ask_again(referral=referral, by=request.user, at=request.at)
        if draft is not None:
            return redirect("referrals:draft_detail", draft.key)
        messages.error(request, f"{reference} cannot be asked for again now.")
        return redirect("referrals:referral_detail", reference)
    again = again_of(request, referral)
    if again.draft is not None:
        return redirect("referrals:draft_detail", again.draft.key)
    context = {"referral": referral, "again": again, "first_asked_on": first_asked_on(referral)}
    return render(request, "referrals/ask_again.html", context)


@dataclass(frozen=True)
class Offer:
    """What an adviser's page says of asking again: the draft there is, whether it is possible, or why it is not."""

    draft: Any = None
    period: Any = None
    possible: bool = False
    words: str = ""


def again_of(request: HttpRequest, referral: Any) -> Offer:
    """The offer to ask again for `referral`; nothing for others than its advisers, or unless it lapsed."""
    if not files_in_zone(request.user, referral):
        return Offer()
    again = lapsed.again_of(referral, request.at)
    if again.refused_by is not None and not again.draft and not again.request:
        rule = NOT_TAKEN[again.refused_by].format(contract=again.period.contract)
        return Offer(words=f"{rule} {WAY_ON[again.refused_by]}")
    closed = again.lapsed and again.period is None and again.request is None
    return Offer(again.draft, again.period, again.possible, NOT_OPEN if closed else "")
