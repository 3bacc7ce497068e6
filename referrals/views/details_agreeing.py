"""Parental agreement (R11): recorded by an adviser, a co-ordinator or the teacher; and recorded as withdrawn."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import agreements
from referrals.choices import Action, Agreement, Section
from referrals.documents.answers import rows_of
from referrals.forms.details_agreeing import RecordAgreementForm, WithdrawAgreementForm
from referrals.queries.corrections import as_draft
from referrals.rules.agreements import NO_AGREEMENT
from referrals.views.details import done, form_page, is_possible, permitted, read, too_late, typed
from referrals.views.rows import answer_rows
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

RECORD, WITHDRAW = "Record a parental agreement", "Record that a parental agreement was withdrawn"


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_agreement(request: HttpRequest, reference: str) -> HttpResponse:
    """Record who agreed, when, how and where it is kept; what stood there before stays in the history."""
    referral = permitted(request, reference, Action.RECORD_AGREEMENT)
    if not is_possible(referral, Action.RECORD_AGREEMENT):
        return too_late(request, referral, heading=RECORD)
    form = RecordAgreementForm(typed(request), referral=referral, today=london_date(request.at))
    if request.method == "POST" and form.is_valid():
        step = agreements.record(referral=referral, **_told(form), by=request.user, at=request.at)
        if step.refusal:
            return too_late(request, step.referral, heading=RECORD, sentence=step.refusal)
        return done(request, referral, "The parental agreement is recorded.")
    return _page(request, "referrals/details_agreement.html", referral, form=form, heading=RECORD)


def _told(form: RecordAgreementForm) -> dict[str, Any]:
    told = form.cleaned_data
    return {
        "given_by": told["agreement_by"],
        "on": told["agreement_on"],
        "how": told["agreement_how"],
        "held": told["agreement_held"],
    }


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_agreement_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that a parent or carer withdrew their agreement: planned observations are flagged."""
    referral = permitted(request, reference, Action.WITHDRAW_AGREEMENT)
    form = WithdrawAgreementForm(typed(request), referral=referral, today=london_date(request.at))
    if not is_possible(referral, Action.WITHDRAW_AGREEMENT):
        return too_late(request, referral, heading=WITHDRAW)
    if referral.agreement not in (Agreement.YES, Agreement.WITHDRAWN):
        return too_late(request, referral, heading=WITHDRAW, sentence=NO_AGREEMENT)
    if request.method == "POST" and form.is_valid():
        step = agreements.withdraw(referral=referral, **form.cleaned_data, by=request.user, at=request.at)
        if step.refusal:
            return too_late(request, step.referral, heading=WITHDRAW, sentence=step.refusal)
        return done(request, referral, "The parental agreement is recorded as withdrawn. Planned visits are checked.")
    return _page(request, "referrals/details_agreement_withdraw.html", referral, form=form, heading=WITHDRAW)


def _page(request: HttpRequest, template: str, referral: Any, **context: Any) -> HttpResponse:
    """The form below what is recorded now. Everybody who may record an agreement sees the whole case."""
    read(request, referral, "parental agreement of a request")
    context |= {
        "rows": answer_rows(rows_of(as_draft(referral), Section.AGREEMENT)),
        "is_agreed": referral.agreement == Agreement.YES,
        "withdraw_url": reverse("referrals:request_agreement_withdraw", args=[referral.reference]),
    }
    return form_page(request, template, referral, **context)
