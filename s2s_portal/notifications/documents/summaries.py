"""Messages that sum others up."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Digest:
    """The messages of a person since the last daily e-mail, oldest first."""

    day_on: str
    messages: list[dict[str, str]]  # {"subject": "…", "address": "…"}: its subject and the path of its page
    total: int  # of all of them
    more: int  # how many of them are not listed
    address: str  # the path of the page of all messages
    choice_address: str  # where this person chooses how messages come
