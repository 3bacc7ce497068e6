"""What may follow what, and what each step does to the place: DESIGN §5 as a table."""

from dataclasses import dataclass

from quotas.choices import Intake
from referrals.choices import Action, Place, RefusalRule, Status


@dataclass(frozen=True)
class Transition:
    """Where an action leads, and what it does to the place (None: nothing)."""

    to: Status
    place: Place | None = None


_WITHDRAWN = Transition(Status.WITHDRAWN, Place.RELEASED)

TRANSITIONS: dict[tuple[Status | None, Action], Transition] = {
    (None, Action.SUBMIT): Transition(Status.SUBMITTED, Place.DRAWN),
    # R8: a request that ends before a visit was held gives its place back; after one it can only be closed or moved.
    (Status.SUBMITTED, Action.WITHDRAW): _WITHDRAWN,
    (Status.RETURNED, Action.WITHDRAW): _WITHDRAWN,
    (Status.ASSIGNED, Action.WITHDRAW): _WITHDRAWN,
    (Status.IN_CONTACT, Action.WITHDRAW): _WITHDRAWN,
    (Status.BOOKED, Action.WITHDRAW): _WITHDRAWN,
}
"""The only place that knows what may follow what. `None` is a draft. Later steps of DESIGN §5 add their rows here."""


def after(status: Status | None, action: Action) -> Transition | None:
    """What `action` does to a request in `status` (None: a draft); None if it may not happen then."""
    return TRANSITIONS.get((status, action))


def refusal(*, intake: Intake | None, left: int) -> RefusalRule | None:
    """Which rule refuses a submission now, judged under the quota's lock; None if it may be sent.

    `intake` is None where no places have been bought; `left` counts places. The dates come first (R3), then the
    places (R4): after the cut-off it no longer matters how many are left.
    """
    if intake is None:
        return RefusalRule.NO_QUOTA
    if intake == Intake.NOT_YET:
        return RefusalRule.NOT_YET_OPEN
    if intake == Intake.CLOSED:
        return RefusalRule.CUT_OFF
    return RefusalRule.FULL if left < 1 else None
