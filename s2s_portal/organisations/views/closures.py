"""Days on which one school or setting is closed or trains its staff: co-ordinators enter them."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core.calendar import london_date
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import calendar as actions
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms.calendar import ClosureForm, FindSchoolForm, RemoveForm
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import calendar, establishments
from s2s_portal.organisations.queries.calendar_words import calendar_history
from s2s_portal.organisations.views import calendar_rows as rows
from s2s_portal.organisations.views.calendar import facts_of
from s2s_portal.organisations.views.editing import change, gone, values_of
from s2s_portal.organisations.views.rows import REGISTER_COLUMNS, register_rows


@require_safe
@requires(Permission.MANAGE_AVAILABILITY)
def school_closure_list(request: HttpRequest) -> HttpResponse:
    """Closures to come, place by place, and a search that finds any other place."""
    text = request.GET.get("q", "").strip()
    found = establishments.search(text=text)
    page = page_of(calendar.school_closures(london_date(request.at)), request.GET.get("page"))
    context = {
        "search": FindSchoolForm(request.GET or None),
        "text": text,
        "found_columns": REGISTER_COLUMNS,
        "found": register_rows(found, page="organisations:school_closures"),
        "page": page,
        "columns": rows.PLACE_COLUMNS,
        "rows": rows.place_rows(page, lambda place: address_of("school_closures", place)),
    }
    return render(request, "organisations/school_closure_list.html", context)


@require_safe
@requires(Permission.MANAGE_AVAILABILITY)
def school_closures(request: HttpRequest, source: str, urn: str) -> HttpResponse:
    """Every closure of one school or setting."""
    place = _place_or_404(source, urn)

    def url_of(row: Any) -> str:
        return address_of("school_closure_change", place, row.pk)

    context = {
        "place": place,
        "columns": rows.CLOSURE_COLUMNS,
        "rows": rows.closure_rows(calendar.closures_of(place), url_of),
        "add_url": address_of("school_closure_add", place),
        **rows.history_of(calendar_history(place), request.GET.get("page")),
    }
    return render(request, "organisations/school_closures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_AVAILABILITY)
def school_closure_add(request: HttpRequest, source: str, urn: str) -> HttpResponse:
    """New days on which one place is closed or trains its staff."""
    place = _place_or_404(source, urn)
    return change(
        request,
        ClosureForm,
        partial(actions.add_closure, establishment=place),
        initial={},
        back_url=address_of("school_closures", place),
        caption=place.display_name,
        heading="Add closed days",
        done="The closed days have been added.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_AVAILABILITY)
def school_closure_change(request: HttpRequest, source: str, urn: str, pk: int) -> HttpResponse:
    """Other days for a closure; its removal is one link away."""
    place = _place_or_404(source, urn)
    closure = calendar.find_closure(pk, place)
    if closure is None:
        return gone(request, address_of("school_closures", place))
    return change(
        request,
        ClosureForm,
        partial(actions.change_closure, closure=closure),
        row=closure,
        initial=values_of(closure, ClosureForm),
        back_url=address_of("school_closures", place),
        caption=place.display_name,
        heading="Change these closed days",
        done="The closed days have been changed.",
        remove_url=address_of("school_closure_remove", place, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_AVAILABILITY)
def school_closure_remove(request: HttpRequest, source: str, urn: str, pk: int) -> HttpResponse:
    """Ask, then forget a closure."""
    place = _place_or_404(source, urn)
    closure = calendar.find_closure(pk, place)
    if closure is None:
        return gone(request, address_of("school_closures", place))
    return change(
        request,
        RemoveForm,
        partial(actions.remove_closure, closure=closure),
        row=closure,
        initial={},
        confirm="Remove",
        facts=[{"key": "School or setting", "value": place.display_name}, *facts_of(closure)],
        back_url=address_of("school_closures", place),
        heading="Remove these closed days?",
        done="The closed days have been removed.",
    )


def address_of(route: str, place: Any, *more: int) -> str:
    """The page called `route` about one school or setting."""
    return reverse(f"organisations:{route}", args=[place.source, place.urn, *more])


def _place_or_404(source: str, urn: str) -> Any:
    place = establishments.one(source, urn)
    if place is None:
        raise Http404
    return place
