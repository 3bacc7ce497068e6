"""Tables to take away, as CSV or as an Excel workbook. Each file that is made leaves a line in the audit (R18)."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from referrals.choices import Status
from s2s_portal.core import clock
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.oversight.choices import FileFormat, Unit
from s2s_portal.oversight.documents.figures import Column, Value, chosen
from s2s_portal.oversight.documents.sheets import Made, Sheet, figure_sheet, list_sheet
from s2s_portal.oversight.queries.listing import listed_by_parts
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.views.asking import scope_context, scope_form
from s2s_portal.oversight.views.dashboards import page_or_404
from s2s_portal.oversight.views.drilling import behind_or_404
from s2s_portal.oversight.views.sending import as_file

REQUEST_COLUMNS = (
    *(Column("Reference"), Column("School or setting"), Column("Stream"), Column("Zone"), Column("Status")),
    *(Column("Sent", Unit.DAY), Column("Joined the waiting list", Unit.DAY), Column("Teacher’s school")),
)


@requires(Permission.SEE_DASHBOARDS)
@require_safe
def figure_file(request: HttpRequest, slug: str, figure: str, ending: str) -> HttpResponseBase:
    """The table of one figure, with what the page says of it; R16 hides in it what it hides on the page."""
    page, readings = page_or_404(request, slug), _readings_or_404(request, ending)
    found = chosen(page.figures(readings), figure)
    if found is None:
        raise Http404
    made = made_for(request, readings)
    return taken_away(request, figure_sheet(found, made), made, path=f"{slug}/{figure}", ending=ending)


@requires(Permission.SEE_DASHBOARDS)
@require_safe
def requests_file(request: HttpRequest, slug: str, figure: str, line: str, ending: str) -> HttpResponseBase:
    """The requests behind a line of a figure, without the children; read in parts while they are sent."""
    page, readings = page_or_404(request, slug), _readings_or_404(request, ending)
    behind, made = behind_or_404(page, readings, figure, line), made_for(request, readings)
    listed = behind.with_facts(listed_by_parts(readings.scope.asking, behind.ids))
    rows = ((*_row(one), *facts) for one, facts in listed)
    columns = (*REQUEST_COLUMNS, *behind.columns)
    sheet = list_sheet(behind.title, behind.definition, made, columns, rows, len(behind.ids))
    return taken_away(request, sheet, made, path=f"{slug}/{figure}/{line}", ending=ending)


def made_for(request: HttpRequest, readings: Readings) -> Made:
    """What the file is for and who makes it."""
    told = scope_context(readings)
    return Made(
        period=str(told["period"]),
        stream=told["stream"],
        at=told["at"],
        by=str(request.user),
        made_at=clock.real_now(),
        in_practice=request.in_practice,  # type: ignore[attr-defined]
    )


def taken_away(request: HttpRequest, sheet: Sheet, made: Made, *, path: str, ending: str) -> HttpResponseBase:
    """The sheet as a download whose name says what it is and of which day; who took it is recorded first."""
    what = f"downloaded {path} as {ending}, rows: {sheet.count}"
    record = {"kind": AuditKind.READ, "what": what[:100], "reference": f"dashboard {path}"[:60]}
    audit.record(**record, reason=f"Filter: {made.narrowing}"[:500], by=request.user)
    return as_file(sheet, f"{path.replace('/', '-')}-{london_date(made.at).isoformat()}", ending)


def _readings_or_404(request: HttpRequest, ending: str) -> Readings:
    _, readings = scope_form(request)
    if readings is None or ending not in FileFormat.values:
        raise Http404
    return readings


def _row(one: Any) -> Iterator[Value]:
    sent = london_date(one.submitted_at)
    yield one.reference
    yield one.establishment.display_name
    yield one.get_stream_display()
    yield one.zone.name
    yield Status(one.status).label
    yield sent if one.turn is None else None
    yield None if one.turn is None else sent
    yield one.provider_school.display_name if one.provider_school else None
