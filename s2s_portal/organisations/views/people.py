"""People, and the zones they work in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import people
from s2s_portal.organisations.views.rows import PEOPLE_COLUMNS, ZONE_COLUMNS, people_rows, zone_rows


@require_safe
@requires(Permission.SEE_PEOPLE)
def person_list(request: HttpRequest) -> HttpResponse:
    """Everyone with their roles and zones."""
    page = page_of(people.people(), request.GET.get("page"))
    context = {"page": page, "columns": PEOPLE_COLUMNS, "rows": people_rows(page)}
    return render(request, "organisations/person_list.html", context)


@require_safe
@requires(Permission.SEE_PEOPLE)
def zone_list(request: HttpRequest) -> HttpResponse:
    """Every zone with its schools, settings and advisers."""
    page = page_of(people.zones(), request.GET.get("page"))
    context = {
        "page": page,
        "columns": ZONE_COLUMNS,
        "rows": zone_rows(page),
        "without_zone": people.open_without_zone(),
    }
    return render(request, "organisations/zone_list.html", context)
