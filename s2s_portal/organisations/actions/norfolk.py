"""Norfolk's school year as reference data: the demo loads it, another council need not.

2026/27 is not here: nobody has confirmed it. Neither are the training days of 2024/25, which each school chose itself.
"""

from datetime import date, datetime

from django.db import transaction

from s2s_portal.organisations.actions.calendar import changed
from s2s_portal.organisations.choices import ClosureKind, Permission
from s2s_portal.organisations.models import BankHoliday, Closure, Term, User
from s2s_portal.organisations.permissions import check

TWO_SOURCES = "Two independent Norfolk sources agree"
ONE_SOURCE = "One source: a school that follows the county’s dates"
TERMS = (
    ("Autumn 2024, first half", date(2024, 9, 4), date(2024, 10, 25), TWO_SOURCES),
    ("Autumn 2024, second half", date(2024, 11, 4), date(2024, 12, 20), TWO_SOURCES),
    ("Spring 2025, first half", date(2025, 1, 6), date(2025, 2, 14), TWO_SOURCES),
    ("Spring 2025, second half", date(2025, 2, 24), date(2025, 4, 4), TWO_SOURCES),
    ("Summer 2025, first half", date(2025, 4, 22), date(2025, 5, 23), TWO_SOURCES),
    ("Summer 2025, second half", date(2025, 6, 2), date(2025, 7, 22), TWO_SOURCES),
    ("Autumn 2025, first half", date(2025, 9, 3), date(2025, 10, 24), ONE_SOURCE),
    ("Autumn 2025, second half", date(2025, 11, 4), date(2025, 12, 19), ONE_SOURCE),
    ("Spring 2026, first half", date(2026, 1, 6), date(2026, 2, 13), ONE_SOURCE),
    ("Spring 2026, second half", date(2026, 2, 23), date(2026, 3, 27), ONE_SOURCE),
    ("Summer 2026, first half", date(2026, 4, 15), date(2026, 5, 22), ONE_SOURCE),
    ("Summer 2026, second half", date(2026, 6, 1), date(2026, 7, 17), ONE_SOURCE),
)
"""Name, first and last day on which pupils attend, and how well supported."""
TRAINING_DAYS = (date(2025, 11, 3), date(2026, 4, 14))
BANK_HOLIDAYS = (
    (date(2024, 1, 1), "New Year’s Day"),
    (date(2024, 3, 29), "Good Friday"),
    (date(2024, 4, 1), "Easter Monday"),
    (date(2024, 5, 6), "Early May bank holiday"),
    (date(2024, 5, 27), "Spring bank holiday"),
    (date(2024, 8, 26), "Summer bank holiday"),
    (date(2024, 12, 25), "Christmas Day"),
    (date(2024, 12, 26), "Boxing Day"),
    (date(2025, 1, 1), "New Year’s Day"),
    (date(2025, 4, 18), "Good Friday"),
    (date(2025, 4, 21), "Easter Monday"),
    (date(2025, 5, 5), "Early May bank holiday"),
    (date(2025, 5, 26), "Spring bank holiday"),
    (date(2025, 8, 25), "Summer bank holiday"),
    (date(2025, 12, 25), "Christmas Day"),
    (date(2025, 12, 26), "Boxing Day"),
    (date(2026, 1, 1), "New Year’s Day"),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 4, 6), "Easter Monday"),
    (date(2026, 5, 4), "Early May bank holiday"),
    (date(2026, 5, 25), "Spring bank holiday"),
    (date(2026, 8, 31), "Summer bank holiday"),
    (date(2026, 12, 25), "Christmas Day"),
    (date(2026, 12, 28), "Boxing Day"),
)
"""England and Wales, substitute days where a holiday falls on a weekend."""


@transaction.atomic
def load_norfolk_calendar(*, by: User, at: datetime) -> int:
    """Norfolk's terms, training days and bank holidays that are not there yet; how many were added.

    What an administrator has entered for the same days stays as it is. Raises `NotAllowed`.
    """
    check(by, Permission.MANAGE_CALENDAR)
    added = _load_terms() + _load_training_days() + _load_bank_holidays()
    if added:
        changed("loaded Norfolk’s terms and bank holidays", about="calendar", by=by, at=at)
    return added


def _load_terms() -> int:
    there = list(Term.objects.select_for_update(no_key=True).values_list("starts_on", "ends_on"))
    new = [
        Term(name=name, starts_on=first, ends_on=last, support=support)
        for name, first, last, support in TERMS
        if not any(first <= ends_on and starts_on <= last for starts_on, ends_on in there)
    ]
    return len(Term.objects.bulk_create(new))


def _load_training_days() -> int:
    county = Closure.objects.select_for_update(no_key=True).filter(establishment__isnull=True)
    there = list(county.values_list("starts_on", "ends_on"))
    new = [
        Closure(starts_on=day, ends_on=day, kind=ClosureKind.STAFF_ONLY, note=ONE_SOURCE)
        for day in TRAINING_DAYS
        if not any(starts_on <= day <= ends_on for starts_on, ends_on in there)
    ]
    return len(Closure.objects.bulk_create(new))


def _load_bank_holidays() -> int:
    there = set(BankHoliday.objects.select_for_update(no_key=True).values_list("day", flat=True))
    new = [BankHoliday(day=day, name=name) for day, name in BANK_HOLIDAYS if day not in there]
    return len(BankHoliday.objects.bulk_create(new))
