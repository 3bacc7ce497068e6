"""Messages that ask a school or setting for an answer by a signed link.

`link_id` is the link's row: its address is made when the message is sent, so that nobody can read it in the outbox.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RecordReadyToContact:
    """A record of visit was finalised: to be read, and confirmed or answered. What it says stays on the portal."""

    reference: str
    establishment: str
    stream_label: str  # "early years" or "mainstream"
    record: str  # "EY-7K4M-2Q/1"
    visit_on: str
    teacher_name: str
    teacher_email: str
    link_id: int


@dataclass(frozen=True, kw_only=True)
class TimesOfferedToContact:
    """Times from which the school or setting chooses one. None is kept free."""

    reference: str
    establishment: str
    stream_label: str
    kind_label: str  # "Observation"
    remote: bool
    times: list[str]  # as people say them: "Tuesday 3 December 2024, 09:30 to 11:00"
    teacher_name: str
    teacher_email: str
    link_id: int
