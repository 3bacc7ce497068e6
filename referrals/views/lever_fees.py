"""R13's table of fees: what a request costs from when, another fee from a day on, and every row as it was set."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.actions.fees import add_fee
from quotas.choices import FeeBasis
from quotas.rules import fee_in_words
from quotas.views.asking import typed
from referrals.forms.levers import FeeForm
from referrals.queries import fees
from referrals.views.lever_steps import Check, Lever, pull, row
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.forms.dates import as_number
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.permissions import requires

COLUMNS = [{"label": label} for label in ("Requests", "Sent", "What one costs", "Set by")]
HISTORY_COLUMNS = [{"label": label} for label in ("Set", "Requests", "From", "What one costs", "Why", "By")]
A_DAY = timedelta(days=1)
LONGEST_NUMBER = 18
"""Digits of a row's number."""


@requires(Permission.SET_UP_QUOTAS)
@require_safe
def fee_list(request: HttpRequest) -> HttpResponse:
    """The table of fees by stream, with the row that counts today marked, and every row as it was set."""
    table = fees.fees()
    today = fees.in_force(table, london_date(request.at))
    page = page_of(fees.fee_rows(), request.GET.get("page"))
    context = {
        "columns": COLUMNS,
        "rows": [_row(one, counts=one in today.values()) for one in table],
        "without": [stream.label for stream in Stream if stream not in today],
        "page": page,
        "history_columns": HISTORY_COLUMNS,
        "history": [_history_row(one) for one in page],
    }
    return render(request, "referrals/lever_fees.html", context)


def cost(rule: Any) -> str:
    """What a request costs under one row of the table, as a cell says it: "£100.00 for each request"."""
    return capfirst(fee_in_words(FeeBasis(rule.basis), rule.pence))


def _row(one: fees.FeeRow, *, counts: bool) -> list[Any]:
    start = one.rule.starts_on
    sent = spoken.stretch(start, one.ends_on) if one.ends_on else f"From {spoken.day(start)}"
    return [
        one.rule.get_stream_display().capitalize(),
        {"text": sent, "hint": "Counts today" if counts else ""},
        cost(one.rule),
        str(one.rule.set_by),
    ]


def _history_row(one: Any) -> list[Any]:
    when, stream = spoken.moment(one.set_at), one.get_stream_display().capitalize()
    return [when, stream, spoken.day(one.starts_on), cost(one), one.reason, one.set_by.full_name]


@requires(Permission.SET_UP_QUOTAS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fee_add(request: HttpRequest) -> HttpResponse:
    """Another fee of a stream from a day on."""
    newest = fees.fee_rows().first()
    form = FeeForm(typed(request), seen=str(newest.pk if newest else 0))
    lever = Lever(
        heading="Set a fee from a day on",
        back_url=reverse("referrals:lever_fees"),
        intro="Each request costs what the table says for the day on which it is sent, and keeps that.",
        check=_check,
        save=lambda form, key: _save(request, form),
        done=lambda form: f"From {spoken.day(form.cleaned_data['starts_on'])} this fee counts.",
    )
    return pull(request, form, lever)


def _save(request: HttpRequest, form: FeeForm) -> object:
    given = {name: form.cleaned_data[name] for name in ("stream", "starts_on", "basis", "pence", "reason")}
    seen = as_number(form.cleaned_data["seen"], LONGEST_NUMBER) or 0
    return add_fee(**given, seen=seen, by=request.user, at=request.at)


def _check(form: FeeForm) -> Check:
    given = form.cleaned_data
    stream, day = Stream(given["stream"]), given["starts_on"]
    table = [one for one in fees.fees() if one.rule.stream == stream]
    before = fees.in_force(table, day).get(stream)
    later = [one.rule for one in table if one.rule.starts_on > day]
    costs = fee_in_words(FeeBasis(given["basis"]), given["pence"])
    sent = spoken.stretch(day, later[-1].starts_on - A_DAY) if later else f"from {spoken.day(day)} on"
    words = f"{stream.label.capitalize()} requests sent {sent} cost {costs}."
    if later:
        words += f" On {spoken.day(later[-1].starts_on)} the next fee begins."
    if before is not None and before.rule.starts_on == day:
        words += (
            f" The fee that was to begin on that day ({fee_in_words(before.rule.basis, before.rule.pence)}) does not."
        )
    return Check(
        heading=f"Set the {stream.label} fee from {spoken.day(day)}?",
        confirm="Set the fee",
        rows=[
            row("Requests", stream.label.capitalize()),
            row("Until then", cost(before.rule) if before else "No fee: no request can be sent"),
            row("Afterwards", capfirst(costs)),
        ],
        does=[words],
        keeps=[
            "Requests already sent keep their fee.",
            "Requests that wait keep it too: they cost what the table said when they were sent.",
        ],
    )
