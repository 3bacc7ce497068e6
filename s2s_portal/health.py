"""Whether this process answers; load balancers ask. (Readiness of database, broker and workers comes with the jobs.)"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """200 and one word, over plain HTTP too, to whoever names one of ALLOWED_HOSTS.

    In production no query is made. Where rehearsal is on, the middleware has read the practice date by now, so there a
    database that is away fails this too.
    """
    return HttpResponse("ok", content_type="text/plain")
