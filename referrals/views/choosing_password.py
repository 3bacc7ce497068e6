"""Choosing one's own password, behind the link of an invitation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from referrals.forms.people import ChoosePasswordForm
from referrals.views.setting import GONE, by_link
from s2s_portal.organisations.actions import invitations
from s2s_portal.organisations.choices import LinkPurpose, LinkState
from s2s_portal.organisations.queries.invitations import person_of


def shut(request: HttpRequest, link: Any, state: LinkState | None) -> HttpResponse:
    """What somebody reads whose link opens nothing (any more); no link at all: 404."""
    status = 404 if link is None else 200 if state == LinkState.USED else GONE
    context = {"state": state.value if state else "", "link": link}
    return render(request, "referrals/password_closed.html", context, status=status)


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.CHOOSE_PASSWORD, shut=shut)
def choose_password(request: HttpRequest, link: Any) -> HttpResponse:
    """Set the password, then sign in with it."""
    person = person_of(link)
    if person is None:
        return shut(request, link, LinkState.REVOKED)
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if not invitations.choose_password(link=link, password=form.cleaned_data["password1"], at=request.at):
                return shut(request, link, LinkState.USED)
        except ValidationError as weak:
            form.add_error("password1", weak)
        else:
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("account_login")
    return render(request, "referrals/choose_password.html", {"form": form, "person": person})
