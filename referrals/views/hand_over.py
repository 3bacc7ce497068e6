"""The hand-over report of a provider school: a page for a phone, a CSV and a PDF. No child is named in any of them."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.documents.hand_over import NO_SCHOOL, HandedOver, csv_rows, hand_over_pdf
from referrals.queries import contracts, hand_over
from referrals.views.asking import asking
from referrals.views.rows import status_tag
from s2s_portal.core import calendar, csv, spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25
COLUMNS = (
    {"label": "Request"},
    {"label": "School or setting"},
    {"label": "Teacher"},
    {"label": "Status"},
    {"label": "First asked for"},
    {"label": "Next planned visit"},
    {"label": "So far"},
    {"label": "What becomes of it"},
)
SCHOOL_COLUMNS = ({"label": "School"}, {"label": "Requests", "numeric": True})


@dataclass(frozen=True)
class Report:
    """What a report is about, and its requests as a query."""

    contract: Any
    school_pk: int
    school: str
    rollover: Any
    requests: Any

    @property
    def file_name(self) -> str:
        """What its files are called, without the ending."""
        return f"hand-over-{self.contract.pk}-{self.school_pk}"


@requires(Permission.SEE_HAND_OVER)
@never_cache
@require_safe
def hand_over_list(request: HttpRequest) -> HttpResponse:
    """The contracts, and under each the schools with requests that were open at its end, or are open now."""
    who = asking(request)
    chosen = request.GET.get("contract", "")
    every = list(contracts.by_name())
    counting = next((one for one in every if str(one.pk) == chosen), None) or contracts.counting_at(request.at)
    context = {
        "contracts": every,
        "contract": counting,
        "columns": SCHOOL_COLUMNS,
        "rows": [_school_row(counting, one) for one in hand_over.schools(who, counting)] if counting else [],
    }
    return render(request, "referrals/hand_over_list.html", context)


def _school_row(contract: Any, school: hand_over.School) -> list[Any]:
    address = reverse("referrals:hand_over", args=[contract.pk, school.pk])
    return [{"text": school.name, "url": address}, str(school.requests)]


def _report_or_404(request: HttpRequest, contract: int, school: int) -> Report:
    """The report that an address names; 404 unless there is such a contract and school."""
    found, named = contracts.find(contract), hand_over.school_called(school) if school else None
    if found is None or (school and named is None):
        raise Http404
    rollover = hand_over.end_of(found)
    requests = hand_over.of_school(hand_over.requests_of(asking(request), found, rollover), school)
    return Report(found, school, named.display_name if named else NO_SCHOOL, rollover, requests)


@requires(Permission.SEE_HAND_OVER)
@never_cache
@require_safe
def hand_over_report(request: HttpRequest, contract: int, school: int) -> HttpResponse:
    """The report on screen. Whose initials somebody saw is recorded (R18)."""
    report = _report_or_404(request, contract, school)
    rows = hand_over.listed(report.requests, report.rollover, request.at)
    page = page_of(rows, request.GET.get("page"), size=ROWS_A_PAGE)
    lines = hand_over.with_initials(asking(request), page)
    seen = [("hand-over report, with initials", one.reference) for one in lines if one.initials]
    audit.record_all(kind=AuditKind.READ, lines=seen, by=request.user)
    context = {
        "report": report,
        "totals": hand_over.totals_of(report.requests, report.rollover),
        "page": page,
        "columns": COLUMNS,
        "rows": [_row(one) for one in lines],
        "as_at": spoken.moment(request.at),
    }
    return render(request, "referrals/hand_over.html", context)


def _row(one: HandedOver) -> list[Any]:
    address = reverse("referrals:referral_detail", args=[one.reference])
    about = f"{one.stream.label.capitalize()}, {one.initials}" if one.initials else one.stream.label.capitalize()
    return [
        {"text": one.reference, "url": address, "hint": about, "nowrap": "yes"},
        {"text": one.establishment, "hint": one.zone},
        one.teacher or "Nobody yet",
        status_tag(one.status),
        spoken.day(one.first_asked_on),
        one.next_visit,
        one.done,
        one.becomes,
    ]


@requires(Permission.SEE_HAND_OVER)
@never_cache
@require_safe
def hand_over_csv(request: HttpRequest, contract: int, school: int) -> HttpResponse:
    """The whole report as a CSV, without initials."""
    report = _report_or_404(request, contract, school)
    lines, totals = _whole(request, report)
    answer = HttpResponse(
        csv.for_download(csv.written(csv_rows(lines, totals))), content_type="text/csv; charset=utf-8"
    )
    return _named(answer, request, report, "csv")


@requires(Permission.SEE_HAND_OVER)
@never_cache
@require_safe
def hand_over_download(request: HttpRequest, contract: int, school: int) -> HttpResponse:
    """The whole report as a PDF, without initials."""
    report = _report_or_404(request, contract, school)
    lines, totals = _whole(request, report)
    about = {"contract": str(report.contract), "school": report.school}
    made = hand_over_pdf(**about, lines=lines, totals=totals, at=request.at)
    return _named(HttpResponse(made, content_type="application/pdf"), request, report, "pdf")


def _whole(request: HttpRequest, report: Report) -> tuple[list[HandedOver], Any]:
    rows = hand_over.without_names(hand_over.listed(report.requests, report.rollover, request.at))
    return hand_over.in_lines(rows), hand_over.totals_of(report.requests, report.rollover)


def _named(answer: HttpResponse, request: HttpRequest, report: Report, ending: str) -> HttpResponse:
    day = calendar.london_date(request.at).isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{report.file_name}-{day}.{ending}"'
    return answer
