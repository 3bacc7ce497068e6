"""Describing a cohort, in three short pages."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.FILE_COHORTS)
def cohort_describe(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404


@requires(Permission.FILE_COHORTS)
def cohort_describe_part(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404
