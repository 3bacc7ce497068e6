"""The demo's front door: be anyone with one click. It exists only where S2S_DEMO=1."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from s2s_portal.demo.documents.personas import cards
from s2s_portal.demo.queries import persona_users


@login_not_required
@require_safe
def personas(request: HttpRequest) -> HttpResponse:
    """Who a visitor can be, what each sees, and what there is to try."""
    _only_in_a_demo()
    return _page(request)


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the posted `persona`, whoever was signed in before, and go to their home page."""
    _only_in_a_demo()
    user = {persona.value: user for persona, user in persona_users().items()}.get(request.POST.get("persona", ""))
    if user is None:
        return _page(request, refused="Nobody in this demo has that name. Choose one of the people below.")
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(settings.LOGIN_REDIRECT_URL)


def _only_in_a_demo() -> None:
    if not settings.S2S_DEMO:
        raise Http404


def _page(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    people = cards((persona, user.full_name) for persona, user in persona_users().items())
    context = {"cards": people, "errors": [{"text": refused}] if refused else []}
    return render(request, "demo/personas.html", context, status=400 if refused else 200)
