"""Moving the practice date."""

from datetime import datetime

from s2s_portal.core import clock
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


def move_practice_date(*, moment: datetime, by: User) -> datetime:
    """Move the practice date forward to `moment` (aware) for everybody, and return it.

    Raises `NotAllowed` without the permission, `core.clock.CannotMoveBack` if `moment` has passed.
    """
    check(by, Permission.MOVE_PRACTICE_DATE)
    return clock.move_to(moment=moment)
