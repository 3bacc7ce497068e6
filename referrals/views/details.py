"""What the small pages about one request share: found, permitted, asked, done; or too late, with nothing lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from referrals.choices import Action, Status
from referrals.permissions import check_may
from referrals.rules import lifecycle
from referrals.views.asking import asking, found_or_404
from referrals.views.buttons import Button
from referrals.views.finding import typed_in
from referrals.views.rows import status_tag
from s2s_portal.core import kept_text
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind

LONGEST_EDITION = 9
"""Digits of a request's edition; a forged longer one is nobody's."""


def permitted(request: HttpRequest, reference: str, action: Action) -> Any:
    """The request with this reference: 404 for those who do not see it, 403 for those who may not do this to it."""
    referral = found_or_404(asking(request), reference)
    check_may(request.user, referral, action, today=london_date(request.at))
    return referral


def is_possible(referral: Any, action: Action) -> bool:
    """Whether `action` may happen to the request as it stands."""
    return lifecycle.after(Status(referral.status), action) is not None


def typed(request: HttpRequest) -> Any:
    """What the form holds: what was sent, or what was kept for this page when the session had ended; else None."""
    return request.POST if request.method == "POST" else kept_text.take(request)


def read(request: HttpRequest, referral: Any, what: str) -> None:
    """The audit row of a page that shows a part of the case (R18)."""
    audit.record(kind=AuditKind.READ, what=what, reference=referral.reference, by=request.user)


def page_of(referral: Any) -> str:
    """The address of the request's own page."""
    return reverse("referrals:referral_detail", args=[referral.reference])


def done(request: HttpRequest, referral: Any, sentence: str) -> HttpResponse:
    """Go to the request's page, which says what was done. No sentence of ours names a child."""
    messages.success(request, sentence)
    return redirect(page_of(referral))


def too_late(
    request: HttpRequest, referral: Any, *, heading: str, sentence: str = "", link: Button | None = None
) -> HttpResponse:
    """Say why it cannot be done now, with what was typed, to copy; the request stays as it is.

    `link` leads to what has to be done first.
    """
    context = {
        "referral": referral,
        "heading": heading,
        "caption": referral.reference,
        "sentence": sentence,
        "link": link,
        "status": status_tag(referral.status),
        "typed": typed_in(request),
        "back_url": page_of(referral),
    }
    return render(request, "referrals/details_too_late.html", context, status=409 if request.method == "POST" else 200)


def form_page(request: HttpRequest, template: str, referral: Any, **context: Any) -> HttpResponse:
    """A page with one form about a request; `context` as form_page.html says."""
    shared = {"referral": referral, "caption": referral.reference, "back_url": page_of(referral)}
    return render(request, template, shared | context)
