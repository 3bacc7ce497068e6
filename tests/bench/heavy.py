"""Submissions against the same writes made plainly, and what a server process weighs and sends."""

import http.client
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.test import Client
from django.urls import reverse

from referrals.models import Referral
from s2s_portal.organisations.models import Establishment
from tests.bench.big import Case
from tests.factories.referrals import filled_draft
from tests.races.harness import Call, send, statuses, together, visitor
from tests.server import Site, database_url

SUBMISSIONS = 60
BUDGET_MB = 200
BUDGET_KB = 150

Measured = tuple[str, float, float, str, bool]


def submit_rows(case: Case, milliseconds: Callable[..., list[float]]) -> Iterator[Measured]:
    """Throughput of real submissions as a share of that of the same rows written plainly under the same lock."""
    client = Client()
    client.force_login(case.adviser)
    settings = Establishment.objects.filter(zone__in=case.adviser.memberships.get().zones.all()).order_by("pk")[
        :SUBMISSIONS
    ]
    drafts = iter([filled_draft(setting, by=case.adviser) for setting in settings])

    def submit() -> None:
        url = reverse("referrals:draft_submit", args=[next(drafts).key])
        answer = client.post(url)
        if answer.status_code != 302 or "/sent/" not in answer["location"]:
            raise RuntimeError(f"{url} answered {answer.status_code}")

    def write_plainly() -> None:
        if client.post("/bench/submit/", {"draft": next(drafts).pk}).status_code != 200:
            raise RuntimeError("the plain writes failed")

    before = Referral.objects.count()
    submitted, plain = milliseconds(submit, write_plainly, rounds=SUBMISSIONS // 2 - 3)
    if Referral.objects.count() - before != SUBMISSIONS:
        raise RuntimeError("not every submission and every plain write made a request")
    yield f"submissions / same writes ({submitted:.1f} ms, {plain:.1f})", plain / submitted, 0.45, "×", True


def server_rows(case: Case) -> Iterator[Measured]:
    """A worker's peak memory after some hundred requests, and the weight of a first visit over the wire."""
    site = Site(url_of_database=database_url())
    try:
        browser = visitor(site, case.adviser)
        pages = ["/home/", "/requests/zones/", f"/requests/{case.reference}/", f"/drafts/{case.draft_key}/needs/"]
        for _ in range(15):
            answers = together([Call(browser, "GET", page) for page in pages * 4])
            if {answer.status for answer in answers} != {200}:
                raise RuntimeError(f"pages answered {statuses(answers)}\n{site.log()[-3000:]}")
        yield "a worker's peak memory", max(peaks(site)), BUDGET_MB, "MB", False
        for page in ("/", *pages):
            yield f"first visit of {page.split(case.reference)[0][:30]}", weight(browser, page), BUDGET_KB, "kB", False
    finally:
        site.stop()


def peaks(site: Site) -> list[float]:
    """The peak resident memory, in MB, of the server's worker processes."""
    children = [
        status
        for status in Path("/proc").glob("[0-9]*/status")
        if re.search(rf"^PPid:\s+{site.pid}$", status.read_text(), re.MULTILINE)
    ]
    return [int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1000 for status in children]


def weight(browser: object, page: str) -> float:
    """The bytes, in kB, of a page and of everything it loads, compressed as a browser asks for."""
    answer = send(Call(browser, "GET", page))
    linked = {"/" + path for path in re.findall(r'(?:src|href|data-autocomplete)="/(static/[^"]+)"', answer.body)}
    return sum(transferred(browser, path) for path in {page, *linked}) / 1000


def transferred(browser, path: str) -> int:
    """The bytes of one answer's body over the wire."""
    connection = http.client.HTTPConnection(browser.host, browser.port, timeout=30)
    connection.request("GET", path, headers={"Cookie": browser.cookies(), "Accept-Encoding": "gzip, br"})
    got = connection.getresponse()
    body = got.read()
    connection.close()
    if got.status != 200:
        raise RuntimeError(f"{path} answered {got.status}")
    return len(body)
