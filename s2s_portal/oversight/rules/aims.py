"""The three aims of the service [001], and which kind of visit serves which. Pure; the table is here to be changed."""

from dataclasses import dataclass

from referrals.choices import BookingKind
from s2s_portal.oversight.choices import Aim


@dataclass(frozen=True)
class Serves:
    """The kinds of visit that serve an aim, and why these."""

    kinds: tuple[BookingKind, ...]
    reason: str


AIMS: dict[Aim, Serves] = {
    Aim.PRACTICAL: Serves(
        (BookingKind.OBSERVATION, BookingKind.MODELLING, BookingKind.RESOURCES),
        "S2S looks, shows and makes what helps these children now.",
    ),
    Aim.EMPOWERING: Serves(
        (BookingKind.TRAINING_STAFF, BookingKind.TRAINING_WHOLE, BookingKind.REVERSE_VISIT),
        "staff learn to do it themselves.",
    ),
    Aim.SUSTAINABLE: Serves(
        (BookingKind.FOLLOW_UP, BookingKind.PLAN_REVIEW, BookingKind.REVIEW_MEETING),
        "S2S comes back to see that what was agreed is done and works.",
    ),
}
"""Each kind of visit serves exactly one aim, so that no visit counts twice."""

AIM_OF: dict[str, Aim] = {kind: aim for aim, serves in AIMS.items() for kind in serves.kinds}
