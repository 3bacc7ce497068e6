"""Cohorts: begun, described, copied, deleted. They draw nothing until they are sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from referrals.actions import history
from referrals.models import Cohort, CohortSchool
from referrals.permissions import can_change_cohort, visible_cohorts
from referrals.rules.cohorts import MOST_SCHOOLS, within_indes
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission, Stream
from s2s_portal.organisations.models import User, Zone
from s2s_portal.organisations.permissions import NotAllowed, check, zones_by_stream

DESCRIPTION = (
    "title",
    "why_now",
    "year_groups",
    "children",
    "primary_need_id",
    "indes_section_id",
    "indes_level",
    "need_description",
    "strategies_tried",
    "strategies_outcome",
    "support_wanted",
    "goal_1",
    "goal_2",
    "goal_3",
    "names_reason",
)
"""The columns that a description saves, besides `zones` and `further_needs`."""
DESCRIBED = "described a cohort"
"""What the access log calls the saving of a description."""
TWICE = timedelta(seconds=10)
"""Two presses of the same button that are no further apart are one."""


class CannotChange(ValueError):
    """The cohort is past changing in this way; the message says why and what to do."""


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved first; nothing was written. `theirs` is the cohort as it is now."""

    theirs: Cohort


@transaction.atomic
def start(*, title: str, zones: Collection[Zone], by: User, at: datetime) -> Cohort:
    """A new cohort for these zones of the person's. Raises `NotAllowed` for anybody else's zone or role."""
    _check_zones(zones, by)
    begun = _just_begun(title, None, by, at)
    if begun is not None and set(begun.zones.all()) == set(zones):
        return begun
    cohort = _begin(title, by, at)
    cohort.zones.set(zones)
    audit.record(kind=AuditKind.WRITE, what="started a cohort", reference=cohort.reference, by=by)
    return cohort


def _begin(title: str, by: User, at: datetime) -> Cohort:
    return Cohort.objects.create(
        reference=history.next_reference(history.COHORT_PREFIX),
        title=title,
        started_by=by,
        started_at=at,
        changed_at=at,
    )


