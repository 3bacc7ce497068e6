"""Contracts and how far the end of each is; the end of one: its requests in numbers, and what comes next."""

import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import rollover_deciding
from referrals.choices import Fate, RolloverStage
from referrals.forms.contract_ends import NOTHING, BeginForm
from referrals.queries import contract_end_lines as lines_queries
from referrals.queries import contract_ends as queries
from referrals.queries import following
from referrals.rules.rollover import cannot_propose
from referrals.views.contract_end_words import (
    CONTRACT_COLUMNS,
    DONE_WORDS,
    FAILING_COLUMNS,
    GROUP_COLUMNS,
    contract_rows,
    counted,
    failing_rows,
    group_rows,
    lines_page,
    means,
    page_of,
    stage_tag,
    takes,
)
from s2s_portal.core import clock, kept_text, spoken
from s2s_portal.jobs.queries import QUIET_FOR, is_at_work, worker_seen_at
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can, requires

BEFORE = (RolloverStage.DECIDING, RolloverStage.PROPOSED)
AT_WORK = (RolloverStage.RUNNING, RolloverStage.UNDOING)


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_safe
def contract_end_list(request: HttpRequest) -> HttpResponse:
    """Every contract with its dates, and how far its end is."""
    may_begin = can(request.user, Permission.END_CONTRACTS)
    rows = contract_rows(following.contract_lines(), may_begin=may_begin)
    context = {"columns": CONTRACT_COLUMNS, "rows": rows, "may_begin": may_begin}
    return render(request, "referrals/contract_end_list.html", context)


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the contract that follows, or another while nothing has moved; then every open request is looked at."""
    source = following.contract_with(pk)
    if source is None:
        raise Http404
    known = following.end_of(source)
    if known is not None and known.stage != RolloverStage.DECIDING:
        return redirect("referrals:contract_end", known.key)
    others = following.following(source)
    form = BeginForm(
        request.POST if request.method == "POST" else kept_text.take(request),
        others=[(one.contract.pk, one.contract.name, takes(one)) for one in others],
        initial={"target": str(known.target_id or NOTHING)} if known else {},
    )
    if request.method == "POST" and form.is_valid():
        return redirect("referrals:contract_end", _begun(request, source, form.chosen(others)).key)
    context = {"form": form, "source": source, "known": known, "back_url": reverse("referrals:contract_end_list")}
    return render(request, "referrals/contract_end_begin.html", context)


def _begun(request: HttpRequest, source: Any, target: Any) -> Any:
    """The end of `source`, begun or begun before, with this contract to follow."""
    rollover = rollover_deciding.begin(source=source, target=target, by=request.user, at=request.at)
    if rollover.target == target:
        return rollover
    return rollover_deciding.set_target(rollover=rollover, target=target, by=request.user, at=request.at)


def found_end_or_404(key: uuid.UUID) -> Any:
    """The end of a contract with this key; 404 if there is none."""
    rollover = queries.find(key)
    if rollover is None:
        raise Http404
    return rollover


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_safe
def contract_end(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One end of a contract: what was found and decided, how far it runs, or its account."""
    rollover = found_end_or_404(key)
    may_decide = can(request.user, Permission.END_CONTRACTS)
    context = {
        "rollover": rollover,
        "tag": stage_tag(rollover.stage),
        "may_decide": may_decide,
        "reads_only": not may_decide,
        "summary": summary_of(rollover),
    }
    if rollover.stage in BEFORE:
        context |= decisions_of(rollover) | {"own": _own(request, rollover), "refused": queries.last_refusal(rollover)}
    elif rollover.stage in AT_WORK:
        context |= _progress(request, rollover)
    else:
        context |= _account(rollover)
    return render(request, "referrals/contract_end.html", context)


def _own(request: HttpRequest, rollover: Any) -> bool:
    return rollover.change is not None and rollover.change.proposed_by_id == request.user.pk


def summary_of(rollover: Any) -> list[dict[str, str]]:
    """The contract's dates and what follows, as questions and answers."""
    source, target = rollover.source, rollover.target
    rows = [
        ("Contract", source.name),
        ("Ends on", spoken.day(source.ends_on)),
        ("Last day of visits", spoken.day(source.run_off_ends_on)),
        ("What follows", target.name if target else "No contract follows"),
        ("Begun by", f"{rollover.started_by}, {spoken.moment(rollover.started_at)}"),
        ("Requests last looked at", spoken.moment(rollover.checked_at)),
    ]
    if rollover.change is not None:
        change = rollover.change
        rows.append(("Proposed by", f"{change.proposed_by}, {spoken.moment(change.proposed_at)}"))
        rows.append(("Why", change.reason))
        if change.decided_by:
            rows.append(("Approved by", f"{change.decided_by}, {spoken.moment(change.decided_at)}"))
            rows += [("Note", change.note)] if change.note else []
    return [{"key": key, "value": value} for key, value in rows]


