"""Booking a visit, and the page of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import booking as actions
from referrals.choices import Action, BookingState, Status
from referrals.documents.invitations import location
from referrals.forms.booking import BookForm
from referrals.permissions import allowed_actions, check_may, sees_child
from referrals.queries import bookings as queries
from referrals.queries.requests import Referral
from referrals.rules import bookings as rules
from referrals.rules import lifecycle
from referrals.rules.bookings import Wanted
from referrals.views.asking import asking, found_or_404
from s2s_portal.core import calendar, kept_text
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import NotAllowed, requires

COLOURS = {BookingState.PLANNED: "purple", BookingState.HELD: "green", BookingState.NOT_HELD: "orange"}


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking_start(request: HttpRequest, reference: str) -> HttpResponse:
    """Book a visit for a request; a time that refuses or warns comes back with everything that was typed."""
    referral = found_or_404(asking(request), reference)
    check_may(request.user, referral, Action.BOOK, today=calendar.london_date(request.at))
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = BookForm(typed, teachers=queries.colleagues(), going=request.user.pk)
    if request.method == "POST" and form.is_valid():
        made = _book(request, form, referral)
        if made.booking is not None:
            return redirect("referrals:booking_detail", made.booking.key)
        if made.refusal:
            form.add_error(None, made.refusal)
        form.complain(made.judgement)
    return _booking_page(request, form, referral)


def _book(request: HttpRequest, form: BookForm, referral: Referral) -> actions.Booked:
    wanted = Wanted(
        kind=form.cleaned_data["kind"],
        mode=form.cleaned_data["mode"],
        starts_at=form.starts_at,
        ends_at=form.ends_at,
    )
    key, teachers = form.cleaned_data["key"], form.going
    told = {"wanted": wanted, "teachers": teachers, "reasons": form.reasons}
    made = actions.book(referral=referral, key=key, **told, by=request.user, at=request.at)
    if made.booking is not None:
        invited = [teacher.full_name for teacher in teachers] + [referral.contact_name]
        sent = f"{', '.join(invited[:-1])} and {invited[-1]} get an invitation by e-mail."
        messages.success(request, f"The visit is booked. {sent if form.starts_at > request.at else ''}".strip())
    return made


def _booking_page(request: HttpRequest, form: BookForm, referral: Referral) -> HttpResponse:
    today = calendar.london_date(request.at)
    audit.record(kind=AuditKind.READ, what="page for booking a visit", reference=referral.reference, by=request.user)
    context = {
        "form": form,
        "referral": referral,
        "stands": lifecycle.after(Status(referral.status), Action.BOOK) is not None,
        "lacks_agreement": rules.lacks_agreement("OBSERVATION", referral.about, referral.agreement),
        "free_days": queries.free_days(referral, request.user, today),
        "heading": "Book a visit",
        "caption": f"{referral.reference}, {referral.establishment.display_name}",
        "back_url": reverse("referrals:referral_detail", args=[referral.reference]),
    }
    return render(request, "referrals/booking_start.html", context)


def booking_or_404(request: HttpRequest, key: uuid.UUID) -> Any:
    """The visit with this key; 404 if there is none or the person may not see its request (R17)."""
    booking = queries.find(asking(request), key)
    if booking is None:
        raise Http404
    return booking


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def booking_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A visit with its history; what was typed about it only for those who see the whole case."""
    booking = booking_or_404(request, key)
    referral, with_child = booking.referral, sees_child(asking(request), booking.referral)
    audit.record(kind=AuditKind.READ, what="visit page", reference=referral.reference, by=request.user)
    flags = queries.flags_of(booking)
    context = {
        "booking": booking,
        "referral": referral,
        "with_child": with_child,
        "when": queries.when(booking),
        "state": {"text": booking.get_state_display(), "colour": COLOURS.get(BookingState(booking.state), "grey")},
        "rows": _rows(booking, with_child=with_child),
        "open_flags": [flag for flag in flags if flag.settled_at is None],
        "settled_flags": [flag for flag in flags if flag.settled_at is not None],
        "history": queries.changes_of(booking, with_notes=with_child),
        "may": _buttons(request, booking, flags),
    }
    return render(request, "referrals/booking_detail.html", context)


def _rows(booking: Any, *, with_child: bool) -> list[dict[str, str]]:
    referral = booking.referral
    people = ", ".join(teacher.full_name for teacher in queries.teachers_of(booking))
    rows = [
        ("What for", booking.get_kind_display()),
        ("When", queries.when(booking)),
        ("How", booking.get_mode_display()),
        ("Where", location(booking, referral)),
        ("Who goes", people),
    ]
    if with_child:
        contact = (referral.contact_name, referral.contact_job_title, referral.contact_telephone)
        rows.append(("Contact", "\n".join(line for line in contact if line)))
        rows += [(f"Although: {label}", why) for label, why in queries.reasons_of(booking)]
    return [{"key": key, "value": value} for key, value in rows]


def _buttons(request: HttpRequest, booking: Any, flags: list[Any]) -> dict[str, bool]:
    """What the person may do to the visit now, by name."""
    allowed = allowed_actions(request.user, booking.referral, today=calendar.london_date(request.at))
    planned = booking.state == BookingState.PLANNED
    begun = booking.starts_at <= request.at
    causes = [flag.cause for flag in flags if flag.settled_at is None]
    return {
        "move": planned and not begun and Action.MOVE_BOOKING in allowed,
        "cancel": planned and not begun and Action.CANCEL_BOOKING in allowed,
        "keep": planned
        and not begun
        and Action.MOVE_BOOKING in allowed
        and bool(causes)
        and not rules.cannot_keep(causes),
        "tell": planned and begun and Action.HOLD in allowed,
    }


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def booking_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The visit's calendar file, as the last e-mail brought it, for those who see the whole case: it names people."""
    booking = booking_or_404(request, key)
    if not sees_child(asking(request), booking.referral):
        raise NotAllowed("The calendar file names the contact, who is not shown to your role.")
    answer = HttpResponse(queries.calendar_file_of(booking), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer
