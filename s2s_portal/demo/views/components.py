"""The component gallery: every piece of a page, in every state it can be in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .gallery_samples import samples


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component, with long names and errors; in a demo and in debug only."""
    if not (settings.S2S_DEMO or settings.DEBUG):
        raise Http404
    return render(request, "demo/components.html", samples(request.at))
