"""A cohort's schools and what comes next, as its pages show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from referrals.choices import Plan, Status
from referrals.queries.cohorts import Line
from referrals.rules.answers import Problem
from referrals.rules.cohorts import part_of
from referrals.views.rows import Cell, status_tag
from s2s_portal.core import calendar, spoken
from s2s_portal.core.forms.dates import lower_first

COHORT_COLUMNS = [
    {"label": "Cohort"},
    {"label": "Zones"},
    {"label": "Schools", "numeric": True},
    {"label": "Requests", "numeric": True},
    {"label": "Last changed"},
]
READY = {"text": "Ready", "colour": "green"}
LEFT_OUT = {"text": "Left out for now", "colour": "grey"}
NOT_READY = {"text": "Not ready", "colour": "yellow"}
CANNOT = {"text": "Cannot be sent", "colour": "red"}


def cohort_rows(cohorts: Iterable[Any], today: Any) -> list[list[Cell]]:
    """One line of cells for each cohort of `queries.cohorts.listed`, as `COHORT_COLUMNS`."""
    return [
        [
            {
                "text": one.title,
                "url": reverse("referrals:cohort_detail", args=[one.reference]),
                "hint": f"{one.reference}, started by {one.started_by.full_name}",
            },
            ", ".join(zone.name for zone in one.zones.all()),
            str(one.school_count),
            {"text": str(one.request_count), "hint": "" if one.sent_at else "Not sent yet"},
            spoken.ago(calendar.london_date(one.changed_at), today).capitalize(),
        ]
        for one in cohorts
    ]


def school_items(cohort: Any, lines: Sequence[Line], *, may_change: bool) -> list[dict[str, Any]]:
    """The cohort's schools for _cohort_schools.html: title, address, lines of text and a tag for each."""
    return [_item(cohort, line, may_change=may_change) for line in lines]


def _item(cohort: Any, line: Line, *, may_change: bool) -> dict[str, Any]:
    return {
        "title": line.school.establishment.display_name,
        "url": _url(cohort, line) if line.request or may_change else "",
        "texts": [text for text in (about(line), *_notes(line), _missing(line.problems)) if text],
        "tag": tag_of(line),
    }


def _url(cohort: Any, line: Line) -> str:
    if line.request is not None:
        return reverse("referrals:referral_detail", args=[line.request.reference])
    return reverse("referrals:cohort_school", args=[cohort.reference, line.key])


def tag_of(line: Line) -> dict[str, str]:
    """Where one school stands: its request's status, or whether it can be sent."""
    if line.request is not None:
        return status_tag(line.request.status)
    if any(not problem.missing for problem in line.problems):
        return CANNOT
    if line.problems:
        return NOT_READY
    return LEFT_OUT if line.school.plan == Plan.NOT_YET else READY


def about(line: Line) -> str:
    """The line in a few words: which request it is and where that waits, or how many children and how soon."""
    one = line.request
    if one is None:
        count = line.school.children
        children = "" if count is None else f"{count} {'child' if count == 1 else 'children'}, "
        return f"{children}{line.school.get_priority_display().lower()} priority".capitalize()
    if one.status == Status.WAITING:
        return f"{one.reference}, number {(line.ahead or 0) + 1} on the waiting list"
    day = spoken.day(calendar.london_date(one.submitted_at))
    return f"{one.reference}, {'sent' if one.turn is None else 'joined the waiting list'} {day}"


def _notes(line: Line) -> list[str]:
    """What the adviser should know before asking: other requests for the same school."""
    return [] if line.request is not None else [already(one) for one in line.others] + [_supported(line.earlier)]


def already(one: Any) -> str:
    """That the school has another request, in words."""
    what = "waiting since" if one.status == Status.WAITING else "sent"
    day = spoken.day(calendar.london_date(one.submitted_at))
    return f"Already has {one.reference}: {what} {day} by {one.submitted_by}"


def _supported(earlier: int) -> str:
    if not earlier:
        return ""
    return f"Supported before: {earlier} {'request' if earlier == 1 else 'requests'} in earlier periods"


def _missing(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    wrong = [problem.sentence for problem in problems if not problem.missing]
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"{wrong[0]}{more}" if wrong else f"Still needed: {lower_first(problems[0].sentence)}{more}"


def description_links(cohort: Any, problems: Iterable[Problem]) -> list[dict[str, str]]:
    """What the description lacks, each with the question it is asked at."""
    return [{"text": problem.sentence, "url": _question(cohort, problem.field)} for problem in problems]


def _question(cohort: Any, field: str) -> str:
    part = part_of(field).value
    return f"{reverse('referrals:cohort_describe_part', args=[cohort.reference, part])}?from=cohort#id_{field}"


def next_step(cohort: Any, lines: Sequence[Line], problems: Sequence[Problem]) -> dict[str, str] | None:
    """The one thing to do next with a cohort that the person may change; None when all is done."""

    def step(text: str, route: str, *args: str) -> dict[str, str]:
        return {"text": text, "url": reverse(f"referrals:{route}", args=[cohort.reference, *args])}

    unsent = [line for line in lines if line.request is None]
    if problems and cohort.sent_at is None:
        return step("Complete the description", "cohort_describe")
    if not lines:
        return step("Add schools", "cohort_choose")
    for line in unsent:
        if any(problem.missing for problem in line.problems):
            return step(f"Complete {line.school.establishment.display_name}", "cohort_school", line.key)
    if any(not line.problems for line in unsent):
        return step("Choose who goes now", "cohort_plan")
    return None
