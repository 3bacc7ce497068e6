"""The stuck requests of a period: what rules say of each open one, and whose name its holder has."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from referrals.choices import Clock
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.figures import Answer
from s2s_portal.oversight.documents.stuck import BY_HOLDER, BY_REASON, LONGEST, REASONS, Stopped, stuck_answer
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.schools import NO_SCHOOL
from s2s_portal.oversight.rules.stuck import Holder, Stuck, Why, idle, late
from s2s_portal.oversight.rules.working_days import london_day

ADVISERS = {
    Stream.EARLY_YEARS.value: (f"{Holder.ADVISER}-early-years", "Early Years Advisers"),
    Stream.MAINSTREAM.value: (f"{Holder.ADVISER}-mainstream", "SEND Advisers"),
}
LATE = {
    Clock.CONTACT: "First contact",
    Clock.OBSERVATION: "First visit",
    Clock.RECORD: "Record of a visit",
    Clock.REVIEW: "Review",
}


class StuckCase(NamedTuple):
    """A request and why it is stuck."""

    case: Case
    stuck: Stuck


def stuck_cases(readings: Readings) -> list[StuckCase]:
    """The stuck requests, the longest in front."""
    found = [StuckCase(case, one) for one, cases in _stuck(readings) for case in cases]
    return sorted(found, key=lambda one: (-one.stuck.days, one.stuck.since, one.case.pk))


def _stuck(readings: Readings) -> Iterator[tuple[Stuck, list[Case]]]:
    """Why requests are stuck, each with some of which it is said."""
    days, today = readings.days, readings.scope.today
    for progress, cases in readings.alike.items():
        if progress.status not in OPEN_WITH_S2S:
            continue  # it has ended, or waits for a place
        clocks, status = readings.clocks[cases[0].pk], progress.status
        one = late(status=status, clocks=clocks, returned_on=progress.returned_on, days=days, today=today)
        if one is not None:
            yield one, cases
            continue
        for case in cases:
            if case.last_event_at is None:
                continue
            one = idle(
                status=status,
                last_event_on=london_day(case.last_event_at),
                has_visit_ahead=case.next_visit_at is not None,
                days=days,
                today=today,
            )
            if one is not None:
                yield one, [case]


def answer_of(readings: Readings) -> Answer:
    """The overview's line. It needs no names."""
    return stuck_answer([one for one, cases in _stuck(readings) for _ in cases])


def stopped(readings: Readings) -> list[Stopped]:
    """The same in words. Only those that are listed one by one lead anywhere by themselves."""
    return [
        Stopped(
            reference=case.reference,
            stuck=one,
            held_by=_held_by(readings, case, one),
            reason=_reason(one),
            url=reverse("referrals:referral_detail", args=[case.reference]) if number < LONGEST else "",
        )
        for number, (case, one) in enumerate(stuck_cases(readings))
    ]


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests behind a line, the longest in front; None if there is no such figure or line."""
    if figure not in (BY_HOLDER, BY_REASON):
        return None
    found = []
    for case, one in stuck_cases(readings):
        key, _ = _held_by(readings, case, one) if figure == BY_HOLDER else _reason(one)
        if key == line:
            found.append(case)
    return found or None


def _held_by(readings: Readings, case: Case, one: Stuck) -> tuple[str, str]:
    if one.holder == Holder.ADVISER:
        return ADVISERS[case.stream]
    if one.holder == Holder.COORDINATOR:
        return Holder.COORDINATOR.value, "S2S co-ordinator"
    if case.provider_school_id is None:
        return NO_SCHOOL, "A teacher without a school"
    return str(case.provider_school_id), readings.schools[case.provider_school_id]


def _reason(one: Stuck) -> tuple[str, str]:
    if one.why == Why.CLOCK and one.clock is not None:
        return one.clock.value.lower(), LATE[one.clock]
    return one.why.value, REASONS[one.why]
