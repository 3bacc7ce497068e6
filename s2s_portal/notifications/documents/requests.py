"""Messages about a request that was sent, refused or withdrawn, alone or in a cohort."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RequestSentToAdviser:
    """A request was sent and used one place; what happens next."""

    reference: str  # "EY-7K4M-2Q"
    establishment: str
    stream_label: str  # "early years" or "mainstream"
    sent_at: str
    places_left: int
    places_granted: int  # granted and adjusted: the 50 of "5 of 50 are left"
    whom_to_ask: str  # a plain sentence or two
    contact_working_days: int  # R10


@dataclass(frozen=True, kw_only=True)
class RequestSentToContact:
    """An adviser asked for support for this school or setting; who will be in touch."""

    reference: str
    establishment: str
    stream_label: str
    sent_at: str
    adviser_name: str
    adviser_email: str
    contact_working_days: int


@dataclass(frozen=True, kw_only=True)
class RequestRefused:
    """A request was not accepted; the facts of the decision, in the decision page's own sentences."""

    refusal_reference: str
    establishment: str  # or "3 schools of cohort CO-8M2T-4X"
    stream_label: str
    decided_at: str
    rule: str
    count: str
    next_date: str
    whom_to_ask: str
    cohort_reference: str = ""  # if it was a cohort that was sent


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawnToAdviser:
    """A request was withdrawn, and what became of its place."""

    reference: str
    establishment: str
    stream_label: str
    withdrawn_at: str
    withdrawn_by: str  # the person's full name
    place_returned: bool
    carried: bool  # it was moved here from another contract and used no place of this one (R15)
    places_left: int
    places_granted: int
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawnToContact:
    """The request for this school or setting was withdrawn; S2S will not visit because of it."""

    reference: str
    establishment: str
    stream_label: str
    withdrawn_at: str
    adviser_name: str
    adviser_email: str


@dataclass(frozen=True, kw_only=True)
class CohortSent:
    """What became of each school of a cohort. The cohort's title is the adviser's own text and stays on the portal."""

    cohort_reference: str
    sent_at: str
    sent: list[dict[str, str]]  # {"reference": "MS-7K4M-2Q", "establishment": "…"}, each with a place
    waiting: list[dict[str, str]]  # the same, in their order on the waiting list
    places_left: int
    places_granted: int
    contact_working_days: int
    whom_to_ask: str
