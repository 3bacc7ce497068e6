"""The pages on which days are entered and taken back: one way for terms, closures, weeks and leave."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from s2s_portal.core import kept_text
from s2s_portal.core.forms.dates import PARTS
from s2s_portal.organisations.actions.calendar import WrongDates
from s2s_portal.organisations.actions.levers import ChangedMeanwhile
from s2s_portal.organisations.forms.calendar import ChangeForm, DaysForm
from s2s_portal.organisations.queries import effects
from s2s_portal.organisations.queries.calendar_words import Row, change_with, in_words

ASK, CONFIRM = "ask", "confirm"
"""The steps that the buttons of the check page send."""
GONE = "Somebody else has removed it while you were writing. Nothing has been changed."
CHECKED = "Visits that are planned already are being checked against it."


@dataclass(frozen=True)
class Told:
    """What a change of the calendar does: a line as it was and as it is then ("": not there), and what hangs on it."""

    was: str
    now: str
    effects: list[str]


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


def change(
    request: HttpRequest,
    form_class: type[ChangeForm],
    save: Callable[..., object],
    *,
    initial: Mapping[str, Any],
    back_url: str,
    row: Row | None = None,
    confirm: str = "Save",
    **words: Any,
) -> HttpResponse:
    """As `edit` for the calendar, in three steps: ask, say what it would do, `save` it (with the press's own `key`).

    Checking carries the change out and takes it back, so that the page never promises what saving then refuses.
    `row`: the line that changes or goes, None for a new one. `words`: as of `edit`, and `facts` (keys and values)
    where a line goes.
    """
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = form_class(typed, initial={**initial, "seen": in_words(row) if row else ""})
    step = request.POST.get("step", "") if request.method == "POST" else ASK
    if step != ASK and form.is_valid():
        key = _key_in(request)
        given = {name: one for name, one in form.cleaned_data.items() if row or name != "seen"}
        told = _tried(request, form, partial(save, **given, key=key), keep=step == CONFIRM)
        if told and step == CONFIRM:
            messages.success(request, f"{words['done']} {CHECKED}")
            return redirect(back_url)
        if told:
            hidden = _typed(request, form) | {"key": str(key)}
            shown = {"told": told, "hidden": hidden, "back_url": back_url, "confirm": confirm, "form": form}
            return render(request, "organisations/days_check.html", words | shown)
    return render(request, "organisations/days_form.html", {"form": form, "back_url": back_url} | words)


def _tried(request: HttpRequest, form: ChangeForm, save: Callable[..., object], *, keep: bool) -> Told | None:
    """What the change does, once made; `keep` decides whether it stays. None if it cannot be: the form says why."""
    try:
        with transaction.atomic():
            before = [] if keep else effects.looked(request.at)
            save(by=request.user, at=request.at)
            made = change_with(save.keywords["key"])  # type: ignore[attr-defined]
            said = [] if keep else effects.told(before, effects.looked(request.at))
            transaction.set_rollback(not keep)
    except WrongDates as wrong:
        form.add_error(form.wrong_at, str(wrong))
        return None
    except ChangedMeanwhile as other:
        form.somebody_was_first(other.now, f"{other}. Press again to go on all the same")
        return None
    return Told(was=made.was, now=made.now, effects=said) if made else None


def gone(request: HttpRequest, back_url: str) -> HttpResponse:
    """The answer about a line that is not there: 404, or for a press on its own page, that somebody else removed it.

    A second press of its removal is told nothing: the first one said it.
    """
    if request.method != "POST" or not request.POST.get("seen"):
        raise Http404
    if change_with(_key_in(request)) is None:
        messages.warning(request, GONE)
    return redirect(back_url)


def _key_in(request: HttpRequest) -> uuid.UUID:
    """The key that a hidden input carries; a new one for anything that is none."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _typed(request: HttpRequest, form: ChangeForm) -> dict[str, str]:
    """What was typed, as hidden inputs carry it on: each answer, and each part of a day."""
    names = [one for name in form.fields for one in (name, *(f"{name}_{part}" for part in PARTS))]
    return {name: request.POST[name] for name in names if name in request.POST}


def values_of(row: Any, form_class: type[DaysForm]) -> dict[str, Any]:
    """The row's own answers to the questions of `form_class`."""
    return {name: getattr(row, name) for name in form_class.base_fields if name not in ("reason", "seen")}
