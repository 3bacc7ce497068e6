"""Texts that the council may change: how they read, what follows, another wording, and every one there was."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.views.asking import typed
from referrals.forms.levers import WordingForm
from referrals.views.lever_steps import Check, Lever, or_404, pull, row
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.actions.texts import set_text
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.documents import DEFAULT_TEXTS, TEXTS
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import texts
from s2s_portal.organisations.queries.texts import Wording

HISTORY_COLUMNS = [{"label": label} for label in ("In force from", "How it read", "Why", "Set by")]
KEY_OF_SLUG = {key.lower().replace("_", "-"): key for key in TEXTS}
SLUG_OF_KEY = {key: slug for slug, key in KEY_OF_SLUG.items()}
LONGEST_NUMBER = 18
"""Digits of a row's number."""


@requires(Permission.CHANGE_SETTINGS)
@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """Every text as it reads now, where it stands and who set it."""
    cards = [
        {
            "title": TEXTS[one.key].title,
            "body": one.body,
            "rows": [row("Where", TEXTS[one.key].where), row("Set by", set_by(one)), *_coming_rows(one)],
            "url": reverse("referrals:lever_text", args=[SLUG_OF_KEY[one.key]]),
        }
        for one in texts.wordings(request.at)
    ]
    return render(request, "referrals/lever_texts.html", {"cards": cards})


def set_by(wording: Wording) -> str:
    """Who set the wording that counts, and since when it does."""
    if wording.row is None:
        return "Nobody: it is the portal’s own"
    return f"{wording.row.set_by}, in force since {spoken.moment(wording.row.in_force_from)}"


def _coming_rows(wording: Wording) -> list[dict[str, str]]:
    return [
        row("Follows", f"From {spoken.moment(one.in_force_from)}, set by {one.set_by}:\n{one.body}")
        for one in wording.coming
    ]


@requires(Permission.CHANGE_SETTINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Another wording of one text, and every wording it had."""
    key = or_404(KEY_OF_SLUG.get(slug))
    history = texts.history_of(key)
    wording = next(one for one in texts.wordings(request.at) if one.key == key)
    seen = str(history[0].pk if history else 0)
    form = WordingForm(typed(request), initial={"body": wording.body}, seen=seen)
    lever = Lever(
        heading=TEXTS[key].title,
        back_url=reverse("referrals:lever_texts"),
        check=partial(_check, wording, request.at),
        save=partial(_save, request, key),
        done=_done,
        context={
            "rows": [row("Where", TEXTS[key].where), row("Reads now", wording.body), *_coming_rows(wording)],
            "history": [_history_row(one) for one in history] + [["From the beginning", DEFAULT_TEXTS[key], "", "S2S"]],
            "history_columns": HISTORY_COLUMNS,
            "history_caption": "Every wording, the one set last first",
        },
    )
    return pull(request, form, lever)


def _save(request: HttpRequest, text: str, form: WordingForm, **_: Any) -> object:
    given = {name: form.cleaned_data[name] for name in ("body", "from_day", "reason")}
    seen = as_number(form.cleaned_data["seen"], LONGEST_NUMBER) or 0
    return set_text(key=text, **given, seen=seen, by=request.user, at=request.at)


def _done(form: WordingForm) -> str:
    day = form.cleaned_data["from_day"]
    return f"The text will change on {spoken.day(day)}." if day else "The text has been changed."


def _check(wording: Wording, at: datetime, form: WordingForm) -> Check:
    use, from_day = TEXTS[wording.key], form.cleaned_data["from_day"]
    when = f"the beginning of {spoken.day(from_day)}" if from_day else "now"
    does = [f"{use.where}: from {when} it reads like this."]
    does += [
        f"On {spoken.moment(one.in_force_from)} the wording that {one.set_by} has set takes its place."
        for one in wording.coming
        if from_day is None or london_date(one.in_force_from) > from_day
    ]
    return Check(
        heading=f"Change this text from {when}?" if from_day else "Change this text now?",
        confirm="Change the text",
        rows=[row("Text", use.title), row("From", capfirst(when)), row("Reads until then", wording.body)],
        does=does,
        keeps=[use.keeps],
        sample=form.cleaned_data["body"],
    )


def _history_row(one: Any) -> list[Any]:
    who = {"text": one.set_by.full_name, "hint": spoken.moment(one.written_at) if one.written_at else ""}
    return [spoken.moment(one.in_force_from), one.body, one.reason, who]
