"""The settings of R10, for commissioners: what is in force, what follows, other settings, and all that was set."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import standards as actions
from referrals.documents.standards import changes, in_words
from referrals.documents.standards_effects import beside, effects_in_words, keeps_in_words
from referrals.forms.details_standards import StandardsForm, TakeStandardsBackForm
from referrals.queries.standards import Change, InForce, Standing, change, history, standards_at, standing_at
from referrals.queries.standards_effects import effects_at
from referrals.rules.standards import Standards
from referrals.views.details import typed
from referrals.views.lever_steps import Check, Lever, pull
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


def _labels(*names: str) -> list[dict[str, str]]:
    return [{"label": name} for name in names]


COLUMNS = _labels("In force from", "Set by", "What changed", "Why")
LONGEST_NUMBER = 18
"""Digits of a row's number."""


@requires(Permission.SET_UP_QUOTAS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standards(request: HttpRequest) -> HttpResponse:
    """What is in force and what follows, a form that begins with it, and everything that was set before.

    While a change waits there is no form, but for what somebody had typed when it came.
    """
    standing = standing_at(request.at)
    form = StandardsForm(typed(request), in_force=standing.now, today=london_date(request.at))
    lever = Lever(
        heading="Standards of the service",
        back_url=reverse("referrals:standards"),
        template="referrals/standards.html",
        check=lambda form: _check(form, standing.now.standards, request.at),
        save=lambda form, key: _set(request, form),
        done=lambda form: _done(form.cleaned_data["from_day"], london_date(request.at)),
        context=_context(standing, form),
    )
    return pull(request, form, lever)


def _context(standing: Standing, form: StandardsForm) -> dict[str, Any]:
    return {
        "form": form if standing.coming is None or form.is_bound else None,
        "back_url": reverse("referrals:lever_list"),
        "in_force": standing.now,
        "settings": _settings(standing.now.standards),
        **_coming(standing.coming),
        "columns": COLUMNS,
        "history": [_row(one) for one in history()],
    }


def _check(form: StandardsForm, now: Standards, at: datetime) -> Check:
    """What the page before setting says: each number, and what becomes of the clocks that run."""
    from_day, then = form.cleaned_data["from_day"], form.standards
    later = from_day > london_date(at)
    return Check(
        heading=f"Set these standards from {spoken.day(from_day)}?" if later else "Set these standards now?",
        confirm="Set these standards",
        columns=_labels("Standard", "Now", f"From {spoken.day(from_day)}" if later else "From now on"),
        table=[list(line) for line in beside(now, then)],
        does=effects_in_words(effects_at(at, now=now, then=then), later=later),
        keeps=keeps_in_words(now, then),
    )


def _done(from_day: date, today: date) -> str:
    return f"These settings {f'apply from {spoken.day(from_day)}' if from_day > today else 'are in force'}."


def _settings(found: Standards) -> list[dict[str, str]]:
    return [{"key": title, "value": sentence} for title, sentence in in_words(found)]


def _coming(coming: InForce | None) -> dict[str, object]:
    """What the page says of a change that waits: nothing if none does."""
    if coming is None or coming.row is None:
        return {}
    from_day = _from_day(coming)
    return {"coming": coming, "from_day": from_day, "coming_settings": _settings(coming.standards)}


def _from_day(one: InForce) -> str:
    return spoken.day(london_date(one.row.in_force_from)) if one.row else ""


def _set(request: HttpRequest, form: StandardsForm) -> None:
    """Set what was typed. Raises `CannotChange`, and `ChangedMeanwhile` if somebody else was first."""
    given = {name: form.cleaned_data[name] for name in ("reason", "from_day")}
    seen = as_number(form.cleaned_data["seen"], LONGEST_NUMBER) or 0
    outcome = actions.set_standards(**given, standards=form.standards, seen=seen, by=request.user, at=request.at)
    if not outcome.moved:
        return
    last = outcome.in_force
    who = last.row.set_by if last.row else "Somebody"
    if last.number < seen:
        raise ChangedMeanwhile(
            "The change that was waiting has been taken back while you were writing", str(last.number)
        )
    if actions.waits(last, request.at):
        found = f"{who} has set other settings from {_from_day(last)} while you were writing"
        raise CannotChange(f"{found}: they stand above. Take them back first if yours are to apply")
    found = f"{who} has put other settings in force while you were writing: they stand above"
    raise ChangedMeanwhile(found, str(last.number))


def _row(one: Change) -> list[object]:
    """One set against the one that it was to follow, and what became of it."""
    row, taken = one.to.row, one.to.taken_back
    begins: object = spoken.moment(row.in_force_from)
    if taken is not None:
        begins = {"text": begins, "hint": f"Taken back by {taken.by} on {spoken.moment(taken.at)}: {taken.reason}"}
    who = {"text": row.set_by.full_name, "hint": spoken.moment(row.set_at)}
    return [begins, who, "; ".join(changes(one.to.standards, one.before)), row.reason]


@requires(Permission.SET_UP_QUOTAS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standards_take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Why a change that waits for its day is not to come; or why it is too late for that."""
    one = change(number) if len(str(number)) <= LONGEST_NUMBER else None
    if one is None:
        raise Http404
    form = TakeStandardsBackForm(typed(request))
    too_late = one.taken_back is not None or one.row.in_force_from <= request.at
    shown = {"rows": _settings(one.standards), "one": one, "form": form if form.is_bound or not too_late else None}
    lever = Lever(
        heading=f"Take back the change from {_from_day(one)}",
        back_url=reverse("referrals:standards"),
        template="referrals/standards_take_back.html",
        check=lambda form: _check_back(one, request.at),
        save=lambda form, key: actions.take_back(
            number=number, reason=form.cleaned_data["reason"], by=request.user, at=request.at
        ),
        done=lambda form: f"The change from {_from_day(one)} has been taken back.",
        context=shown,
    )
    return pull(request, form, lever)


def _check_back(one: InForce, at: datetime) -> Check:
    """What the page before taking a change back says."""
    now, day = standards_at(at), _from_day(one)
    return Check(
        heading=f"Take back the change from {day}?",
        confirm="Take this change back",
        columns=_labels("Standard", "Stays", "Was to be"),
        table=[list(line) for line in beside(now, one.standards)],
        does=effects_in_words(effects_at(at, now=now, then=one.standards), later=True, taken_back=True),
        keeps=["What is in force now stays in force. The change stays in the history."],
    )
