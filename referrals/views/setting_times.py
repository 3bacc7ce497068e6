"""Times for a visit: offered by the teacher, chosen by the school's or setting's contact behind a signed link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import choosing, offering
from referrals.choices import Action, BookingKind, BookingMode, OfferState
from referrals.forms.offering import OfferForm
from referrals.forms.setting import NONE_SUITS, ChooseForm
from referrals.permissions import check_may
from referrals.queries import bookings
from referrals.queries import setting as queries
from referrals.views.asking import asking, found_or_404
from referrals.views.setting import by_link, closed
from s2s_portal.core import calendar, kept_text
from s2s_portal.organisations.actions import audit, links
from s2s_portal.organisations.choices import AuditKind, LinkPurpose, LinkState, Permission
from s2s_portal.organisations.permissions import requires

STANDS = {OfferState.CHOSEN: LinkState.USED, OfferState.NONE_SUITS: LinkState.USED}
"""What a link to an offer is once the offer was answered, by whichever link; otherwise it was taken back."""


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer_times(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer the contact up to three times; what cannot be offered comes back with everything that was typed."""
    referral = found_or_404(asking(request), reference)
    check_may(request.user, referral, Action.BOOK, today=calendar.london_date(request.at))
    form = OfferForm(request.POST if request.method == "POST" else kept_text.take(request))
    if request.method == "POST" and form.is_valid():
        made = _offer(request, form, referral)
        if made.offer is not None:
            who = referral.contact_name
            messages.success(request, f"{who} is asked by e-mail to choose a time. Your time is not kept free.")
            return redirect("referrals:referral_detail", reference)
        if made.refusal:
            form.add_error(None, made.refusal)
        form.complain(made.problems)
    audit.record(kind=AuditKind.READ, what="page for offering times", reference=reference, by=request.user)
    return render(request, "referrals/offer_times.html", _offering(request, form, referral))


def _offer(request: HttpRequest, form: OfferForm, referral: Any) -> offering.Offered:
    told = form.cleaned_data
    what = {"kind": BookingKind(told["kind"]), "mode": BookingMode(told["mode"]), "slots": form.slots}
    by = {"why": told["why"].strip(), "by": request.user, "at": request.at}
    return offering.offer(referral=referral, key=told["key"], **what, **by)


def _offering(request: HttpRequest, form: OfferForm, referral: Any) -> dict[str, Any]:
    return {
        "form": form,
        "referral": referral,
        "open_offer": queries.unanswered_offers([referral.pk]).first(),
        "free_days": bookings.free_days(referral, request.user, calendar.london_date(request.at)),
        "heading": "Offer times for a visit",
        "caption": f"{referral.reference}, {referral.establishment.display_name}",
        "back_url": reverse("referrals:booking_start", args=[referral.reference]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.CHOOSE_TIME)
def setting_times(request: HttpRequest, link: Any) -> HttpResponse:
    """The offered times; a chosen one is booked, unless somebody was faster: then the others remain."""
    offer = queries.offer_for(link)
    if offer is None or offer.state != OfferState.OPEN or not queries.is_contact(link, offer.referral):
        return closed(request, link, STANDS.get(offer.state if offer else "", LinkState.REVOKED))
    form = ChooseForm(request.POST if request.method == "POST" else None, times=queries.times_of(offer, request.at))
    if request.method == "POST" and form.is_valid():
        made = _answer(request, link, form)
        if not made.refusal:
            return redirect("referrals:setting_times", link.key)
        if not made.open:
            return closed(request, link, LinkState.REVOKED, made.refusal)
        form.add_error("time", made.refusal)
    form.only_free()
    about = {"reference": offer.referral.reference, "email": offer.referral.contact_email}
    links.record_access(kind=AuditKind.READ, what="offered times", **about)
    context = {"form": form, "offer": offer, "referral": offer.referral}
    context["initials"] = queries.initials_of(offer.referral)
    return render(request, "referrals/setting_times.html", context)


def _answer(request: HttpRequest, link: Any, form: ChooseForm) -> choosing.Chosen:
    told = form.cleaned_data
    if told["time"] == NONE_SUITS:
        return choosing.none_suits(link=link, note=told["note"].strip(), at=request.at)
    return choosing.choose(link=link, position=int(told["time"]), at=request.at)
