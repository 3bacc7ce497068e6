"""A mail server for tests: speaks enough SMTP, keeps what it accepted, refuses and stalls as told."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.core.mail.backends.base import BaseEmailBackend


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1.

    `accepted` holds the messages it said yes to, oldest first; `refused` the addresses it says 550 to;
    `recipients` the addresses it was told to deliver to; `longest_line` is the longest one of a message, in bytes;
    `around_yes` wraps the moment of each yes; `conversations` counts the connections.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.accepted: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.around_yes: Callable[[], AbstractContextManager] = nullcontext
        self.conversations = 0
        self.recipients: list[str] = []
        self.longest_line = 0

    @property
    def url(self) -> str:
        """An EMAIL_URL for this server."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def ids(self) -> list[str]:
        """The Message-IDs of all accepted messages."""
        return [message["Message-ID"] for message in self.accepted]


class Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    server: MailServer

    def handle(self) -> None:
        self.server.conversations += 1
        self.say("220 test ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "DATA":
                self.take_message()
            elif verb == "RCPT" and any(address in line for address in self.server.refused):
                self.say("550 no such person here")
            else:
                if verb == "RCPT":
                    self.server.recipients.append(line.partition("<")[2].rpartition(">")[0])
                self.say("250 fine")
        return None

    def take_message(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            self.server.longest_line = max(self.server.longest_line, len(line))
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        with self.server.around_yes():
            self.server.accepted.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running() -> Iterator[MailServer]:
    """A mail server for the length of the block."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class TakesNothing(BaseEmailBackend):
    """A way of sending that reports no error and takes no message."""

    def send_messages(self, email_messages: list) -> int:
        return 0
