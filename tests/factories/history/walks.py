"""A request's life, drawn step by step: at each moment one of the things that may happen where it stands.

Every step is the real action. One that the portal refuses (a visit too many, a closing without a record) changes
nothing, as for people; how it goes on is drawn again.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from referrals.actions import (
    assigning,
    booking,
    closing,
    contacting,
    ending,
    finalising,
    moving,
    reinstating,
    retracting,
    returning,
    visiting,
    withdrawing,
)
from referrals.choices import (
    BookingKind,
    BookingState,
    ContactOutcome,
    DeclineReason,
    GoalResult,
    NotHeldReason,
    NotStartedReason,
    Status,
    VisitOutcome,
    WhoAsked,
    WithdrawReason,
)
from referrals.models import Booking, Referral, VisitRecord
from referrals.queries import records as record_queries
from referrals.rules.bookings import MAY_BE_KEPT
from tests.factories import records, support
from tests.factories.history.people import Council, some_hour

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAUSES = (0, 1, 1, 2, 3, 4, 6, 9, 14)
"""Days from one step to the next."""
REASONS = dict.fromkeys(MAY_BE_KEPT, "The school says that children are in.")
AFTER_THE_FIRST = tuple(kind for kind in BookingKind if kind != BookingKind.OBSERVATION)


class Walk:
    """One request on its way, from `at` on. `mood` says how often which step is tried in each status."""

    def __init__(self, council: Council, referral: Referral, at: datetime) -> None:
        self.council, self.rng, self.pk, self.at = council, council.rng, referral.pk, at

    @property
    def row(self) -> Referral:
        """The request as it is now."""
        return Referral.objects.select_related("teacher", "establishment__kind").get(pk=self.pk)

    def go(self, until: datetime, *, steps: int = 30) -> None:
        """So many steps at most, none after `until`. Some stop early: then nobody does anything any more."""
        for _ in range(steps):
            row = self.row
            chosen = MOODS.get(Status(row.status))
            if chosen is None or self.rng.random() < 0.03:
                return
            names, weights = zip(*chosen.items(), strict=True)
            at = self._next(row, until)
            if at is None:
                return
            self.at = at
            step: Callable[[Referral], None] = getattr(self, self.rng.choices(names, weights)[0])
            step(row)

    def _next(self, row: Referral, until: datetime) -> datetime | None:
        at = some_hour(self.rng, (self.at + self.rng.choice(PAUSES) * DAY).date())
        at = max(at, self.at + timedelta(minutes=5))
        return at if at <= until else None

    # --- Before a visit ---
    def assign(self, row: Referral) -> None:
        teacher = self.rng.choice(self.council.teachers)
        assigning.assign(referral=row, teacher=teacher, reasons=[], by=self.council.coordinator, at=self.at)

    def reassign(self, row: Referral) -> None:
        teacher = self.rng.choice(self.council.teachers)
        assigning.reassign(referral=row, teacher=teacher, note="", by=self.council.coordinator, at=self.at)

    def ask(self, row: Referral) -> None:
        returning.ask(referral=row, question="Which mornings?", by=self.council.coordinator, at=self.at)

    def send_back(self, row: Referral) -> None:
        by = self.council.adviser_of(row.stream)
        returning.send_back(referral=row, answer="Every one.", by=by, at=self.at)

    def take_back(self, row: Referral) -> None:
        returning.take_back(referral=row, note="No longer needed.", by=self.council.coordinator, at=self.at)

    def reach(self, row: Referral) -> None:
        """Somebody was reached, at times some hours before it was written down."""
        if row.teacher is None:
            return
        attempt = support.attempt(at=self.at - self.rng.choice((0, 0, 1)) * HOUR)
        contacting.log_contact(referral=row, attempt=attempt, by=row.teacher, at=self.at)

    def try_to_reach(self, row: Referral) -> None:
        attempt = support.attempt(at=self.at, outcome=ContactOutcome.NO_ANSWER)
        contacting.log_contact(referral=row, attempt=attempt, by=row.teacher, at=self.at)

    def withdraw(self, row: Referral) -> None:
        why = {"reason": WithdrawReason.CHILD_MOVED, "note": ""}
        withdrawing.withdraw(referral=row, **why, by=self.council.adviser_of(row.stream), at=self.at)

    def decline(self, row: Referral) -> None:
        why = {"reason": DeclineReason.ADVICE_ENOUGH, "note": ""}
        ending.decline(referral=row, **why, by=self.council.coordinator, at=self.at)

    def not_start(self, row: Referral) -> None:
        why = {"reason": NotStartedReason.NOT_WANTED, "note": ""}
        ending.close_not_started(referral=row, **why, by=self.council.coordinator, at=self.at)

    def reinstate(self, row: Referral) -> None:
        reinstating.reinstate(referral=row, reason="A mistake.", by=self.council.one, at=self.at)

    # --- Visits ---
    def book(self, row: Referral) -> None:
        """One visit, now and then of two teachers, at times far ahead."""
        starts_at = some_hour(self.rng, (self.at + self.rng.choice((1, 2, 4, 7, 12, 20, 40)) * DAY).date())
        kind = BookingKind.OBSERVATION if not row.visits_held else self.rng.choice(AFTER_THE_FIRST)
        teachers = [row.teacher]
        if self.rng.random() < 0.15:
            teachers = list({one.pk: one for one in (row.teacher, self.rng.choice(self.council.teachers))}.values())
        booking.book(
            referral=row,
            key=uuid.uuid4(),
            wanted=support.wanted(starts_at, kind=kind),
            teachers=teachers,
            reasons=REASONS,
            by=row.teacher,
            at=self.at,
        )

    def _planned(self, row: Referral) -> Booking | None:
        planned = row.bookings.filter(state=BookingState.PLANNED).order_by("starts_at").select_related("referral")
        return planned.first()

    def move(self, row: Referral) -> None:
        """Another time for a planned visit."""
        one = self._planned(row)
        if one is None or one.starts_at <= self.at:
            return
        starts_at = some_hour(self.rng, (one.starts_at + self.rng.choice((1, 3, 8)) * DAY).date())
        told = {"asked_by": WhoAsked.SETTING, "note": "", "reasons": REASONS, "by": self.council.coordinator}
        times = {"starts_at": starts_at, "ends_at": starts_at + HOUR, "sequence": one.sequence}
        moving.move(booking=one, **times, **told, at=self.at)

    def cancel(self, row: Referral) -> None:
        """A planned visit is cancelled, and booked anew or not."""
        one = self._planned(row)
        if one is not None and one.starts_at > self.at:
            told = {"asked_by": WhoAsked.SETTING, "note": "", "by": self.council.coordinator}
            moving.cancel(booking=one, sequence=one.sequence, **told, at=self.at)

    def tell(self, row: Referral) -> None:
        """What became of a visit, if it is over."""
        one = self._planned(row)
        if one is None or one.ends_at > self.at:
            return
        drawn = self.rng.random()
        told = visiting.Told(outcome=VisitOutcome.HELD)
        if drawn < 0.15:
            told = visiting.Told(
                outcome=VisitOutcome.NOT_HELD, reason=self.rng.choice(list(NotHeldReason)), note="Ill."
            )
        elif drawn < 0.3:
            told = visiting.Told(outcome=VisitOutcome.HELD_LATE, minutes_late=20)
        visiting.tell_outcome(booking=one, told=told, by=row.teacher, at=self.at)

    # --- Records and endings ---
    def record(self, row: Referral) -> None:
        """The record of the first visit without one; staff were asked how they felt, or not. Else it may close."""
        visit = row.visits.filter(draft__isnull=False).order_by("booking__starts_at").first()
        if visit is None:
            if row.status == Status.SUPPORTING and self.rng.random() < 0.5:
                self.close(row)
            return
        visit = records.fresh(visit)
        answers = dict(records.WORDS)
        if self.rng.random() < 0.7:
            answers |= {name: str(self.rng.randint(1, 5)) for name in ("confidence_before", "confidence_after")}
        if self.rng.random() < 0.2:
            answers |= records.action(due=f"{self.at + 30 * DAY:%d %m %Y}")
        for one in record_queries.rolled_into(visit):
            answers = records.told(one.action.pk) | answers
        records.type_in(visit, answers, at=self.at)
        finalising.finalise(visit=visit, checked=records.edition(visit), by=row.teacher, at=self.at)

    def retract(self, row: Referral) -> None:
        """The newest record that stands was about another child: it is to be written anew."""
        record = VisitRecord.objects.filter(visit__referral=row, retraction=None).order_by("-pk").first()
        if record is not None:
            why = {"reason": "About his brother", "breach_note": "Nobody had opened it."}
            retracting.retract(record=record, **why, by=row.teacher, at=self.at)

    def close(self, row: Referral) -> None:
        results = {goal.pk: (self.rng.choice(list(GoalResult)), "") for goal in row.goals.all()}
        told = closing.Ending(key=uuid.uuid4(), summary="It is part of every day.", results=results)
        closing.close(referral=row, ending=told, by=row.teacher, at=self.at)

    def reopen(self, row: Referral) -> None:
        closing.reopen(referral=row, reason="More is needed.", by=self.council.coordinator, at=self.at)


SEEN = {"ask": 0.7, "reassign": 1, "withdraw": 0.5, "decline": 0.3, "not_start": 0.3}
MOODS: dict[Status, dict[str, float]] = {
    Status.SUBMITTED: {"assign": 9, "ask": 1, "withdraw": 0.4, "decline": 0.3, "not_start": 0.3},
    Status.ASSIGNED: {"reach": 8, "try_to_reach": 2} | SEEN,
    Status.RETURNED: {"send_back": 6, "take_back": 2, "reach": 2, "decline": 0.4, "withdraw": 0.4},
    Status.IN_CONTACT: {"book": 9} | SEEN,
    Status.BOOKED: {"tell": 10, "move": 3, "cancel": 1, "book": 1} | SEEN,
    Status.SUPPORTING: {
        "record": 8,
        "tell": 4,
        "book": 4,
        "retract": 1,
        "close": 4,
        "reassign": 1,
        "move": 1,
        "cancel": 1,
    },
    Status.CLOSED: {"reopen": 3, "retract": 0.5, "record": 1, "assign": 3},
    Status.WITHDRAWN: {"reinstate": 4, "assign": 2},
    Status.DECLINED: {"reinstate": 3, "assign": 2},
}
"""How often which step is tried. "assign" of what has ended does nothing but let time pass."""


def rng_of(seed: int) -> Random:
    """The draws of a seed."""
    return Random(seed)
