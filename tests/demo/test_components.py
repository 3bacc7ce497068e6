"""The component gallery."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from s2s_portal.demo.views.components import components
from tests.core.markup import Reader


@pytest.fixture
def page(db):
    request = RequestFactory().get("/components/")
    request.at, request.user = datetime(2024, 11, 26, 9, 30, tzinfo=UTC), AnonymousUser()
    return components(request).content.decode()


def test_gallery_shows_every_component(page):
    for part in (
        "govuk-panel",
        "govuk-task-list",
        "app-timeline",
        "govuk-pagination",
        "app-figure",
        "govuk-date-input",
    ):
        assert part in page
    assert "26 November 2024, 09:30" in page


def test_gallery_ids_are_unique_and_every_reference_leads_somewhere(page):
    reader = Reader(frozenset())
    reader.feed(page)
    found = [attrs for _, attrs in reader.parts if isinstance(attrs, dict)]
    ids = [attrs["id"] for attrs in found if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = [name for attrs in found for key in ("for", "aria-describedby") for name in attrs.get(key, "").split()]
    assert set(named) <= set(ids)


def test_gallery_takes_nobodys_text_for_html_and_has_no_inline_script_or_style(page):
    assert "<script>" not in page
    assert "<b>as typed</b>" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_gallery_is_read_only(db):
    assert components(RequestFactory().post("/components/")).status_code == 405


@pytest.mark.django_db
def test_there_is_no_gallery_outside_a_demo(client, settings):
    settings.S2S_DEMO = settings.DEBUG = False
    assert client.get("/components/").status_code == 404
