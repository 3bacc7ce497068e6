"""One request: its page with history, and withdrawing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import withdrawing
from referrals.choices import Action, Status
from referrals.documents.cases import next_step, place_sentence, summary_of
from referrals.forms.withdrawing import WithdrawForm
from referrals.permissions import can_withdraw, check_can_withdraw, sees_child
from referrals.queries import cases, requests
from referrals.rules import lifecycle
from referrals.views.asking import asking, found_or_404
from referrals.views.rows import answer_rows, status_tag
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def referral_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole case for those who see the child, else what it is and where it stands; each look is recorded (R18)."""
    who = asking(request)
    referral = found_or_404(who, reference)
    with_child = sees_child(who, referral)
    looked_at = "request page" if with_child else "request page without the child"
    audit.record(kind=AuditKind.READ, what=looked_at, reference=reference, by=request.user)
    context = {
        "referral": referral,
        "with_child": with_child,
        "status": status_tag(referral.status),
        "place": place_sentence(referral),
        "next_step": next_step(referral),
        "summary": answer_rows(summary_of(referral)),
        "cards": [(card.title, answer_rows(card.rows)) for card in cases.cards_of(referral, with_child=with_child)],
        "history": requests.history_of(referral, with_notes=with_child),
        "may_withdraw": can_withdraw(request.user, referral),
    }
    return render(request, "referrals/referral_detail.html", context)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a request with a reason (R8). One that can no longer be withdrawn gets a page that says why."""
    referral = found_or_404(asking(request), reference)
    check_can_withdraw(request.user, referral)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    possible = lifecycle.after(Status(referral.status), Action.WITHDRAW) is not None
    if possible and form.is_valid():
        withdrawn = withdrawing.withdraw(referral=referral, **form.cleaned_data, by=request.user, at=request.at)
        _tell_withdrawn(request, withdrawn)
        return redirect("referrals:referral_detail", reference)
    context = {
        "form": form if possible else None,
        "referral": referral,
        "heading": "Withdraw this request" if possible else "This request cannot be withdrawn",
        "caption": reference,
        "status": status_tag(referral.status),
        "back_url": reverse("referrals:referral_detail", args=[reference]),
    }
    return render(request, "referrals/referral_withdraw.html", context)


def _tell_withdrawn(request: HttpRequest, referral: requests.Referral) -> None:
    """What became of the press: somebody else may have been first, and this page shows what they did."""
    if referral.status != Status.WITHDRAWN:
        messages.error(request, f"{referral.reference} can no longer be withdrawn: {referral.get_status_display()}.")
    elif referral.ended_by_id != request.user.pk:
        messages.success(request, f"{referral.reference} had just been withdrawn by {referral.ended_by}.")
    else:
        messages.success(request, f"{referral.reference} has been withdrawn, and its place given back.")
