"""A stand-in for GOV.UK Notify: speaks as much of its API as the official client uses with us.

It checks the client's token as Notify does: signed with the key's secret, issued by the key's service, half a minute
old at most.
"""

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE = "0b7d7e0e-31c5-4a8e-9d9e-6a4c1c5f2a11"
SECRET = "f3c2a9de-5b1f-4e0b-8a43-9e4d3f7b6c20"
API_KEY = f"s2s-{SERVICE}-{SECRET}"
TEMPLATE = "9c1f9f3e-2a0d-4d35-8f7e-0c5d2b7a4e66"
PROBLEMS = {400: "BadRequestError", 403: "AuthError", 404: "NoResultFound", 429: "RateLimitError", 500: "Exception"}


class NotifyServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1.

    `taken` holds what it accepted, oldest first, as Notify's API tells it; `refuse` may say, for an e-mail that is
    handed over, the status and words of a refusal; `subject` and `body` are its template's; `asked` lists the requests
    it had, each as "GET /v2/…"; `after_taking` is called when an e-mail is accepted and before the answer.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.taken: list[dict[str, Any]] = []
        self.refuse: Callable[[dict[str, Any]], tuple[int, str] | None] = lambda email: None
        self.subject, self.body = "((subject))", "((body))"
        self.asked: list[str] = []
        self.after_taking: Callable[[], None] = lambda: None
        self.out: tuple[int, str] | None = None
        """The answer to everything, while set."""

    @property
    def url(self) -> str:
        """A NOTIFY_BASE_URL for this server."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    """One request."""

    server: NotifyServer

    def do_GET(self) -> None:  # the library's name
        self.server.asked.append(f"GET {self.path}")
        address = urlsplit(self.path)
        if problem := self.problem():
            return self.refuse(*problem)
        if address.path == f"/v2/template/{TEMPLATE}":
            return self.say(200, {"id": TEMPLATE, "subject": self.server.subject, "body": self.server.body})
        if address.path == "/v2/notifications":
            wanted = parse_qs(address.query).get("reference", [""])[0]
            found = [one for one in reversed(self.server.taken) if one["reference"] == wanted]
            return self.say(200, {"notifications": found, "links": {"current": self.path}})
        if match := re.fullmatch(r"/v2/notifications/([0-9a-f-]{36})", address.path):
            found = [one for one in self.server.taken if one["id"] == match[1]]
            return self.say(200, found[0]) if found else self.refuse(404, "No result found")
        return self.refuse(404, "No result found")

    def do_POST(self) -> None:  # the library's name
        self.server.asked.append(f"POST {self.path}")
        email = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        problem = self.problem() or self.server.refuse(email)
        if problem is None and set(email.get("personalisation", {})) != {"subject", "body"}:
            problem = (400, "Missing personalisation")
        if problem:
            return self.refuse(*problem)
        one = {"id": str(uuid.uuid4()), "status": "created", "type": "email"} | email
        self.server.taken.append(one)
        self.server.after_taking()
        return self.say(201, {"id": one["id"], "reference": email.get("reference"), "content": {}})

    def problem(self) -> tuple[int, str] | None:
        """Why the request is not answered at all: Notify is out, or the token is not good."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            decode_jwt_token(token, SECRET)
            known = get_token_issuer(token) == SERVICE
        except TokenError:
            known = False
        return self.server.out or (None if known else (403, "Invalid token: API key not found"))

    def refuse(self, status: int, words: str) -> None:
        error = {"error": PROBLEMS.get(status, "Exception"), "message": words}
        self.say(status, {"status_code": status, "errors": [error]})

    def say(self, status: int, told: dict[str, Any]) -> None:
        answer = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def running() -> Iterator[NotifyServer]:
    """A stand-in for the length of the block."""
    with NotifyServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
