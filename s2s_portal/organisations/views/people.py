"""People, and the zones they work in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s2s_portal.core import clock
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms import PeopleFilterForm
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import people, placing
from s2s_portal.organisations.queries.invitations import not_invited, standings
from s2s_portal.organisations.views.rows import PEOPLE_COLUMNS, ZONE_COLUMNS, people_rows, zone_rows

PERSON = "referrals:person_detail"
"""The page of one person: it names the requests they have in hand, which are of a storey above."""


@require_safe
@requires(Permission.SEE_PEOPLE)
def person_list(request: HttpRequest) -> HttpResponse:
    """Everyone with their roles and zones, filtered and page by page."""
    form = PeopleFilterForm(request.GET)
    context: dict[str, object] = {"form": form, "page": None}
    if form.is_valid():
        typed = form.cleaned_data
        found = people.people(text=typed["q"], role=typed["role"])
        page = page_of(not_invited(found) if typed["invited"] else found, request.GET.get("page"))
        rows = people_rows(page, standings(page, clock.real_now()), page=PERSON)
        context |= {"page": page, "columns": PEOPLE_COLUMNS, "rows": rows}
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
        "without_zone": placing.still_to_place(),
    }
    return render(request, "organisations/zone_list.html", context)
