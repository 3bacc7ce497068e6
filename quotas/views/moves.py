"""Moving unused places between streams: proposed by one commissioner, decided by a second (R9)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quotas import queries, rules
from quotas.actions import levers, moves
from quotas.forms import APPROVE, DecideForm, MoveForm
from quotas.queries import Move, Standing
from quotas.views.asking import (
    ASK,
    CONFIRM,
    MOVED,
    SLUG_OF_STREAM,
    address_of,
    key_in,
    number_in,
    standing_or_404,
    step_of,
    typed,
)
from quotas.views.rows import DONE_COLUMNS, EFFECT_COLUMNS, done_row, effect_row, foreseen_rows, outcome_tag
from s2s_portal.core import spoken
from s2s_portal.organisations.actions.changes import check_can_cancel, check_can_decide
from s2s_portal.organisations.choices import ChangeOutcome, Permission, Stream
from s2s_portal.organisations.permissions import can, requires


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def quota_move(request: HttpRequest, stream: str) -> HttpResponse:
    """Propose to move unused places of this stream to the other one. Nothing moves until a second person approves."""
    source, target = _pair(request, stream)
    if target is None:
        messages.error(request, "This period has only one quota, so there is nowhere to move places to.")
        return redirect(address_of("quota_detail", request, source.quota.stream))
    form = MoveForm(typed(request))
    if step_of(request) == CONFIRM and form.is_valid():
        try:
            return _propose(request, form, source, target)
        except (levers.LedgerMoved, moves.CannotMove):
            messages.warning(request, MOVED)
            source, target = _pair(request, stream)
    if step_of(request) == ASK or not _fits(form, source):
        return render(request, "quotas/quota_move.html", _context(request, form, source, target))
    return _preview(request, form, source, target)


def _pair(request: HttpRequest, stream: str) -> tuple[Standing, Standing | None]:
    """Where the stream that gives and the one that gets stand; None if the period has no other."""
    source = standing_or_404(request, stream)
    other = queries.other_stream(source.quota)
    return source, queries.standings([other])[0] if other else None


def _fits(form: MoveForm, source: Standing) -> bool:
    """Whether what was typed can be proposed as the quota stands; if not, the form says why."""
    if not form.is_valid():
        return False
    label, places = source.quota.get_stream_display(), form.cleaned_data["places"]
    wrong = rules.cannot_move(left=source.balance.left, stream_label=label, places=places)
    if wrong:
        form.add_error("places", wrong)
    return not wrong


def _propose(request: HttpRequest, form: MoveForm, source: Standing, target: Standing) -> HttpResponse:
    change = moves.propose(
        source=source.quota,
        target=target.quota,
        places=form.cleaned_data["places"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=request.at,
        key=key_in(request),
        seen=(number_in(request, "seen"), number_in(request, "seen_target")),
    )
    messages.success(request, "The move has been proposed. Nothing moves until a second commissioner approves it.")
    return redirect("quotas:move_detail", change.key)


def _context(request: HttpRequest, form: MoveForm, source: Standing, target: Standing) -> dict[str, Any]:
    from_label, to_label = source.quota.get_stream_display(), target.quota.get_stream_display()
    return {
        "form": form,
        "heading": f"Move {from_label} places to {to_label}",
        "caption": str(source.quota.period),
        "source": source,
        "target": target,
        "back_url": address_of("quota_detail", request, source.quota.stream),
        "other_way": address_of("quota_move", request, target.quota.stream),
    }


def _preview(request: HttpRequest, form: MoveForm, source: Standing, target: Standing) -> HttpResponse:
    places = form.cleaned_data["places"]
    counted = "1 place" if places == 1 else f"{places} places"
    from_label, to_label = source.quota.get_stream_display(), target.quota.get_stream_display()
    context = _context(request, form, source, target) | {
        "heading": f"Propose to move {counted} from {from_label} to {to_label}?",
        "columns": EFFECT_COLUMNS,
        "rows": [
            row
            for one, change in ((source, -places), (target, places))
            for row in (
                effect_row(one.quota.get_stream_display(), one.balance, change),
                *foreseen_rows(one, change, by=request.user, at=request.at),
            )
        ],
        "blocked": _blocked(source, -places) or _blocked(target, places),
        "needs_second": True,
        "hidden": {"seen": source.seq, "seen_target": target.seq, "key": key_in(request)},
        "confirm": "Propose this move",
    }
    return render(request, "quotas/lever_preview.html", context)


def _blocked(standing: Standing, places: int) -> str:
    """What the stream could not do after the change, with the stream's name: "" while it has places left."""
    sentence = standing.balance.changed_by(places).blocked
    return f"{standing.quota.get_stream_display().capitalize()}: {sentence}" if sentence else ""


