"""A setting that was added by hand is corrected: who has checked a draft or cohort with it is to look again."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from referrals.actions import held
from s2s_portal.organisations.actions import by_hand
from s2s_portal.organisations.actions.by_hand import CORRECTED, NewSetting
from s2s_portal.organisations.actions.levers import change_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import Establishment, ReferenceChange, User
from s2s_portal.organisations.permissions import check

WROTE = "its setting was corrected"


@transaction.atomic
def correct_setting(
    *, setting: Establishment, told: NewSetting, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """As `by_hand.correct_setting`, with what hangs on it held still: nothing is sent that nobody has checked.

    The same key again gives what the first press did. Raises what that raises; and `CannotChange` where something is
    being filed at this moment, and for a kind of another stream than that of a request that has not ended.
    """
    check(by, Permission.MANAGE_REGISTERS)
    hanging = held.locked(setting)
    row = by_hand.standing(setting)
    done = change_of(key, by=by, what=CORRECTED)
    if done is not None:
        return done
    held.check_still(hanging, row)
    given = {"seen": seen, "reason": reason}
    change = by_hand.correct_setting(setting=row, told=told, **given, key=key, by=by, at=at)
    if told.kind.stream != row.kind.stream:
        held.check_streams(row, told.kind, field="kind")
    held.let_be_checked_again(hanging, by=by, at=at)
    held.record(replace(hanging, requests=[]), what=WROTE, by=by)  # requests keep what they were sent with
    return change
