"""More information: asked for, given, or no longer needed. Place and date are kept, the clock pauses (R10)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import returning
from referrals.choices import Action, EventKind, Status
from referrals.forms.details_asking import AnswerForm, AskForm, TakeBackForm, WordsForm
from referrals.permissions import may
from referrals.queries.questions import just_said, open_question
from referrals.views.details import done, form_page, is_possible, permitted, read, too_late, typed
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation between S2S and the adviser: what is written, what it leads to, what is said."""

    action: Action
    kind: EventKind
    form: type[WordsForm]
    say: Callable[..., Any]
    template: str
    heading: str
    said: str


ASKING = Turn(
    action=Action.ASK,
    kind=EventKind.ASKED,
    form=AskForm,
    say=lambda words, **rest: returning.ask(question=words, **rest),
    template="referrals/details_ask.html",
    heading="Ask for more information",
    said="The request has gone back to its adviser with your question. The clock is paused until they answer.",
)
ANSWERING = Turn(
    action=Action.SEND_BACK,
    kind=EventKind.SENT_BACK,
    form=AnswerForm,
    say=lambda words, **rest: returning.send_back(answer=words, **rest),
    template="referrals/details_send_back.html",
    heading="Answer S2S’s question",
    said="Your answer is with S2S. The request goes on, and so does the clock.",
)
TAKING_BACK = Turn(
    action=Action.TAKE_BACK,
    kind=EventKind.TAKEN_BACK,
    form=TakeBackForm,
    say=lambda words, **rest: returning.take_back(note=words, **rest),
    template="referrals/details_take_back.html",
    heading="Take the question back",
    said="The question is taken back. The request goes on, and so does the clock.",
)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the adviser for more information."""
    return _take(request, reference, ASKING)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer S2S's question: the request goes back to where it was, also after the cut-off (R3 does not bind it)."""
    return _take(request, reference, ANSWERING)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Go on without the answer."""
    return _take(request, reference, TAKING_BACK)


def _take(request: HttpRequest, reference: str, turn: Turn) -> HttpResponse:
    referral = permitted(request, reference, turn.action)
    form = turn.form(typed(request))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        step = turn.say(words, referral=referral, by=request.user, at=request.at)
        if not step.refusal or just_said(referral, kind=turn.kind, text=words, by=request.user):
            return done(request, referral, turn.said)
        return too_late(request, step.referral, heading=turn.heading, sentence=step.refusal)
    if not is_possible(referral, turn.action):
        return too_late(request, referral, heading=turn.heading)
    return _page(request, referral, form, turn)


def _page(request: HttpRequest, referral: Any, form: WordsForm, turn: Turn) -> HttpResponse:
    """The form with what it is about. Everybody who may act on the open question sees the whole case."""
    context: dict[str, Any] = {"form": form, "heading": turn.heading, "question": open_question(referral)}
    if referral.status == Status.RETURNED:
        read(request, referral, "question about a request")
    if turn is ANSWERING and may(request.user, referral, Action.CORRECT, today=london_date(request.at)):
        context["correct_url"] = reverse("referrals:request_correct", args=[referral.reference])
    return form_page(request, turn.template, referral, **context)
