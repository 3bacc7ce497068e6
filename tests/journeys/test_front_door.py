"""The first journey: somebody opens the address and can read the page."""

import pytest

from tests.journeys.steps import axe, then_page_is_accessible, when_opening

pytestmark = [pytest.mark.browser, pytest.mark.smoke]


def test_the_front_door_opens_and_is_accessible(page, live_site):
    when_opening(page, live_site, "/")
    then_page_is_accessible(page)


def test_the_front_door_is_styled_under_the_strict_policy(page, live_site):
    when_opening(page, live_site, "/")
    assert page.evaluate("document.styleSheets.length") >= 1
    assert page.locator("script:not([src]), style, [style]").count() == 0


def test_axe_sees_a_fault_that_is_there(page, live_site):
    when_opening(page, live_site, "/")
    page.evaluate("document.body.append(document.createElement('img'))")
    assert any(finding.startswith("image-alt") for finding in axe(page))
