"""Raising and lowering a quota: asked, previewed, confirmed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quotas import rules
from quotas.actions import levers
from quotas.forms import AdjustForm
from quotas.queries import Standing
from quotas.views.asking import ASK, CONFIRM, MOVED, address_of, number_in, standing_or_404, step_of, typed
from quotas.views.rows import EFFECT_COLUMNS, effect_row, foreseen_rows
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def quota_adjust(request: HttpRequest, stream: str) -> HttpResponse:
    """Raise or lower one stream's quota (R9). Confirming what is no longer so shows the new sum and asks again."""
    standing = standing_or_404(request, stream)
    form = AdjustForm(typed(request))
    if step_of(request) == CONFIRM and _fits(form, standing):
        try:
            _adjust(request, form, standing)
            return redirect(address_of("quota_detail", request, standing.quota.stream))
        except (levers.LedgerMoved, levers.CannotAdjust):
            messages.warning(request, MOVED)
            standing = standing_or_404(request, stream)
    if step_of(request) == ASK or not _fits(form, standing):
        return _form_page(request, form, standing)
    return _preview(request, form, standing)


def _fits(form: AdjustForm, standing: Standing) -> bool:
    """Whether what was typed can be done to the quota as it stands; if not, the form says why."""
    if not form.is_valid():
        return False
    wrong = rules.cannot_adjust(bought=standing.balance.bought, places=form.change)
    if wrong:
        form.add_error("places", wrong)
    return not wrong


def _adjust(request: HttpRequest, form: AdjustForm, standing: Standing) -> None:
    levers.adjust(
        quota=standing.quota,
        places=form.change,
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=request.at,
        seen=number_in(request, "seen"),
    )
    stands = standing_or_404(request, request.resolver_match.kwargs["stream"]).balance
    verb = "raised" if form.change > 0 else "lowered"
    label = standing.quota.get_stream_display()
    messages.success(request, f"The {label} quota has been {verb} by {abs(form.change)}: {stands.in_words}.")


def _context(request: HttpRequest, form: AdjustForm, standing: Standing, heading: str) -> dict[str, object]:
    return {
        "form": form,
        "heading": heading,
        "caption": str(standing.quota.period),
        "quota": standing.quota,
        "balance": standing.balance,
        "back_url": address_of("quota_detail", request, standing.quota.stream),
    }


def _form_page(request: HttpRequest, form: AdjustForm, standing: Standing) -> HttpResponse:
    heading = f"Raise or lower the {standing.quota.get_stream_display()} quota"
    return render(request, "quotas/quota_adjust.html", _context(request, form, standing, heading))


def _preview(request: HttpRequest, form: AdjustForm, standing: Standing) -> HttpResponse:
    label = standing.quota.get_stream_display()
    verb = "Raise" if form.change > 0 else "Lower"
    heading = f"{verb} the {label} quota by {abs(form.change)}?"
    context = _context(request, form, standing, heading) | {
        "columns": EFFECT_COLUMNS,
        "rows": [
            effect_row(label, standing.balance, form.change),
            *foreseen_rows(standing, form.change, by=request.user, at=request.at),
        ],
        "blocked": standing.balance.changed_by(form.change).blocked,
        "frees": form.change > 0,
        "hidden": {"seen": standing.seq},
        "confirm": f"{verb} the quota",
    }
    return render(request, "quotas/lever_preview.html", context)
