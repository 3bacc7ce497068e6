"""The demo's three cohorts: one sent whole, one about to be sent, and one of the summer that filled the last places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from referrals.choices import Priority, SupportKind, YearGroup
from s2s_portal.demo.documents.days import moment


@dataclass(frozen=True, kw_only=True)
class CohortTale:
    """What a SEND Adviser says of a group of children across schools; `children` and `priorities` are per school."""

    title: str
    why_now: str
    years: Sequence[YearGroup]
    need: str
    further: Sequence[str]
    indes: tuple[int, int]  # section and level
    described: str
    tried: str
    outcome: str
    support: Sequence[SupportKind]
    goals: Sequence[str]
    children: Sequence[int]
    priorities: Sequence[Priority]
    at: datetime


SENT = CohortTale(
    title="Early language in Reception and Year 1",
    why_now="The autumn screening found that a third of these classes speak in two- or three-word sentences. Four "
    "schools share one speech and language therapist, and her list is full until Easter.",
    years=(YearGroup.R, YearGroup.Y1),
    need="SLCN",
    further=("SEMH",),
    indes=(4, 4),
    described="Most follow one step of an instruction and copy other children for the rest. A few say little all day.",
    tried="Small language groups three times a week, visual timetables in every room, and training of two assistants "
    "by the advisory teacher.",
    outcome="More words in the group; few of them reach the classroom or the playground.",
    support=(SupportKind.MODELLING, SupportKind.TRAINING_STAFF, SupportKind.RESOURCES),
    goals=(
        "Every adult in the room uses the same signs and pictures",
        "Children ask for help with a word or a sign before they give up",
    ),
    children=(8, 6, 9, 5),
    priorities=(Priority.HIGH, Priority.HIGH, Priority.MEDIUM, Priority.MEDIUM),
    at=moment(2024, 11, 7, 15, 20),
)

READY = CohortTale(
    title="Sensory needs and attendance in Years 3 to 5",
    why_now="Attendance of these children fell below 80 per cent in October. Each school has tried on its own; the "
    "families know one another and ask for one approach.",
    years=(YearGroup.Y3, YearGroup.Y4, YearGroup.Y5),
    need="ASD",
    further=("SEMH", "SLCN"),
    indes=(5, 5),
    described="Mornings at the door are the hardest part of the day. Noise, the dinner hall and changes of staff come "
    "next. Most manage a full day when they know who meets them.",
    tried="Meet-and-greet, later starts, sensory circuits before registration, and a parents’ morning each half term.",
    outcome="Three children are back for whole weeks. The others come for mornings, and staff are unsure what to try.",
    support=(SupportKind.OBSERVATION, SupportKind.ADVICE, SupportKind.TRAINING_WHOLE, SupportKind.REVERSE_VISIT),
    goals=(
        "Each child has a calm arrival that any adult can run",
        "Whole weeks in school for half of the group by Easter",
        "Staff know three things to do before they ring home",
    ),
    children=(4, 3, 5, 2, 4, 3, 6),
    priorities=(
        *(Priority.HIGH, Priority.MEDIUM, Priority.HIGH, Priority.LOW, Priority.MEDIUM, Priority.MEDIUM),
        Priority.LOW,
    ),
    at=moment(2024, 11, 25, 11, 40),
)

SUMMER = CohortTale(
    title="Moving to Year 7 with complex needs",
    why_now="These Year 6 children leave small schools for large ones in September, and their plans say little about "
    "how the new schools can meet their needs.",
    years=(YearGroup.Y6,),
    need="MLD",
    further=("SEMH",),
    indes=(7, 5),
    described="They work two to four years below their age and depend on one adult each.",
    tried="Extra visits to the new schools, one-page profiles, and a shared key adult in the last half term.",
    outcome="The children like the visits. The new schools ask for advice on how to teach them in a class of thirty.",
    support=(SupportKind.PLAN_REVIEW, SupportKind.TRAINING_STAFF),
    goals=("The new school’s plan names what works, and who does it", "A first week without exclusion"),
    children=(3, 2, 4, 2, 3),
    priorities=(Priority.HIGH, Priority.HIGH, Priority.MEDIUM, Priority.MEDIUM, Priority.LOW),
    at=moment(2024, 6, 6, 14, 10),
)
