"""The steps journeys are told in: given somebody is signed in, when they do this, then the page says that.

    def test_a_request_is_sent(page, live_site):
        given_signed_in(page, live_site, adviser)
        when_opening(page, live_site, "/requests/")
        then_page_is(page, "My requests")

Pages are found as a person finds them: by role, label and text, never by class or id. `then_page_is` belongs after
every step that leads to another page: it waits for that page and lets axe look at it. With S2S_PICTURES=/a/directory
it also leaves a picture of each page there, at both widths.
"""

import os
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from s2s_portal.core import clock
from s2s_portal.core.models import RehearsalClock
from tests.races.harness import session_for
from tests.server import Site

PHONE, DESK = 390, 1280
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: govuk-frontend puts aria-expanded on radios and checkboxes that reveal a question, on purpose (its issue 979).
REVEALING = ".govuk-radios__input[aria-expanded], .govuk-checkboxes__input[aria-expanded]"


def given_signed_in(page: Page, site: Site, user) -> None:
    """Sign in as `user` by session cookie: signing in has a journey of its own."""
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session_for(user), "url": site.url, "httpOnly": True}]
    )


def given_the_clock_stands_at(moment: datetime) -> None:
    """Hold the practice date of servers on this test's database at `moment`: not a second passes."""
    # Practice time runs on from the last beat, and this one is still to come.
    values = {"practice_at": moment, "beat_at": clock.real_now() + timedelta(hours=1)}
    RehearsalClock.objects.update_or_create(pk=1, defaults=values)


def when_opening(page: Page, site: Site, path: str) -> None:
    """Open `path` (from the site's root) and insist on a page that is not an error."""
    response = page.goto(site.url + path)
    assert response is not None
    assert response.status < 400, f"{path} answered {response.status}\n{site.log()[-4000:]}"


def when_filling(page: Page, answers: dict[str, str]) -> None:
    """Fill text fields, by their labels."""
    for label, answer in answers.items():
        page.get_by_role("textbox", name=label).fill(answer)


def when_dating(page: Page, question: str, day: str, month: str, year: str) -> None:
    """Fill the three boxes of the date that is asked for with these words."""
    boxes = page.get_by_role("group", name=question)
    for label, text in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(label, exact=True).fill(text)


def when_choosing(page: Page, label: str) -> None:
    """Choose the radio button or tick the checkbox with exactly this label."""
    page.get_by_label(label, exact=True).check()


def when_pressing(page: Page, name: str) -> None:
    """Press the button with exactly this name."""
    page.get_by_role("button", name=name, exact=True).click()


def when_following(page: Page, name: str) -> None:
    """Follow the link with exactly this name."""
    page.get_by_role("link", name=name, exact=True).click()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that background work does; the journey fails after `seconds`."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.2)


def then_heading_is(page: Page, text: str) -> None:
    """The page has one `<h1>`, and it says this."""
    expect(page.locator("h1")).to_have_text(text)


def then_page_is(page: Page, heading: str) -> None:
    """We have arrived at the page with this `<h1>`, and axe finds nothing on it."""
    then_heading_is(page, heading)
    then_page_is_accessible(page)


def then_page_says(page: Page, *texts: str) -> None:
    """Each text can be read in the page's main part."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def then_page_does_not_say(page: Page, *texts: str) -> None:
    """None of the texts is anywhere in the page, not even hidden."""
    html = page.content()
    for text in texts:
        assert text not in html, f"{text!r} is in the page {page.url}"


def then_errors_are(page: Page, heading: str, *sentences: str) -> None:
    """The page came back with these errors: said in its title, listed at its top, and the list has the focus."""
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("listitem")).to_have_text(sentences)
    expect(page.locator(":focus")).to_contain_text("There is a problem")
    then_page_is(page, heading)


def then_focused(field: Locator) -> None:
    """The keyboard is in this field."""
    expect(field).to_be_focused()


def axe(page: Page) -> list[str]:
    """What axe finds in the page as it is now: `rule: what (where)` for each, an empty list for a clean page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    results = page.evaluate("options => axe.run(options)", {"runOnly": WCAG, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {violation['help']} ({node['html'][:200]})"
        for violation in results["violations"]
        for node in violation["nodes"]
        if not (violation["id"] == "aria-allowed-attr" and page.locator(REVEALING).count() and _reveals(node))
    ]


def _reveals(node: dict) -> bool:
    """Whether axe's node is an input that reveals a question."""
    return "aria-expanded" in node["html"] and "__input" in node["html"]


def then_page_is_accessible(page: Page) -> None:
    """Axe finds nothing at the width of a phone and of a desk, and nothing has to be scrolled sideways."""
    before = page.viewport_size
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        _keep_picture(page, width)
        found = axe(page)
        assert not found, f"axe on {page.url} at {width} px:\n" + "\n".join(found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than {width} px"
    if before:
        page.set_viewport_size(before)


def _keep_picture(page: Page, width: int) -> None:
    """Leave a picture of the whole page where S2S_PICTURES says; nowhere without it."""
    directory = os.environ.get("S2S_PICTURES")
    if not directory:
        return
    name = re.sub(r"\W+", "-", page.title().split(" – ")[0]).strip("-").lower()
    Path(directory).mkdir(parents=True, exist_ok=True)
    number = len(list(Path(directory).glob(f"*-{width}.png"))) + 1
    page.screenshot(path=Path(directory) / f"{number:03d}-{name}-{width}.png", full_page=True)
