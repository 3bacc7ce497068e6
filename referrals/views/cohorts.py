"""Cohorts: the list, beginning one, and its page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.FILE_COHORTS)
def cohort_list(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404


@requires(Permission.FILE_COHORTS)
def cohort_start(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404


@requires(Permission.SEE_REQUESTS)
def cohort_detail(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404
