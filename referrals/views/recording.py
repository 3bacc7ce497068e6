"""Writing the record of a visit: the page, each save while one types, the check before it is finalised."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referrals.actions import finalising, recording
from referrals.actions.recording import NotOpen, Saved
from referrals.choices import Action, VisitOutcome
from referrals.documents.record_drafts import cards_of, changed_sentence
from referrals.forms.recording import WAS, RecordForm, typed_in, value_of, was
from referrals.permissions import may
from referrals.queries import records
from referrals.rules import records as rules
from referrals.views.finding import typed_in as text_typed_in
from referrals.views.recording_finding import Found, about, check_writes, found_visit, looked_at
from referrals.views.recording_rows import groups_of, record_url
from s2s_portal.core import calendar, kept_text, spoken
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import NotAllowed, requires

NOT_YOURS = "A record that is being written is shown to the teacher who has the request, and to co-ordinators."

AFTER_SAVING = {"check": "referrals:record_check", "attach": "referrals:record_attach"}
"""Where the buttons lead that save first, so that nothing is lost without scripts either."""


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_write(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The record's questions, to write in; a co-ordinator reads. "Save" does what the script does as one types."""
    found = found_visit(request, key)
    if not records.reads_draft(found.who, found.referral):
        raise NotAllowed(NOT_YOURS)
    if request.method == "POST":
        check_writes(request, found)
    draft = records.draft_of(found.visit) if found.visit else None
    if draft is None:
        return _without_draft(request, found)
    if request.method == "POST":
        return _save(request, found, draft)
    looked_at(request, "draft of a record of visit", found.referral)
    if not may(request.user, found.referral, Action.RECORD, today=calendar.london_date(request.at)):
        return _read_only(request, found, draft)
    return _page(request, found, draft, kept=kept_text.take(request))


def _without_draft(request: HttpRequest, found: Found) -> HttpResponse:
    """Where there is nothing to write: to the outcome, the finalised record, or the request; typed text is shown."""
    record = records.record_standing_for(found.visit) if found.visit else None
    if request.method == "POST":
        url = record_url(record) if record else found.request_url
        context = {"typed": text_typed_in(request), "url": url, "record": record}
        return render(request, "referrals/record_gone.html", context, status=409)
    if record is not None:
        return redirect(record_url(record))
    if found.visit is None:
        return redirect("referrals:visit_outcome", found.booking.key)
    if found.visit.outcome == VisitOutcome.NOT_HELD:
        messages.info(request, "This visit was not held, so it has no record.")
    return redirect(found.request_url)


def _read_only(request: HttpRequest, found: Found, draft: Any) -> HttpResponse:
    answers, rolled = records.answers_of(draft), records.rolled_into(found.visit)
    context = _shown(found, draft) | {"cards": cards_of({name: one.value for name, one in answers.items()}, rolled)}
    return render(request, "referrals/record_draft.html", context)


def _shown(found: Found, draft: Any) -> dict[str, Any]:
    files = records.files_of(found.visit, draft.edition)
    return {"found": found, "draft": draft, "about": about(found.referral), "files": files}


def _names(rolled: list[records.OpenAction]) -> dict[str, int]:
    return rules.lengths(one.action.pk for one in rolled)


def _save(request: HttpRequest, found: Found, draft: Any) -> HttpResponse:
    """Save what was typed; show it again, with theirs beside it, where somebody else was there first."""
    rolled = records.rolled_into(found.visit)
    typed = typed_in(request.POST, _names(rolled))
    try:
        saved = recording.save(visit=found.visit, typed=typed, by=request.user, at=request.at)
    except NotOpen as why:
        messages.error(request, str(why))
        return _without_draft(request, found)
    if any(one.conflict or one.problem for one in saved.values()):
        return _page(request, found, draft, posted=request.POST, saved=saved)
    if request.POST.get("action") in AFTER_SAVING:
        return redirect(AFTER_SAVING[request.POST["action"]], found.booking.key)
    messages.success(request, f"Saved at {spoken.clock_time(request.at)}.")
    return redirect("referrals:record_write", found.booking.key)


