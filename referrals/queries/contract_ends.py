"""What is open when a contract ends, what was decided about it, and the account (R15)."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from quotas.models import Contract, Period
from referrals.choices import RUN_LINE, Fate, LineState, RolloverStage, Status
from referrals.models import DraftReferral, Referral, ReferralEvent, Rollover, RolloverLine
from referrals.queries.contract_end_open import next_after, open_of, successor_of
from referrals.queries.contract_end_places import CLOSED, FINISHING, MOVED, TO_DO, UNDONE, with_place
from referrals.queries.standards import standards_at
from referrals.rules.clocks import Standards
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.rollover import Account, Open, Successor
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import ChangeKind, ChangeOutcome
from s2s_portal.organisations.models import ProposedChange, User
from s2s_portal.organisations.queries import changes
from s2s_portal.organisations.queries.calendar import days

AT_A_TIME = 500
Row = TypeVar("Row", Referral, RolloverLine)


def open_under(contract: Contract) -> QuerySet[Referral]:
    """The requests of `contract` with which S2S has something to do, or waits for an answer, in the order they came."""
    return Referral.objects.filter(period__contract=contract, status__in=OPEN_WITH_S2S).order_by("pk")


def batches(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """Requests or lines in the order of their primary keys, so many at a time, whatever happens to them meanwhile."""
    last = 0
    while some := list(rows.filter(pk__gt=last)[:AT_A_TIME]):
        yield some
        last = some[-1].pk


@dataclass(frozen=True)
class Judging:
    """What open requests are judged by at a moment: calendar, standards, the successor and the last day of visits."""

    at: datetime
    days: Days
    standards: Standards
    successor: Successor | None
    run_off_ends_on: date

    @property
    def today(self) -> date:
        """The London day of the moment."""
        return london_date(self.at)

    def open_of(self, requests: Collection[Referral]) -> dict[int, Open]:
        """Each of these requests as the rules see it, by primary key. One query, whatever their number."""
        rows = Referral.objects.filter(pk__in=[one.pk for one in requests])
        return open_of(rows, at=self.at, standards=self.standards, days=self.days)


def judging(rollover: Rollover, at: datetime) -> Judging:
    """What the requests of `rollover` are judged by at `at`."""
    return judging_under(rollover.source, rollover.target, at)


def judging_under(source: Contract, target: Contract | None, at: datetime) -> Judging:
    """What the open requests of `source` are judged by at `at`, if `target` follows."""
    return Judging(
        at=at,
        days=days(),
        standards=standards_at(at),
        successor=successor_of(target),
        run_off_ends_on=source.run_off_ends_on,
    )


def first_period(contract: Contract) -> Period | None:
    """The first period of a contract, into which requests are carried over; None if none has been entered."""
    return contract.periods.order_by("opens_on").first()


def contracts() -> QuerySet[Contract]:
    """Every contract, the latest first."""
    return Contract.objects.order_by("-ends_on", "-pk")


def rollovers() -> QuerySet[Rollover]:
    """Every end of a contract that was begun, the latest first."""
    return Rollover.objects.select_related(
        "source", "target", "change__proposed_by", "change__decided_by", "started_by"
    ).order_by("-started_at", "-pk")


def waiting_for(user: User) -> list[Rollover]:
    """Ends of contracts that wait for a commissioner: to be decided, or proposed by somebody else. One query."""
    stages = Q(stage=RolloverStage.DECIDING) | Q(stage=RolloverStage.PROPOSED) & ~Q(change__proposed_by=user)
    return list(rollovers().filter(stages).order_by("source__ends_on", "pk"))


def find(key: uuid.UUID) -> Rollover | None:
    """The end of a contract with this key."""
    return rollovers().filter(key=key).first()


def lines_of(rollover: Rollover) -> QuerySet[RolloverLine]:
    """The lines of `rollover`, in the order the requests came, with what a page shows and no child's name."""
    related = ("referral__establishment__kind", "referral__zone", "referral__teacher", "successor", "decided_by")
    return rollover.lines.select_related(*related).defer(*CHILD).order_by("pk")


CHILD = tuple(
    f"{request}__{name}"
    for request in ("referral", "successor")
    for name in ("child_first_name", "child_last_name", "date_of_birth", "need_description", "strategies_tried")
)
"""What no page of a contract's end reads."""


def line_of(referral: Referral) -> RolloverLine | None:
    """The request's line in an end of its contract that was begun and not undone; None if there is none."""
    lines = RolloverLine.objects.select_related("rollover__source", "rollover__target", "referral")
    return lines.filter(referral=referral).exclude(rollover__stage=RolloverStage.UNDONE).order_by("-pk").first()


def line_with(pk: int, *, lock: bool = False) -> RolloverLine | None:
    """The line with this primary key, with its end of a contract and its request; with `lock` its row is locked."""
    if lock:
        list(RolloverLine.objects.select_for_update(no_key=True).filter(pk=pk).only("pk"))
    related = ("rollover__source", "rollover__target", "referral", "successor")
    return RolloverLine.objects.select_related(*related).filter(pk=pk).first()


@dataclass(frozen=True)
class Group:
    """Lines with the same proposal, the same reason and the same decision, and how many."""

    proposed: Fate
    reason: str
    fate: Fate
    count: int


