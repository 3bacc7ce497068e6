"""The three steps of every lever: asked, checked before it is saved, done. Nothing typed is lost on the way."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst

from quotas.views.asking import ASK, CONFIRM, key_in, step_of
from referrals.forms.levers import LeverForm
from s2s_portal.core import spoken
from s2s_portal.core.forms.dates import PARTS
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile

HISTORY_COLUMNS = [{"label": label} for label in ("What", "Was", "Is now", "Why", "Who and when")]


@dataclass(frozen=True)
class Check:
    """What the page before saving says: the change as keys and values, what it does and what it leaves as it is.

    `forecast`: it is for a day to come, and `does` is how things stand today. `sample`: a text as people will read it.
    `confirm`: the button's words. `columns`, `table`: many numbers at once.
    """

    heading: str
    confirm: str
    rows: list[dict[str, str]] = field(default_factory=list)
    does: list[str] = field(default_factory=list)
    keeps: list[str] = field(default_factory=list)
    forecast: bool = False
    sample: str = ""
    kind: str = ""
    columns: list[dict[str, str]] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Lever:
    """One lever's page: `check` says what the valid form would do, `save` does it (with the press's own key).

    `done`: the sentence that the next page says. `context`: what else the page of questions shows, by `template`.
    """

    heading: str
    back_url: str
    check: Callable[[Any], Check]
    save: Callable[..., object]
    done: Callable[[Any], str]
    caption: str = ""
    intro: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    template: str = "referrals/lever_ask.html"


def pull(request: HttpRequest, form: LeverForm, lever: Lever) -> HttpResponse:
    """Ask, show what it would do, do it: whichever step the person is at. What cannot be done is said at its question.

    Checking carries the change out and takes it back, so that the page never promises what saving then refuses.
    """
    if request.method == "POST" and step_of(request) != ASK and form.is_valid():
        key = key_in(request)
        confirmed = step_of(request) == CONFIRM
        if _tried(form, partial(lever.save, form, key=key), keep=confirmed):
            if not confirmed:
                return _check_page(request, form, lever, key)
            messages.success(request, lever.done(form))
            return redirect(lever.back_url)
    told = {"form": form, "heading": lever.heading, "caption": lever.caption, "intro": lever.intro}
    return render(request, lever.template, told | {"back_url": lever.back_url} | lever.context)


def _tried(form: LeverForm, save: Callable[[], object], *, keep: bool) -> bool:
    """Whether the change can be made; `keep` decides whether it stays. If it cannot, the form says why."""
    try:
        with transaction.atomic():
            save()
            transaction.set_rollback(not keep)
    except CannotChange as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        return False
    except ChangedMeanwhile as other:
        form.somebody_was_first(other.now, f"{other}. Press again to put yours in its place")
        return False
    return True


def _check_page(request: HttpRequest, form: LeverForm, lever: Lever, key: uuid.UUID) -> HttpResponse:
    context = {
        "form": form,
        "check": lever.check(form),
        "caption": lever.caption,
        "back_url": lever.back_url,
        "hidden": _typed(request, form) | {"key": str(key)},
    }
    return render(request, "referrals/lever_check.html", context)


def _typed(request: HttpRequest, form: LeverForm) -> dict[str, str]:
    """What was typed, as hidden inputs carry it on: each answer, and each part of a day."""
    names = [one for name in form.fields for one in (name, *(f"{name}_{part}" for part in PARTS))]
    return {name: request.POST[name] for name in names if name in request.POST}


def or_404(found: Any) -> Any:
    """What was found; 404 if nothing was."""
    if found is None:
        raise Http404
    return found


def row(key: str, value: str) -> dict[str, str]:
    """One line of a summary list."""
    return {"key": key, "value": value}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 open draft", "3 open drafts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def history_page(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """The history of lists as a table, page by page: its context."""
    page = page_of(rows, request.GET.get("page"))
    cells = [
        [
            {"text": one.subject, "hint": capfirst(one.what)},
            one.was,
            one.now,
            one.reason,
            {"text": one.by.full_name, "hint": spoken.moment(one.at)},
        ]
        for one in page
    ]
    return {"page": page, "history": cells, "history_columns": HISTORY_COLUMNS}
