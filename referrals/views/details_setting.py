"""Correcting the school or setting of a request: another one of its stream, found by search and confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from referrals.actions import correcting
from referrals.choices import Doer, Section
from referrals.forms.details_correcting import CorrectSettingForm
from referrals.permissions import doers_of
from referrals.queries.corrections import as_draft
from referrals.views.details import LONGEST_EDITION, done, form_page, read, too_late, typed
from referrals.views.drafts import CHOOSE_FROM_LIST, searched
from s2s_portal.core.calendar import london_date
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries import establishments

HEADING = "Correct: School or setting"


def correct_setting(request: HttpRequest, referral: Any) -> HttpResponse:
    """Search, then confirm. `to` in the address names what was chosen."""
    if Doer.ADVISER not in doers_of(request.user, referral, today=london_date(request.at)):
        raise NotAllowed(f"Only {Doer.ADVISER.label} chooses another school or setting for this request.")
    key = request.GET.get("to") or (request.POST.get("setting", "") if request.method == "POST" else "")
    chosen = establishments.chosen(request.user, key) if key else None
    if chosen is None:
        return _search(request, referral, CHOOSE_FROM_LIST if request.method == "POST" or key else "")
    if "to" not in request.GET:
        return redirect(f"{_here(referral)}?{urlencode({'to': establishments.key_of(chosen)})}")
    return _confirm(request, referral, chosen)


def _here(referral: Any) -> str:
    return reverse("referrals:request_correct_section", args=[referral.reference, Section.SETTING.value])


def _search(request: HttpRequest, referral: Any, problem: str) -> HttpResponse:
    context = searched(request, problem, as_draft(referral)) | {
        "referral": referral,
        "heading": HEADING,
        "back_url": reverse("referrals:request_correct", args=[referral.reference]),
    }
    return render(request, "referrals/details_correct_setting.html", context)


def _confirm(request: HttpRequest, referral: Any, chosen: Any) -> HttpResponse:
    form = CorrectSettingForm(typed(request), initial={"edition": referral.edition})
    if request.method == "POST" and form.is_valid():
        answer = _save(request, referral, chosen, form)
        if answer is not None:
            return answer
    read(request, referral, "setting of a request, to correct it")
    context = {"form": form, "heading": HEADING, "chosen": chosen, "back_url": _here(referral)}
    return form_page(request, "referrals/details_correct_setting_confirm.html", referral, **context)


def _save(request: HttpRequest, referral: Any, chosen: Any, form: CorrectSettingForm) -> HttpResponse | None:
    """Correct it; None, with the form saying why, if that could not be."""
    try:
        step = correcting.correct(
            referral=referral,
            section=Section.SETTING,
            answers={"establishment_id": chosen.pk},
            edition=as_number(form.cleaned_data["edition"], LONGEST_EDITION) or 0,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.at,
        )
    except correcting.CannotCorrect as wrong:
        form.add_error(None, str(wrong))
        return None
    if isinstance(step, correcting.Conflict) and step.referral.establishment_id != chosen.pk:
        return _again(form, step)
    if isinstance(step, correcting.Conflict) or not step.refusal:
        return done(request, referral, "The school or setting is corrected. Check the contact: it stays as it was.")
    return too_late(request, step.referral, heading=HEADING, sentence=step.refusal)


def _again(form: CorrectSettingForm, conflict: correcting.Conflict) -> None:
    """Somebody corrected the request first: the reason stays, and a second press goes on from what they did."""
    who = conflict.theirs.by if conflict.theirs else "Somebody"
    stands = conflict.referral.establishment.display_name
    form.data = form.data.copy()
    form.data["edition"] = str(conflict.referral.edition)
    found = f"{who} has corrected this request while you were writing"
    form.add_error(None, f"{found}. It is for {stands} now: press again if you agree")
