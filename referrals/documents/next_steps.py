"""What happens next with a request, in a sentence for whoever reads it: whose move it is reads what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from referrals.choices import Doer, EndState, Status
from referrals.models import Referral
from referrals.rules.answers import holds_up_observation
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date

READERS = (Doer.TEACHER, Doer.COORDINATOR, Doer.ADVISER, Doer.COMMISSIONER)
"""As whom somebody with several roles reads what is nobody's move of theirs: the first that they are."""
WHOSE_MOVE = {
    Status.SUBMITTED: Doer.COORDINATOR,
    Status.RETURNED: Doer.ADVISER,
    Status.ASSIGNED: Doer.TEACHER,
    Status.IN_CONTACT: Doer.TEACHER,
    Status.BOOKED: Doer.TEACHER,
    Status.SUPPORTING: Doer.TEACHER,
    Status.CLOSED: Doer.COORDINATOR,
}
NEW_REQUEST = "If support is needed again, it is a new request, which uses a new place."


@dataclass(frozen=True)
class Stands:
    """How far the visits of a request are; every moment is aware and that of the first such visit.

    `untold_at`: it began and nobody has told what became of it; `unrecorded_at`: held, without a record; `flagged_at`:
    planned, and something made it doubtful; `planned_at`: still to come.
    """

    untold_at: datetime | None = None
    unrecorded_at: datetime | None = None
    flagged_at: datetime | None = None
    planned_at: datetime | None = None


NO_VISITS = Stands()


def reader_of(doers: frozenset[Doer], status: Status) -> Doer | None:
    """As whom somebody who acts as `doers` reads the page; None for those who only look."""
    mover = WHOSE_MOVE.get(status)
    return mover if mover in doers else next((doer for doer in READERS if doer in doers), None)


def next_step(
    referral: Referral,
    *,
    doers: frozenset[Doer] = frozenset(),
    stands: Stands = NO_VISITS,
    was_sent: bool = True,
    move_undone: bool = False,
) -> str:
    """What happens next, in a sentence or two, to somebody who acts as `doers`. `was_sent`: it has or had a place.

    `move_undone`: it was carried over and moved back, and goes on as the request that it was before.
    """
    status = Status(referral.status)
    if move_undone and referral.continues is not None:
        return f"The move to this contract was undone. Support goes on as {referral.continues.reference}, as before."
    reader = reader_of(doers, status)
    if status == Status.WAITING:
        return how_places_are_given(referral.period.requests_close_on, referral.period.allocation_deadline_on)
    if status in (Status.WITHDRAWN, Status.DECLINED):
        return _ended(referral, reader, was_sent=was_sent)
    if status in _BY_VISITS:
        return _of_visits(referral, reader, stands)
    return STEPS[status](referral, reader)


def _submitted(referral: Referral, reader: Doer | None) -> str:
    if reader == Doer.COORDINATOR:
        return "Give this request to a teacher, who gets in touch with the contact person."
    return (
        "The S2S co-ordinator gives this request to a teacher of a complex needs school, who gets in touch with the "
        "contact person."
    )


def _returned(referral: Referral, reader: Doer | None) -> str:
    if reader == Doer.ADVISER:
        return "Answer S2S’s question. The request keeps its place and its date, and S2S goes on when you have."
    if reader in (Doer.TEACHER, Doer.COORDINATOR):
        return "The adviser has been asked for more information. The request goes on when they have answered."
    return "The adviser has been asked for more information. S2S goes on when they have answered; the place is kept."


def _assigned(referral: Referral, reader: Doer | None) -> str:
    if reader == Doer.TEACHER:
        return "Get in touch with the contact person, and log each attempt."
    return f"{referral.teacher} gets in touch with the contact person to arrange a visit."


def _in_contact(referral: Referral, reader: Doer | None) -> str:
    lacking = holds_up_observation({"about": referral.about, "agreement": referral.agreement})
    if reader == Doer.TEACHER and lacking:
        return "Record the parents’ agreement: a named child is not observed without it. Then book the first visit."
    if reader == Doer.TEACHER:
        return "Agree a time for the first visit with the school or setting, and book it."
    agreed = f"{referral.teacher} and the school or setting agree a time for the first visit."
    if reader == Doer.ADVISER and lacking:
        return f"{agreed} A named child is not observed without the parents’ agreement: record it if they gave it."
    return agreed


