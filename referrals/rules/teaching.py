"""What a teacher does next about a request or a visit, and how a child is named on lists. Pure."""

from datetime import date, datetime

from referrals.choices import BookingState, Status
from s2s_portal.core import spoken
from s2s_portal.core.calendar import ONE_DAY, DayKind, Days, london_date

LONGEST_HALF_TERM = 10
"""Days off in one stretch, weekends included; longer ones are holidays between terms."""
TELL = "Tell what became of the visit"
FINALISE = "Finalise the record of the visit"


def next_step(
    status: Status, *, untold_at: datetime | None, next_visit_at: datetime | None, lacks_record: bool = False
) -> str:
    """What the teacher does next about a request, in a few words; "" for one that has ended.

    `untold_at` is when a visit began whose outcome nobody has told, `next_visit_at` when the next planned one begins.
    """
    if status == Status.RETURNED:
        return "Wait for the adviser’s answer"
    if untold_at is not None:
        return f"Tell what became of the visit of {spoken.day(london_date(untold_at))}"
    if status == Status.SUPPORTING and lacks_record:
        return FINALISE
    if next_visit_at is not None and status in (Status.BOOKED, Status.SUPPORTING):
        return f"Visit on {spoken.moment(next_visit_at)}"
    return _STEPS.get(status, "")


_STEPS = {
    Status.ASSIGNED: "Reach the school or setting",
    Status.IN_CONTACT: "Book the first visit",
    Status.BOOKED: "Book the first visit",
    Status.SUPPORTING: "Book the next visit, or close the request",
}


def visit_step(state: BookingState, *, starts_at: datetime, is_recorded: bool, at: datetime) -> str:
    """What there is to do about a visit at `at`; "" while it is ahead, and once its record is finalised."""
    if state == BookingState.PLANNED and at >= starts_at:
        return TELL
    return FINALISE if state == BookingState.HELD and not is_recorded else ""


def initials(first_letter: str, last_letter: str, *, is_group: bool) -> str:
    """How a child is named where systems may be down and paper lies about: "W. T.", unbroken; a group is "Group"."""
    return (
        "Group" if is_group else "\u00a0".join(f"{letter.upper()}." for letter in (first_letter, last_letter) if letter)
    )


def words_of_day(day: date, days: Days) -> str:
    """What a calendar says of a day; "" for an ordinary day of term and for weekends."""
    kind = days.kind_of(day)
    if kind == DayKind.HOLIDAY:
        return "Half-term" if _is_half_term(day, days) else "School holidays"
    return _WORDS.get(kind, "")


_WORDS = {
    DayKind.BANK_HOLIDAY: "Bank holiday",
    DayKind.CLOSED: "Closed",
    DayKind.STAFF_ONLY: "Training day: staff only",
    DayKind.TERMS_NOT_ENTERED: "Term dates not entered",
}


def _is_half_term(day: date, days: Days) -> bool:
    """Whether the time off around `day` is short enough to lie inside a term."""
    before = max((last for _, last in days.terms if last < day), default=None)
    after = min((first for first, _ in days.terms if first > day), default=None)
    return before is not None and after is not None and (after - before - ONE_DAY).days <= LONGEST_HALF_TERM
