"""The public start page: what S2S is, the route to it for schools and settings, and how many places are left."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referrals.queries.places import all_places_now
from s2s_portal.organisations.queries.texts import texts

ROUTES = ("START_EARLY_YEARS_ROUTE", "START_SCHOOLS_ROUTE")


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What anybody may know. Places left and the cut-off are public facts; nothing here is about a child."""
    words = texts(ROUTES, request.at)
    context = {
        "places": all_places_now(at=request.at),
        "early_years_route": words["START_EARLY_YEARS_ROUTE"],
        "schools_route": words["START_SCHOOLS_ROUTE"],
    }
    return render(request, "referrals/start.html", context)
