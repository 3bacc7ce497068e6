"""Reports to commissioners: issued with one button, kept as issued, read again byte for byte."""

import uuid
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quotas.views.asking import key_in
from s2s_portal.core import files, pdf, spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import can, requires
from s2s_portal.oversight.actions.issuing import issue
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.documents.figures import Figure
from s2s_portal.oversight.documents.report import Report, report_document
from s2s_portal.oversight.documents.stuck import ONE_BY_ONE
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.reports import find, issued
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.views.asking import query_of, scope_form
from s2s_portal.oversight.views.figure_rows import told_once
from s2s_portal.oversight.views.pages import PAGES, Page

IN_FULL = (
    *(Dashboard.QUOTAS, Dashboard.WAITING, Dashboard.UNMET, Dashboard.WAITS, Dashboard.STUCK, Dashboard.ZONES),
    *(Dashboard.NEEDS, Dashboard.OUTCOMES, Dashboard.CONTRACT_END),
)
"""The dashboards whose tables are in a report; of the others it has the answers."""
LEFT_OUT = frozenset({ONE_BY_ONE})
"""Figures that list single requests: a report is passed on."""
COLUMNS = [{"label": label} for label in ("Report", "Period", "Figures as at", "Issued by")]
ROWS_A_PAGE = 25


@requires(Permission.SEE_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports that were issued; a POST issues one of the period that the address asks for, both streams."""
    _, asked = scope_form(request)
    if request.method == "POST" and asked is not None:
        _check_period(request, asked.scope.period)
        one = _issued(request, Scope(asked.scope.asking, asked.scope.period, asked.scope.at))
        messages.success(request, f"Report {one.number} was issued.")
        return redirect("oversight:report_list")
    page = page_of(issued(), request.GET.get("page"), size=ROWS_A_PAGE)
    context = {"period": asked and asked.scope.period, "page": page, "columns": COLUMNS}
    context |= {"rows": [_row(one) for one in page], "issue_url": request.path + query_of(request)}
    context |= {"may_issue": can(request.user, Permission.ISSUE_REPORTS), "key": uuid.uuid4()}
    return render(request, "oversight/reports.html", context)


@requires(Permission.SEE_QUOTAS)
@require_safe
def report_file(request: HttpRequest, pk: int) -> FileResponse:
    """A report as it was issued; who read it is recorded."""
    one = find(pk)
    if one is None:
        raise Http404
    audit.record(kind=AuditKind.READ, what="downloaded a report", reference=f"report {pk}", by=request.user)
    name = f"report-{one.number}-{london_date(one.at).isoformat()}.pdf"
    return files.download(name, files.KINDS["pdf"], BytesIO(bytes(one.content)))


def _check_period(request: HttpRequest, period: Any) -> None:
    """404 where the address names a period that is not offered: what is issued is kept, so never of another one."""
    if request.GET.get("period") not in (None, "", str(period.pk)):
        raise Http404


def _issued(request: HttpRequest, scope: Scope) -> Any:
    readings = Readings(scope)
    told = {"key": key_in(request), "by": request.user, "at": scope.at}
    in_practice: bool = request.in_practice  # type: ignore[attr-defined]
    return issue(period=scope.period, made=lambda number: _made(readings, number, in_practice), **told)


def _made(readings: Readings, number: int, in_practice: bool) -> bytes:
    scope = readings.scope
    allowed = [page for page in PAGES.values() if can(scope.asking.user, page.permission)]
    answers = [answer for page in allowed for answer in page.answers(readings)]
    pages = [(page.dashboard.label, figures_of(page, readings)) for page in allowed if page.dashboard in IN_FULL]
    report = Report(str(scope.period), number, scope.at, str(scope.asking.user), answers, pages, in_practice)
    return pdf.document(report_document(report))


def figures_of(page: Page, readings: Readings) -> list[Figure]:
    """The figures of a page as a report has them: what is empty is told once, and no single request."""
    return [figure for figure in told_once(page.figures(readings)) if figure.key not in LEFT_OUT]


def _row(one: Any) -> list[Any]:
    url = reverse("oversight:report_file", args=[one.pk])
    name = {"text": f"Report {one.number}", "url": url, "hint": f"PDF, {max(one.size // 1024, 1):,} KB"}
    return [name, str(one.period), spoken.moment(one.at), str(one.by)]
