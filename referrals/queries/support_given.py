"""Which requests brought support, or may still: the others, an establishment might as well not have had."""

from django.db.models import Q

from referrals.choices import EndState
from referrals.rules.lifecycle import CAME_TO_NOTHING, NOT_TAKEN_ON

NOT_STARTED = Q(end_state=EndState.NOT_STARTED)


def came_to_something() -> Q:
    """Requests that did not end before a visit."""
    return ~Q(status__in=CAME_TO_NOTHING) & ~NOT_STARTED


def was_taken_on() -> Q:
    """The same without those that wait for a place: what counts as support of a school."""
    return ~Q(status__in=NOT_TAKEN_ON) & ~NOT_STARTED
