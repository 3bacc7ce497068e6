"""Contracts on screen: their dates, periods and history, and setting up a new one or another period."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quotas import rules
from quotas.actions import contracts as actions
from quotas.choices import Intake
from quotas.rules import NoFeeKnown
from referrals.documents.dates import change_in_words
from referrals.forms.contracts import ContractForm, PeriodForm
from referrals.queries import contracts
from s2s_portal.core import calendar, kept_text, spoken
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

CHANGE_COLUMNS = ({"label": "When"}, {"label": "What"}, {"label": "Why"}, {"label": "Who"})
INTAKE_WORDS = {
    Intake.NOT_YET: "Requests are not open yet",
    Intake.OPEN: "Requests are being taken",
    Intake.CLOSED: "Requests are closed",
}


@requires(Permission.SET_UP_QUOTAS)
@require_safe
def contract_list(request: HttpRequest) -> HttpResponse:
    """Every contract with its dates, what it is asked for, its periods, and who moved which date when and why."""
    found = list(contracts.contracts())
    openings = sorted(period.opens_on for one in found for period in one.all_periods)
    lines = [_line(request, one, openings) for one in found]
    return render(request, "referrals/contract_list.html", {"lines": lines, "columns": CHANGE_COLUMNS})


def _line(request: HttpRequest, contract: Any, openings: list[date]) -> dict[str, Any]:
    """What the page says of a contract; `openings` are the days on which all periods open, in order."""
    today = calendar.london_date(request.at)

    def can_move(period: Any) -> bool:
        after = next((day for day in openings if day > period.opens_on), None)
        limits = {"run_off_ends_on": contract.run_off_ends_on, "next_opens_on": after, "today": today}
        return rules.can_move_cut_off(period, **limits)

    return {
        "contract": contract,
        "rows": [
            _row("Provider", contract.provider),
            _row("Dates", spoken.stretch(contract.starts_on, contract.ends_on)),
            _row("Last day of visits", spoken.day(contract.run_off_ends_on)),
            _row("Asked for", contract.get_unit_display().capitalize()),
            _row("Who files", contract.get_referrers_display()),
            _row("What follows", contract.successor_name or "Not known yet"),
            _row("Last set by", f"{contract.set_by}, {spoken.moment(contract.set_at)}"),
        ],
        "periods": [
            {"period": one, "rows": _period_rows(request, one), "can_move": can_move(one)}
            for one in contract.all_periods
        ],
        "changes": [_change_row(one) for one in contract.changes],
    }


def _row(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value}


def _period_rows(request: HttpRequest, period: Any) -> list[dict[str, str]]:
    cut_off = f"{spoken.day(period.requests_close_on)}\n{INTAKE_WORDS[rules.intake(period, request.at)]}"
    return [
        _row("Requests open", spoken.day(period.opens_on)),
        _row("Cut-off: requests close", cut_off),
        _row("Places are given until", spoken.day(period.allocation_deadline_on)),
        _row("Delivery ends", spoken.day(period.delivery_ends_on)),
    ]


def _change_row(change: Any) -> list[Any]:
    about = {"text": change_in_words(change), "hint": str(change.period) if change.period else ""}
    return [spoken.moment(change.at), about, change.reason, str(change.by)]


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def contract_new(request: HttpRequest) -> HttpResponse:
    """Set up a contract, such as the one that follows; then its first period."""
    form = ContractForm(request.POST if request.method == "POST" else kept_text.take(request))
    if request.method == "POST" and form.is_valid():
        try:
            contract = actions.create(**form.cleaned_data, by=request.user, at=request.at)
        except actions.NameTaken as taken:
            form.add_error("name", str(taken))
        else:
            messages.success(request, f"{contract} has been set up. It takes no requests before it has a period.")
            return redirect("referrals:period_new", contract.pk)
    context = {"form": form, "heading": "Set up a contract", "back_url": reverse("referrals:contract_list")}
    return render(request, "form_page.html", context)


@requires(Permission.SET_UP_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def period_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up a period of a contract with its places."""
    contract = contracts.find(pk)
    if contract is None:
        raise Http404
    form = PeriodForm(request.POST if request.method == "POST" else kept_text.take(request))
    if request.method == "POST" and form.is_valid() and _set_up(request, form, contract):
        return redirect("referrals:contract_list")
    context = {
        "form": form,
        "heading": "Set up a period",
        "caption": str(contract),
        "intro": "A period is a stretch of the contract for which places are bought. More places can be bought, or "
        "moved between the streams, on the pages of the quotas.",
        "back_url": reverse("referrals:contract_list"),
    }
    return render(request, "form_page.html", context)


def _set_up(request: HttpRequest, form: PeriodForm, contract: Any) -> bool:
    """Set the period up; if it cannot be, the form says why."""
    dates = {name: value for name, value in form.cleaned_data.items() if name.endswith("_on")}
    given = {"name": form.cleaned_data["name"], "dates": dates, "places": form.places}
    try:
        period = actions.set_up_period(contract=contract, **given, by=request.user, at=request.at)
    except (actions.NameTaken, actions.DatesMisordered, NoFeeKnown) as wrong:
        form.add_error("name" if isinstance(wrong, actions.NameTaken) else "opens_on", str(wrong))
        return False
    messages.success(request, f"{period} has been set up.")
    return True