@requires(Permission.SEE_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def move_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One proposed move with both streams before and after; a second commissioner decides it here."""
    move = _found_or_404(key)
    form = DecideForm(typed(request))
    if request.method == "POST":
        check_can_decide(request.user, move.change)
        if form.is_valid() and _decide(request, move, form):
            return redirect("quotas:move_detail", key)
    return render(request, "quotas/move_detail.html", _page_of(request, move, form))


def _found_or_404(key: uuid.UUID) -> Move:
    move = queries.move_with(key)
    if move is None:
        raise Http404
    return move


def _decide(request: HttpRequest, move: Move, form: DecideForm) -> bool:
    """Carry the decision out and say what became of it: somebody else may have been first.

    False if it cannot be carried out: the form says why, and has what was typed.
    """
    approves = form.cleaned_data["decision"] == APPROVE
    given = {"change": move.change, "note": form.cleaned_data["note"], "by": request.user, "at": request.at}
    outcome = moves.approve(**given) if approves else moves.Outcome(moves.refuse(**given))
    change, wanted = outcome.change, ChangeOutcome.APPROVED if approves else ChangeOutcome.REFUSED
    if outcome.problem:
        form.add_error(None, f"{outcome.problem} Nothing has moved, and the proposal still waits")
        return False
    if change.outcome != wanted or change.decided_by_id != request.user.pk:
        how = change.get_outcome_display().lower()
        messages.warning(request, f"This had already been {how} by {change.decided_by}.")
    elif approves:
        messages.success(request, "The places have been moved.")
    else:
        messages.success(request, f"The move has been refused, and {change.proposed_by} gets an e-mail.")
    return True


def _page_of(request: HttpRequest, move: Move, form: DecideForm) -> dict[str, Any]:
    change = move.change
    waiting, own = change.outcome == ChangeOutcome.WAITING, change.proposed_by_id == request.user.pk
    pair = queries.standings_of(move.facts)
    return {
        "move": move,
        "tag": outcome_tag(move),
        "summary": _summary(move),
        "form": form if waiting and not own and can(request.user, Permission.SET_UP_QUOTAS) else None,
        "own": waiting and own,
        "others": list(queries.others_who_decide(change)) if waiting and own else [],
        "problem": _problem(move, pair[0]) if waiting else "",
        "ledgers": [_ledger(standing) for standing in pair],
        **(_would_do(move, pair) if waiting else _did(move)),
    }


def _problem(move: Move, source: Standing) -> str:
    """Why the move could not be approved now, in a sentence; "" if it could."""
    label, places = move.facts.source_label, move.facts.places
    return rules.cannot_move(left=source.balance.left, stream_label=label, places=places) or ""


def _ledger(standing: Standing) -> dict[str, str]:
    quota = standing.quota
    address = reverse("quotas:quota_detail", args=[SLUG_OF_STREAM[Stream(quota.stream)]])
    return {"label": quota.get_stream_display(), "url": f"{address}?period={quota.period_id}"}


def _would_do(move: Move, pair: tuple[Standing, Standing]) -> dict[str, Any]:
    """The table of a move that waits: both sums as they stand, and as they would."""
    changes = (-move.facts.places, move.facts.places)
    rows = [
        effect_row(one.quota.get_stream_display(), one.balance, change)
        for one, change in zip(pair, changes, strict=True)
    ]
    return {"columns": EFFECT_COLUMNS, "rows": rows, "effect": "What it would do now"}


def _did(move: Move) -> dict[str, Any]:
    """The table of a move that was approved: the places left before and after its two lines. Others did nothing."""
    left, facts = queries.left_around(move.change), move.facts
    streams = ((facts.source_label, facts.source), (facts.target_label, facts.target))
    rows = [done_row(label, left[quota]) for label, quota in streams if quota in left]
    return {"columns": DONE_COLUMNS, "rows": rows, "effect": "What it did"}


def _summary(move: Move) -> list[dict[str, str]]:
    """The proposal and its decision as questions and answers."""
    change, facts = move.change, move.facts
    rows = [
        ("Period", facts.period),
        ("Why", change.reason),
        ("Proposed by", f"{change.proposed_by}, {spoken.moment(change.proposed_at)}"),
        ("Left when proposed", f"{facts.source_left} {facts.source_label}, {facts.target_left} {facts.target_label}"),
    ]
    if change.decided_at:
        rows.append((change.get_outcome_display(), f"{change.decided_by}, {spoken.moment(change.decided_at)}"))
    if change.note:
        rows.append(("Note", change.note))
    return [{"key": key, "value": value} for key, value in rows]


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def move_cancel(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take one's own proposal back, after a page that asks."""
    move = _found_or_404(key)
    check_can_cancel(request.user, move.change)
    if request.method == "POST":
        change = moves.cancel(change=move.change, by=request.user, at=request.at)
        if change.outcome == ChangeOutcome.CANCELLED:
            messages.success(request, "The proposal has been cancelled. Nothing has moved.")
        else:
            messages.warning(request, f"{change.decided_by} had decided it before: {change.get_outcome_display()}.")
        return redirect("quotas:move_detail", key)
    if move.change.outcome != ChangeOutcome.WAITING:
        return redirect("quotas:move_detail", key)
    return render(request, "quotas/move_cancel.html", {"move": move})
