"""Lines of lists of pages, drawn in Python: every dashboard has thirty, and a template took as long as their query.

A page is an object or a dict with `label`, `url` and `current`.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from s2s_portal.core.templatetags.tables import escaped

register = template.Library()


@register.simple_tag
def section_lines(pages: Iterable[Any]) -> SafeString:
    """The lines of components/sub_navigation.html; the open page is a link as well."""
    drawn = []
    for label, url, current in map(_said, pages):
        looks = ' aria-current="page"' if current else ""
        drawn.append(f'<li><a class="app-sub-navigation__link" href="{url}"{looks}>{label}</a></li>\n    ')
    return SafeString("".join(drawn))


@register.simple_tag
def page_lines(pages: Iterable[Any]) -> SafeString:
    """The lines of a plain list, in which the open page is no link."""
    drawn = []
    for label, url, current in map(_said, pages):
        text = f"<strong>{label}</strong>" if current else f'<a class="govuk-link" href="{url}">{label}</a>'
        drawn.append(f"<li>{text}</li>\n        ")
    return SafeString("".join(drawn))


def _said(page: Any) -> tuple[str, str, bool]:
    if isinstance(page, dict):
        return escaped(page["label"]), escaped(page["url"]), bool(page.get("current"))
    return escaped(page.label), escaped(page.url), bool(getattr(page, "current", False))