def decisions_of(rollover: Any) -> dict[str, Any]:
    """What was proposed and decided, in numbers; the exceptions stand apart. And what stands beside the sum."""
    groups = queries.groups_of(rollover)
    sums = {fate: sum(group.count for group in groups if group.fate == fate) for fate in Fate}
    total = sum(sums.values())
    return {
        "total": total,
        "sum_in_words": _sum_in_words(sums, total),
        "figures": [{"label": fate.label, "number": f"{sums[fate]:,}"} for fate in Fate if fate != Fate.ASK],
        "to_decide": sums[Fate.ASK],
        "asked_in_words": _asked_in_words(lines_queries.questions_of(rollover)),
        "exceptions": group_rows(rollover, [group for group in groups if group.fate == Fate.ASK]),
        "others": group_rows(rollover, [group for group in groups if group.fate != Fate.ASK]),
        "columns": GROUP_COLUMNS,
        "said": lines_queries.said_of(rollover),
        "why_not": cannot_propose(unanswered=sums[Fate.ASK], lines=total),
        "beside": queries.beside(rollover.source),
        "means": means(following.what_follows(rollover.target)),
    }


def _asked_in_words(found: lines_queries.Questions) -> str:
    """How far the asking is: who was asked and has not answered, and who has, with an answer that decides nothing."""
    terms = [
        (found.not_asked, "nobody has been asked"),
        (found.awaited, "an adviser’s answer is awaited"),
        (found.answered, "an adviser has answered and you decide"),
    ]
    said = [f"for {count:,} {what}" for count, what in terms if count]
    return f"{'; '.join(said)}.".capitalize() if said else ""


def _sum_in_words(sums: dict[Fate, int], total: int) -> str:
    terms = [f"{sums[Fate.FINISH]:,} to finish", f"{sums[Fate.MOVE]:,} to move", f"{sums[Fate.CLOSE]:,} to close"]
    if sums[Fate.ASK]:
        terms.append(f"{sums[Fate.ASK]:,} to be asked about or decided")
    return f"{counted(total, 'open request', 'open requests')} = {' + '.join(terms)}."


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_safe
def contract_end_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far a run or an undoing is, as a part of a page that a script asks for every few seconds."""
    rollover = found_end_or_404(key)
    return render(request, "referrals/_contract_end_progress.html", _progress(request, rollover))


def _progress(request: HttpRequest, rollover: Any) -> dict[str, Any]:
    real = clock.real_now()
    running = rollover.stage in AT_WORK
    progress = lines_queries.progress_of(rollover)
    return {
        "rollover": rollover,
        "running": running,
        "progress": progress,
        "figures": [
            {"label": label, "number": f"{done:,}", "detail": f"of {total:,}", "used": done, "total": total}
            for label, done, total in progress.fates
        ],
        "as_of": spoken.second(request.at),
        "failing": failing_rows(rollover, lines_queries.failing_of(rollover)),
        "failing_columns": FAILING_COLUMNS,
        "nobody_works": running and _nobody_works(real),
    }


def _nobody_works(real: datetime) -> bool:
    seen = worker_seen_at()
    return (seen is None or real - seen > QUIET_FOR) and not is_at_work(real)


def _account(rollover: Any) -> dict[str, Any]:
    account = queries.account_of(rollover)
    left = lines_queries.left_of(rollover)
    done = {Fate.FINISH: account.finishing, Fate.MOVE: account.moved, Fate.CLOSE: account.closed}
    figures = [
        {"label": DONE_WORDS[fate], "number": f"{count:,}", "url": lines_page(rollover, outcome=fate)}
        for fate, count in done.items()
    ]
    return {
        "account": account,
        "figures": figures,
        "left": left,
        "all_url": lines_page(rollover),
        "decide_url": lines_page(rollover, to_decide="yes"),
        "late_url": lines_page(rollover, late="yes"),
        "problem_url": lines_page(rollover, with_problem="yes"),
        "can_undo": rollover.stage == RolloverStage.DONE and account.moved > 0,
        "address": page_of(rollover),
        "beside": queries.beside(rollover.source),
    }