def _page(
    request: HttpRequest,
    found: Found,
    draft: Any,
    *,
    kept: Mapping[str, str] | None = None,
    posted: Mapping[str, str] | None = None,
    saved: Mapping[str, Saved] | None = None,
) -> HttpResponse:
    """The questions with what is saved; with what was typed where it is not saved."""
    answers, rolled, unsaved = records.answers_of(draft), records.rolled_into(found.visit), posted or kept
    shown = {name: one.value for name, one in answers.items()}
    tokens = {name: was(answers.get(name)) for name in _names(rolled)}
    for name, value in _still_open(unsaved or {}, tokens, saved).items():
        shown[name], tokens[name] = value, (unsaved or {})[WAS + name]
    form = RecordForm(rolled=rolled, answers=shown, saved=saved)
    context = _shown(found, draft) | {
        "groups": groups_of(form, tokens, by=request.user),
        "kept": bool(kept),
        "save_url": reverse("referrals:record_save", args=[found.booking.key]),
        "last": max((one.saved_at for one in answers.values()), default=None),
        "errors": _errors(saved or {}, request.user),
    }
    return render(request, "referrals/record_write.html", context)


def _still_open(unsaved: Mapping[str, str], names: Iterable[str], saved: Mapping[str, Saved] | None) -> dict[str, str]:
    """What was typed and is not saved: an answer that this press did save stands in the database as it was typed."""
    typed = typed_in(unsaved, names)
    return {
        name: one.value for name, one in typed.items() if saved is None or saved[name].conflict or saved[name].problem
    }


def _errors(saved: Mapping[str, Saved], user: Any) -> list[dict[str, str]]:
    found = []
    for name, one in saved.items():
        if one.conflict and one.answer is not None:
            found.append({"text": changed_sentence(one.answer, user), "url": f"#theirs-{name}"})
        elif one.problem:
            found.append({"text": one.problem, "url": f"#id_{name}"})
    return found


@requires(Permission.USE_PORTAL)
@never_cache
@require_POST
def record_save(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Save the answers that the script sends, and say of each what came of it. Nothing is ever overwritten unseen."""
    found = found_visit(request, key)
    check_writes(request, found)
    if found.visit is None:
        return JsonResponse({"problem": "Tell first what became of this visit."}, status=409)
    typed = typed_in(request.POST, rules.lengths(one.action.pk for one in records.rolled_into(found.visit)))
    try:
        saved = recording.save(visit=found.visit, typed=typed, by=request.user, at=request.at)
    except NotOpen as why:
        return JsonResponse({"problem": str(why)}, status=409)
    answers = {name: _told(one, value_of(request.POST, name), request.user) for name, one in saved.items()}
    return JsonResponse({"saved_at": spoken.clock_time(request.at), "answers": answers})


def _told(one: Saved, value: str, user: Any) -> dict[str, Any]:
    """What the script is told of one answer."""
    if one.problem:
        return {"problem": one.problem}
    if one.answer is None:  # blank, and it was
        return {"version": 0, "was": was(None)}
    told = {"version": one.answer.version, "was": was(one.answer), "saved_at": spoken.clock_time(one.answer.saved_at)}
    if not one.conflict:
        return told
    who = changed_sentence(one.answer, user)
    return {"conflict": one.answer.value, "sentence": who, "yours": value} | told


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def record_check(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Everything as it would be finalised, or what is missing."""
    found = found_visit(request, key)
    check_writes(request, found)
    draft = records.draft_of(found.visit) if found.visit else None
    if draft is None:
        return _without_draft(request, found)
    looked_at(request, "check of a record of visit", found.referral)
    answers, rolled = records.answers_of(draft), records.rolled_into(found.visit)
    values = {name: one.value for name, one in answers.items()}
    shown = _shown(found, draft)
    missing = finalising.problems_of(found.visit, rules.read(values, [one.action.pk for one in rolled]), rolled)
    write_url = reverse("referrals:record_write", args=[key])
    context = shown | {
        "cards": cards_of(values, rolled),
        "missing": [{"text": one.sentence, "url": f"{write_url}#answer-{one.field}"} for one in missing],
        "edition": records.edition_checked(answers, rolled, shown["files"]),
    }
    return render(request, "referrals/record_check.html", context)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_finalise(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Finalise what was checked, once; a GET (after signing in again) leads to the check."""
    found = found_visit(request, key)
    check_writes(request, found)
    if request.method != "POST" or found.visit is None:
        return redirect("referrals:record_check", key)
    done = finalising.finalise(
        visit=found.visit, checked=request.POST.get("edition", ""), by=request.user, at=request.at
    )
    if done.record is None:
        messages.error(request, done.refusal)
        return redirect("referrals:record_check", key)
    if done.record.at == request.at:
        messages.success(request, f"Record {done.record.reference} is finalised.")
    elif done.record.by_id != request.user.pk:
        messages.info(request, f"{done.record.by} had just finalised this record.")
    return redirect(record_url(done.record))
