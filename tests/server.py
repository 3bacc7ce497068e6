"""The real site in processes of its own, as in production: gunicorn, two workers of four threads, DEBUG off.

Used by journeys and races. `live_server` is not: its threads share this process's database connection and
locks.
"""

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.ready import READY

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
SECONDS_TO_START = 60


class SiteDidNotStart(Exception):
    """The server ended or stayed silent; the message carries the end of its log."""


def database_url() -> str:
    """A DATABASE_URL of the database this test is connected to, for another process to use."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}@/{values['NAME']}?host={values['OPTIONS']['host']}"


@contextmanager
def _one_at_a_time(name: str):
    """Hold a lock file, so that two test runs in one checkout do not write the same files at once."""
    lock = ROOT / "var" / f"{name}.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def collect_static() -> None:
    """Build the front end if it is missing and collect static files under hashed names, as `make demo` does."""
    with _one_at_a_time("static"):
        if not (ROOT / "static" / "build").is_dir():
            subprocess.run(["bash", ".ci/frontend.sh"], cwd=ROOT, check=True)
        newest = max(path.stat().st_mtime for path in (ROOT / "static").rglob("*") if path.is_file())
        manifest = ROOT / "var" / "static" / "staticfiles.json"
        if manifest.exists() and manifest.stat().st_mtime > newest:
            return
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(command, cwd=ROOT, check=True)


@contextmanager
def background_process(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """The background process of an installation without workers, with these settings; it must live to the end."""
    command = [sys.executable, "manage.py", "run_jobs", "--every", "0.5"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, **pipes)
    try:
        yield process
        assert process.poll() is None, process.stderr.read()
    finally:
        process.terminate()
        process.communicate(timeout=30)


class Site:
    """A running site.

    `url` is its address, such as `http://127.0.0.1:43211`; `stop()` ends every process of it.
    """

    def __init__(self, *, url_of_database: str, application: str = "s2s_portal.wsgi", environment: dict | None = None):
        self._database = url_of_database
        self._application = application
        self._environment = environment or {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.host, self.port = self._listener.getsockname()[:2]
        self.url = f"http://{self.host}:{self.port}"
        handle, name = tempfile.mkstemp(prefix="server-", suffix=".log", dir=os.environ.get("S2S_TEST_DIRECTORY"))
        os.close(handle)
        self._log = Path(name)
        self._process = self._spawn()
        self._wait_until_it_answers()

    @property
    def pid(self) -> int:
        """The process whose children are the workers."""
        return self._process.pid

    def log(self) -> str:
        """All that the server has written so far."""
        return self._log.read_text()

    def stop(self) -> None:
        """End the server's processes; requests under way are given five seconds."""
        self._listener.close()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()  # its workers see that it has gone, and go
                self._process.wait(10)

    def _spawn(self) -> subprocess.Popen:
        command = [
            *(sys.executable, "-m", "gunicorn", self._application),
            *("--config", "python:tests.ready"),
            *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
            # The socket is ours, open already: no free port is guessed and then lost to somebody else.
            *("--bind", f"fd://{self._listener.fileno()}", "--graceful-timeout", "5", "--timeout", "60"),
            # It would be one file in the home directory for all servers of this person.
            "--no-control-socket",
        ]
        environment = os.environ | {"DATABASE_URL": self._database, "BASE_URL": self.url} | self._environment
        with self._log.open("w") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                pass_fds=[self._listener.fileno()],
            )

    def _wait_until_it_answers(self) -> None:
        ends = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < ends and self._process.poll() is None:
            client = http.client.HTTPConnection(self.host, self.port, timeout=1)
            try:
                client.request("GET", "/")
                if client.getresponse().status >= 500:
                    break
                if self.log().count(READY) == WORKERS:
                    return
                time.sleep(0.02)  # one worker answers, the other is still loading
            except (OSError, http.client.HTTPException):
                continue  # the workers are still loading the application
            finally:
                client.close()
        self.stop()
        raise SiteDidNotStart(f"{self._application} did not answer on {self.url}/\n{self.log()[-4000:]}")
