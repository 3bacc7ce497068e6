"""Opening a signed link, and the pages behind it: for contacts of schools and settings, who have no account.

Mail scanners open links before people do. So a GET changes nothing: it swaps the link for a signed cookie that is good
for its one page, and everything else is a POST from that page.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.queries import setting as queries
from s2s_portal.core import clock
from s2s_portal.organisations.choices import LinkPurpose, LinkState
from s2s_portal.organisations.queries import links

COOKIE = "s2s_link"
ADMITTED_FOR = 12 * 60 * 60
"""Seconds for which a browser that had the link opens its page."""
PAGES = {
    LinkPurpose.READ_RECORD: "referrals:setting_record",
    LinkPurpose.CHOOSE_TIME: "referrals:setting_times",
    LinkPurpose.SEE_VISIT: "referrals:setting_visit",
    LinkPurpose.CHOOSE_PASSWORD: "referrals:choose_password",
}
GONE = 410
Opened = Callable[[HttpRequest, Any], HttpResponse]
Shut = Callable[[HttpRequest, Any, LinkState | None], HttpResponse]


@login_not_required
@never_cache
@require_safe
def setting_link(request: HttpRequest, token: str) -> HttpResponse:
    """The address of a message: leads to its page, or says why it no longer does; 404 for a forged one."""
    # The counter of sign-in; its public face does not count GETs.
    counted = {"action": "signed_link", "config": settings.ACCOUNT_RATE_LIMITS, "limit_get": True}
    if ratelimit.consume(request, app="allauth.account", **counted) is None:
        return private(render(request, "referrals/setting_wait.html", {"again_url": request.path}, status=429))
    link = links.meant_by(token)
    if link is None:
        raise Http404
    page = reverse(PAGES[LinkPurpose(link.purpose)], args=[link.key])
    answer = redirect(page)
    _admit(answer, link, page)
    # The address of this page is the key: no other site and no log of ours has it from us.
    answer["Referrer-Policy"] = "no-referrer"
    return private(answer)


def _admit(answer: HttpResponse, link: Any, page: str) -> None:
    answer.set_signed_cookie(
        COOKIE,
        str(link.pk),
        salt=_salt(link.key),
        max_age=ADMITTED_FOR,
        path=page,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _salt(key: uuid.UUID) -> str:
    return f"signed-link.{key}"


def private(answer: HttpResponse) -> HttpResponse:
    """Keep a page behind a link out of search engines. (`never_cache` keeps it out of caches.)

    Its Referrer-Policy is the site's own, "same-origin": with "no-referrer" browsers would send forms without the
    origin that the CSRF check wants to see.
    """
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _shut(request: HttpRequest, link: Any, state: LinkState | None) -> HttpResponse:
    if link is None or state is None:
        return render(request, "referrals/setting_closed.html", {"state": ""}, status=404)
    return closed(request, link, state)


def by_link(purpose: LinkPurpose, *, shut: Shut = _shut) -> Callable[[Opened], Callable[..., HttpResponse]]:
    """Open the page to a browser that had the link of its key; it gets the link instead of the key.

    `shut` answers everybody else: with the link and its state, or with None twice for a browser that never had it.
    """

    def decorate(view: Opened) -> Callable[..., HttpResponse]:
        @login_not_required
        @never_cache
        @wraps(view)
        def opened(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
            link = _admitted(request, key, purpose)
            state = link.state(clock.real_now()) if link is not None else None
            return private(view(request, link) if state == LinkState.LIVE else shut(request, link, state))

        return opened

    return decorate


def _admitted(request: HttpRequest, key: uuid.UUID, purpose: LinkPurpose) -> Any:
    """The link with this key, if this browser had it; None too for one of another purpose."""
    pk = request.get_signed_cookie(COOKIE, default=None, salt=_salt(key), max_age=ADMITTED_FOR)
    link = links.find(key) if pk else None
    return link if link is not None and str(link.pk) == pk and link.purpose == purpose else None


def closed(request: HttpRequest, link: Any, state: LinkState, refusal: str = "") -> HttpResponse:
    """What somebody reads whose link opens nothing any more: what happened and whom to ask. 410, but not once used."""
    referral = queries.request_of(link)
    context = {"state": state.value, "refusal": refusal, "link": link, "referral": referral}
    if link.purpose == LinkPurpose.READ_RECORD:
        context["record"] = queries.record_for(link)
    elif link.purpose == LinkPurpose.CHOOSE_TIME:
        context["offer"] = queries.offer_for(link)
    else:
        context["visit"] = queries.visit_for(link)
    status = 200 if state == LinkState.USED else GONE
    return render(request, "referrals/setting_closed.html", context, status=status)
