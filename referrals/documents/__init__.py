"""What the referrals app says: the facts stored beside a request and their sentences, and answers in words."""

from referrals.documents.facts import (
    EVENT_FACTS,
    FACT_TITLES,
    Judged,
    RefusalFacts,
    SubmittedFacts,
    WithdrawnFacts,
    event_sentence,
    places_sentence,
    refusal_facts,
)

__all__ = [
    "EVENT_FACTS",
    "FACT_TITLES",
    "Judged",
    "RefusalFacts",
    "SubmittedFacts",
    "WithdrawnFacts",
    "event_sentence",
    "places_sentence",
    "refusal_facts",
]
