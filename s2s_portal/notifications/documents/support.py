"""Messages about a request on its way through S2S: with which teacher, in which state, what is asked and answered."""

from dataclasses import dataclass

HOW = ("assigned", "handed over", "cover")
"""How a teacher comes by a request."""


@dataclass(frozen=True, kw_only=True)
class RequestAssignedToTeacher:
    """A request was given to this teacher, for good or while another is away."""

    reference: str
    establishment: str
    stream_label: str  # "early years" or "mainstream"
    how: str  # one of HOW
    assigned_at: str
    assigned_by: str  # the person's full name
    address: str  # the path of the request's page
    from_teacher: str = ""  # who had it before, or who is away
    cover_from: str = ""  # the first day of cover, as people say it: "3 December 2024"
    cover_to: str = ""  # the last one
    contact_due: str = ""  # the last day on which first contact is in time (R10), "" once S2S is in touch

    def __post_init__(self) -> None:
        if self.how not in HOW:
            raise ValueError(f"A request is {', '.join(HOW)}, not {self.how}.")


@dataclass(frozen=True, kw_only=True)
class RequestWithTeacherToContact:
    """Which S2S teacher supports this school or setting."""

    reference: str
    establishment: str
    stream_label: str
    assigned_at: str
    teacher_name: str
    teacher_email: str
    teacher_school: str


@dataclass(frozen=True, kw_only=True)
class RequestStatusToAdviser:
    """Where a request stands now."""

    reference: str
    establishment: str
    stream_label: str
    status_label: str  # as on screens: "With a teacher"
    sentence: str  # ours: what this means and what happens next
    status_at: str
    address: str
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class RequestStatusToContact:
    """Where the request for this school or setting stands now."""

    reference: str
    establishment: str
    stream_label: str
    status_label: str
    sentence: str
    status_at: str
    adviser_name: str
    adviser_email: str


@dataclass(frozen=True, kw_only=True)
class RequestStatusToTeacher:
    """Somebody else changed a request that this teacher has."""

    reference: str
    establishment: str
    stream_label: str
    status_label: str
    sentence: str  # ours: what changed and what it means for the teacher
    status_at: str
    changed_by: str  # the person's full name
    address: str


@dataclass(frozen=True, kw_only=True)
class InformationAsked:
    """S2S needs more information from the adviser. The question itself may name a child and stays on the portal."""

    reference: str
    establishment: str
    stream_label: str
    asked_by: str  # the person's full name
    asked_at: str
    address: str
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class InformationGiven:
    """The adviser sent a request back with what was asked for."""

    reference: str
    establishment: str
    stream_label: str
    given_by: str
    given_at: str
    address: str
