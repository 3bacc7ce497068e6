"""The practice date: where a demo or training site is in time, and moving it forward (DESIGN §9)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from s2s_portal.core import clock, spoken
from s2s_portal.demo.actions.practice_date import move_practice_date
from s2s_portal.demo.forms import PracticeDateForm
from s2s_portal.demo.rules import jumps_ahead
from s2s_portal.jobs import queries
from s2s_portal.jobs.registry import jobs
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.MOVE_PRACTICE_DATE)
@require_http_methods(["GET", "HEAD", "POST"])
def practice_date(request: HttpRequest) -> HttpResponse:
    """Shows the practice date and moves it forward; the one-click moments post the same form, filled in."""
    if not settings.S2S_REHEARSAL_CLOCK:
        raise Http404
    if request.method == "POST":
        form = PracticeDateForm(request.POST)
        if form.is_valid() and _moved(request, form):
            return redirect("demo:practice_date")
    else:
        form = PracticeDateForm(initial=PracticeDateForm.starting_from(request.at))
    context = {
        "form": form,
        "heading": "Practice date",
        "rehearsing": clock.is_rehearsing(),
        "jumps": jumps_ahead(request.at),
        "catching_up": _catching_up(request),
    }
    return render(request, "demo/practice_date.html", context)


def _catching_up(request: HttpRequest) -> queries.CatchingUp | None:
    """How many of the days that the newest jump skipped have been run; None where all have."""
    since = clock.practice_left()
    if since is None:
        return None
    return queries.catching_up(jobs(), since=since, at=request.at, real=clock.real_now())


def _moved(request: HttpRequest, form: PracticeDateForm) -> bool:
    """Move the practice date as the valid `form` says; if that is backwards, say so on the form instead."""
    try:
        moment = move_practice_date(moment=form.moment(), by=request.user)
    except clock.CannotMoveBack:
        here = spoken.moment_with_weekday(request.at)
        form.add_error("date", f"New practice date must be after {here}, because the practice date moves forward only")
        return False
    messages.success(request, f"The practice date is now {spoken.moment_with_weekday(moment)}.")
    return True
