"""The morning's reminders: their time grows with what is due, not with what exists (DESIGN §7)."""

from datetime import timedelta
from time import perf_counter

from django.db import connection

from quotas.queries import period_at
from referrals.choices import ReminderKind, Status
from referrals.models import Referral, Reminder
from referrals.models.referrals import NOT_ENDED
from referrals.reminders import sending
from s2s_portal.notifications.models import Notification
from tests.moments import AN_ORDINARY_TUESDAY as NOW

DUE = 80
MORNING = NOW.replace(hour=8, minute=0) + timedelta(days=1)
LATER = NOW + timedelta(days=30)


def fastest(rounds: int = 9) -> float:
    """The time in ms of the fastest of some mornings: whatever else disturbs the machine only ever adds to it."""
    nothing_is_due()
    return min(morning() for _ in range(rounds))


def nothing_is_due() -> None:
    """As the table stands on any morning: what has ended is not looked at, everything open later."""
    Referral.objects.exclude(status__in=NOT_ENDED).update(remind_at=None)
    Referral.objects.filter(status__in=NOT_ENDED).update(remind_at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")  # as on any morning


def morning() -> float:
    """The time in ms of a morning on which `DUE` requests of the current period are due, and nobody was told yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Notification._meta.db_table}")
        # The week's summary stays written after the first round: it is of people, once a week.
        cursor.execute(f"DELETE FROM {Reminder._meta.db_table} WHERE kind <> %s", [ReminderKind.WEEKLY_DIGEST])
    due = Referral.objects.filter(period=period_at(NOW), status=Status.ASSIGNED).order_by("pk")
    found = Referral.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:DUE]))
    if found.update(remind_at=NOW) != DUE:
        raise RuntimeError("the fixture has too few requests that a teacher has not begun")
    started = perf_counter()
    sending.send(at=MORNING)
    taken = (perf_counter() - started) * 1000
    if Reminder.objects.filter(subject__startswith="BE-").count() < DUE:
        raise RuntimeError("not everything that was due was dealt with")
    return taken
