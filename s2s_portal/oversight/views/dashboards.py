"""The overview with its ten answers, and the page behind each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s2s_portal.core.routes import address
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can, check, requires
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.views.asking import query_of, scope_context, scope_form
from s2s_portal.oversight.views.figure_rows import drawn_figures
from s2s_portal.oversight.views.pages import PAGES, Page


@requires(Permission.SEE_DASHBOARDS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Ten questions, each with one figure and one sentence, leading to its page."""
    form, readings = scope_form(request)
    context: dict[str, Any] = {"form": form, "pages": _menu(request)}
    if readings is not None:
        answers = [answer for page in _allowed(request) for answer in page.answers(readings)]
        lines = [{"answer": answer, "url": _address(answer.page, request)} for answer in answers]
        context |= {"answers": lines, "reports_url": _reports_url(request)} | scope_context(readings)
        context["case_list_url"] = _case_list_url(request)
    return render(request, "oversight/overview.html", context)


@requires(Permission.SEE_DASHBOARDS)
@require_safe
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """One page's figures, each a sentence, a chart and a table of the same numbers."""
    page = page_or_404(request, slug)
    form, readings = scope_form(request)
    context: dict[str, Any] = {"form": form, "page": page, "pages": _menu(request, page.dashboard)}
    if readings is not None:
        figures = drawn_figures(page.figures(readings), page.dashboard, query_of(request))
        context |= {"figures": figures} | scope_context(readings)
    return render(request, "oversight/dashboard.html", context)


def page_or_404(request: HttpRequest, slug: str) -> Page:
    """The page with this address; 404 if there is none, 403 with a sentence if it is not for this person."""
    page = PAGES.get(slug)  # type: ignore[call-overload]
    if page is None:
        raise Http404
    check(request.user, page.permission)
    return page


def _reports_url(request: HttpRequest) -> str:
    return address("oversight:report_list") + query_of(request) if can(request.user, Permission.SEE_QUOTAS) else ""


def _case_list_url(request: HttpRequest) -> str:
    may = can(request.user, Permission.EXPORT_CHILDREN)
    return address("oversight:case_list") + query_of(request) if may else ""


def _allowed(request: HttpRequest) -> list[Page]:
    return [page for page in PAGES.values() if can(request.user, page.permission)]


def _menu(request: HttpRequest, current: Dashboard | None = None) -> list[dict[str, Any]]:
    items = [{"label": "Overview", "url": address("oversight:overview") + query_of(request), "current": not current}]
    for page in _allowed(request):
        url = _address(page.dashboard, request)
        items.append({"label": page.dashboard.label, "url": url, "current": page.dashboard == current})
    return items


def _address(page: Dashboard, request: HttpRequest) -> str:
    return address("oversight:dashboard", page.value) + query_of(request)
