"""What sending a cohort costs, in words and with the numbers, before it is sent (R5)."""

from datetime import date

from quotas.choices import Intake
from s2s_portal.core import spoken


def cost_sentence(*, schools: int, left: int, bought: int, waiting: int, free: int) -> str:
    """What `schools` requests would use, and who goes: while requests are taken.

    `left` counts places, `waiting` the requests on the waiting list, `free` the places that a newcomer can have.
    """
    counted = f"{_requests(schools)} would use {_places(schools)}; {_left(left, bought)}."
    sentences = [counted, *([_ahead(waiting, left, free)] if waiting else []), _what_next(schools, free)]
    return " ".join(sentences)


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count} requests"


def _places(count: int) -> str:
    return "1 mainstream place" if count == 1 else f"{count} mainstream places"


def _left(left: int, bought: int) -> str:
    if left > 0:
        return f"{left} of {bought} {'is' if left == 1 else 'are'} left"
    over = f", and {-left} more {'is' if left == -1 else 'are'} used: over by {-left}" if left < 0 else ""
    return f"none of {bought} is left{over}"


def _ahead(waiting: int, left: int, free: int) -> str:
    wait = "1 request waits" if waiting == 1 else f"{waiting} requests wait"
    if left < 1:
        return f"{wait} ahead of you."
    if not free:
        return f"{wait} ahead of you, so no place is free."
    return f"{wait} ahead of you, so {'1 place is' if free == 1 else f'{free} places are'} free."


def _what_next(schools: int, free: int) -> str:
    if free >= schools:
        return "It can go now." if schools == 1 else "All can go now."
    if free:
        return "Choose which go now; the others wait in this order."
    return "It can join the waiting list." if schools == 1 else "All can join the waiting list, in this order."


def not_now_sentence(*, intake: Intake | None, opens_on: date | None = None, cut_off_on: date | None = None) -> str:
    """What would happen to requests that are sent before the period opens, after its cut-off, or without places (R3).

    "" while requests are taken. The dates include their whole days.
    """
    refused = "Sent now, each request is refused with the reasons, and the schools stay on the cohort."
    if intake is None:
        return f"No places have been bought for this time. {refused}"
    if intake == Intake.NOT_YET and opens_on:
        return f"Requests open on {spoken.day(opens_on)}. {refused}"
    if intake == Intake.CLOSED and cut_off_on:
        return f"Requests closed at the end of {spoken.day(cut_off_on)}. {refused}"
    return ""