def _closed(referral: Referral, reader: Doer | None) -> str:
    if referral.end_state == EndState.NOT_STARTED:
        return f"Nothing more happens: it closed before a visit was held. {NEW_REQUEST}"
    who = "you" if reader == Doer.COORDINATOR else "the S2S co-ordinator"
    until = spoken.day(referral.period.delivery_ends_on)
    return f"S2S’s support has ended. Until the end of {until} {who} can open it again; later support is a new request."


def _lapsed(referral: Referral, reader: Doer | None) -> str:
    successor = referral.period.contract.successor_name
    offered = f", and offered to {successor} with its original dates" if successor else ""
    return (
        f"Places were given until {spoken.day(referral.period.allocation_deadline_on)}, and none came free for this "
        f"request. It is counted as support that was needed and could not be given{offered}."
    )


def _transferred(referral: Referral, reader: Doer | None) -> str:
    return "It was moved at the contract’s end, and support goes on there."


STEPS: dict[Status, Callable[[Referral, Doer | None], str]] = {
    Status.SUBMITTED: _submitted,
    Status.RETURNED: _returned,
    Status.ASSIGNED: _assigned,
    Status.IN_CONTACT: _in_contact,
    Status.CLOSED: _closed,
    Status.LAPSED: _lapsed,
    Status.TRANSFERRED: _transferred,
}
_BY_VISITS = (Status.BOOKED, Status.SUPPORTING)


def _ended(referral: Referral, reader: Doer | None, *, was_sent: bool) -> str:
    """Withdrawn or not taken on; a commissioner reads until when that can be undone (DESIGN §5)."""
    if reader == Doer.COMMISSIONER and was_sent:
        until = spoken.day(referral.period.allocation_deadline_on)
        return f"Nothing more happens. Until the end of {until} you can reinstate it, if a place is free for it."
    return f"Nothing more happens. {NEW_REQUEST}"


def _of_visits(referral: Referral, reader: Doer | None, stands: Stands) -> str:
    """What follows from the visits, what is overdue first."""
    mine, who = reader == Doer.TEACHER, referral.teacher
    if stands.untold_at is not None:
        day = _day(stands.untold_at)
        return f"Tell what became of the visit on {day}." if mine else f"{who} tells what became of the visit on {day}."
    if stands.unrecorded_at is not None:
        what = f"the record of the visit on {_day(stands.unrecorded_at)}"
        return f"Write and finalise {what}." if mine else f"{who} writes {what}."
    if stands.flagged_at is not None:
        visit = f"the visit on {_day(stands.flagged_at)} again, as something has changed since it was booked"
        return f"Look at {visit}: move it, cancel it, or say why it is kept." if mine else f"{who} looks at {visit}."
    if stands.planned_at is not None:
        visit = f"The visit is on {spoken.moment_with_weekday(stands.planned_at)}"
        return f"{visit}. Afterwards tell what became of it." if mine else f"{visit}, with {who}."
    if mine:
        return "Book another visit, or close the request with a summary and what became of each goal."
    return f"{who} plans another visit, or closes the request."


def _day(at: datetime) -> str:
    return spoken.day(london_date(at))


def how_places_are_given(cut_off_on: date, allocation_deadline_on: date) -> str:
    """What happens to somebody on the waiting list, until both dates (each includes its whole day)."""
    by_itself = f"Until the end of {spoken.day(cut_off_on)} a place that comes free goes to the first who waits."
    if allocation_deadline_on == cut_off_on:
        by_hand = ""
    else:
        by_hand = (
            f" After that the commissioner gives it, in the same order, until the end of "
            f"{spoken.day(allocation_deadline_on)}."
        )
    return f"{by_itself}{by_hand} If none comes free by then, the adviser and the contact are told."
