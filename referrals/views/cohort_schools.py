"""One school of a cohort, and the children it names."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.FILE_COHORTS)
def cohort_school(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404


@requires(Permission.FILE_COHORTS)
def cohort_school_remove(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404


@requires(Permission.FILE_COHORTS)
def cohort_child_add(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404


@requires(Permission.FILE_COHORTS)
def cohort_child_remove(request: HttpRequest, **_: Any) -> HttpResponse:
    """Being built."""
    raise Http404
