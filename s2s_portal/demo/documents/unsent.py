"""The drafts that wait in the demo, each stuck at another place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from referrals.choices import Agreement, Section
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents.days import moment
from s2s_portal.demo.documents.people import PERSONA_NAMES
from s2s_portal.organisations.choices import Stream

_TO_THE_NEEDS = frozenset({Section.CONVERSATION, Section.CHILD, Section.NEEDS})
_ALL = frozenset(Section)
_AMARA = PERSONA_NAMES[Persona.EARLY_YEARS_ADVISER]
_DOMINIC = PERSONA_NAMES[Persona.SEND_ADVISER]


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """One draft: whose, in which of their zones (by its place among them), and how far it got.

    `instead` holds answers that differ from complete ones. `closes` marks the draft whose setting closes later.
    """

    adviser: str
    stream: Stream
    zone: int = 0
    started_at: datetime
    saved: frozenset[Section] = frozenset()
    instead: Mapping[Section, Mapping[str, Any]] = field(default_factory=dict)
    closes: bool = False


UNSENT = (
    # One section from done: a visitor finishes and sends it, and sees the place go.
    Unsent(
        adviser=_AMARA,
        stream=Stream.EARLY_YEARS,
        zone=1,
        started_at=moment(2024, 11, 21, 14, 5),
        saved=_ALL - {Section.AGREEMENT},
    ),
    Unsent(adviser=_AMARA, stream=Stream.EARLY_YEARS, started_at=moment(2024, 11, 26, 8, 40)),
    Unsent(
        adviser=_AMARA,
        stream=Stream.EARLY_YEARS,
        zone=2,
        started_at=moment(2024, 11, 5, 10, 20),
        saved=_TO_THE_NEEDS | {Section.TRIED},
        closes=True,
    ),
    # Begun before the adviser had spoken to the setting, and left.
    Unsent(
        adviser="Sophie Blanchflower",
        stream=Stream.EARLY_YEARS,
        started_at=moment(2024, 9, 23, 15, 10),
        saved=frozenset({Section.CHILD, Section.NEEDS, Section.TRIED}),
    ),
    Unsent(
        adviser="Chidi Nwosu",
        stream=Stream.EARLY_YEARS,
        started_at=moment(2024, 11, 22, 11, 30),
        saved=_ALL,
    ),
    Unsent(
        adviser=_DOMINIC,
        stream=Stream.MAINSTREAM,
        zone=1,
        started_at=moment(2024, 11, 19, 9, 50),
        saved=_ALL - {Section.CONTACT},
    ),
    # The INDES profile is still to come from the school.
    Unsent(
        adviser=_DOMINIC,
        stream=Stream.MAINSTREAM,
        zone=2,
        started_at=moment(2024, 10, 9, 13, 40),
        saved=_TO_THE_NEEDS,
        instead={Section.NEEDS: {"sen_status": "K", "indes_section_id": None, "indes_level": None}},
    ),
    # A child is named, yet agreement is said not to be needed: the page asks for another look.
    Unsent(
        adviser="Noor Hussain",
        stream=Stream.MAINSTREAM,
        started_at=moment(2024, 11, 13, 16, 0),
        saved=_ALL,
        instead={Section.AGREEMENT: {"agreement": Agreement.NOT_NEEDED, "agreement_by": "", "agreement_on": None}},
    ),
)
