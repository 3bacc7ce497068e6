"""A zone is removed: only one that nothing has ever been in."""

import uuid
from datetime import datetime

from django.db import transaction

from referrals.queries.levers import zone_use
from s2s_portal.organisations.actions.levers import CannotChange, done_before, note
from s2s_portal.organisations.choices import Permission, ReferenceKind
from s2s_portal.organisations.models import ReferenceChange, User, Zone

USED = "Schools and settings, people or requests are in this zone. Only one that nothing was ever in can be removed"


@transaction.atomic
def remove_zone(*, zone: Zone, reason: str, key: uuid.UUID, by: User, at: datetime) -> ReferenceChange:
    """Forget a zone that nothing is or was in. Raises `NotAllowed`, and `CannotChange` if it is in use or gone."""
    done = done_before(key, by=by, permission=Permission.MANAGE_REFERENCE)
    if done is not None:
        return done
    row = Zone.objects.select_for_update().filter(pk=zone.pk).first()  # nobody may name it until it is gone
    if row is None:
        raise CannotChange("This zone is gone already")
    if not zone_use(row).is_unused:
        raise CannotChange(USED)
    row.delete()
    told = {"was": row.name, "reason": reason, "key": key, "by": by, "at": at}
    return note(kind=ReferenceKind.ZONE, subject=row.name, what="removed", **told)
