"""The adviser of a request says what is still wanted when its contract ends."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import rollover_deciding
from referrals.choices import Fate, FateReason, LineState, RolloverStage
from referrals.forms.contract_ends import AnswerForm
from referrals.permissions import check_may_answer
from referrals.queries import contract_ends as queries
from referrals.rules.rollover import WISHES, cannot_choose, is_done_by_answer
from referrals.views.asking import asking, found_or_404
from s2s_portal.core import calendar, kept_text, spoken
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

CHANGE, CONFIRM = "change", "confirm"
"""The buttons of the page that repeats the answer."""
WORDS = {
    Fate.MOVE: "Go on under the new contract",
    Fate.FINISH: "Finish under the old contract",
    Fate.CLOSE: "Close it",
}
CAN_ANSWER = (RolloverStage.DECIDING, RolloverStage.DONE)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What is asked about one request, the answer, a check of it, and what happens next."""
    referral = found_or_404(asking(request), reference)
    check_may_answer(request.user, referral, today=calendar.london_date(request.at))
    line = queries.line_of(referral)
    if line is None or (line.asked_at is None and line.wish_at is None):
        raise Http404
    step = request.POST.get("step", "") if request.method == "POST" else ""
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    never = _never(line, request.at)
    given = {"wish": line.wish, "note": line.wish_note}
    form = AnswerForm(typed, hints=_hints(line, request.at), never=never, initial=given)
    if step == CONFIRM and form.is_valid():
        _answer(request, line, form)
        return redirect("referrals:contract_end_answer", reference)
    is_checked = request.method == "POST" and step != CHANGE and form.is_valid()
    context = _context(referral, line) | {"form": form, "never": [(WORDS[fate], why) for fate, why in never.items()]}
    if is_checked:
        context |= {"wish": _wish(form), "what_it_does": _what_it_does(line, Fate(form.cleaned_data["wish"]))}
    return render(request, f"referrals/contract_end_answer{'_check' if is_checked else ''}.html", context)


def _never(line: Any, at: datetime) -> dict[Fate, str]:
    """Which answers could not be carried out as it is now, and why."""
    judged = queries.judging(line.rollover, at)
    seen = judged.open_of([line.referral])[line.referral_id]
    about = {"run_off_ends_on": judged.run_off_ends_on, "today": judged.today}
    found = {fate: cannot_choose(fate, seen, judged.successor, **about) for fate in WISHES}
    return {fate: why for fate, why in found.items() if why}


def _answer(request: HttpRequest, line: Any, form: AnswerForm) -> None:
    given = form.cleaned_data
    wish, note = Fate(given["wish"]), given["note"]
    decided = rollover_deciding.answer(line=line, wish=wish, note=note, by=request.user, at=request.at)
    if decided.refusal:
        messages.error(request, f"Your answer was not recorded. {decided.refusal}")
    else:
        messages.success(request, "Your answer has been recorded.")


def _wish(form: AnswerForm) -> str:
    """The answer as the form words it."""
    return dict(form.fields["wish"].choices)[form.cleaned_data["wish"]]  # type: ignore[attr-defined]


def _hints(line: Any, at: Any) -> dict[str, str]:
    """What each answer means."""
    source, target = line.rollover.source, line.rollover.target
    name = f"{target.name} from {spoken.day(target.starts_on)}" if target else "A new contract, if there is one"
    closing = "S2S stops. The school or setting and the teacher are told."
    if _ran(line):
        closing = f"A commissioner reads your answer and decides whether it is closed. If so: {closing}"
    return {
        Fate.MOVE.value: f"{name}. Its dates are kept, and it uses no new place.",
        Fate.FINISH.value: f"S2S goes on with it until {spoken.day(source.run_off_ends_on)}.",
        Fate.CLOSE.value: closing,
    }


def _ran(line: Any) -> bool:
    """Whether the end has been run: an answer is then not approved by a second person any more."""
    return bool(line.rollover.stage == RolloverStage.DONE)


def _what_it_does(line: Any, wish: Fate) -> str:
    """What comes of an answer that is about to be given."""
    if not _ran(line):
        return (
            "If it can be done, this is what becomes of the request once a second commissioner has approved it. "
            "You can change the answer until then."
        )
    if is_done_by_answer(wish, ran=True):
        return "If it can be done, it is done within seconds, and you are told. You cannot change the answer then."
    return "A commissioner reads your answer and decides whether it is closed. You can change the answer until then."


def _context(referral: Any, line: Any) -> dict[str, Any]:
    rollover = line.rollover
    can_answer = line.state == LineState.PENDING and rollover.stage in CAN_ANSWER
    return {
        "referral": referral,
        "line": line,
        "rollover": rollover,
        "why": FateReason(line.reason).label,
        "can_answer": can_answer,
        "answered": WORDS[Fate(line.wish)] if line.wish else "",
        "what_next": _what_next(line),
        "back_url": reverse("referrals:referral_detail", args=[referral.reference]),
    }


def _what_next(line: Any) -> str:
    """What happens after the answer, or instead of one, in a sentence."""
    if line.state != LineState.PENDING:
        return "It has been carried out: the request’s page says what became of it."
    if line.decided_at:
        return f"A commissioner has decided: {Fate(line.fate).label.lower()}."
    if line.wish and line.fate == line.wish and _ran(line):
        return "It is done within seconds, and you are told."
    if line.wish and line.fate == line.wish:
        return "A second commissioner approves what becomes of every request; then it is done, and you are told."
    if line.wish and _ran(line) and not is_done_by_answer(Fate(line.wish), ran=True):
        return "A commissioner reads your answer and decides whether it is closed. You are told."
    if line.wish:
        return "This cannot be done as it is, so a commissioner decides, who reads your answer. You are told."
    return "Until you answer, or a commissioner decides, nothing happens to it."
