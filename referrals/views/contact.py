"""The contact log: one more attempt to reach the school or setting, told from a phone."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import contacting
from referrals.choices import Action, ContactOutcome
from referrals.forms.contact import ContactForm
from referrals.views.details import done, form_page, is_possible, permitted, read, too_late, typed
from s2s_portal.core.spoken import dialled
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

TOO_LATE = "This contact cannot be logged"


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Log an attempt to reach the school or setting; its telephone number is on top, to call it."""
    referral = permitted(request, reference, Action.LOG_CONTACT)
    if not is_possible(referral, Action.LOG_CONTACT):
        return too_late(request, referral, heading=TOO_LATE)
    moments = {"since": referral.place.at, "at": request.at}
    form = ContactForm(typed(request), contact=referral.contact_name, initial={"key": uuid.uuid4()}, **moments)
    if request.method == "POST" and form.is_valid():
        return _save(request, referral, form)
    read(request, referral, "contact log")
    context = {"form": form, "heading": "Log a contact", "numbers": _numbers(referral)}
    return form_page(request, "referrals/contact_new.html", referral, **context)


def _save(request: HttpRequest, referral: Any, form: ContactForm) -> HttpResponse:
    names = ("key", "happened_at", "how", "outcome", "who", "note")
    attempt = contacting.Attempt(**{name: form.cleaned_data[name] for name in names})
    step = contacting.log_contact(referral=referral, attempt=attempt, by=request.user, at=request.at)
    if step.refusal:
        return too_late(request, step.referral, heading=TOO_LATE, sentence=step.refusal)
    first = attempt.outcome == ContactOutcome.REACHED and referral.first_contact_at is None
    what = " S2S is in touch, and the clock for that has stopped." if first else ""
    return done(request, step.referral, f"The contact is logged.{what}")


def _numbers(referral: Any) -> list[dict[str, str]]:
    """Whom to call, as links: the contact person of the request, then the school or setting itself."""
    known = {referral.contact_telephone: referral.contact_name or "Contact"}
    known.setdefault(referral.establishment.telephone, referral.establishment.display_name)
    return [{"who": who, "text": text, "dial": dial} for text, who in known.items() if (dial := dialled(text))]
