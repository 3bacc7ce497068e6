"""Whether somebody signs in: their link sent again or taken back, their account closed and opened again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import leaving
from referrals.forms.people import ComeBackForm, KeyForm, LeaveForm, WhyForm
from referrals.views.people import other_or_refused, page_about
from s2s_portal.core import kept_text
from s2s_portal.notifications.actions import inviting
from s2s_portal.organisations.actions import access, invitations
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

DETAIL = "referrals:person_detail"
PRESS_AGAIN = "Nothing has been sent or taken back. Press the button again."


def _only_its_button(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who comes without pressing, as after signing in again, is led to the page that has the button."""

    @wraps(view)
    def pressed(request: HttpRequest, pk: int) -> HttpResponse:
        if request.method == "POST":
            return view(request, pk)
        kept_text.take(request)
        messages.info(request, PRESS_AGAIN)
        return redirect(DETAIL, pk)

    return pressed


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_only_its_button
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation again, or a link for a new password: whichever the person needs."""
    person, form = other_or_refused(request, pk), KeyForm(request.POST)
    if form.is_valid():
        inviting.send_link(key=form.cleaned_data["key"], person=person, by=request.user, at=request.at)
        messages.success(request, f"{person} gets an e-mail with a link. Links sent before no longer work.")
    return redirect(DETAIL, pk)


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_only_its_button
def person_link_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the link back: it opens nothing any more."""
    person = other_or_refused(request, pk)
    if invitations.take_back(person=person, by=request.user, at=request.at):
        messages.success(request, f"The link that {person} was sent no longer works.")
    else:
        messages.info(request, f"{person} has no link that works.")
    return redirect(DETAIL, pk)


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close somebody's account, after naming what is with them."""

    def close(person: Any, reason: str) -> str:
        closed = leaving.deactivate(person=person, reason=reason, by=request.user, at=request.at)
        done = f"{person} can no longer sign in."
        return f"{done} {closed.nobody_told}" if closed and closed.nobody_told else done

    return _ask_why(request, pk, LeaveForm, close, "Deactivate this person?")


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open somebody's account again, with the roles they had."""

    def open_again(person: Any, reason: str) -> str:
        access.reactivate(person=person, reason=reason, by=request.user)
        return f"{person} can sign in again."

    return _ask_why(request, pk, ComeBackForm, open_again, "Let this person sign in again?")


def _ask_why(
    request: HttpRequest, pk: int, form_class: type[WhyForm], change: Callable[[Any, str], str], heading: str
) -> HttpResponse:
    person = other_or_refused(request, pk)
    form = form_class(request.POST if request.method == "POST" else kept_text.take(request))
    if request.method == "POST" and form.is_valid():
        messages.success(request, change(person, form.cleaned_data["reason"]))
        return redirect(DETAIL, pk)
    leaving = form_class is LeaveForm
    return render(
        request, "referrals/person_change.html", page_about(person, form, heading, request.at, leaving=leaving)
    )
