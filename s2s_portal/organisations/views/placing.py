"""Schools and settings without a zone, or in the wrong one: listed, chosen, checked and put in a zone."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core import kept_text
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions.placing import MOST_AT_ONCE, PlacedMeanwhile, place
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms.placing import PlacingCheckForm, PlacingChoiceForm, PlacingFilterForm
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import placing, reference
from s2s_portal.organisations.queries.placing import NO_POSTCODE, Wanted
from s2s_portal.organisations.views.rows import REGISTER_COLUMNS, register_rows

TICK, WHICH, ALL = "tick", "which", "all"
LIST, CHECK = "organisations:placing", "organisations:placing_check"
MOST_TICKS = 200
TICKS = "#chosen"
"""Stands for the first tick of the page."""


@dataclass(frozen=True)
class Chosen:
    """What somebody chose on the list: those meant, and the zone for them; or what they have to mend."""

    wanted: Wanted
    to: Any = None
    problems: tuple[dict[str, str], ...] = ()


@require_safe
@requires(Permission.MANAGE_REGISTERS)
def placing_list(request: HttpRequest) -> HttpResponse:
    """Those without a zone, or of one zone, filtered and page by page, with ticks."""
    return _list_page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def placing_check(request: HttpRequest) -> HttpResponse:
    """What was chosen (in the address), to look at once more; then it is done."""
    chosen = _chosen(request)
    if chosen.problems:
        return _list_page(request, chosen)
    form = PlacingCheckForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _check_page(request, chosen, form)
    told = form.cleaned_data
    try:
        done = place(wanted=chosen.wanted, to=chosen.to, **told, by=request.user, at=request.at)
    except PlacedMeanwhile as why:
        messages.warning(request, str(why))
        return redirect(request.get_full_path())
    messages.success(request, f"{done.subject} was {done.what}.")
    return redirect(f"{reverse(LIST)}?{_filters(request)}")


def _chosen(request: HttpRequest) -> Chosen:
    filters, zones = PlacingFilterForm(request.GET), PlacingChoiceForm(request.GET)
    if not filters.is_valid():
        return Chosen(Wanted(), problems=({"text": "Check the filters", "url": "#id_outward"},))
    wanted, problems = filters.wanted(), []
    if request.GET.get(WHICH) != ALL:
        ticked = [one for one in request.GET.getlist(TICK)[:MOST_TICKS] if one.isascii() and one.isdigit()]
        wanted = replace(wanted, ticked=tuple(int(one) for one in ticked if len(one) < 16))
        if not ticked:
            problems.append({"text": "Tick at least one school or setting", "url": TICKS})
    if not zones.is_valid():
        problems.append({"text": "Select the zone", "url": "#id_to"})
    if problems:
        return Chosen(wanted, problems=tuple(problems))
    return Chosen(wanted, to=reference.zone(int(zones.cleaned_data["to"])))


def _list_page(request: HttpRequest, chosen: Chosen | None = None) -> HttpResponse:
    form = PlacingFilterForm(request.GET)
    wanted = form.wanted() if form.is_valid() else Wanted()
    page = page_of(placing.listed(wanted), request.GET.get("page"))
    errors = (
        [one | {"url": _first_tick(page)} if one["url"] == TICKS else one for one in chosen.problems] if chosen else []
    )
    ticked = (chosen.wanted.ticked if chosen else None) or ()
    context = {
        "form": form,
        "narrows": form.is_valid() and form.narrows,
        "page": page,
        "columns": REGISTER_COLUMNS,
        "rows": _ticked_rows(page, ticked),
        "districts": _districts(request, wanted),
        "choice": PlacingChoiceForm(request.GET if errors else None),
        "kept": [(name, value) for name, value in _kept(request).items() if value],
        "errors": errors,
        "is_any_loaded": bool(page) or placing.is_any_loaded(),
    }
    return render(request, "organisations/placing.html", context)


def _first_tick(page: Any) -> str:
    return next((f"#{TICK}-{one.pk}" for one in page), TICKS)


def _ticked_rows(page: Any, ticked: tuple[int, ...]) -> list[list[Any]]:
    rows = register_rows(page)
    for one, cells in zip(page, rows, strict=True):
        first = {key: value for key, value in cells[0].items() if key != "url"}  # type: ignore[union-attr]
        cells[0] = first | {"tick": {"name": TICK, "value": one.pk, "checked": one.pk in ticked}}
    return rows


def _districts(request: HttpRequest, wanted: Wanted) -> list[dict[str, Any]]:
    """A link for each postcode district that the other filters leave."""
    links = []
    for outward, count in placing.districts(wanted):
        query = request.GET.copy()
        for name in ("page", TICK, "to", WHICH):
            query.pop(name, None)
        query["outward"] = outward or NO_POSTCODE
        links.append({"label": outward or "No postcode", "count": count, "url": f"{reverse(LIST)}?{query.urlencode()}"})
    return links


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in PlacingFilterForm.base_fields}


def _filters(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in set(query) - set(PlacingFilterForm.base_fields):
        del query[name]
    return query.urlencode()


def _check_page(request: HttpRequest, chosen: Chosen, form: PlacingCheckForm | None) -> HttpResponse:
    pks = list(placing.listed(chosen.wanted).values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    page = page_of(placing.listed(chosen.wanted), request.GET.get("page"))
    context = {
        "to": chosen.to,
        "count": len(pks),
        "too_many": len(pks) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "page": page,
        "columns": REGISTER_COLUMNS,
        "rows": register_rows(page),
        "form": form or PlacingCheckForm.fresh(placing.seen_as(chosen.wanted, pks), kept_text.take(request)),
        "back_url": f"{reverse(LIST)}?{_filters(request)}",
    }
    return render(request, "organisations/placing_check.html", context)
