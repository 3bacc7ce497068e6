"""One database's measurements. Pages are compared with two views built here (tests/bench/urls.py):

bare   the same middleware, sign-in, reads and audit row as the page, answered as plain text;
floor  an empty page in the portal's look, signed in.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from tests.plugins import environment  # noqa: F401 - sets the environment before Django reads it

import os  # isort: skip

import django  # isort: skip

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from s2s_portal.core import memory  # noqa: E402
from tests.bench import big, boards, cohorts, heavy, moving, reminding, taking, teaching  # noqa: E402
from tests.server import collect_static  # noqa: E402

ROUNDS = 40


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, in its unit, against its budget."""

    what: str
    measured: float
    budget: float
    unit: str = "×"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the budget holds."""
        return self.measured >= self.budget if self.at_least else self.measured <= self.budget

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.met else "OVER"
        return f"{self.what:<58} {self.measured:>8.2f} {self.unit:<3} {sign} {self.budget:<6.4g} {verdict}"


def milliseconds(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The median time of each work, taken in turn so that whatever disturbs the machine disturbs them alike."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 3):
        for work, times in zip(works, taken, strict=True):
            started = perf_counter()
            work()
            if turn >= 3:
                times.append((perf_counter() - started) * 1000)
    return [median(times) for times in taken]


def getting(client: Client, url: str) -> Callable[[], object]:
    """A GET of `url` that must succeed."""

    def get() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}")

    return get


def queries_of(client: Client, url: str) -> int:
    """How many statements a page sends, transaction control excluded."""
    with CaptureQueriesContext(connection) as caught:
        getting(client, url)()
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(control) for query in caught.captured_queries)


def page_rows(case: big.Case) -> Iterator[Row]:
    """Lists, request page, search and form against bare and floor."""
    client = Client()
    client.force_login(case.adviser)
    pages = {
        "list": ("/requests/zones/", "/bench/list/", 2.0, 3.5),
        "search": (f"/requests/zones/?text={case.word}", f"/bench/list/?text={case.word}", 2.0, 3.5),
        "request page": (f"/requests/{case.reference}/", f"/bench/request/{case.reference}/", 2.0, None),
        "suggestions": (f"/establishments/suggest/?q={case.word}", f"/bench/suggest/?q={case.word}", 2.0, None),
    }
    for name, (url, bare_url, of_bare, of_floor) in pages.items():
        page, bare, floor = milliseconds(
            getting(client, url), getting(client, bare_url), getting(client, "/bench/floor/")
        )
        yield Row(f"{name} / bare ({page:.1f} ms, bare {bare:.1f}, floor {floor:.1f})", page / bare, of_bare)
        if of_floor:
            yield Row(f"{name} / floor", page / floor, of_floor)
        yield Row(f"{name}: queries", queries_of(client, url), 15, "")
    form, floor = milliseconds(getting(client, f"/drafts/{case.draft_key}/needs/"), getting(client, "/bench/floor/"))
    yield Row(f"form / floor ({form:.1f} ms, floor {floor:.1f})", form / floor, 2.5)
    yield Row("form: queries", queries_of(client, f"/drafts/{case.draft_key}/needs/"), 15, "")


def growth_rows(small: big.Case) -> Iterator[Row]:
    """The same pages at 100,000 requests over 20 periods, against 1,000, within one process."""
    adviser, teacher = Client(), Client()
    adviser.force_login(small.adviser)
    commissioner = boards.commissioner()
    teacher.force_login(small.teacher)
    pages = {
        "list": (adviser, "/requests/zones/"),
        "my requests": (adviser, "/requests/"),
        "all periods": (adviser, "/requests/zones/?period=all"),
        "search": (adviser, f"/requests/zones/?text={small.word}"),
        "request page": (adviser, f"/requests/{small.reference}/"),
    } | {name: (teacher, url) for name, (url, _) in teaching.PAGES.items()}
    pages |= {f"dashboard {name}": (commissioner, url) for name, url in boards.PAGES.items()}
    before = {name: steadied(*page) for name, page in pages.items()}
    reminded = reminding.fastest()
    big.grow_to(100_000)
    for name, page in pages.items():
        after = steadied(*page)
        yield Row(
            f"{name} at 100,000 / at 1,000 ({after:.1f} × an empty page, {before[name]:.1f})", after / before[name], 1.3
        )
    after = reminding.fastest()
    what = f"{reminding.DUE} reminders at 100,000 / at 1,000 ({after:.0f} ms, {reminded:.0f})"
    yield Row(what, after / reminded, 1.3)


def steadied(client: Client, url: str) -> float:
    """A page's time as a multiple of an empty page's, taken in turn: minutes lie between the two measurements of a
    growth, and other work on the machine must not count as one."""
    page, floor = milliseconds(getting(client, url), getting(client, "/bench/floor/"))
    return page / floor


@contextmanager
def measuring_urls() -> Iterator[None]:
    """The portal's addresses and the two views it is compared with; nothing is sent, no page is debugged."""
    with override_settings(ROOT_URLCONF="tests.bench.urls", ALLOWED_HOSTS=["*"]):
        yield


def main() -> int:
    """Print the table; 1 if a budget is exceeded."""
    collect_static()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    rows: list[Row] = []
    try:
        with measuring_urls():
            memory.settle()  # as the servers do
            case = big.build(1_000)
            print(f"\n{connection.vendor}, {ROUNDS} rounds, medians in this process")
            for part in parts(case):
                for row in part:
                    rows.append(row)
                    print(row, flush=True)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
    return 0 if all(row.met for row in rows) else 1


def parts(case: big.Case) -> Iterator[Iterator[Row]]:
    """What is measured, in order; growth fills the database, and after the contract's end nothing is as it was."""
    yield page_rows(case)
    yield (Row(*row) for row in teaching.teaching_rows(case.teacher, milliseconds, getting, queries_of))
    yield (Row(*row) for row in heavy.submit_rows(case, milliseconds))
    yield (Row(*row) for row in cohorts.cohort_rows(case, milliseconds))
    yield (Row(*row) for row in heavy.server_rows(case))
    if connection.vendor == "postgresql":
        yield growth_rows(case)
        yield (Row(*row) for row in boards.board_rows(case, milliseconds, getting, queries_of))
        yield (Row(*row) for row in taking.taking_rows())
    yield (Row(*row) for row in moving.moving_rows(case))


if __name__ == "__main__":
    code = main()
    sys.exit(code)
