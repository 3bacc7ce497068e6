"""The dashboards against their own SQL: the statements of a page, sent again as they were, answered as plain text.

The 100,000 requests are those of `big.grow_to`: 20 periods of about 5,000, with 400,000 events. A dashboard is asked
about one period, which is why 5,000 requests are in the current one when it is compared with its SQL; how it grows with
the other periods is measured while 1,000 are.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client

from referrals.models import Referral, ReferralEvent
from s2s_portal.organisations.choices import Role
from s2s_portal.oversight.choices import Dashboard
from tests.bench import big, work
from tests.bench.heavy import Measured
from tests.factories.organisations import person

PAGES = {"overview": "/dashboards/"} | {page.value: f"/dashboards/{page.value}/" for page in Dashboard}
CURRENT = 5_000
AT_MOST = {"overview": 16}
"""Statements: 15, and for the overview one more, because a practice date is in force."""
BUDGET = 1.5
OF_FLOOR = 3.5
"""As a list: a page that asks a few small questions is for the most part what any page is."""
ROUNDS = 15

Statement = tuple[str, Any]
_OWN: list[Statement] = []


def own_sql(request: HttpRequest) -> HttpResponse:
    """What a dashboard reads, as it asks for it, and how many rows that is; see `replaying`."""
    rows = 0
    with connection.cursor() as cursor:
        for sql, values in _OWN:
            cursor.execute(sql, values)
            rows += len(cursor.fetchall())
    return HttpResponse(f"{rows} rows", content_type="text/plain")


@contextmanager
def replaying(client: Client, url: str) -> Iterator[None]:
    """While `own_sql` sends what the page of `url` sends, less what it sends anyway to know who asks."""
    _OWN.clear()
    anyway = Counter(map(str, _sent(client, "/bench/own-sql/")))
    for statement in _sent(client, url):
        if anyway[str(statement)]:
            anyway[str(statement)] -= 1
        else:
            _OWN.append(statement)
    yield
    _OWN.clear()


def _sent(client: Client, url: str) -> list[Statement]:
    found: list[Statement] = []

    def noting(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noting):
        if client.get(url).status_code != 200:
            raise RuntimeError(url)
    return found


def commissioner() -> Client:
    """Somebody who sees every dashboard."""
    client = Client()
    client.force_login(person(Role.COMMISSIONER))
    return client


def board_rows(
    case: big.Case,
    milliseconds: Callable[..., list[float]],
    getting: Callable[..., object],
    queries: Callable[..., int],
) -> Iterator[Measured]:
    """Each dashboard against its own SQL, and its statements, with 5,000 requests in the period it is about.

    The budget is 1.5 times its own SQL, or for pages whose SQL is next to nothing what a list may take.
    """
    shown = Referral.objects.get(reference=case.reference)
    while (missing := CURRENT - Referral.objects.filter(period=shown.period_id).count()) > 0:
        big.add(case, min(missing, 1_000), teacher=work.teachers())
    client = commissioner()
    rows, events = Referral.objects.count(), ReferralEvent.objects.count()
    yield f"dashboards: requests, and {events:,} events", rows, 0, "", True
    for name, url in PAGES.items():
        urls = (url, "/bench/own-sql/", "/bench/floor/")
        with replaying(client, url):
            page, bare, floor = milliseconds(*(getting(client, one) for one in urls), rounds=ROUNDS)
        budget = max(BUDGET, OF_FLOOR * floor / bare)
        yield (
            f"{name} / its own SQL ({page:.0f} ms, SQL {bare:.0f}, floor {floor:.1f})",
            page / bare,
            budget,
            "×",
            False,
        )
        yield f"{name}: queries", queries(client, url), AT_MOST.get(name, 15), "", False
