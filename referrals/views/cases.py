"""One request: its page with history, withdrawing it, and taking it off the waiting list."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import withdrawing
from referrals.choices import Action, BookingState, Doer, Status
from referrals.documents.cases import place_sentence, summary_of
from referrals.documents.clocks import clock_in_words
from referrals.documents.next_steps import next_step
from referrals.forms.withdrawing import LeaveForm, WithdrawForm
from referrals.permissions import Asking, check_can_withdraw, doers_of, sees_child, was_sent
from referrals.queries import cases, records, related, requests, waiting, work
from referrals.queries.closings import cannot_end_unvisited, closing_of
from referrals.queries.contacts import contact_log
from referrals.queries.questions import open_question
from referrals.rules import lifecycle
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.views.asking import asking, found_or_404
from referrals.views.asking_again import again_of
from referrals.views.buttons import buttons_of, links_of
from referrals.views.recording_rows import retracted_line
from referrals.views.rows import answer_rows, status_tag
from referrals.views.teaching_rows import tel
from s2s_portal.core import calendar
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission, Sees
from s2s_portal.organisations.permissions import requires, sees


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def referral_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole case for those who see the child, else what it is and where it stands; each look is recorded (R18)."""
    who = asking(request)
    referral = work.find(who, reference, at=request.at)
    if referral is None:
        raise Http404
    with_child = sees_child(who, referral)
    looked_at = "request page" if with_child else "request page without the child"
    audit.record(kind=AuditKind.READ, what=looked_at, reference=reference, by=request.user)
    context = {"referral": referral, "with_child": with_child, "status": status_tag(referral.status)}
    context |= _whats_next(request, referral) | _what_was_asked(who, referral, with_child=with_child)
    context["again"] = again_of(request, referral)
    if with_child:
        context |= {"contacts": contact_log(referral), "question": open_question(referral)}
    return render(request, "referrals/referral_detail.html", context)


def _whats_next(request: HttpRequest, referral: Any) -> dict[str, Any]:
    """Where the request stands in S2S's hands, and what the person who asks can do about it."""
    today = calendar.london_date(request.at)
    done = work.work_of(referral, at=request.at, today=today)
    doers = doers_of(request.user, referral, today=today)
    first, others = buttons_of(referral, doers, done, at=request.at)
    paused_on = calendar.london_date(referral.returned_at) if referral.returned_at else None
    undone = requests.move_was_undone(referral)
    how = {"was_sent": was_sent(referral), "move_undone": undone}
    return {
        "next_step": next_step(referral, doers=doers, stands=done.stands, **how),
        "move_undone": undone,
        "first": first,
        "others": [] if undone else others,  # what there is to do is done to the request that goes on
        "call": _whom_to_call(referral, doers),
        "asked_about_end": referral.asked_about_end and Doer.ADVISER in doers,
        "clocks": [clock_in_words(one, today=today, paused_on=paused_on) for one in done.clocks],
        "cover": done.cover,
        **_visits(referral, doers, done, request.at),
        "on_list": waiting.on_list(referral) if referral.status == Status.WAITING else None,
    }


def _whom_to_call(referral: Any, doers: frozenset[Doer]) -> dict[str, str] | None:
    """The contact, for the teacher who is on the way or about to ring; None for others and without a number."""
    number = referral.contact_telephone or referral.establishment.telephone
    if Doer.TEACHER not in doers or referral.status not in OPEN_WITH_S2S or not number:
        return None
    return {"name": referral.contact_name, "telephone": number, "tel": tel(number)}


def _visits(referral: Any, doers: frozenset[Doer], done: work.Work, at: datetime) -> dict[str, Any]:
    """Visits to come and so far, each with what the person may do about it."""
    lines = [(visit, links_of(referral, visit, doers, at=at)) for visit in done.visits]
    return {
        "planned": [line for line in lines if line[0].state == BookingState.PLANNED],
        "told": [line for line in lines if line[0].state != BookingState.PLANNED],
    }


def _what_was_asked(who: Asking, referral: Any, *, with_child: bool) -> dict[str, Any]:
    """What the request is, how it came here and how it ended, as far as the person may see it."""
    sent = was_sent(referral)
    return {
        "place": place_sentence(referral, was_sent=sent),
        "summary": answer_rows(summary_of(referral, was_sent=sent)),
        "withheld": "" if with_child else _withheld(who, sent=sent),
        "cards": [(card.title, answer_rows(card.rows)) for card in cases.cards_of(referral, with_child=with_child)],
        "history": requests.history_of(referral, with_notes=with_child),
        "closed": closing_of(referral, with_child=with_child),
        "retracted": [retracted_line(one) for one in records.retracted_for(who, referral)],
        "related": related.related_to(referral, who, with_child=with_child),
    }


def _withheld(who: Asking, *, sent: bool) -> str:
    """Why somebody who sees the request does not see the child."""
    if Sees.SENT_FULL in sees(who.user) and not sent:
        return "Who the child is, and what was written about them, is shown to S2S once the request has a place."
    return "Who the child is, and what was written about them, is not shown to your role."


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a request (R8), or take it off the waiting list, with a reason; where that is too late, say why."""
    referral = found_or_404(asking(request), reference)
    check_can_withdraw(request.user, referral)
    waits = referral.status == Status.WAITING
    form = (LeaveForm if waits else WithdrawForm)(request.POST if request.method == "POST" else None)
    possible = lifecycle.after(Status(referral.status), Action.WITHDRAW) is not None
    if possible and form.is_valid():
        leaving = waits or "leaving" in request.POST
        why = {"reason": form.cleaned_data["reason"], "note": form.cleaned_data["note"]}
        ended = withdrawing.withdraw(referral=referral, **why, by=request.user, at=request.at, leaving=leaving)
        _tell_ended(request, ended, leaving=leaving)
        return redirect("referrals:referral_detail", reference)
    context = {
        "form": form if possible else None,
        "referral": referral,
        "was_sent": was_sent(referral),
        "heading": _heading(waits=waits, possible=possible),
        "caption": reference,
        "status": status_tag(referral.status),
        "back_url": reverse("referrals:referral_detail", args=[reference]),
    }
    return render(request, "referrals/referral_withdraw.html", context)


def _heading(*, waits: bool, possible: bool) -> str:
    if waits:
        return "Leave the waiting list"
    return "Withdraw this request" if possible else "This request cannot be withdrawn"


def _tell_ended(request: HttpRequest, referral: requests.Referral, *, leaving: bool) -> None:
    """What became of the press: somebody else may have been first, and this page shows what they did."""
    reference = referral.reference
    what = "taken off the waiting list" if leaving else "withdrawn"
    if leaving and referral.status == Status.SUBMITTED:
        text = f"{reference} had just got a place and has been sent to S2S. It still has its place."
        messages.error(request, f"{text} Withdraw it if the place is not needed.")
    elif referral.status != Status.WITHDRAWN:
        untold = cannot_end_unvisited(referral, at=request.at)
        text = f"{reference} can no longer be {what}: {referral.get_status_display()}."
        messages.error(request, f"{text} {untold}" if untold else text)
    elif referral.ended_by_id != request.user.pk:
        messages.success(request, f"{reference} had just been {what} by {referral.ended_by}.")
    elif leaving:
        messages.success(request, f"{reference} has left the waiting list.")
    else:
        messages.success(request, f"{reference} has been withdrawn, and its place given back.")
