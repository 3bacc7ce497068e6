"""Addresses of pages that every page leads to, looked up once for each process: a menu has twenty of them."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

MOST = 500


def address(route: str, *about: str) -> str:
    """As `reverse`. `about` are words of the portal's own (never references or keys of rows): they are all kept."""
    return _looked_up(route, about, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(MOST)
def _looked_up(route: str, about: tuple[str, ...], urlconf: str, prefix: str) -> str:
    return reverse(route, urlconf, about)
