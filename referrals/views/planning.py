"""Planning: the schools of a SEND Adviser's zones beside the places that are left."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referrals.forms.planning import PlanningForm
from referrals.queries import planning as queries
from referrals.queries.places import places_now
from referrals.views.school_rows import SCHOOL_COLUMNS, school_rows
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25


@requires(Permission.FILE_COHORTS)
@require_safe
def planning(request: HttpRequest) -> HttpResponse:
    """Every open mainstream school of the adviser's zones with what it has had, and the places left beside it."""
    form = PlanningForm(request.GET, choices=queries.choices_for(request.user))
    schools = queries.schools(request.user, form.filters(), request.at)
    page = page_of(schools, request.GET.get("page"), size=ROWS_A_PAGE)
    places = places_now(stream=Stream.MAINSTREAM, at=request.at)
    context = {
        "form": form,
        "places": [places] if places else [],
        "page": page,
        "columns": SCHOOL_COLUMNS,
        "rows": school_rows(page),
    }
    return render(request, "referrals/planning.html", context)
