"""The waiting list: who waits in which order, and giving a place by hand after the cut-off (R7)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import waiting as actions
from referrals.choices import Status
from referrals.permissions import Asking
from referrals.queries import requests, waiting
from referrals.rules import lifecycle
from referrals.views.asking import asking, found_or_404
from referrals.views.rows import WAITING_COLUMNS, waiting_rows
from s2s_portal.core.pages import CappedPaginator
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can, requires

ROWS_A_PAGE = 25


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """The list of each stream the person sees requests of: who waits, in order, and how places are given now."""
    who = asking(request)
    queues = waiting.queues(who, streams=requests.streams_to_choose(request.user), at=request.at)
    context = {"queues": [_section(request, who, queue) for queue in queues], "columns": WAITING_COLUMNS}
    return render(request, "referrals/waiting_list.html", context)


def _section(request: HttpRequest, who: Asking, queue: waiting.Queue) -> dict[str, Any]:
    """One list: its `queue`, a page of it, and the first in order where the person may give a place to it now."""
    parameter = f"page_{queue.quota.pk}"
    paginator = CappedPaginator(waiting.listed(who, queue.quota), ROWS_A_PAGE)
    paginator.found = queue.seen  # counted already
    page = paginator.get_page(request.GET.get(parameter))
    rows = list(page) if queue.seen else []
    may_give = queue.to_give and can(request.user, Permission.GIVE_PLACES)
    first = waiting.waiting_for(queue.quota).only("reference").first() if may_give else None
    return {"queue": queue, "parameter": parameter, "page": page, "rows": waiting_rows(rows), "first": first}


@requires(Permission.GIVE_PLACES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_give(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a free place to the first who waits, after asking; where that cannot be, say why."""
    referral = found_or_404(asking(request), reference)
    if referral.turn is None:
        raise Http404
    quota = waiting.quota_of(referral)
    if request.method == "POST":
        gift = actions.give(quota=quota, reference=reference, by=request.user, at=request.at)
        _tell_given(request, reference, gift)
        return redirect("referrals:waiting_list")
    queue = waiting.queue_of(quota, at=request.at)
    context = {"referral": referral, "queue": queue, "why_not": _why_not(referral, queue)}
    return render(request, "referrals/waiting_give.html", context)


def _why_not(referral: Any, queue: waiting.Queue) -> str | None:
    """Why this request gets no place by hand now, as the action would say; None if it does."""
    if referral.place is not None:
        return "It has a place already."
    ahead = waiting.ahead_of(referral)
    return lifecycle.cannot_give(giving=queue.giving, status=Status(referral.status), ahead=ahead, left=queue.left)


def _tell_given(request: HttpRequest, reference: str, gift: actions.Gift) -> None:
    if gift.referral is None:
        messages.error(request, f"{reference} was not given a place. {gift.refusal}")
    else:
        text = f"{reference} has a place now and has been sent to S2S. Its adviser and the contact get an e-mail."
        messages.success(request, text)
