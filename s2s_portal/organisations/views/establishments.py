"""The registers of schools and settings, and suggestions for the request form."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission, Source
from s2s_portal.organisations.forms import RegisterFilterForm
from s2s_portal.organisations.permissions import can, requires
from s2s_portal.organisations.queries import establishments
from s2s_portal.organisations.views.rows import REGISTER_COLUMNS, register_rows


@require_safe
@requires(Permission.SEE_REGISTERS)
def establishment_list(request: HttpRequest) -> HttpResponse:
    """The registers, filtered and page by page."""
    form = RegisterFilterForm(request.GET)
    context: dict[str, object] = {"form": form, "page": None}
    if form.is_valid():
        page = page_of(establishments.register(**form.filters()), request.GET.get("page"))
        context |= {"page": page, "columns": REGISTER_COLUMNS, "rows": register_rows(page)}
    return render(request, "organisations/establishment_list.html", context)


@require_safe
@requires(Permission.SEE_REGISTERS)
def establishment_detail(request: HttpRequest, source: str, urn: str) -> HttpResponse:
    """What the register says of one establishment, and whom we know there."""
    establishment = establishments.one(source, urn)
    if establishment is None:
        raise Http404
    context = {
        "establishment": establishment,
        "facts": establishments.facts_of(establishment),
        "contacts": establishments.contacts_of(establishment),
        "mend_url": _mend_url(request, establishment),
        "back_url": reverse("organisations:establishment_list"),
    }
    return render(request, "organisations/establishment_detail.html", context)


def _mend_url(request: HttpRequest, establishment: Any) -> str:
    """Where to merge what was added by hand, or to name what has no name of its own; "" where neither is due."""
    if not can(request.user, Permission.MANAGE_REGISTERS) or establishment.merged_into_id is not None:
        return ""
    if establishment.source == Source.LOCAL:
        return reverse("referrals:merge_find", args=[establishment.urn])
    if establishment.named_by_hand or not establishment.name:
        return reverse("referrals:give_name", args=[establishment.source, establishment.urn])
    return ""


@require_safe
@requires(Permission.FILE_REQUESTS)
def establishment_suggest(request: HttpRequest) -> JsonResponse:
    """Up to ten establishments for which this person may file, as the autocomplete reads them."""
    found = establishments.suggestions(request.user, request.GET.get("q", ""))
    results = [{"value": choice.value, "label": choice.label} for choice in found]
    return JsonResponse({"results": results}, headers={"Cache-Control": "no-store"})
