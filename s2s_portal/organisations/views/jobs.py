"""How the background work has been going, for administrators."""

from datetime import timedelta
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s2s_portal.core import clock
from s2s_portal.jobs import queries
from s2s_portal.jobs.registry import jobs
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.views.job_rows import JOB_COLUMNS, job_rows

SAME_TIME = timedelta(minutes=1)
"""Practice time no further than this from real time is not worth a sentence."""


@require_safe
@requires(Permission.SEE_JOBS)
def job_list(request: HttpRequest) -> HttpResponse:
    """Each background job: what it does, its last and next run, what failed, what waits."""
    real, at = clock.real_now(), request.at
    states = queries.job_states(sorted(jobs(), key=attrgetter("label")), real)
    context = {
        "columns": JOB_COLUMNS,
        "rows": job_rows(states, real=real, at=at),
        "is_ticking": queries.is_ticking(states, real),
        "real": real,
        "practice_at": at if abs(at - real) > SAME_TIME else None,
    }
    return render(request, "organisations/job_list.html", context)
