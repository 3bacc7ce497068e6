"""Another e-mail address for somebody who is here."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.forms.people import AddressForm
from referrals.views.people import other_or_refused
from s2s_portal.core import kept_text
from s2s_portal.notifications.actions import readdressing
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

KNOWN = (
    "They sign in with it, and every message goes to it. They are signed out at once and told at both addresses. "
    "Their password stays as it is, unless the old address was never theirs: then they are not told but invited."
)
INVITED = (
    "They have not signed in yet: they get the invitation at the new address. A link that was sent to the old one, "
    "and a password that was chosen with it, no longer work."
)


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_email(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the address and why, then change it; whoever has it already is named."""
    person = other_or_refused(request, pk)
    access.check_active(person)
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = AddressForm(typed, initial={"seen": person.email}, signed_in=person.last_login is not None)
    if request.method == "POST" and form.is_valid() and _change(request, person, form):
        return redirect("referrals:person_detail", pk)
    context = {
        "form": form,
        "heading": "Change the e-mail address",
        "caption": person.full_name,
        "intro": KNOWN if person.last_login else INVITED,
        "rows": [{"key": "E-mail address now", "value": person.email}],
        "back_url": reverse("referrals:person_detail", args=[pk]),
    }
    return render(request, "referrals/person_email.html", context)


def _change(request: HttpRequest, person: Any, form: AddressForm) -> bool:
    """Whether it is as typed now; if that cannot be, the form says why."""
    told = {"never_theirs": False} | form.cleaned_data
    try:
        changed = readdressing.change_email(person=person, **told, by=request.user, at=request.at)
    except ValidationError as wrong:
        form.add_error("email", wrong)
        return False
    except CannotChange as wrong:
        form.add_error(wrong.field, str(wrong))
        return False
    except ChangedMeanwhile as other:
        form.somebody_was_first(other.now, f"{other}. Press again to put yours in its place")
        return False
    messages.success(
        request, f"{person}: {'The e-mail address has been changed.' if changed else 'Nothing was different.'}"
    )
    return True
