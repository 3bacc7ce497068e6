"""Which provider school had a request: now, and at an earlier moment."""

from datetime import datetime

from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings

NO_SCHOOL = "none"
"""Stands in addresses for requests that no provider school has, or whose teacher has none."""
NO_SCHOOL_LABEL = "No provider school yet"


def school_then(readings: Readings, case: Case, at: datetime | None) -> int | None:
    """The provider school that had the request at `at`, by its id; None: none had. `at` None: that has it now.

    What happened before it was first given to a teacher, or is told of an earlier hour, was that first school's.
    """
    over_time = readings.schools_over_time.get(case.pk)
    if at is None or over_time is None:
        return case.provider_school_id
    first = next((school for _, school in over_time if school is not None), None)
    then = [school for since, school in over_time if since <= at and school is not None]
    return then[-1] if then else first


def school_named(readings: Readings) -> dict[str, str]:
    """The names of provider schools by their keys in addresses, in order; those without a school last."""
    return {str(pk): name for pk, name in readings.schools.items()} | {NO_SCHOOL: NO_SCHOOL_LABEL}
