"""What reminders that go to many are made from: unsent drafts, open requests, what waits for each person."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from quotas.models import Contract
from referrals.choices import ReminderState, Status
from referrals.models import DraftReferral, Referral, Reminder
from referrals.permissions import Asking
from referrals.queries import caseload, desk
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.reminders import Due
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Role
from s2s_portal.organisations.models import Membership, User

LATE = timedelta(days=14)
"""So long after its end a contract is looked at, so that what was not sent is written down."""


def is_written(key: str) -> bool:
    """Whether this reminder was sent, or written down as not sent."""
    return Reminder.objects.filter(key=key).exists()


def written_among(keys: list[str]) -> set[str]:
    """Those of these reminders that were written down."""
    return set(Reminder.objects.filter(key__in=keys).values_list("key", flat=True))


def told_in(due: Due, subjects: str) -> int:
    """How many were told in the round of `due`, whose lines are about `subjects` ("draft", "person").

    From the ledger: whoever goes on with a round that was broken off counts those told before, too.
    """
    lines = Reminder.objects.filter(kind=due.series.kind, due_at=due.step.due_at, state=ReminderState.SENT)
    return lines.filter(subject__startswith=f"{subjects} ").count()


def drafts_after(last: int, *, started_before: datetime, most: int) -> list[DraftReferral]:
    """The next drafts by id that had been started by then, with who started them and for which school or setting."""
    rows = DraftReferral.objects.filter(pk__gt=last, started_at__lt=started_before).order_by("pk")
    named = ("key", "stream", "started_at", "started_by", "establishment__name", "establishment__kind__name")
    return list(rows.select_related("started_by", "establishment__kind").only(*named)[:most])


def contracts_near(today: date) -> QuerySet[Contract]:
    """Contracts that have begun and have not long ended."""
    return Contract.objects.filter(starts_on__lte=today, ends_on__gte=today - LATE).order_by("ends_on", "pk")


def open_by_teacher(contract: Contract) -> dict[int | None, list[str]]:
    """The references of a contract's requests that S2S has by the id of their teacher; None: nobody has them yet.

    Those that wait for a place are accounted for separately (R15).
    """
    rows = Referral.objects.filter(period__contract=contract, status__in=OPEN_WITH_S2S).order_by("reference")
    found: dict[int | None, list[str]] = defaultdict(list)
    for teacher, reference in rows.values_list("teacher", "reference"):
        found[teacher].append(reference)
    return found


def teachers_named(ids: list[int]) -> QuerySet[User]:
    """The people with these ids, by name."""
    return User.objects.filter(pk__in=ids).order_by("full_name", "pk")


# --- What waits for each person ----------------------------------------------------------------------------------
@dataclass
class Waiting:
    """What waits at a moment. What is the same for all who hold a role is counted once."""

    at: datetime
    _trays: dict[desk.Tray, int] | None = field(default=None, repr=False)

    def lines(self, user: User) -> list[str]:
        """What waits for somebody, in sentences; none if nothing does."""
        roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
        return [line for role in Role if role in roles for line in self._of(Role(role), user)]

    def _of(self, role: Role, user: User) -> Iterator[str]:
        if role in STREAM_OF_ROLE:
            yield from self._of_adviser(user, STREAM_OF_ROLE[role])
        elif role == Role.S2S_COORDINATOR:
            yield from self._of_desk(user)
        elif role == Role.S2S_TEACHER:
            yield from self._of_teacher(user)
        elif role == Role.COMMISSIONER:
            waiting = Referral.objects.filter(status=Status.WAITING).count()
            yield from counted(waiting, "request waits for a place", "requests wait for a place")

    def _of_adviser(self, user: User, stream: str) -> Iterator[str]:
        theirs = Referral.objects.filter(submitted_by=user, stream=stream, status__in=(Status.RETURNED, Status.WAITING))
        numbers = dict(theirs.order_by().values_list("status").annotate(Count("pk")))
        asked, waiting = numbers.get(Status.RETURNED, 0), numbers.get(Status.WAITING, 0)
        yield from counted(asked, "request waits for your answer to S2S", "requests wait for your answer to S2S")
        yield from counted(waiting, "request of yours waits for a place", "requests of yours wait for a place")
        drafts = DraftReferral.objects.filter(started_by=user, stream=stream).count()
        yield from counted(drafts, "draft of yours is unsent", "drafts of yours are unsent")

    def _of_desk(self, user: User) -> Iterator[str]:
        if self._trays is None:
            self._trays = desk.desk_at(Asking(user, today=london_date(self.at)), self.at).counts
        for tray, (one, many) in TRAYS.items():
            yield from counted(self._trays[tray], one, many)

    def _of_teacher(self, user: User) -> Iterator[str]:
        cases = caseload.open_cases(user.pk, at=self.at)
        yield from counted(len(cases), "request is with you", "requests are with you")
        overdue = sum(any(clock.is_overdue for clock in case.clocks) for case in cases)
        yield from counted(overdue, "of them is overdue", "of them are overdue")
        untold = sum(case.untold_at is not None for case in cases)
        yield from counted(untold, "visit has no outcome yet", "visits have no outcome yet")


TRAYS = {
    desk.Tray.TO_GIVE: ("request has no teacher yet", "requests have no teacher yet"),
    desk.Tray.RETURNED: ("request waits for its adviser’s answer", "requests wait for their advisers’ answers"),
    desk.Tray.OVERDUE: ("first contact is overdue", "first contacts are overdue"),
    desk.Tray.DOUBTFUL: ("planned visit needs a decision", "planned visits need a decision"),
    desk.Tray.UNTOLD: ("visit has no outcome yet", "visits have no outcome yet"),
}


def counted(number: int, one: str, many: str) -> Iterator[str]:
    """A sentence that begins with a number, unless it is none."""
    if number:
        yield f"{number} {one if number == 1 else many}."
