"""Making a request: choosing the setting, the task list, deleting a draft."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import drafts
from referrals.choices import Section, SectionState
from referrals.forms.drafts import SearchForm
from referrals.queries import choosing
from referrals.queries import drafts as draft_queries
from referrals.queries.places import all_places_now, places_now
from referrals.queries.purging import deletion_days
from referrals.queries.standards import standards_at
from referrals.views.finding import with_draft
from s2s_portal.core import kept_text, spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires, zones_by_stream
from s2s_portal.organisations.queries import establishments

COLOURS = {
    SectionState.NOT_STARTED: "grey",
    SectionState.IN_PROGRESS: "teal",
    SectionState.NEEDS_ATTENTION: "red",
}
"""Of the task list's tags; "Done" is plain text, as the Design System asks."""
CHOOSE_FROM_LIST = "Choose a school or setting from the list below, or search again"


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_start(request: HttpRequest) -> HttpResponse:
    """Choose a school or setting, then start a draft for it."""
    problem = ""
    if request.method == "POST":
        establishment = establishments.chosen(request.user, request.POST.get("setting", ""))
        if establishment is not None:
            draft = drafts.start(establishment=establishment, by=request.user, at=request.at)
            return redirect("referrals:draft_detail", draft.key)
        problem = CHOOSE_FROM_LIST
    context = searched(request, problem) | {
        "places": [one for one in all_places_now(at=request.at) if one.stream in zones_by_stream(request.user)],
        "now": request.at,
        "not_listed_url": reverse("referrals:not_listed_new"),
    }
    return render(request, "referrals/draft_start.html", context)


def searched(request: HttpRequest, problem: str = "", draft: Any = None) -> dict[str, Any]:
    """The search form, what it found, and `problem` as the page's error: the context of _setting_search.html."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    kept = kept_text.take(request)
    key = kept.get("setting", "") if kept else request.GET.get("setting", "")
    asked = bool(text.strip() or key)
    if form.is_bound and form.is_valid() and not asked:
        problem = "Enter a name, URN, postcode or town"
    return {
        "form": form,
        "text": text,
        "found": choosing.find(request.user, text=text, key=key, draft=draft, at=request.at) if asked else None,
        "errors": [{"text": problem, "url": "#id_q"}] if problem else [],
    }


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD"])
@with_draft
def draft_detail(request: HttpRequest, draft: Any) -> HttpResponse:
    """The task list of a draft."""
    lines = draft_queries.task_list(draft, user=request.user, today=london_date(request.at))
    open_lines = [line for line in lines if line.state != SectionState.DONE]
    context = {
        "draft": draft,
        "tasks": [_task(draft, line) for line in lines],
        "done": len(lines) - len(open_lines),
        "complete": not open_lines,
        "next_url": _section_url(draft, open_lines[0].section) if open_lines else "",
        "places": places_now(stream=draft.stream, at=request.at),
        "now": request.at,
        "started": _started(draft, request.at),
        "last": draft_queries.last_saved(draft),
        "deleted_on": _deleted_on(draft, london_date(request.at)),
        "contact_working_days": standards_at(request.at).contact_working_days,
        "first_asked": spoken.day(london_date(draft.first_asked_at)) if draft.first_asked_at else "",
    }
    return render(request, "referrals/draft_detail.html", context)


def _deleted_on(draft: Any, today: date) -> str:
    """When a draft that can no longer be sent will be deleted, and how it is kept, in words; "" while it is kept."""
    day = deletion_days([draft], today).get(draft.pk)
    if day is None:
        return ""
    kept = "Save one of its sections to keep it for another four weeks."
    return f"This draft was not sent before requests closed. It will be deleted on {spoken.day(day)}. {kept}"


def _started(draft: Any, at: datetime) -> str:
    return spoken.ago(london_date(draft.started_at), london_date(at))


def _task(draft: Any, line: draft_queries.SectionLine) -> dict[str, str]:
    return {
        "title": line.section.label,
        "url": _section_url(draft, line.section),
        "status": line.state.label,
        "colour": COLOURS.get(line.state, ""),
        "hint": _hint(draft, line),
    }


def _section_url(draft: Any, section: Section) -> str:
    return reverse("referrals:draft_section", args=[draft.key, section.value])


def _hint(draft: Any, line: draft_queries.SectionLine) -> str:
    """What is wrong with a section, or that its answers came from an earlier request."""
    if line.state == SectionState.NEEDS_ATTENTION:
        return next(problem.sentence for problem in line.problems if not problem.missing)
    if draft.continues_id and line.state == SectionState.NOT_STARTED:
        return "Filled in from the earlier request: please check that it still holds"
    known_contact = line.section == Section.CONTACT and line.state == SectionState.NOT_STARTED and draft.contact_name
    return "Filled in with the contact we know: please check" if known_contact else ""


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def draft_delete(request: HttpRequest, draft: Any) -> HttpResponse:
    """Delete a draft, after asking."""
    if request.method == "POST":
        drafts.delete(draft=draft, by=request.user, at=request.at)
        messages.success(request, f"The draft for {draft.establishment} has been deleted.")
        return redirect("referrals:draft_list")
    return render(request, "referrals/draft_delete.html", {"draft": draft, "started": _started(draft, request.at)})