def groups_of(rollover: Rollover) -> list[Group]:
    """The lines of `rollover` counted by what is proposed, why, and what is to be done. One query."""
    counted = rollover.lines.order_by().values_list("proposed", "reason", "fate").annotate(count=Count("pk"))
    found = [Group(Fate(proposed), reason, Fate(fate), count) for proposed, reason, fate, count in counted]
    return sorted(found, key=lambda one: (one.fate != Fate.ASK, -one.count, one.reason))


def account_of(rollover: Rollover) -> Account:
    """R15's sum for `rollover`, of where the requests themselves are; before it runs, of what is open now. One query.

    A request whose status or ledger says otherwise than its line is in no term: the sum then has a difference.
    """
    rows = with_place(rollover.lines.order_by()).values_list("late", "place").annotate(count=Count("pk"))
    counts = {(late, place): count for late, place, count in rows}
    terms = {place: counts.get((False, place), 0) for place in (FINISHING, MOVED, CLOSED, TO_DO, UNDONE)}
    before = sum(count for (late, _), count in counts.items() if not late)
    return Account(
        open_before=before if rollover.open_before is None else rollover.open_before,
        late=sum(count for (late, _), count in counts.items() if late),
        **terms,
    )


@dataclass(frozen=True)
class Beside:
    """What R15 accounts for separately: requests that wait or that no place came free for, and unsent drafts."""

    waiting: int
    lapsed: int
    drafts: int


def beside(contract: Contract) -> Beside:
    """What else there is: requests under `contract`, and every draft, which belongs to no contract yet. Two queries."""
    counted = Referral.objects.filter(period__contract=contract).aggregate(
        waiting=Count("pk", filter=Q(status=Status.WAITING)), lapsed=Count("pk", filter=Q(status=Status.LAPSED))
    )
    return Beside(**counted, drafts=DraftReferral.objects.count())


def last_seqs(referrals: Collection[int]) -> Mapping[int, int]:
    """The number of the last event of each of these requests, by primary key. One query."""
    events = ReferralEvent.objects.filter(referral__in=referrals).order_by()
    return dict(events.values_list("referral").annotate(last=Max("seq")))


def without_a_line(rollover: Rollover) -> QuerySet[Referral]:
    """Open requests of the contract that came after the last look: given a place, or open again after a longer time.

    What had its line and is open again is `left_over`.
    """
    return open_under(rollover.source).filter(~Exists(rollover.lines.filter(referral=OuterRef("pk"))))


def left_over(rollover: Rollover) -> QuerySet[RolloverLine]:
    """Lines that are done while their request is open under the contract: it was to finish, or is open again.

    Again where it was moved back alone, or was closed, by whomever, and reopened or reinstated.
    """
    over = rollover.lines.filter(state__in=(LineState.DONE, LineState.UNDONE), referral__status__in=OPEN_WITH_S2S)
    return over.select_related("referral").order_by("pk")


def to_be_asked_for(rollover: Rollover) -> list[str]:
    """Primary keys of lines that are decided and not done while no task is asked for: as subjects. Two queries.

    Theirs may have come while the end was being undone, when nothing is done.
    """
    decided = rollover.lines.filter(state=LineState.PENDING).exclude(fate=Fate.ASK).order_by("pk")
    subjects = [str(pk) for pk in decided.values_list("pk", flat=True)]
    waiting = JobRequest.objects.filter(job=RUN_LINE, done_at__isnull=True)
    asked = set(waiting.values_list("subject", flat=True)) if subjects else set()
    return [subject for subject in subjects if subject not in asked]


def is_through(rollover: Rollover) -> bool:
    """Whether nothing of a run, or of an undoing, is left to do. One query."""
    left = {RolloverStage.RUNNING: LineState.PENDING, RolloverStage.UNDOING: LineState.UNDOING}.get(rollover.stage)
    return left is not None and not rollover.lines.filter(state=left).exists()


def going_on() -> QuerySet[Rollover]:
    """Ends of contracts that run, are done or are being undone: what came late may still turn up."""
    stages = (RolloverStage.RUNNING, RolloverStage.DONE, RolloverStage.UNDOING)
    return rollovers().filter(stage__in=stages).order_by("pk")


def last_refusal(rollover: Rollover) -> ProposedChange | None:
    """The newest proposal of this end that a second person refused, while it is being decided again. One query."""
    refused = changes.decided(ChangeKind.ROLLOVER).filter(outcome=ChangeOutcome.REFUSED, facts__key=str(rollover.key))
    return refused.first() if rollover.stage == RolloverStage.DECIDING else None


def ending(by: date) -> list[Contract]:
    """Contracts that end by the London day `by`, have open requests, and whose end nobody has begun."""
    begun = Rollover.objects.filter(source=OuterRef("pk")).exclude(stage=RolloverStage.UNDONE)
    requests = Referral.objects.filter(period__contract=OuterRef("pk"), status__in=OPEN_WITH_S2S)
    return list(Contract.objects.filter(~Exists(begun), Exists(requests), ends_on__lte=by).order_by("ends_on", "pk"))


def following(contract: Contract) -> Contract | None:
    """The next contract to begin after `contract` did; None if none has been entered."""
    return next_after(contract.starts_on).first()


def being_decided() -> QuerySet[Rollover]:
    """Ends of contracts about which people are still deciding."""
    return rollovers().filter(stage=RolloverStage.DECIDING).order_by("pk")
