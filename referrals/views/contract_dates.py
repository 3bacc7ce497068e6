"""A contract is extended, or a period's cut-off moved: asked, checked, done (DESIGN §8)."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quotas.actions import extending
from quotas.views.asking import CONFIRM, PREVIEW, key_in, step_of, typed
from referrals.documents.dates import NAMES, changed_dates
from referrals.forms.contracts import CutOffForm, ExtendForm
from referrals.queries import contracts
from s2s_portal.core import spoken
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

COLUMNS = ({"label": "Date"}, {"label": "Until now"}, {"label": "From now on"})
BACK_COLUMNS = (
    {"label": "Stream"},
    {"label": "Come back", "numeric": True},
    {"label": "Wait already", "numeric": True},
    {"label": "Places left", "numeric": True},
)


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def contract_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a contract's end and its last day of visits later, after a page that says what that does."""
    contract = _or_404(contracts.find(pk))
    was = {name: getattr(contract, name) for name in extending.CONTRACT_DATES}
    form = ExtendForm(typed(request), initial=was)
    if step_of(request) == CONFIRM and form.is_valid():
        done = extending.extend_contract(contract=contract, **_given(request, form))
        if done.change is not None:
            return redirect("referrals:dates_changed", done.change.key)
        form.add_error("ends_on", done.refusal)
    if step_of(request) == PREVIEW and _fits(form, extending.why_not_extended, contract):
        context = _checking(request, form, was) | {"concerned": contracts.concerned_by(contract, request.at)}
        return render(request, "referrals/contract_extend_check.html", context | {"contract": contract})
    return _asked(request, form, "Extend this contract", str(contract), extending_=True)


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def cut_off_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a period's cut-off later, after a page that says what comes back and who is told."""
    period = _or_404(contracts.find_period(pk))
    was = {name: getattr(period, name) for name in extending.PERIOD_DATES}
    form = CutOffForm(typed(request), initial=was)
    if step_of(request) == CONFIRM and form.is_valid():
        done = extending.move_cut_off(period=period, **_given(request, form))
        if done.change is not None:
            return redirect("referrals:dates_changed", done.change.key)
        form.add_error("requests_close_on", done.refusal)
    if step_of(request) == PREVIEW and _fits(form, partial(extending.why_not_moved, at=request.at), period):
        back = contracts.brought_back_by(period)
        context = _checking(request, form, was) | {"back": back, "back_rows": _back_rows(back)}
        return render(request, "referrals/cut_off_check.html", context | {"period": period})
    return _asked(request, form, "Move the cut-off", f"{period.contract}: {period}", extending_=False)


def _given(request: HttpRequest, form: Any) -> dict[str, Any]:
    """What the action is given: the dates and why, the key of the press, who and when."""
    why = {"reason": form.cleaned_data["reason"], "key": key_in(request)}
    return form.dates | why | {"by": request.user, "at": request.at}


def _fits(form: Any, why_not: Callable[[Any, Mapping[str, date]], str], about: Any) -> bool:
    """Whether what was typed can be done; if not, the form says why."""
    if not form.is_valid():
        return False
    wrong = why_not(about, form.dates)
    if wrong:
        form.add_error(next(iter(form.fields)), wrong)
    return not wrong


def _or_404(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, form: Any, heading: str, caption: str, *, extending_: bool) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "caption": caption,
        "extending": extending_,
        "back_url": reverse("referrals:contract_list"),
    }
    return render(request, "referrals/dates_ask.html", context)


def _checking(request: HttpRequest, form: Any, was: Mapping[str, date]) -> dict[str, Any]:
    """What both pages of checking show: the dates before and after, and what the confirming press sends."""
    rows = [[NAMES[name], spoken.day(was[name]), _after(was[name], now)] for name, now in form.dates.items()]
    return {
        "form": form,
        "columns": COLUMNS,
        "rows": rows,
        "back_columns": BACK_COLUMNS,
        "hidden": _fields(form) | {"key": str(key_in(request))},
        "back_url": reverse("referrals:contract_list"),
    }


def _after(was: date, now: date) -> str:
    return "As before" if was == now else spoken.day(now)


def _fields(form: Any) -> dict[str, str]:
    """What was typed, as hidden inputs carry it: each part of a date, and the reason."""
    parts = {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in form.dates.items()
        for part in ("day", "month", "year")
    }
    return parts | {"reason": form.cleaned_data["reason"]}


def _back_rows(back: contracts.Reopening) -> list[list[str]]:
    return [[one.stream_label.capitalize(), str(one.lapsed), str(one.waiting), str(one.left)] for one in back.streams]


@requires(Permission.SET_UP_QUOTAS)
@require_safe
def dates_changed(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Dates that were moved: what changed, who did it and why, and what follows from it."""
    change = _or_404(contracts.find_change(key))
    context = {
        "change": change,
        "title": "The cut-off has been moved" if change.period else "The contract has been extended",
        "dates": [
            {"key": title, "value": f"{spoken.day(now)}\n(was {spoken.day(was)})"}
            for title, was, now in changed_dates(change)
        ],
        "when": spoken.moment(change.at),
        "back": contracts.brought_back_by(change.period) if change.period else None,
    }
    return render(request, "referrals/dates_changed.html", context)
