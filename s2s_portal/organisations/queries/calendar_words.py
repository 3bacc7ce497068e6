"""Lines of the calendar in words, as its history keeps them."""

from django.db.models import QuerySet

from s2s_portal.core import spoken
from s2s_portal.organisations.choices import ReferenceKind
from s2s_portal.organisations.models import BankHoliday, Closure, Establishment, ReferenceChange, Term, User

Row = Term | BankHoliday | Closure
LONGEST = 300
"""Characters that the history keeps of one line."""
COUNTY = "The whole county"


def in_words(row: Row) -> str:
    """A line of the calendar: "Autumn 2024, second half: 4 November to 20 December 2024 (One source)"."""
    if isinstance(row, Closure):
        more, what = row.note, row.get_kind_display()
    else:
        more, what = getattr(row, "support", ""), row.name
    return f"{what}: {days_in_words(row)}{f' ({more})' if more else ''}"[:LONGEST]


def days_in_words(row: Row) -> str:
    """The days of a line: "4 November to 20 December 2024"."""
    return spoken.day(row.day) if isinstance(row, BankHoliday) else spoken.stretch(row.starts_on, row.ends_on)


def place_in_words(place: Establishment | None) -> str:
    """Where days are closed: a school or setting with its number, so that its history is found again."""
    return f"{place.source} {place.urn}" if place else COUNTY


def kind_of(place: Establishment | None) -> ReferenceKind:
    """The history that changes of the county's calendar, or of the closed days of one place, stand in."""
    return ReferenceKind.CLOSURE if place else ReferenceKind.CALENDAR


def last_to_say(words: str, row: Row) -> User | None:
    """Who made a line of the calendar what it says; None where nobody is known, as it was loaded. One query."""
    place = row.establishment if isinstance(row, Closure) else None
    return getattr(calendar_history(place).filter(now=words).first(), "by", None)


def calendar_history(place: Establishment | None) -> QuerySet[ReferenceChange]:
    """What was changed in the county's calendar, or among the closed days of one place; the newest first."""
    rows = ReferenceChange.objects.filter(kind=kind_of(place), subject=place_in_words(place))
    return rows.select_related("by").order_by("-pk")


def change_with(key: object) -> ReferenceChange | None:
    """The change that a press with this key has made."""
    return ReferenceChange.objects.filter(key=key).first()
