"""Messages about a contract's end, and about a cut-off that was moved later."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CutOffMoved:
    """Requests are open for longer: to an adviser who was refused because the cut-off had passed."""

    stream_label: str
    cut_off_on: str
    refused: int  # how many of this adviser's requests were refused for it
    address: str  # the path of the page of this person's drafts


@dataclass(frozen=True, kw_only=True)
class ContractEndQuestion:
    """A request is open and its contract ends: its adviser says what is still wanted."""

    reference: str
    establishment: str
    stream_label: str
    contract: str
    run_off_ends_on: str
    why: str  # one of our sentences
    address: str  # the path of the page on which to answer
    instead_of: str = ""  # who filed it, if this goes to another adviser of its zone


@dataclass(frozen=True, kw_only=True)
class ContractEndAccount:
    """What became of the open requests of a contract, or what is still to be decided about late ones."""

    contract: str
    what: str  # "is done", "was undone" or "needs you": one of our words
    account: str  # the sum in words
    address: str  # the path of its page
