"""Races: many signed-in people send HTTP requests at the same moment to the real site.

    @pytest.mark.race
    def test_the_last_place(racing_site):            # a running Site on this test's database (see tests/server.py)
        people = [visitor(racing_site, user) for user in users]
        answers = together([Call(p, "POST", "/requests/new/submit/", {"draft": "7"}) for p in people])
        assert statuses(answers) == {302: 8, 409: 192}
        assert most_at_once(answers) > 1

- `racing_site` (fixture, tests/races/conftest.py): gunicorn, 2 workers × 4 threads, on the freshly migrated
  test database; what the test commits is there for the site to read. The test is transactional; mark it
  `race`.
- `visitor(site, user)`: one person's browser: an own session cookie and an own CSRF token. `user=None`:
  signed out.
- `Call(visitor, method, path, fields, headers)`: one request; `fields` go form-encoded, with the CSRF token
  added.
- `together(calls)`: sends all of them at once, one thread and one connection each, and waits for all of them.
- `Answer`: `status`, `headers` (lower-case names), `body` (text), `started`/`ended` (seconds on one clock),
  `call`. A connection that broke has status 0 and the reason as its body. Redirects are answers, they are
  not followed.
"""

import http.client
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string as new_csrf_token
from django.test import Client

from tests.server import Site

SECONDS_TO_ANSWER = 120


@dataclass(frozen=True)
class Visitor:
    """One browser: where it looks, its session (None: signed out) and its CSRF token."""

    host: str
    port: int
    session: str | None
    csrf: str

    def cookies(self) -> str:
        """The value of the Cookie header."""
        pairs = [(settings.CSRF_COOKIE_NAME, self.csrf)]
        if self.session:
            pairs.append((settings.SESSION_COOKIE_NAME, self.session))
        return "; ".join(f"{name}={value}" for name, value in pairs)


@dataclass(frozen=True)
class Call:
    """One request to send."""

    visitor: Visitor
    method: str
    path: str
    fields: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back, and when: seconds of one monotonic clock."""

    call: Call
    status: int
    headers: Mapping[str, str]
    body: str
    started: float
    ended: float


def session_for(user) -> str:
    """The value of a session cookie that is signed in as `user`, without asking for a password."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def visitor(site: Site, user=None) -> Visitor:
    """A browser of its own for `user` (None: signed out)."""
    session = session_for(user) if user is not None else None
    return Visitor(host=site.host, port=site.port, session=session, csrf=new_csrf_token())


def send(call: Call, *, connection: http.client.HTTPConnection | None = None) -> Answer:
    """Send one request and read the whole answer."""
    who = call.visitor
    connection = connection or http.client.HTTPConnection(who.host, who.port, timeout=SECONDS_TO_ANSWER)
    headers = {"Cookie": who.cookies(), **call.headers}
    body = None
    if call.method == "POST":
        fields = {"csrfmiddlewaretoken": who.csrf, **call.fields}
        body = urllib.parse.urlencode(fields, doseq=True)
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    started = time.perf_counter()
    try:
        connection.request(call.method, call.path, body, headers)
        got = connection.getresponse()
        text = got.read().decode("utf-8", "replace")
        found = {name.lower(): value for name, value in got.getheaders()}
        return Answer(call, got.status, found, text, started, time.perf_counter())
    except (OSError, http.client.HTTPException) as error:
        return Answer(call, 0, {}, repr(error), started, time.perf_counter())
    finally:
        connection.close()


def together(calls: Sequence[Call]) -> list[Answer]:
    """Send all calls at once and return their answers in the same order."""
    answers: list[Answer | None] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(index: int, call: Call) -> None:
        connection = http.client.HTTPConnection(call.visitor.host, call.visitor.port, timeout=SECONDS_TO_ANSWER)
        ready.wait(60)
        answers[index] = send(call, connection=connection)

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    missing = answers.count(None)
    if missing:
        raise RuntimeError(f"{missing} of {len(calls)} calls were never sent")
    return [answer for answer in answers if answer is not None]


def statuses(answers: Sequence[Answer]) -> dict[int, int]:
    """How many answers came with each status, such as `{302: 8, 409: 192}`."""
    return dict(Counter(answer.status for answer in answers))


def most_at_once(answers: Sequence[Answer]) -> int:
    """The most requests that were under way at the same moment, seen from the senders."""
    edges = sorted([(a.started, 1) for a in answers] + [(a.ended, -1) for a in answers])
    most = now = 0
    for _moment, change in edges:
        now += change
        most = max(most, now)
    return most
