"""A mail server for tests: speaks enough SMTP, keeps what it accepted, refuses and stalls as told."""

import socketserver
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum, auto

from django.core.mail.backends.base import BaseEmailBackend


class Trouble(Enum):
    """What a mail server can have for a while."""

    LATER = auto()
    """It says 451 to every recipient."""
    HANGS_UP = auto()
    """It ends each connection before a word was said."""
    SILENT = auto()
    """It takes connections and says nothing."""
    NO_ANSWER = auto()
    """It reads messages to their end, forgets them and says nothing more."""


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of 127.0.0.1, a free one unless it is given.

    `accepted` holds the messages it said yes to, oldest first; `refused` the addresses it says 550 to, `put_off` those
    it says 451 to;
    `recipients` the addresses it was told to deliver to; `longest_line` is the longest one of a message, in bytes;
    `around_yes` wraps the moment of each yes; `amid_yes` is called with the client's port and the Message-ID when the
    words of a yes have gone out and the end of their line has not: the server has the message, and its client cannot
    know it yet;
    `conversations` counts the connections, `asked` how often each address was named as a recipient, whatever the
    answer; `trouble` is what it has now, None if it is well.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.trouble: Trouble | None = None
        self.amid_yes: Callable[[int, str], object] = lambda port, message_id: None
        self.asked: Counter[str] = Counter()
        self.accepted: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.put_off: set[str] = set()
        self.around_yes: Callable[[], AbstractContextManager] = nullcontext
        self.conversations = 0
        self.recipients: list[str] = []
        self.longest_line = 0

    @property
    def url(self) -> str:
        """An EMAIL_URL for this server."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def ids(self) -> list[str]:
        """The Message-IDs of all accepted messages."""
        return [message["Message-ID"] for message in self.accepted]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that are killed break their connections; anything else is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    server: MailServer

    def handle(self) -> None:
        self.server.conversations += 1
        if self.server.trouble is Trouble.HANGS_UP:
            return None
        if self.server.trouble is Trouble.SILENT:
            return self.wait_for_the_end()
        self.say("220 test ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "DATA":
                self.take_message()
            elif verb == "RCPT":
                self.take_recipient(line.partition("<")[2].rpartition(">")[0])
            else:
                self.say("250 fine")
        return None

    def take_recipient(self, address: str) -> None:
        self.server.asked[address] += 1
        if address in self.server.refused:
            self.say("550 no such person here")
        elif address in self.server.put_off or self.server.trouble is Trouble.LATER:
            self.say("451 come back later")
        else:
            self.server.recipients.append(address)
            self.say("250 fine")

    def take_message(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # the client was lost: half a message is none
            self.server.longest_line = max(self.server.longest_line, len(line))
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.trouble is Trouble.NO_ANSWER:
            self.wait_for_the_end()
            return
        with self.server.around_yes():
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            self.server.accepted.append(message)
            self.wfile.write(b"250 taken")
            self.server.amid_yes(self.client_address[1], message["Message-ID"])
            self.say("")

    def wait_for_the_end(self) -> None:
        """Until the client has had enough."""
        self.rfile.read()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running(port: int = 0) -> Iterator[MailServer]:
    """A mail server for the length of the block; before and after it connections to its port are refused."""
    with MailServer(port) as server:
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
