"""A real Chromium and the real site for journeys; what failed leaves a picture in test-results/."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.chromium import chromium
from tests.server import ROOT, Site, background_process, collect_static, database_url

PICTURES = ROOT / "test-results"
#: Milliseconds until a step fails: what takes longer on a busy machine hangs.
PATIENCE = 15_000
LAUNCH = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--disable-quic", "--disable-dev-shm-usage"),
]


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """How pytest-playwright starts the browser: the one that is installed here, nothing is downloaded."""
    path = chromium()
    if path is None:
        pytest.fail("no Chromium found; apt-get install chromium, or set CHROMIUM=/path")
    return {"executable_path": path, "args": LAUNCH}


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """A British reader on a desk screen; steps change the width where it matters."""
    return {"locale": "en-GB", "timezone_id": "Europe/London", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def _site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    """One running site for all journeys of this run."""
    collect_static()
    with django_db_blocker.unblock():
        url = database_url()
    site = Site(url_of_database=url)
    yield site
    site.stop()


@pytest.fixture
def live_site(_site: Site, transactional_db) -> Site:
    """The running site on this test's database, which starts empty. `live_site.url` is its address."""
    return _site


@pytest.fixture
def background(live_site: Site) -> Iterator[subprocess.Popen]:
    """The background process of an installation without workers, on this test's database, while the test runs."""
    with background_process({"DATABASE_URL": database_url(), "BASE_URL": live_site.url}) as process:
        yield process


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What went wrong in any browser of this test. A journey that leaves anything here has failed."""
    found: list[str] = []
    yield found
    assert found == []


def watch(page: Page, problems: list[str]) -> None:
    """Note script errors, violations of the Content Security Policy and answers of 500 and above."""
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None
        ),
    )
    page.on(
        "response",
        lambda answer: problems.append(f"{answer.url} answered {answer.status}") if answer.status >= 500 else None,
    )


@pytest.fixture(autouse=True)
def _fail_on_page_errors(page: Page, problems: list[str]) -> None:
    """No page of a journey may have an error that the person would not be told about."""
    watch(page, problems)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep what the browser showed at the moment a journey failed, and the end of the server's log."""
    outcome = yield
    report = outcome.get_result()
    page, site = item.funcargs.get("page"), item.funcargs.get("live_site")
    site = site or getattr(item.funcargs.get("installation"), "site", None)
    if report.when == "call" and report.failed and page is not None:
        PICTURES.mkdir(exist_ok=True)
        picture = PICTURES / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', item.nodeid)}.png"
        try:
            page.screenshot(path=picture, full_page=True)
            report.sections.append(("Picture", f"{picture.relative_to(Path.cwd())} of {page.url}"))
        except Exception as error:
            report.sections.append(("Picture", f"none: {error}"))
        if site is not None:
            report.sections.append(("Server log", site.log()[-4000:]))


@pytest.fixture
def another_browser(browser, browser_context_args, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a browser that has nothing in common with `page`; options as for a Playwright context.

    `another_browser(java_script_enabled=False)`, `another_browser(viewport={"width": 390, "height": 844})`.
    """
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(**browser_context_args | options)
        opened.append(context)
        page = context.new_page()
        watch(page, problems)
        return page

    yield open_one
    for context in opened:
        context.close()
