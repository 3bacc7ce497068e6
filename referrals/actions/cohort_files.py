"""Rows of an uploaded or pasted list of schools: kept until each school is added to its cohort or the row dropped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from referrals.actions import cohort_schools
from referrals.actions.cohorts import CannotChange, locked
from referrals.models import Cohort, CohortFileRow
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import Establishment, User

MOST_KEPT = 120
"""Rows of one cohort that wait to be looked at, of all its lists: three full lists."""
LONGEST_PROBLEM = 500


@dataclass(frozen=True)
class NewRow:
    """One row as it was read: where it stood, what it said (JSON), and why it could not be read ("": it could)."""

    line: int
    facts: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True)
class Kept:
    """How many rows were kept, and how many were not because the very same row waits already."""

    new: int
    repeated: int


@dataclass(frozen=True)
class Chosen:
    """The school that a row of a list is to add, with columns of `cohort_schools.SCHOOL_FIELDS` that the row gives."""

    row: int
    establishment: Establishment
    given: Mapping[str, Any]


@transaction.atomic
def keep_rows(*, cohort: Cohort, rows: Sequence[NewRow], by: User, at: datetime) -> Kept:
    """Keep the rows of one list behind those that are kept already; a row that says the same as one is not kept twice.

    Raises as `cohorts.locked` does, and `CannotChange` where they would be too many to look at.
    """
    row = locked(cohort, by)
    waiting = [(one.facts, one.problem) for one in CohortFileRow.objects.filter(cohort=row)]
    new = [one for one in rows if (dict(one.facts), one.problem[:LONGEST_PROBLEM]) not in waiting]
    if len(waiting) + len(new) > MOST_KEPT:
        raise CannotChange(
            f"{len(waiting)} rows of earlier lists are still to be looked at. Add their schools or remove them first."
        )
    CohortFileRow.objects.bulk_create(
        CohortFileRow(
            cohort=row,
            line=one.line,
            facts=dict(one.facts),
            problem=one.problem[:LONGEST_PROBLEM],
            uploaded_by=by,
            uploaded_at=at,
        )
        for one in new
    )
    audit.record(kind=AuditKind.WRITE, what=f"gave a list of {len(rows)} rows", reference=row.reference, by=by)
    return Kept(len(new), len(rows) - len(new))


@transaction.atomic
def pick(*, cohort: Cohort, picked: Mapping[int, Establishment | None], by: User, at: datetime) -> None:
    """Note which school is meant by each row, by its id (None: not known yet). Ids of other cohorts' rows do nothing.

    Raises as `cohorts.locked` does. Whether the school can be added is judged when it is.
    """
    row = locked(cohort, by)
    changed = []
    for one in CohortFileRow.objects.filter(cohort=row, pk__in=picked):
        school = picked[one.pk]
        if one.picked_id != (school.pk if school else None):
            one.picked = school
            changed.append(one)
    CohortFileRow.objects.bulk_update(changed, ["picked"])
    if changed:
        audit.record(kind=AuditKind.WRITE, what="picked schools for its list", reference=row.reference, by=by)


@transaction.atomic
def drop(*, cohort: Cohort, rows: Collection[int], by: User, at: datetime) -> int:
    """Remove rows by their ids; returns how many were there. Raises as `cohorts.locked` does."""
    row = locked(cohort, by)
    dropped, _ = CohortFileRow.objects.filter(cohort=row, pk__in=rows).delete()
    if dropped:
        audit.record(kind=AuditKind.WRITE, what="removed rows of its list", reference=row.reference, by=by)
    return dropped


@transaction.atomic
def add_rows(*, cohort: Cohort, chosen: Sequence[Chosen], by: User, at: datetime) -> cohort_schools.Added:
    """Add the schools of these rows to the cohort, with what the rows give; rows whose school was added are gone.

    Rows that were dropped or added meanwhile, and other cohorts' rows, are passed over: the same press again adds
    nothing. Raises as `cohorts.locked` does.
    """
    row = locked(cohort, by)
    still = CohortFileRow.objects.filter(cohort=row, pk__in=[one.row for one in chosen])
    there = set(still.values_list("pk", flat=True))
    wanted = [one for one in chosen if one.row in there]
    first: dict[int, Chosen] = {}
    for one in wanted:
        first.setdefault(one.establishment.pk, one)
    # Read again under the lock: a school may have closed since it was looked at.
    now = Establishment.objects.select_related("kind", "zone").in_bulk(list(first))
    schools = [now[pk] for pk in first]
    given = {school: one.given for school, one in first.items()}
    added = cohort_schools.add(cohort=row, establishments=schools, given=given, by=by, at=at)
    taken = [first[line.establishment_id].row for line in added.schools]
    CohortFileRow.objects.filter(pk__in=taken).delete()
    return added
