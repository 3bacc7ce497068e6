"""Correcting details that were sent wrong, until the first visit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import correcting
from referrals.choices import Action, Doer, Section
from referrals.documents.answers import TITLES
from referrals.forms.details_correcting import CORRECTING_FORM_OF
from referrals.forms.sections import SectionForm
from referrals.permissions import doers_of, may
from referrals.queries.corrections import as_draft, sections_of
from referrals.rules.answers import year_group_warning
from referrals.views.details import LONGEST_EDITION, done, is_possible, page_of, permitted, read, too_late, typed
from referrals.views.details_setting import correct_setting
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

HEADING = "Correct the details"
UNTIL = "Details are corrected until the first visit has been held, while a request is open and has its place."


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def request_correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Which section is wrong?"""
    referral = permitted(request, reference, Action.CORRECT)
    if not is_possible(referral, Action.CORRECT):
        return too_late(request, referral, heading=HEADING, sentence=UNTIL)
    today = london_date(request.at)
    chooses = Doer.ADVISER in doers_of(request.user, referral, today=today)
    may_record = may(request.user, referral, Action.RECORD_AGREEMENT, today=today)
    context = {
        "referral": referral,
        "heading": HEADING,
        "rows": [_row(referral, section, is_open=chooses) for section in sections_of(referral)],
        "agreement_url": reverse("referrals:request_agreement", args=[reference]) if may_record else "",
        "back_url": page_of(referral),
    }
    return render(request, "referrals/details_correct.html", context)


def _row(referral: Any, section: Section, *, is_open: bool) -> dict[str, Any]:
    """A section and its questions, with a link; another setting is chosen by an adviser of the zone."""
    row = {"key": _title(section), "value": ", ".join(TITLES[section].values())}
    if section == Section.SETTING and not is_open:
        return row | {"value": f"{row['value']}: an adviser of its zone corrects this"}
    url = reverse("referrals:request_correct_section", args=[referral.reference, section.value])
    return row | {"actions": [{"url": url, "text": "Correct", "hidden": _title(section)}]}


def _title(section: Section) -> str:
    """The section as somebody else than its writer reads it."""
    return "Conversation with the setting" if section == Section.CONVERSATION else section.label


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_correct_section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """One section as it was sent, to be answered anew with a reason."""
    referral = permitted(request, reference, Action.CORRECT)
    if section not in sections_of(referral):
        raise Http404
    if not is_possible(referral, Action.CORRECT):
        return too_late(request, referral, heading=HEADING, sentence=UNTIL)
    if section == Section.SETTING:
        return correct_setting(request, referral)
    if request.method == "POST":
        return _save(request, referral, Section(section))
    kept = typed(request)
    edition = _edition(kept) if kept else referral.edition
    form = _form(request, referral, Section(section), kept)
    return _page(request, referral, form, {"edition": edition, "kept": bool(kept)})


def _save(request: HttpRequest, referral: Any, section: Section) -> HttpResponse:
    edition = _edition(request.POST)
    form = _form(request, referral, section, request.POST)
    if not form.is_valid():
        return _page(request, referral, form, {"edition": edition})
    told = {"answers": form.answers(), "edition": edition, "reason": form.cleaned_data["reason"]}
    try:
        step = correcting.correct(referral=referral, section=section, **told, by=request.user, at=request.at)
    except correcting.CannotCorrect as wrong:
        return _wrong(request, referral, form, wrong, edition)
    if isinstance(step, correcting.Conflict):
        if form.differs_from(as_draft(step.referral)):
            return _conflict(request, step, form)
    elif step.refusal:
        return too_late(request, step.referral, heading=HEADING, sentence=step.refusal)
    return _corrected(request, referral, section, form)


def _form(request: HttpRequest, referral: Any, section: Section, data: Any) -> SectionForm:
    about = {"draft": as_draft(referral), "of_cohort": referral.cohort_id is not None}
    return CORRECTING_FORM_OF[section](data, **about, user=request.user, today=london_date(request.at))


def _edition(posted: Any) -> int:
    return as_number(posted.get("edition", ""), LONGEST_EDITION) or 0


def _wrong(
    request: HttpRequest, referral: Any, form: SectionForm, wrong: correcting.CannotCorrect, edition: int
) -> HttpResponse:
    """What the correction would make wrong elsewhere, or what changed while the person was writing."""
    for problem in wrong.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
    return _page(request, referral, form, {"edition": edition})


def _conflict(request: HttpRequest, conflict: correcting.Conflict, form: SectionForm) -> HttpResponse:
    """The same page with both versions; a second press keeps what was typed."""
    theirs, now = conflict.theirs, conflict.referral
    who, sentence = "Somebody", "Somebody has corrected this request while you were writing"
    if theirs is not None:
        who = "You" if theirs.by_id == request.user.pk else str(theirs.by)
        what, at = Section(theirs.facts["section"]).label, spoken.clock_time(theirs.at)
        where = " in another window" if who == "You" else ""
        sentence = f"{who} corrected “{what}” of this request at {at}{where} while you were writing"
    differing = [line for _, lines in form.parts() for line in lines if line.differs]
    errors = [{"text": sentence, "url": f"#theirs-{differing[0].field.name}"}]
    return _page(request, now, form, {"edition": now.edition, "conflict": sentence, "errors": errors})


def _page(request: HttpRequest, referral: Any, form: SectionForm, context: dict[str, Any]) -> HttpResponse:
    read(request, referral, f"{form.section.value} of a request, to correct it")
    context |= {
        "referral": referral,
        "form": form,
        "parts": form.parts(),
        "heading": f"Correct: {_title(form.section)}",
        "back_url": reverse("referrals:request_correct", args=[referral.reference]),
    }
    return render(request, "referrals/details_correct_section.html", context)


def _corrected(request: HttpRequest, referral: Any, section: Section, form: SectionForm) -> HttpResponse:
    """Back to the request, with the warning that a year group may deserve."""
    if section in (Section.CHILD, Section.NEEDS):
        warning = year_group_warning(form.known | form.answers(), today=london_date(request.at))
        if warning:
            messages.warning(request, warning)
    return done(request, referral, f"“{_title(section)}” is as you have written it. The history keeps what changed.")
