"""Putting schools and settings in zones, many at once: exactly those that the person saw, or none."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.levers import change_of
from s2s_portal.organisations.choices import AuditKind, Permission, ReferenceKind
from s2s_portal.organisations.models import Establishment, ReferenceChange, User, Zone
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.placing import Wanted, listed, seen_as

MOST_AT_ONCE = 2_000
"""Establishments that are put in a zone together."""
_ROWS = 500
NO_ZONE = "No zone"
IDENTITIES = 12
"""URNs that fit in one line of the history; the audit has each."""


class PlacedMeanwhile(ValueError):
    """What the person saw is no longer what there is: somebody else has put some of them in a zone."""


@transaction.atomic
def place(
    *, wanted: Wanted, to: Zone, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """Put those that `wanted` means in the zone `to`; the same key again gives what the first press did.

    `seen` is `seen_as` of what the person looked at. Raises `NotAllowed`, and `PlacedMeanwhile` if they are others now.
    Requests that were sent keep the zone that they were sent with.
    """
    check(by, Permission.MANAGE_REGISTERS)
    rows = listed(wanted).order_by("pk").select_for_update(no_key=True, of=("self",))
    found = list(rows.values_list("pk", "source", "urn"))
    done = change_of(key, by=by, subject=to.name)
    if done is not None:
        return done
    pks = [pk for pk, _, _ in found]
    if not pks or seen_as(wanted, pks) != seen:
        raise PlacedMeanwhile("Some of them have been given another zone since you looked. Check what is left.")
    for start in range(0, len(pks), _ROWS):
        Establishment.objects.filter(pk__in=pks[start : start + _ROWS]).update(zone=to)
    lines = ((f"put in {to.name}"[:100], f"{source} {urn}") for _, source, urn in found)
    audit.record_all(kind=AuditKind.WRITE, lines=lines, by=by)
    return _noted(wanted, to, [f"{source} {urn}" for _, source, urn in found], reason, key, by, at)


def _noted(
    wanted: Wanted, to: Zone, names: Sequence[str], reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    origin = Zone.objects.filter(pk=wanted.zone_id).first() if wanted.zone_id else None
    more = f" and {len(names) - IDENTITIES} more" if len(names) > IDENTITIES else ""
    return ReferenceChange.objects.create(
        kind=ReferenceKind.ZONE,
        subject=to.name,
        what="given " + ("1 school or setting" if len(names) == 1 else f"{len(names):,} schools and settings"),
        was=origin.name if origin else NO_ZONE,
        now=f"{', '.join(names[:IDENTITIES])}{more}"[:300],
        reason=reason,
        key=key,
        by=by,
        at=at,
    )
