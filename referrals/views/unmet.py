"""Demand that was not met, for the commissioner: sums and three tables, without child data."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from quotas import queries as quota_queries
from referrals.documents.unmet import unmet_sentence
from referrals.forms.unmet import UnmetForm
from referrals.queries import unmet
from referrals.queries.unmet import Line
from referrals.rules.disclosure import Hidden
from referrals.views.asking import asking
from referrals.views.rows import Cell
from s2s_portal.core import spoken
from s2s_portal.core.templatetags.govuk import share
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.permissions import requires

COLUMNS = ("Refused", "Waiting now", "No place came free", "All")
BAR = (
    '<svg class="app-figure__bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="app-figure__bar-used" width="{}" height="8" /></svg>'
)


@requires(Permission.SEE_QUOTAS)
@require_safe
def unmet_demand(request: HttpRequest) -> HttpResponse:
    """One period's unmet demand by zone, need and week; the period that counts, until another is chosen."""
    periods, counting = list(quota_queries.periods()), quota_queries.period_at(request.at)
    data = request.GET.copy()
    data.setdefault("period", str(counting.pk) if counting else "")
    form = UnmetForm(data, periods=periods)
    period, stream = form.chosen(counting)
    context: dict[str, Any] = {"form": form, "period": period}
    if period is not None:
        context |= _context(request, period, stream)
    return render(request, "referrals/unmet_demand.html", context)


def _context(request: HttpRequest, period: Any, stream: str) -> dict[str, Any]:
    demand = unmet.unmet_demand(asking(request), period=period, stream=stream)
    sums, longest = demand.sums, max((week.total for week in demand.weeks), default=0)
    label = Stream(stream).label if stream else ""
    told = {"refused": sums.refused, "waiting": sums.waiting, "lapsed": sums.lapsed}
    return {
        "sentence": unmet_sentence(stream_label=label, **told),
        "total": sums.total,
        "hides": any(isinstance(count, Hidden) for line in demand.needs for count in _counts(line)),
        "tables": [
            _table("zone", "By zone", "Zone", demand.zones, sums),
            _table("need", "By main type of need", "Main type of need", demand.needs, sums),
            _table("week", "By week", "Week from Monday", demand.weeks, sums, longest=longest),
        ],
    }


def _table(key: str, caption: str, first: str, lines: list[Line], sums: Line, *, longest: int = 0) -> dict[str, Any]:
    columns = [{"label": first}, *({"label": label, "numeric": True} for label in COLUMNS)]
    rows = [[_about(line, longest), *map(_cell, _counts(line))] for line in lines]
    return {"key": key, "caption": caption, "columns": columns, "rows": [*rows, _sum_row(sums)]}


def _counts(line: Line) -> tuple[int | Hidden, ...]:
    return line.refused, line.waiting, line.lapsed, line.total


def _about(line: Line, longest: int) -> Cell | SafeString:
    """What a line is about; a week has a bar of its sum."""
    if not isinstance(line.about, date):
        return line.about
    return format_html("{}" + BAR, spoken.day(line.about), share(int(line.total), longest))


def _cell(count: int | Hidden) -> Cell:
    return {"text": count.value, "nowrap": "yes"} if isinstance(count, Hidden) else f"{count:,}"


def _sum_row(sums: Line) -> list[SafeString]:
    return [format_html("<strong>{}</strong>", text) for text in ("Total", *map(_cell, _counts(sums)))]