def _just_begun(title: str, copied_from: Cohort | None, by: User, at: datetime) -> Cohort | None:
    """The cohort that the same press made a moment ago: a button is easily pressed twice, a second cohort is work."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two presses at once, one waits for the other
    since = Cohort.objects.filter(started_by=by, title=title, copied_from=copied_from, version=1, edition=1)
    return since.filter(started_at__gt=at - TWICE, started_at__lte=at).order_by("-pk").first()


def _check_zones(zones: Collection[Zone], by: User) -> None:
    check(by, Permission.FILE_COHORTS)
    own = zones_by_stream(by).get(Stream.MAINSTREAM, set())
    if not zones or any(zone.pk not in own for zone in zones):
        raise NotAllowed("A cohort is for one or more of your own zones.")


def locked(cohort: Cohort, by: User) -> Cohort:
    """The cohort's row, locked, for one who may change it; inside a transaction, after the quota if that is locked too.

    Raises `NotAllowed`, and `Cohort.DoesNotExist` once it is gone or for someone who may not see it.
    """
    check(by, Permission.FILE_COHORTS)
    row = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if not Cohort.objects.filter(visible_cohorts(by), pk=cohort.pk).exists():
        raise Cohort.DoesNotExist("There is no such cohort.")
    if not can_change_cohort(by, row):
        raise NotAllowed("Only a SEND Adviser of one of its zones changes a cohort.")
    return row


def touch(cohort: Cohort, at: datetime) -> None:
    """Note that something about the locked cohort changed: what somebody checked before is no longer what is sent."""
    cohort.edition += 1
    cohort.changed_at = at
    cohort.save(update_fields=["edition", "changed_at"])


@transaction.atomic
def describe(*, cohort: Cohort, answers: Mapping[str, Any], version: int, by: User, at: datetime) -> Cohort | Conflict:
    """Save the description, if nobody has saved it since `version` was shown.

    `answers` holds columns of `DESCRIPTION`, `zones` and `further_needs`; what it leaves out stays as it is, and so do
    zones that are not the person's. Raises as `locked` does, and `CannotChange` once the first request was made of it:
    the requests say what it said then.
    """
    row = locked(cohort, by)
    if row.sent_at is not None:
        raise CannotChange("Requests of this cohort have been sent, so its description stays. Copy it to a new cohort.")
    if row.version != version:
        return Conflict(row)
    for name in DESCRIPTION:
        if name in answers:
            setattr(row, name, answers[name])
    if not within_indes(row.year_groups):
        row.indes_section = row.indes_level = None
    row.version += 1
    row.edition += 1
    row.changed_at = at
    row.save()
    if "zones" in answers:
        _choose_zones(row, answers["zones"], by)
    if "further_needs" in answers:
        row.further_needs.set(answers["further_needs"])
    audit.record(kind=AuditKind.WRITE, what=DESCRIBED, reference=row.reference, by=by)
    return row


def _choose_zones(cohort: Cohort, zones: Collection[Zone], by: User) -> None:
    """Put `zones` in place of those it had, as far as they are the person's: a colleague's are not theirs to drop."""
    _check_zones(zones, by)
    own = zones_by_stream(by)[Stream.MAINSTREAM]
    cohort.zones.set([*zones, *cohort.zones.exclude(pk__in=own)])


@transaction.atomic
def delete(*, cohort: Cohort, by: User, at: datetime) -> None:
    """Delete for good a cohort of which no request was made. Raises as `locked` does, and `CannotChange`."""
    row = locked(cohort, by)
    if row.sent_at is not None:
        raise CannotChange("Requests of this cohort have been sent, so it stays. Withdraw them if they are not needed.")
    audit.record(kind=AuditKind.WRITE, what="deleted a cohort", reference=row.reference, by=by)
    Cohort.objects.filter(copied_from=row).update(copied_from=None)
    row.delete()


COPIED = ("children", "priority", "goal_1", "goal_2", "goal_3", "availability") + tuple(
    f"contact_{name}" for name in ("name", "job_title", "email", "telephone")
)
"""What a copied school brings along; its agreement and its children's names are for each cohort anew."""


@transaction.atomic
def copy(*, cohort: Cohort, title: str, with_schools: bool, by: User, at: datetime) -> Cohort:
    """A new cohort with this one's description, and if wanted its open schools in the person's zones (no names).

    Raises `NotAllowed` unless the person may change the old one.
    """
    check(by, Permission.FILE_COHORTS)
    if not can_change_cohort(by, cohort):
        raise NotAllowed("Only a SEND Adviser of one of its zones copies a cohort.")
    own = zones_by_stream(by)[Stream.MAINSTREAM]
    begun = _just_begun(title, cohort, by, at)
    if begun is not None:
        return begun
    new = _begin(title, by, at)
    for name in DESCRIPTION:
        if name not in ("title", "names_reason"):
            setattr(new, name, getattr(cohort, name))
    new.copied_from = cohort
    new.save()
    new.zones.set([zone for zone in cohort.zones.all() if zone.pk in own])
    new.further_needs.set(cohort.further_needs.all())
    if with_schools:
        _copy_schools(cohort, new, own, by, at)
    # Under both names: whoever asks what became of what was written here finds the copy too (R18).
    written = [(f"copied {cohort.reference}", new.reference), (f"copied to {new.reference}", cohort.reference)]
    audit.record_all(kind=AuditKind.WRITE, lines=written, by=by)
    return new


def _copy_schools(old: Cohort, new: Cohort, own: set[int], by: User, at: datetime) -> None:
    schools = CohortSchool.objects.filter(cohort=old, establishment__zone__in=own).select_related("establishment")
    latest = {school.establishment_id: school for school in schools.order_by("position", "attempt", "pk")}
    still_open = [school for school in latest.values() if school.establishment.is_open]
    CohortSchool.objects.bulk_create(
        CohortSchool(
            cohort=new,
            establishment_id=school.establishment_id,
            position=position,
            added_by=by,
            added_at=at,
            **{name: getattr(school, name) for name in COPIED},
        )
        for position, school in enumerate(still_open[:MOST_SCHOOLS], start=1)
    )
