"""Every message the portal sends: when, why, to whom, and how it reads, with invented facts."""

import base64
import hashlib
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s2s_portal.notifications.choices import ALWAYS_BY_EMAIL, Kind
from s2s_portal.notifications.documents.examples import CONTEXTS
from s2s_portal.notifications.documents.reasons import REASONS
from s2s_portal.notifications.documents.writing import Written, written
from s2s_portal.notifications.views.rows import pages_for
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

SOMEBODY = "Rowan Marsh"
"""The invented person to whom the examples are written."""


@requires(Permission.SEE_MESSAGE_KINDS)
@require_safe
def kind_list(request: HttpRequest) -> HttpResponse:
    """All kinds, by subject."""
    groups: dict[str, list[dict[str, str]]] = {}
    for kind, reason in REASONS.items():
        line = {"label": kind.label, "slug": slug_of(kind), "when": reason.when}
        groups.setdefault(reason.group, []).append(line)
    context = {"pages": pages_for(request.user, "kind_list"), "groups": list(groups.items())}
    return render(request, "notifications/kind_list.html", context)


@requires(Permission.SEE_MESSAGE_KINDS)
@require_safe
def kind_detail(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: what the table says of it, and an example as text."""
    found = _kind_or_404(kind)
    context = {
        "kind": found,
        "slug": kind,
        "reason": REASONS[found],
        "words": _example(found),
        "always_by_email": found in ALWAYS_BY_EMAIL,
    }
    return render(request, "notifications/kind_detail.html", context)


@requires(Permission.SEE_MESSAGE_KINDS)
@require_safe
def kind_html(request: HttpRequest, kind: str) -> HttpResponse:
    """The example's HTML, as a mail program draws it: its style sheet is the only one that the browser may use."""
    html = _example(_kind_or_404(kind)).html
    answer = HttpResponse(html)
    answer._csp_update = {"style-src": [_fingerprint(html)]}  # type: ignore[attr-defined]  # as csp.decorators do it
    return answer


def slug_of(kind: Kind) -> str:
    """The kind in an address: "visit-booked"."""
    return kind.value.lower().replace("_", "-")


def _kind_or_404(slug: str) -> Kind:
    for kind in Kind:
        if slug_of(kind) == slug:
            return kind
    raise Http404


def _example(kind: Kind) -> Written:
    return written(kind, CONTEXTS[kind], to_name=SOMEBODY)


def _fingerprint(html: str) -> str:
    """What a Content-Security-Policy calls the page's own style sheet."""
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = hashlib.sha256((style[1] if style else "").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
