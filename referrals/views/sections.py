"""The sections of a draft: one page each, saved with the version that was shown."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import drafts
from referrals.choices import Section
from referrals.forms.drafts import FORM_OF
from referrals.forms.sections import SectionForm
from referrals.queries import drafts as draft_queries
from referrals.rules.answers import sections_for, year_group_warning
from referrals.views.drafts import CHOOSE_FROM_LIST, searched
from referrals.views.finding import gone, with_draft
from s2s_portal.core import kept_text, spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import establishments

LATER = "later"
"""The value of the button "Save and come back later"."""
LONGEST_VERSION = 9
"""Digits; a forged longer one counts as "never saved"."""


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def draft_section(request: HttpRequest, draft: Any, section: str) -> HttpResponse:
    """One section of a draft: its questions, or the search for the setting."""
    if section not in sections_for(draft.stream):
        raise Http404
    if section == Section.SETTING:
        return _setting(request, draft)
    if request.method == "POST":
        return _save(request, draft, Section(section))
    _record_reading(request, draft, section)
    kept = kept_text.take(request)
    form = _form(request, draft, Section(section), kept, complete=False)
    version = _version(kept) if kept else draft_queries.version_of(draft, Section(section))
    return _page(request, draft, form, {"version": version, "kept": bool(kept)})


def _save(request: HttpRequest, draft: Any, section: Section) -> HttpResponse:
    """Save what was typed; show it again if it cannot be, or if somebody else was there first."""
    version = _version(request.POST)
    form = _form(request, draft, section, request.POST, complete=request.POST.get("action") != LATER)
    if not form.is_valid():
        _record_reading(request, draft, section)
        return _page(request, draft, form, {"version": version})
    try:
        saved = drafts.save_section(
            draft=draft, section=section, answers=form.answers(), version=version, by=request.user, at=request.at
        )
    except ObjectDoesNotExist:
        return gone(request, draft.key)
    if isinstance(saved, drafts.Conflict):
        now_saved = draft_queries.find(request.user, draft.key)
        if now_saved is None or form.differs_from(now_saved):
            return _conflict(request, draft, form, saved) if now_saved else gone(request, draft.key)
    return _onward(request, draft, section, form)


def _form(request: HttpRequest, draft: Any, section: Section, data: Any, *, complete: bool) -> SectionForm:
    return FORM_OF[section](data, draft=draft, user=request.user, today=london_date(request.at), complete=complete)


def _version(posted: Any) -> int:
    return as_number(posted.get("version", ""), LONGEST_VERSION) or 0


def _record_reading(request: HttpRequest, draft: Any, section: str) -> None:
    what = f"read {section} of a draft"
    audit.record(kind=AuditKind.READ, what=what, reference=draft.audit_reference, by=request.user)


def _conflict(request: HttpRequest, draft: Any, form: SectionForm, conflict: drafts.Conflict) -> HttpResponse:
    """The same page with both versions; a second press keeps what was typed."""
    _record_reading(request, draft, form.section)
    theirs = conflict.theirs
    who = "You" if theirs.saved_by_id == request.user.pk else str(theirs.saved_by)
    where = " in another window" if who == "You" else ""
    sentence = f"{who} saved this section at {spoken.clock_time(theirs.saved_at)}{where} while you were writing"
    differing = [line for _, lines in form.parts() for line in lines if line.differs]
    context = {
        "version": theirs.version,
        "conflict": sentence,
        "who": who,
        "errors": [{"text": sentence, "url": f"#theirs-{differing[0].field.name}"}],
    }
    return _page(request, draft, form, context)


def _page(request: HttpRequest, draft: Any, form: SectionForm, context: dict[str, Any]) -> HttpResponse:
    order = sections_for(draft.stream)
    context |= {
        "draft": draft,
        "form": form,
        "parts": form.parts(),
        "heading": form.section.label,
        "number": order.index(form.section) + 1,
        "count": len(order),
        "back_url": _back_url(request, draft),
    }
    return render(request, "referrals/draft_section.html", context)


def _from_check(request: HttpRequest) -> bool:
    return request.GET.get("from") == "check"


def _back_url(request: HttpRequest, draft: Any) -> str:
    return reverse("referrals:draft_check" if _from_check(request) else "referrals:draft_detail", args=[draft.key])


def _onward(request: HttpRequest, draft: Any, section: Section, form: SectionForm) -> HttpResponse:
    """Where a saved section leads, with the warning that a year group may deserve."""
    if section in (Section.CHILD, Section.NEEDS):
        warning = year_group_warning(form.known | form.answers(), today=london_date(request.at))
        if warning:
            messages.warning(request, warning)
    if request.POST.get("action") == LATER:
        messages.success(request, f"“{section.label}” is saved. You can come back to this draft at any time.")
        return redirect("referrals:draft_detail", draft.key)
    return _next(request, draft, section)


def _next(request: HttpRequest, draft: Any, section: Section) -> HttpResponse:
    order = sections_for(draft.stream)
    following = order[order.index(section) + 1 :]
    if _from_check(request) or not following:
        return redirect("referrals:draft_check", draft.key)
    return redirect("referrals:draft_section", draft.key, following[0].value)


def _setting(request: HttpRequest, draft: Any) -> HttpResponse:
    """Choose another school or setting for this draft."""
    problem, version = "", draft_queries.version_of(draft, Section.SETTING)
    if request.method == "POST":
        establishment = establishments.chosen(request.user, request.POST.get("setting", ""))
        if establishment is None:
            problem = CHOOSE_FROM_LIST
        else:
            problem = _save_setting(request, draft, establishment)
            if not problem:
                return _next(request, draft, Section.SETTING)
    context = searched(request, problem, draft) | {
        "draft": draft,
        "version": version,
        "from_check": _from_check(request),
        "not_listed_url": reverse("referrals:not_listed_draft", args=[draft.key]),
        "back_url": reverse(
            "referrals:draft_check" if _from_check(request) else "referrals:draft_detail", args=[draft.key]
        ),
    }
    return render(request, "referrals/draft_setting.html", context)


def _save_setting(request: HttpRequest, draft: Any, establishment: Any) -> str:
    """Save the setting; a sentence if it could not be."""
    try:
        saved = drafts.save_section(
            draft=draft,
            section=Section.SETTING,
            answers={"establishment_id": establishment.pk},
            version=_version(request.POST),
            by=request.user,
            at=request.at,
        )
    except drafts.CannotChoose as wrong:
        return str(wrong)
    if isinstance(saved, drafts.Conflict) and draft.establishment_id != establishment.pk:
        return f"{saved.theirs.saved_by} has changed the school or setting to {draft.establishment}. Choose again"
    return ""
