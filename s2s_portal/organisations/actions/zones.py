"""The council's zones: added, renamed, and removed while nothing is in them."""

import uuid
from datetime import datetime

from django.db import transaction

from s2s_portal.core.text import folded
from s2s_portal.organisations.actions.levers import CannotChange, check_seen, done_before, note
from s2s_portal.organisations.choices import Permission, ReferenceKind
from s2s_portal.organisations.models import ReferenceChange, User, Zone


@transaction.atomic
def add_zone(*, name: str, reason: str, key: uuid.UUID, by: User, at: datetime) -> ReferenceChange:
    """A new zone. Raises `NotAllowed`, and `CannotChange` if one is called so."""
    done = done_before(key, by=by, permission=Permission.MANAGE_REFERENCE)
    if done is not None:
        return done
    _check_free(name)
    Zone.objects.create(name=name)
    return note(kind=ReferenceKind.ZONE, subject=name, what="added", now=name, reason=reason, key=key, by=by, at=at)


@transaction.atomic
def rename_zone(
    *, zone: Zone, name: str, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """Another name for a zone, wherever it is shown. `seen` is the name that the person saw.

    Raises `NotAllowed`, `ChangedMeanwhile`, and `CannotChange` if it is or another zone is called so.
    """
    done = done_before(key, by=by, permission=Permission.MANAGE_REFERENCE)
    if done is not None:
        return done
    row = Zone.objects.select_for_update(no_key=True).get(pk=zone.pk)
    was = row.name
    check_seen(seen, was, kind=ReferenceKind.ZONE)
    if was == name:
        raise CannotChange("It is called so already", "name")
    _check_free(name, besides=row)
    row.name = name
    row.save(update_fields=["name"])
    told = {"was": was, "now": name, "reason": reason, "key": key, "by": by, "at": at}
    return note(kind=ReferenceKind.ZONE, subject=was, what="renamed", **told)


def _check_free(name: str, besides: Zone | None = None) -> None:
    """Raise `CannotChange` if another zone's name reads like this one: nobody could tell them apart."""
    for other in Zone.objects.exclude(pk=besides.pk if besides else None):
        if folded(other.name) == folded(name):
            raise CannotChange(f"There is a zone called “{other.name}” already", "name")
