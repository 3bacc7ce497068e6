"""The portal's clock: the real time, or the practice date where rehearsal is on (ENGINEERING §3, DESIGN §9).

Read it in views (as `request.at`), tasks, delivery and commands only, and pass the moment down as `at`.
Sign-in, sessions, one-time codes and link expiry use `real_now`, whatever the practice date says.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from s2s_portal.core.models import RehearsalClock

LONGEST_GAP = timedelta(seconds=60)
"""How far practice time may run on without a beat: a stopped server pauses the practice date here."""


class CannotMoveBack(ValueError):
    """The practice date only moves forward; going back is reloading the demo."""


class RehearsalIsOff(RuntimeError):
    """The practice date exists only where S2S_REHEARSAL_CLOCK is on; production never has it."""


def real_now() -> datetime:
    """The real moment, aware, in UTC."""
    return timezone.now()


def now() -> datetime:
    """The moment the portal lives in, aware: practice time where rehearsal is on, real time otherwise."""
    return practice_now() or real_now()


def practice_now() -> datetime | None:
    """The practice moment, aware; None where rehearsal is off or no practice date is set."""
    if not settings.S2S_REHEARSAL_CLOCK:
        return None
    row = RehearsalClock.objects.filter(pk=1).first()
    return None if row is None else _practice_moment(row, real_now())


def _practice_moment(row: RehearsalClock, real: datetime) -> datetime:
    passed = min(max(real - row.beat_at, timedelta(0)), LONGEST_GAP)
    return row.practice_at + passed


def is_rehearsing() -> bool:
    """Whether a practice date is set and in force."""
    return practice_now() is not None


def beat() -> None:
    """Carry the practice date on by the real time since the last beat; the job process calls this as it runs.

    Does nothing where rehearsal is off or no practice date is set.
    """
    if not settings.S2S_REHEARSAL_CLOCK:
        return
    with transaction.atomic():
        row = RehearsalClock.objects.select_for_update(no_key=True).filter(pk=1).first()
        if row is None:
            return
        real = real_now()
        row.practice_at = _practice_moment(row, real)
        row.beat_at = real
        row.save(update_fields=["practice_at", "beat_at"])


def move_to(*, moment: datetime) -> datetime:
    """Move the practice date forward to `moment` (aware) and return it.

    Raises `RehearsalIsOff` in production, `CannotMoveBack` if `moment` is before the practice date.
    """
    if not settings.S2S_REHEARSAL_CLOCK:
        raise RehearsalIsOff("There is no practice date here: S2S_REHEARSAL_CLOCK is off.")
    with transaction.atomic():
        row = RehearsalClock.objects.select_for_update(no_key=True).filter(pk=1).first()
        real = real_now()
        if row is None:
            RehearsalClock.objects.create(practice_at=moment, beat_at=real)
            return moment
        here = _practice_moment(row, real)
        if moment < here:
            raise CannotMoveBack("The practice date moves forward only. To go back, start the demo again.")
        row.practice_at, row.beat_at, row.moved_from = moment, real, here
        row.save(update_fields=["practice_at", "beat_at", "moved_from"])
    return moment


def practice_left() -> datetime | None:
    """The practice moment that the newest jump left, aware; None where rehearsal is off or there was none."""
    if not settings.S2S_REHEARSAL_CLOCK:
        return None
    return RehearsalClock.objects.filter(pk=1).values_list("moved_from", flat=True).first()
