"""Dates of contracts and periods in words, and what changed of them."""

from datetime import date

from quotas.models import DatesChange
from s2s_portal.core import spoken

NAMES = {
    "ends_on": "The contract’s last day",
    "run_off_ends_on": "The last day of visits",
    "requests_close_on": "Cut-off: requests close",
    "allocation_deadline_on": "Places are given until",
    "delivery_ends_on": "Delivery ends",
}
"""What screens call each date, in the order in which they are shown."""


def changed_dates(change: DatesChange) -> list[tuple[str, date, date]]:
    """Each date that changed: what it is called, what it was, and what it is now."""
    return [
        (title, date.fromisoformat(change.was[name]), date.fromisoformat(change.now[name]))
        for name, title in NAMES.items()
        if name in change.now
    ]


def change_in_words(change: DatesChange) -> str:
    """What changed, date by date: "The contract’s last day: 31 July 2024 → 31 March 2025; …"."""
    lines = [f"{title}: {spoken.day(was)} → {spoken.day(now)}" for title, was, now in changed_dates(change)]
    return "; ".join(lines)
