"""What every page's frame needs, looked up only when a template asks for it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from s2s_portal import navigation
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can


@dataclass(frozen=True)
class Practice:
    """The practice date in force, and where this person can move it ("" if they may not)."""

    at: datetime
    url: str


def portal(request: HttpRequest) -> dict[str, object]:
    """The person, their menu, the practice date (or None) and whether this is a demo.

    Error pages are drawn for requests that never got as far as having a person or a moment.
    """
    user = request.user if hasattr(request, "user") else AnonymousUser()
    return {
        "user": user,
        "navigation": SimpleLazyObject(
            lambda: navigation.menu(user, request.path, with_practice_date=settings.S2S_REHEARSAL_CLOCK)  # type: ignore[arg-type]
        ),
        "practice": SimpleLazyObject(lambda: _practice(request, user)),
        "demo": settings.S2S_DEMO,
    }


def _practice(request: HttpRequest, user: object) -> Practice | None:
    if not getattr(request, "in_practice", False):
        return None
    may_move = can(user, Permission.MOVE_PRACTICE_DATE)  # type: ignore[arg-type]
    return Practice(at=request.at, url=reverse("demo:practice_date") if may_move else "")
