"""What the pages of a cohort that are filled in share: the version that was shown, and both answers in a conflict."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from referrals.queries import cohorts
from s2s_portal.core.forms.dates import as_number

LATER = "later"
"""The value of the button that saves without asking for what is missing."""
NAME_A_CHILD = "name-a-child"
"""The value of the button that saves in the same way, and leads to naming a child."""
LONGEST_VERSION = 9
"""Digits; a forged longer one counts as an old version."""
SAVE, SAVE_LATER = "Save and continue", "Save and come back later"


def version_in(posted: Any) -> int:
    """The version of what the person was shown; 0, which is nobody's, for anything else."""
    return as_number(posted.get("version", ""), LONGEST_VERSION) or 0


def is_complete(request: HttpRequest) -> bool:
    """Whether the person means the page to be done, so that what is missing is asked for."""
    return request.POST.get("action") not in {LATER, NAME_A_CHILD}


def form_page(
    request: HttpRequest, cohort: Any, form: Any, context: dict[str, Any], template: str = "referrals/cohort_form.html"
) -> HttpResponse:
    """The page of `form`; `context` as the template says."""
    defaults = {"save": SAVE, "later": SAVE_LATER, "cohort": cohort, "form": form, "sections": form.sections()}
    return render(request, template, defaults | context)


def in_conflict(request: HttpRequest, cohort: Any, form: Any, *, version: int, what: str) -> dict[str, Any]:
    """The context of a page whose answers somebody else has saved in the meantime; `form` knows theirs.

    `what` is the audit row's name of the save, which says who it was. A second press keeps what was typed.
    """
    saved_by = cohorts.who_saved(cohort, what)
    if saved_by is not None and saved_by.pk == request.user.pk:
        who, sentence = "You", "You saved this page in another window while you were writing"
    else:
        who = str(saved_by or "Somebody")
        sentence = f"{who} saved this page while you were writing"
    differing = next(line for _, lines in form.sections() for line in lines if line.differs)
    errors = [{"text": sentence, "url": f"#theirs-{differing.field.name}"}]
    return {"version": version, "conflict": sentence, "who": who, "errors": errors}
