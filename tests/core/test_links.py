"""Lines of lists of pages: the open one is marked, and nothing gets out of its line."""

import pytest

from s2s_portal.core.templatetags.links import page_lines, section_lines
from s2s_portal.navigation import Item

NASTY = '"><script>'
QUOTED = "&quot;&gt;&lt;script&gt;"


@pytest.mark.parametrize(
    "pages",
    [
        [Item("Needs & support", "/needs/", current=True), Item(NASTY, NASTY)],
        [{"label": "Needs & support", "url": "/needs/", "current": True}, {"label": NASTY, "url": NASTY}],
    ],
)
def test_pages_are_links_and_the_open_one_is_marked(pages):
    first, second = section_lines(pages).split("\n")[:2]
    link = '<li><a class="app-sub-navigation__link" href='
    assert first.strip() == f'{link}"/needs/" aria-current="page">Needs &amp; support</a></li>'
    assert second.strip() == f'{link}"{QUOTED}">{QUOTED}</a></li>'
    first, second = page_lines(pages).split("\n")[:2]
    assert first.strip() == "<li><strong>Needs &amp; support</strong></li>"
    assert second.strip() == f'<li><a class="govuk-link" href="{QUOTED}">{QUOTED}</a></li>'


def test_no_pages_are_no_lines():
    assert section_lines([]) == page_lines([]) == ""
