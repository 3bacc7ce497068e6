"""Moving and cancelling a visit, and keeping one that something made doubtful."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import moving
from referrals.choices import Action, BookingState
from referrals.forms.booking import CancelForm, KeepForm, MoveForm
from referrals.permissions import check_may
from referrals.queries import bookings as queries
from referrals.rules import bookings as rules
from referrals.views.booking import booking_or_404
from s2s_portal.core import calendar, kept_text
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


def _opened(request: HttpRequest, key: uuid.UUID, action: Action) -> Any:
    booking = booking_or_404(request, key)
    check_may(request.user, booking.referral, action, today=calendar.london_date(request.at))
    return booking


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else kept_text.take(request)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking_move(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Another time for a visit; one that refuses or warns comes back with everything that was typed."""
    booking = _opened(request, key, Action.MOVE_BOOKING)
    now = {"starts_at": booking.starts_at, "ends_at": booking.ends_at, "sequence": booking.sequence}
    form = MoveForm(_typed(request), **now)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("sequence", "asked_by", "note")}
        times = {"starts_at": form.starts_at, "ends_at": form.ends_at, "reasons": form.reasons}
        made = moving.move(booking=booking, **times, **told, by=request.user, at=request.at)
        if made.refusal:
            return _too_late(request, form, booking, made.refusal, "referrals/booking_move.html")
        if made.judgement.suits:
            messages.success(
                request, f"The visit is now on {queries.when(made.booking)}. Everybody invited gets an e-mail."
            )
            return redirect("referrals:booking_detail", key)
        form.complain(made.judgement)
    return _page(request, form, booking, "referrals/booking_move.html")


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking_cancel(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Cancel a visit, with who asked and why."""
    booking = _opened(request, key, Action.CANCEL_BOOKING)
    form = CancelForm(_typed(request), initial={"sequence": booking.sequence})
    if request.method == "POST" and form.is_valid():
        step = moving.cancel(booking=booking, **form.cleaned_data, by=request.user, at=request.at)
        if step.refusal:
            return _too_late(request, form, booking, step.refusal, "referrals/booking_cancel.html")
        messages.success(request, "The visit is cancelled. Everybody invited gets an e-mail.")
        return redirect("referrals:booking_detail", key)
    return _page(request, form, booking, "referrals/booking_cancel.html")


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking_keep(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Keep a flagged visit as it is, and say why."""
    booking = _opened(request, key, Action.MOVE_BOOKING)
    form = KeepForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        step = moving.keep(booking=booking, why=form.cleaned_data["why"], by=request.user, at=request.at)
        if step.refusal:
            return _too_late(request, form, booking, step.refusal, "referrals/booking_keep.html")
        messages.success(request, "The visit stays as it is.")
        return redirect("referrals:booking_detail", key)
    return _page(request, form, booking, "referrals/booking_keep.html")


def _too_late(request: HttpRequest, form: Any, booking: Any, refusal: str, template: str) -> HttpResponse:
    """The page again with what was typed, and the visit as somebody else has made it meanwhile."""
    booking = booking_or_404(request, booking.key)
    form.add_error(None, refusal)
    if "sequence" in form.fields:
        form.seen_again(booking.sequence)
    return _page(request, form, booking, template, status=409)


def _page(request: HttpRequest, form: Any, booking: Any, template: str, status: int = 200) -> HttpResponse:
    begun = rules.cannot_change(starts_at=booking.starts_at, at=request.at)
    flags = [flag for flag in queries.flags_of(booking) if flag.settled_at is None]
    context = {
        "form": form,
        "heading": form.submit_label,
        "booking": booking,
        "when": queries.when(booking),
        "flags": flags,
        "over": begun if booking.state == BookingState.PLANNED else booking.get_state_display(),
        "why_not_kept": rules.cannot_keep([flag.cause for flag in flags]),
        "caption": f"{booking.referral.reference}, {booking.referral.establishment.display_name}",
        "back_url": reverse("referrals:booking_detail", args=[booking.key]),
    }
    return render(request, template, context, status=status)
