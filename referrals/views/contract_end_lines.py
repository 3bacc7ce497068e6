"""The requests of a contract's end: a list, one of them, and all with the same reason; each can be decided or asked."""

import uuid
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import rollover_asking, rollover_deciding, rollover_undoing
from referrals.choices import Fate, FateReason, LineState, RolloverStage, Status
from referrals.forms.contract_ends import DecideForm
from referrals.queries import contract_end_lines as queries
from referrals.queries.advisers import advisers
from referrals.queries.contract_end_lines import Narrowing
from referrals.queries.contract_ends import judging
from referrals.rules.rollover import cannot_change, cannot_close_alone
from referrals.views.contract_end_words import (
    ACCOUNT_COLUMNS,
    LINE_COLUMNS,
    OUTCOME,
    PROPOSED,
    SHORT,
    account_rows,
    counted,
    decided_by,
    done_words,
    fate_hints,
    line_rows,
    never_for_group,
    page_of,
    visit_untold,
)
from referrals.views.contract_ends import BEFORE, found_end_or_404
from s2s_portal.core import kept_text, spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.pages import page_of as page_of_list
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can, check, requires

ROWS_A_PAGE = 25


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_safe
def contract_end_lines(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The requests that are asked for, a page at a time."""
    rollover = found_end_or_404(key)
    narrowing = Narrowing.asked(request.GET)
    page = page_of_list(queries.narrowed(rollover, narrowing), request.GET.get("page"), size=ROWS_A_PAGE)
    to_decide = rollover.stage in BEFORE or narrowing.to_decide
    context = {
        "rollover": rollover,
        "page": page,
        "heading": _heading(narrowing),
        "columns": LINE_COLUMNS if to_decide else ACCOUNT_COLUMNS,
        "rows": line_rows(rollover, page, request.at) if to_decide else account_rows(rollover, page),
        "group_url": _group_url(request, rollover, narrowing),
    }
    return render(request, "referrals/contract_end_lines.html", context)


def _heading(narrowing: Narrowing) -> str:
    """What the list shows, in words."""
    if narrowing.to_decide:
        return "Requests to decide now"
    if narrowing.late:
        return "Requests found late"
    if narrowing.with_problem:
        return "Requests with something to know"
    if narrowing.outcome:
        words = {Fate.FINISH: "finishing under the old contract", Fate.MOVE: "moved", Fate.CLOSE: "closed"}
        return f"Requests {words.get(Fate(narrowing.outcome), '')}"
    return FateReason(narrowing.reason).label.rstrip(".") if narrowing.reason else "Every request"


def _group_url(request: HttpRequest, rollover: Any, narrowing: Narrowing) -> str:
    """The page on which all requests with this reason are decided, for whoever may and while they can be."""
    may = can(request.user, Permission.END_CONTRACTS) and rollover.stage == RolloverStage.DECIDING
    if not may or not narrowing.reason:
        return ""
    return reverse("referrals:contract_end_group", args=[rollover.key, narrowing.reason])


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_line(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """One request: what was found, proposed, wished and decided; a commissioner decides it or asks its adviser."""
    rollover, line = found_end_or_404(key), None
    line = queries.one_of(rollover, pk)
    if line is None:
        raise Http404
    if request.method == "POST":
        check(request.user, Permission.END_CONTRACTS)
    form = _form_of(request, rollover, line)
    if request.method == "POST" and form.is_valid():
        decided = _carry_out(request, line, form)
        if not decided.refusal:
            messages.success(request, _told(decided.line, asked=form.cleaned_data["fate"] == Fate.ASK))
            return redirect("referrals:contract_end_line", key, pk)
        form.add_error("fate", decided.refusal)
    context = {"rollover": rollover, "line": line, "form": form if _offers_form(request, rollover, line) else None}
    return render(request, "referrals/contract_end_line.html", context | _line_context(request, rollover, line))


def _never(rollover: Any, line: Any, today: date) -> dict[Fate, str]:
    """What one person alone cannot do to the request yet, and from when they can."""
    ends = {"run_off_ends_on": rollover.source.run_off_ends_on, "today": today}
    seen = {"late": line.late, "was_closed": line.outcome == Fate.CLOSE}
    why = cannot_close_alone(stage=RolloverStage(rollover.stage), **seen, **ends)
    return {Fate.CLOSE: why} if why else {}


def _form_of(request: HttpRequest, rollover: Any, line: Any) -> DecideForm:
    judged = judging(rollover, request.at)
    hints = fate_hints(
        judged.open_of([line.referral])[line.referral_id],
        judged.successor,
        target=rollover.target.name if rollover.target else "",
        run_off_ends_on=judged.run_off_ends_on,
        today=judged.today,
    )
    decided = line.decided_at is not None
    initial = {"fate": line.fate, "note": line.note} if decided else {"fate": line.wish} if line.wish else {}
    return DecideForm(
        request.POST if request.method == "POST" else kept_text.take(request),
        label="What becomes of it?",
        hints=hints,
        with_asking=line.fate == Fate.ASK,
        never=_never(rollover, line, judged.today),
        initial=initial,
    )


def _carry_out(request: HttpRequest, line: Any, form: DecideForm) -> rollover_deciding.Decided:
    fate, note = Fate(form.cleaned_data["fate"]), form.cleaned_data["note"]
    if fate == Fate.ASK:
        return rollover_deciding.ask(line=line, by=request.user, at=request.at)
    return rollover_deciding.decide(line=line, fate=fate, note=note, by=request.user, at=request.at)


def _told(line: Any, *, asked: bool) -> str:
    reference = line.referral.reference
    if asked:
        one = line.referral
        told = ", ".join(map(str, advisers().told(one.submitted_by, stream=one.stream, zone_id=one.zone_id)))
        return f"The adviser of {reference} is asked: an e-mail goes to {told}."
    soon = " It is done within seconds." if line.state == LineState.PENDING and line.rollover.ran_at else ""
    return f"Decided for {reference}: {Fate(line.fate).label.lower()}.{soon}"


def _offers_form(request: HttpRequest, rollover: Any, line: Any) -> bool:
    stands = {"state": LineState(line.state), "status": Status(line.referral.status)}
    too_late = cannot_change(stage=RolloverStage(rollover.stage), **stands)
    return can(request.user, Permission.END_CONTRACTS) and not too_late


def _line_context(request: HttpRequest, rollover: Any, line: Any) -> dict[str, Any]:
    moved = line.state == LineState.DONE and line.outcome == Fate.MOVE
    may = can(request.user, Permission.END_CONTRACTS) and rollover.stage == RolloverStage.DONE
    return {
        "summary": _summary(line, request.at),
        "never": _never(rollover, line, london_date(request.at)).values(),
        "what_was_done": "" if rollover.stage in BEFORE else done_words(line),
        "can_undo": moved and may and not queries.has_stirred(line),
        "moved": moved,
        "back_url": page_of(rollover),
    }


def _summary(line: Any, at: datetime) -> list[dict[str, Any]]:
    one = line.referral
    visit = [spoken.moment_with_weekday(line.planned_at) if line.planned_at else "None", visit_untold(line, at)]
    rows = [
        ("School or setting", one.establishment.display_name),
        ("Stream", one.get_stream_display().capitalize()),
        ("Zone", one.zone.name),
        ("Adviser", str(one.submitted_by)),
        ("Status", one.get_status_display()),
        ("Teacher", str(one.teacher or "None yet")),
        ("Last planned visit", "\n".join(words for words in visit if words)),
        ("Proposed", f"{PROPOSED[Fate(line.proposed)]}. {FateReason(line.reason).label}"),
        (OUTCOME, _decision(line)),
    ]
    if line.asked_at:
        rows.append(("Adviser asked", spoken.moment(line.asked_at)))
    if line.wish:
        said = f"{SHORT[Fate(line.wish)]}, {line.wish_by}, {spoken.moment(line.wish_at)}"
        rows.append(("Adviser’s answer", f"{said}\n{line.wish_note}" if line.wish_note else said))
    rows += [("To know", line.problem)] if line.problem else []
    return [{"key": key, "value": value} for key, value in rows]


def _decision(line: Any) -> str:
    words = Fate(line.fate).label if line.fate != Fate.ASK else "Not yet"
    if line.decided_by:
        words = f"{words}, {line.decided_by}, {spoken.moment(line.decided_at)}"
    elif by := decided_by(line):
        words = f"{words}: {by[0].lower()}{by[1:]}"
    return f"{words}\n{line.note}" if line.note else words


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_group(request: HttpRequest, key: uuid.UUID, reason: str) -> HttpResponse:
    """Decide the same for every request with one reason that nobody decided by hand, or ask all their advisers."""
    rollover = found_end_or_404(key)
    if reason not in FateReason.values:
        raise Http404
    why = FateReason(reason)
    undecided = queries.undecided(rollover, why)
    never = never_for_group(why, run_off_ends_on=rollover.source.run_off_ends_on, today=london_date(request.at))
    form = DecideForm(
        request.POST if request.method == "POST" else kept_text.take(request),
        label=f"What becomes of {counted(undecided.count, 'request', 'requests')}?",
        hints={Fate.ASK.value: "Each adviser gets an e-mail for each request. Who was asked today is not asked again."},
        with_asking=True,
        never=never,
    )
    if request.method == "POST" and form.is_valid():
        _carry_out_for_all(request, rollover, why, form)
        return redirect("referrals:contract_end", key)
    context = {"rollover": rollover, "why": why.label, "undecided": undecided, "form": form}
    context["never"] = [(fate.label, because) for fate, because in never.items()]
    return render(request, "referrals/contract_end_group.html", context | {"back_url": page_of(rollover)})


def _nobody(count: int) -> str:
    """For how many nobody can be asked, and what is to be done."""
    whose = counted(count, "request", "requests")
    return f"Nobody can be asked about {whose}: nobody who uses the portal files for the zone. Decide one by one."


def _left_out(count: int) -> str:
    """For how many the adviser's answer stands, and what is to be done."""
    one = count == 1
    whose = f"{counted(count, 'request', 'requests')} whose adviser answered otherwise"
    return f"Left out: {whose}. Decide {'it by itself' if one else 'them one by one'}."


def _carry_out_for_all(request: HttpRequest, rollover: Any, reason: FateReason, form: DecideForm) -> None:
    """Decide or ask, and say for how many it could be done."""
    fate, by = Fate(form.cleaned_data["fate"]), {"by": request.user, "at": request.at}
    if rollover.stage != RolloverStage.DECIDING:
        messages.error(request, f"Nothing was changed: it is {rollover.get_stage_display().lower()}.")
    elif fate == Fate.ASK:
        asked = rollover_asking.ask_group(rollover=rollover, reason=reason, **by)
        if asked.nobody:
            messages.warning(request, _nobody(asked.nobody))
        messages.success(request, f"The advisers of {counted(asked.asked, 'request', 'requests')} are asked by e-mail.")
    else:
        note = form.cleaned_data["note"]
        done = rollover_deciding.decide_group(rollover=rollover, reason=reason, fate=fate, note=note, **by)
        text = f"Decided for {counted(done['decided'], 'request', 'requests')}: {fate.label.lower()}."
        if done["answered"]:
            messages.warning(request, _left_out(done["answered"]))
        left = counted(done["left"], "request", "requests")
        (messages.warning if done["left"] else messages.success)(
            request,
            f"{text} It is not possible for {left}: open each to see why, and what is." if done["left"] else text,
        )


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_line_undo(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """Move one request back, after a page that asks."""
    rollover = found_end_or_404(key)
    line = queries.one_of(rollover, pk)
    if line is None:
        raise Http404
    if request.method == "POST":
        undone = rollover_undoing.undo_one(line=line, by=request.user, at=request.at)
        if undone.refusal:
            messages.error(request, f"{line.referral.reference} was not moved back. {undone.refusal}")
        else:
            messages.success(request, f"{line.referral.reference} is moved back within seconds.")
        return redirect("referrals:contract_end_line", key, pk)
    if line.successor is None or line.state != LineState.DONE or rollover.stage != RolloverStage.DONE:
        return redirect("referrals:contract_end_line", key, pk)
    context = {"rollover": rollover, "line": line, "stirred": queries.has_stirred(line)}
    return render(request, "referrals/contract_end_line_undo.html", context)
