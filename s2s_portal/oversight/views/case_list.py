"""The case list: requests with who the children are, downloaded by those who see the whole case, with a reason."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quotas import queries as quota_queries
from referrals.queries.requests import zones_to_choose
from referrals.views.asking import asking
from s2s_portal.core import clock, kept_text
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.permissions import requires
from s2s_portal.oversight.actions.taking import take_case_list
from s2s_portal.oversight.documents.case_list import case_list_sheet, columns_in_words, in_words
from s2s_portal.oversight.documents.sheets import Made
from s2s_portal.oversight.forms.case_list import EVERY_PERIOD, CaseListFilterForm, TakeCaseListForm
from s2s_portal.oversight.queries.case_list import Narrowing, by_parts, found, listed
from s2s_portal.oversight.views.sending import as_file


@requires(Permission.EXPORT_CHILDREN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: HttpRequest) -> HttpResponseBase:
    """What the file will have, and the reason that is asked for; a POST with a reason is answered by the file."""
    chosen = _filter_form(request)
    narrowing = chosen.narrowing()
    form = TakeCaseListForm(request.POST if request.method == "POST" else kept_text.take(request))
    if request.method == "POST" and narrowing is not None and form.is_valid():
        file = _taken(request, chosen, narrowing, form.cleaned_data)
        if file is not None:
            return file
    context: dict[str, Any] = {"form": chosen, "filters": chosen, "columns": columns_in_words()}
    if narrowing is not None and (counted := in_words(found(asking(request), narrowing).count())):
        context |= {"form": form, "counted": counted, "filter": chosen.narrowed.filter_of(_made(request, narrowing))}
    return render(request, "oversight/case_list.html", context)


def _filter_form(request: HttpRequest) -> CaseListFilterForm:
    """The filters of the address, with the period that counts now chosen until another is."""
    data = request.GET.copy()
    counting = quota_queries.period_at(request.at)  # type: ignore[attr-defined]
    data.setdefault("period", str(counting.pk) if counting else EVERY_PERIOD)
    periods = list(quota_queries.periods().select_related("contract"))
    return CaseListFilterForm(data, periods=periods, zones=zones_to_choose(request.user))  # type: ignore[arg-type]


def _taken(
    request: HttpRequest, chosen: CaseListFilterForm, narrowing: Narrowing, given: dict[str, str]
) -> HttpResponseBase | None:
    """The file, once it stands in the audit; None where there is no request for it."""
    who, made, narrowed = asking(request), _made(request, narrowing), chosen.narrowed
    requests, ending, reason = listed(who, narrowing), given["file_format"], given["reason"]
    if not requests:
        return None
    references = [one.reference for one in requests]
    told = {"ending": ending, "narrowed": narrowed.filter_of(made), "reason": reason}
    take_case_list(references=references, **told, by=request.user)  # type: ignore[arg-type]
    sheet = case_list_sheet(made, narrowed, reason, by_parts(who, requests, made.at), len(requests))
    return as_file(sheet, f"case-list-{london_date(made.at).isoformat()}", ending)


def _made(request: HttpRequest, narrowing: Narrowing) -> Made:
    return Made(
        period=str(narrowing.period or "All periods"),
        stream=Stream(narrowing.stream).label if narrowing.stream else "",
        at=request.at,  # type: ignore[attr-defined]
        by=str(request.user),
        made_at=clock.real_now(),
        in_practice=request.in_practice,  # type: ignore[attr-defined]
    )
