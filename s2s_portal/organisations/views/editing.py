"""The pages on which days are entered and taken back: one way for terms, closures, weeks and leave."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from s2s_portal.core import kept_text
from s2s_portal.organisations.actions.calendar import WrongDates
from s2s_portal.organisations.forms.calendar import DaysForm

CHECKED = "Visits that are planned already are being checked against it."


def edit(
    request: HttpRequest,
    form_class: type[DaysForm],
    save: Callable[..., object],
    *,
    initial: Mapping[str, Any],
    back_url: str,
    **words: str,
) -> HttpResponse:
    """Ask, then `save` what was typed (as keywords, with `by` and `at`) and go to `back_url`.

    `words`: heading and done, what the next page says; optional caption, intro and remove_url. Dates that are refused
    stay typed.
    """
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = form_class(typed, initial=dict(initial))
    if request.method == "POST" and form.is_valid():
        try:
            save(**form.cleaned_data, by=request.user, at=request.at)
        except WrongDates as wrong:
            form.add_error(form.wrong_at, str(wrong))
        else:
            messages.success(request, f"{words['done']} {CHECKED}")
            return redirect(back_url)
    return render(request, "organisations/days_form.html", {"form": form, "back_url": back_url} | words)


def remove(
    request: HttpRequest,
    take_away: Callable[..., object],
    *,
    facts: list[dict[str, str]],
    back_url: str,
    heading: str,
    done: str,
) -> HttpResponse:
    """Show what would go (`facts`, keys and values), then take it away and go to `back_url`."""
    if request.method == "POST":
        take_away(by=request.user, at=request.at)
        messages.success(request, f"{done} {CHECKED}")
        return redirect(back_url)
    context = {"heading": heading, "facts": facts, "back_url": back_url}
    return render(request, "organisations/days_remove.html", context)


def values_of(row: Any, form_class: type[DaysForm]) -> dict[str, Any]:
    """The row's own answers to the questions of `form_class`."""
    return {name: getattr(row, name) for name in form_class.base_fields}
