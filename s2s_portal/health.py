"""Whether this process answers (live), and whether the portal is fit for use (ready). Load balancers ask both.

Neither needs anybody to be signed in, and neither names a host, an address or a password. Answers are lines of plain
text, so that a person with curl can read them too.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from time import monotonic

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache as django_cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from s2s_portal.core import clock
from s2s_portal.jobs import queries
from s2s_portal.jobs.registry import jobs

LONGEST = 2.0
"""Seconds that anything asked may take: a server that is there and silent counts as one that is not."""
BROKER_SECONDS = 1.0
"""Seconds for the broker to take a connection, and as many to answer."""
LATE = timedelta(hours=1)
"""So late, in real time, the work of a day may be before the portal counts as not fit."""


@dataclass(frozen=True)
class Line:
    """What one thing asked for answered: whether it is fit, and a few words."""

    name: str
    fit: bool
    words: str

    def __str__(self) -> str:
        return f"{self.name}: {self.words}"


class Probe(threading.Thread):
    """One question, asked in a thread of its own: whoever asks need not wait for the answer.

    A daemon, as one that hangs must not keep the process from ending.
    """

    def __init__(self, name: str, ask: Callable[[], list[Line]]) -> None:
        super().__init__(name=f"ready-{name}", daemon=True)
        self.lines: list[Line] = []
        self.what, self.ask = name, ask

    def run(self) -> None:
        """Ask. The reason of a failure goes no further than its type: it could name an address."""
        try:
            lines = self.ask()
        except Exception as error:
            lines = [Line(self.what, False, f"does not answer ({type(error).__name__})")]
        finally:
            connection.close()  # this thread's own
        self.lines = lines

    def said(self, within: float) -> list[Line]:
        """The answer, if it comes within so many seconds."""
        self.join(within)
        return self.lines or [Line(self.what, False, "does not answer in time")]


_probes: dict[str, Probe] = {}
_starting = threading.Lock()


def _asked(name: str, ask: Callable[[], list[Line]]) -> Probe:
    """The question of that name, on its way: the one that still hangs, if there is one, so that they do not pile up."""
    with _starting:
        probe = _probes.get(name)
        if probe is None or not probe.is_alive():
            probe = _probes[name] = Probe(name, ask)
            probe.start()
        return probe


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """200 and one word, over plain HTTP too, to whoever names one of ALLOWED_HOSTS. No query is made."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if pages, messages and deadlines can be relied on, 503 if not, and a line for each thing that was asked."""
    began = monotonic()
    probes = [_asked("database", ask_database), _asked("broker", ask_broker)]
    lines = [line for probe in probes for line in probe.said(max(0.0, began + LONGEST - monotonic()))]
    unfit = [line.name for line in lines if not line.fit]
    head = f"not ready: {', '.join(unfit)}" if unfit else "ready"
    text = "\n".join([head, *map(str, lines), ""])
    answer = HttpResponse(text, content_type="text/plain", status=503 if unfit else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def ask_database() -> list[Line]:
    """Ask the database whether it is there and of this release, and what it knows of the background work."""
    missing = len(_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    lines = [Line("database", True, "answers")]
    if missing:
        return [*lines, Line("migrations", False, f"{missing} not applied")]
    real = clock.real_now()
    return [*lines, Line("migrations", True, "applied"), _counters(), _worker(real), _slots(real)]


@cache
def _migrations() -> set[tuple[str, str]]:
    """The migrations of this release: app and name. They are files, and stay what they are while the process runs."""
    return set(MigrationLoader(None).disk_migrations)


def _counters() -> Line:
    """Whether sign-in can count its attempts: their table is not made by a migration."""
    try:
        django_cache.get("ready")
    except DatabaseError:
        return Line("cache", False, "manage.py createcachetable has not been run")
    return Line("cache", True, "answers")


def _worker(real: datetime) -> Line:
    seen_at = queries.worker_seen_at()
    if seen_at is None:
        return Line("worker", False, "never seen")
    ago = max(real - seen_at, timedelta(0))
    if ago < queries.QUIET_FOR:
        return Line("worker", True, f"seen {ago.seconds} s ago")
    if queries.is_at_work(real):
        return Line("worker", True, f"seen {int(ago.total_seconds())} s ago, has work in hand")
    return Line("worker", False, f"not seen for {int(ago.total_seconds())} s")


def _slots(real: datetime) -> Line:
    """How late the work of a day is. Days between that a practice date has skipped are caught up, and not late."""
    practice = clock.practice_now()
    at = practice or real
    oldest = queries.oldest_late_slot(jobs(), at=at, real=real)
    if oldest is None:
        return Line("slots", True, "none is late")
    late = at - oldest
    return Line("slots", practice is not None or late <= LATE, f"{int(late.total_seconds())} s late")


def ask_broker() -> list[Line]:
    """Ask the broker whether it is there, where there is one."""
    if settings.EMBEDDED:
        return [Line("broker", True, "not used")]
    once = Retry(NoBackoff(), 0)
    seconds = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
    with Redis.from_url(settings.REDIS_URL, retry=once, **seconds) as broker:
        broker.ping()
    return [Line("broker", True, "answers")]
