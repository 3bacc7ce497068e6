"""What a change of places would come to elsewhere in the portal: said on the page that checks a lever.

What runs out when, and who waits, is reckoned by apps above this one; they say here who is to be asked.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple


class Foreseen(NamedTuple):
    """One thing that a change would change: what it is called, how it is now and how it would be, in words."""

    label: str
    now: str
    afterwards: str


Foresee = Callable[[Any, int, Any, datetime], list[Foreseen]]
"""A `Quota`, the places (signed) it would be raised by, the `User` who asks, and the moment (aware)."""
_ASKED: list[Foresee] = []


def ask(foresee: Foresee) -> None:
    """Have this asked too from now on."""
    _ASKED.append(foresee)


def foreseen(quota: Any, places: int, *, by: Any, at: datetime) -> list[Foreseen]:
    """What changing the quota by `places` (signed) at `at` would come to, for the person who asks."""
    return [one for foresee in _ASKED for one in foresee(quota, places, by, at)]
