"""What a dashboard is asked about, as its address says it."""

from typing import Any

from django.http import HttpRequest

from quotas import queries as quota_queries
from referrals.views.asking import asking
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.forms.narrowing import ScopeForm
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.scope import Scope, counting


def scope_form(request: HttpRequest) -> tuple[ScopeForm, Readings | None]:
    """The form of the address, with what it asks for: the period that counts, until another is chosen.

    None where no period has been set up yet.
    """
    periods = list(quota_queries.periods().select_related("contract"))
    now = counting(periods, request.at)
    data = request.GET.copy()
    data.setdefault("period", str(now.pk) if now else "")
    form = ScopeForm(data, periods=periods)
    period, stream = form.chosen(now)
    if period is None:
        return form, None
    return form, Readings(Scope(asking(request), period, request.at, stream))


def scope_context(readings: Readings) -> dict[str, Any]:
    """What the figures of a page are for, as templates say it: period, moment, and the stream's label or ""."""
    scope = readings.scope
    return {"period": scope.period, "at": scope.at, "stream": Stream(scope.stream).label if scope.stream else ""}


def query_of(request: HttpRequest) -> str:
    """The period and stream of the address, with its question mark, to take along to the next page; "" for neither."""
    kept = request.GET.copy()
    for name in set(kept) - {"period", "stream"}:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
