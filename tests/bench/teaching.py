"""A teacher's own pages: how fast they are."""

from collections.abc import Callable, Iterator

from django.test import Client

from s2s_portal.organisations.models import User
from tests.bench.heavy import Measured

PAGES = {"day": ("/day/", "/bench/day/"), "caseload": ("/caseload/", "/bench/caseload/")}
"""What a teacher opens most, and the same reads as plain text (tests/bench/urls.py)."""


def teaching_rows(
    teacher: User, milliseconds: Callable[..., list[float]], getting: Callable[..., object], queries: Callable[..., int]
) -> Iterator[Measured]:
    """A teacher's day and caseload against the same reads as plain text."""
    client = Client()
    client.force_login(teacher)
    for name, (url, bare_url) in PAGES.items():
        page, bare = milliseconds(getting(client, url), getting(client, bare_url))
        yield f"{name} / bare ({page:.1f} ms, bare {bare:.1f})", page / bare, 2.0, "×", False
        yield f"{name}: queries", queries(client, url), 15, "", False
