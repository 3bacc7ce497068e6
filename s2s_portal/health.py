"""Whether this process answers; load balancers ask. (Readiness of database, broker and workers comes with the jobs.)"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """200 and one word, without touching anything else."""
    return HttpResponse("ok", content_type="text/plain")
