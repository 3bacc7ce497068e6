"""What somebody had typed when their session had ended, kept until they have signed in again.

It lives in the visitor's own session for an hour of real time, for the address it was sent to and no other. While
nobody has signed in, that session ends with the hour, so that its row is cleared away (core.sessions). Nothing here
ever carries the POST out: the page shows the text again and the person decides.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict

from s2s_portal.core import clock

LASTS = timedelta(hours=1)
MOST = 1024 * 1024
"""Bytes kept for one visitor, as sent (percent-encoded)."""
NEVER_KEPT = ("csrfmiddlewaretoken", "login", "password", "oldpassword", "password1", "password2")
_KEY = "kept_text"


def keep(request: HttpRequest) -> bool:
    """Keep what `request` posts for its own path, in its session; False if it is too long to keep.

    Passwords and the CSRF token are left out; what was kept for the same path before is replaced.
    """
    typed = request.POST.copy()
    for name in NEVER_KEPT:
        typed.pop(name, None)
    body = typed.urlencode()
    others = {path: kept for path, kept in _fresh(request).items() if path != request.path}
    if len(body) + sum(len(kept["body"]) for kept in others.values()) > MOST:
        return False
    now = clock.real_now()
    request.session[_KEY] = others | {request.path: {"body": body, "at": now.isoformat()}}
    request.session.set_expiry(now + LASTS)
    return True


def settle(request: HttpRequest) -> None:
    """For every request of somebody signed in: the session lasts as long as any other, and no text stays too long."""
    if _KEY not in request.session:
        return
    if not request.session.get_expire_at_browser_close():
        request.session.set_expiry(None)  # the hour of keep(); None is the policy of the settings
    if (fresh := _fresh(request)) != request.session[_KEY]:
        _put(request, fresh)


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept for this request's path, once: the second call gets None, as does every other path.

    Call it in the view, after its own permission check: whoever signed in may be another person at the same computer.
    """
    if _KEY not in request.session:
        return None
    fresh = _fresh(request)
    kept = fresh.pop(request.path, None)
    _put(request, fresh)
    return QueryDict(kept["body"]) if kept else None


def _put(request: HttpRequest, kept: dict[str, dict[str, str]]) -> None:
    if kept:
        request.session[_KEY] = kept
    else:
        del request.session[_KEY]


def _fresh(request: HttpRequest) -> dict[str, dict[str, str]]:
    """What is kept in this session and not yet too old."""
    oldest = clock.real_now() - LASTS
    kept: dict[str, dict[str, str]] = request.session.get(_KEY, {})
    return {path: one for path, one in kept.items() if datetime.fromisoformat(one["at"]) > oldest}
