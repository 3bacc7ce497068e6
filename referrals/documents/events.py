"""The shapes of the events of a request: each kind and version that was ever written, and its sentence."""

from typing import Any

from referrals.documents.contract_facts import (
    BroughtBackFacts,
    CarriedOverFacts,
    CarryUndoneFacts,
    MovedBackFacts,
    TransferredFacts,
)
from referrals.documents.facts import (
    JoinedFacts,
    LapsedFacts,
    LeftFacts,
    PlaceGivenFacts,
    SubmittedFacts,
    WithdrawnFacts,
)
from referrals.documents.setting_facts import (
    ChangeWantedFacts,
    RecordAnsweredFacts,
    TimesAnsweredFacts,
    TimesOfferedFacts,
)
from referrals.documents.visit_facts import (
    BookedFacts,
    BookingCancelledFacts,
    BookingKeptFacts,
    BookingMovedFacts,
    RecordAddedToFacts,
    RecordFinalisedFacts,
    RecordRetractedFacts,
    VisitHeldFacts,
    VisitNotHeldFacts,
)
from referrals.documents.work_facts import (
    AgreementRecordedFacts,
    AgreementWithdrawnFacts,
    AskedFacts,
    AssignedFacts,
    ClosedFacts,
    ContactedFacts,
    CorrectedFacts,
    CoveredFacts,
    DeclinedFacts,
    ReassignedFacts,
    ReinstatedFacts,
    ReopenedFacts,
    SentBackFacts,
    TakenBackFacts,
)

Facts = (
    SubmittedFacts
    | WithdrawnFacts
    | JoinedFacts
    | PlaceGivenFacts
    | LeftFacts
    | LapsedFacts
    | AgreementRecordedFacts
    | AgreementWithdrawnFacts
    | AskedFacts
    | AssignedFacts
    | BookedFacts
    | BookingCancelledFacts
    | BookingKeptFacts
    | BookingMovedFacts
    | ClosedFacts
    | ContactedFacts
    | ChangeWantedFacts
    | RecordAnsweredFacts
    | TimesAnsweredFacts
    | TimesOfferedFacts
    | CorrectedFacts
    | CoveredFacts
    | DeclinedFacts
    | ReassignedFacts
    | RecordAddedToFacts
    | RecordFinalisedFacts
    | RecordRetractedFacts
    | ReinstatedFacts
    | ReopenedFacts
    | SentBackFacts
    | TakenBackFacts
    | VisitHeldFacts
    | VisitNotHeldFacts
    | BroughtBackFacts
    | CarriedOverFacts
    | CarryUndoneFacts
    | MovedBackFacts
    | TransferredFacts
)
_SHAPES: tuple[type[Facts], ...] = (
    SubmittedFacts,
    WithdrawnFacts,
    JoinedFacts,
    PlaceGivenFacts,
    LeftFacts,
    LapsedFacts,
    AgreementRecordedFacts,
    AgreementWithdrawnFacts,
    AskedFacts,
    AssignedFacts,
    BookedFacts,
    BookingCancelledFacts,
    BookingKeptFacts,
    BookingMovedFacts,
    ClosedFacts,
    ContactedFacts,
    ChangeWantedFacts,
    RecordAnsweredFacts,
    TimesAnsweredFacts,
    TimesOfferedFacts,
    CorrectedFacts,
    CoveredFacts,
    DeclinedFacts,
    ReassignedFacts,
    RecordAddedToFacts,
    RecordFinalisedFacts,
    RecordRetractedFacts,
    ReinstatedFacts,
    ReopenedFacts,
    SentBackFacts,
    TakenBackFacts,
    VisitHeldFacts,
    VisitNotHeldFacts,
    BroughtBackFacts,
    CarriedOverFacts,
    CarryUndoneFacts,
    MovedBackFacts,
    TransferredFacts,
)
EVENT_FACTS: dict[tuple[str, int], type[Facts]] = {(facts.KIND, facts.VERSION): facts for facts in _SHAPES}
"""The shape of each kind and version ever written: an old event is read by the class it was written with."""


def event_sentence(kind: str, version: int, facts: dict[str, Any], *, stream_label: str) -> str:
    """A stored event in plain words."""
    return EVENT_FACTS[kind, version](**facts).sentence(stream_label=stream_label)
