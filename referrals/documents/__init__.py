"""What the referrals app says: the facts stored beside a request and their sentences, and answers in words."""

from referrals.documents.events import EVENT_FACTS, Facts, event_sentence
from referrals.documents.facts import (
    JoinedFacts,
    LapsedFacts,
    LeftFacts,
    PlaceGivenFacts,
    SubmittedFacts,
    WithdrawnFacts,
    places_sentence,
)
from referrals.documents.refusals import FACT_TITLES, Judged, RefusalFacts, refusal_facts

__all__ = [
    "EVENT_FACTS",
    "FACT_TITLES",
    "Facts",
    "JoinedFacts",
    "Judged",
    "LapsedFacts",
    "LeftFacts",
    "PlaceGivenFacts",
    "RefusalFacts",
    "SubmittedFacts",
    "WithdrawnFacts",
    "event_sentence",
    "places_sentence",
    "refusal_facts",
]
