"""The ways in which e-mail leaves the portal: a mail server, or GOV.UK Notify. `settings.S2S_MAIL` says which."""

from typing import Protocol

from s2s_portal.notifications.models import Notification


class Closed(OSError):
    """No message is taken now: the server cannot be reached, is too busy, or is not set up. All of them wait."""


class Later(Exception):
    """This message was not taken; it may be at another try."""


class Never(Exception):
    """This message will never be taken, by whatever try; the text says why."""


class Backend(Protocol):
    """A way of sending, for one round of deliveries. Not shared between threads."""

    def open(self) -> None:
        """Make sure that messages are taken; cheap once it has said so. Raises an OSError, such as `Closed`."""

    def close(self) -> None:
        """End the conversation; the next `open` begins another."""

    def send(self, message: Notification, address: str, *, again: bool) -> str:
        """Hand over `message`, to the deliverable `address`; returns the id that it is known by there, or "".

        `again` says that it may be there already. Raises `Closed`, `Later`, `Never`; anything else counts as `Later`.
        """
