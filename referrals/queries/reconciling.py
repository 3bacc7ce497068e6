"""The ledger against the requests: each way in which they could differ is one query, whatever there is of both.

The database compares; only what differs comes back, and of that no more than `MOST_NAMED` of a sort.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Quota
from referrals.choices import EndState, Fate, Status
from referrals.models import CohortSchool, ReconciliationRun, Referral, Rollover, RolloverLine
from referrals.queries.contract_end_places import NOWHERE, with_place
from referrals.rules.lifecycle import BEFORE_A_VISIT

MOST_NAMED = 200
"""Differences of one sort that are named; somebody who has so many looks at the first ones first."""
HOLDS_A_PLACE = (EntryKind.DRAWN, EntryKind.CARRIED)
"""The lines that a request may hold: a place drawn, or one carried over from an earlier contract."""


@dataclass(frozen=True, order=True)
class Difference:
    """One difference: the reference of the request, cohort or quota that it is about, and a sentence."""

    reference: str
    words: str


@dataclass(frozen=True)
class Compared:
    """How much there is to compare."""

    quotas: int
    lines: int
    requests: int


def compared() -> Compared:
    """Count quotas, lines of ledgers, and requests."""
    return Compared(Quota.objects.count(), LedgerEntry.objects.count(), Referral.objects.count())


def differences() -> set[Difference]:
    """Every difference, as far as they are named. Taken while people work, so some may be gone at a second look."""
    return {found for check in CHECKS for found in islice(check(), MOST_NAMED)}


def _line(line: LedgerEntry) -> str:
    return f"{line.quota.get_stream_display()}, line {line.seq}"


def _lines() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.select_related("quota")


def sums() -> Iterator[Difference]:
    """A line whose "left after" is not the sum of all places up to it: last line = sum, line by line."""
    running = Window(Sum("places"), partition_by=F("quota"), order_by=F("seq").asc())
    for line in _lines().annotate(running=running).exclude(running=F("left_after")).order_by("quota", "seq"):
        yield Difference(_line(line), f"says {line.left_after} left, but the lines up to it come to {line.running}.")


def gaps() -> Iterator[Difference]:
    """A line whose number is not its position."""
    position = Window(RowNumber(), partition_by=F("quota"), order_by=F("seq").asc())
    for line in _lines().annotate(position=position).exclude(position=F("seq")).order_by("quota", "seq"):
        yield Difference(_line(line), f"is the ledger’s line number {line.position}: one is missing or double.")


def places_without_their_line() -> Iterator[Difference]:
    """A request that holds a line which is not its own, not a draw, of another quota, or given back."""
    wrong = (
        ~Q(place__reference=F("reference"))
        | ~Q(place__kind__in=HOLDS_A_PLACE)
        | ~Q(place__quota__stream=F("stream"))
        | ~Q(place__quota__period=F("period"))
        | Q(place__answered_by__isnull=False)
    )
    holding = Referral.objects.filter(wrong, place__isnull=False).select_related("place__quota").order_by("reference")
    for one in holding:
        line = one.place
        why = f"{_line(line)} ({line.what}, {line.reference or 'without a reference'})"
        yield Difference(one.reference, f"holds a place by a line that is not a live one of its own: {why}.")


def lines_without_their_request() -> Iterator[Difference]:
    """A draw that was not given back, or a place carried over, that no request holds."""
    held = Referral.objects.filter(place=OuterRef("pk"))
    # A line of no places has nothing to give back: it stays when the request that was carried over ends without one.
    ended = Referral.objects.filter(reference=OuterRef("reference"), place__isnull=True, ended_at__isnull=False)
    live = _lines().filter(kind__in=HOLDS_A_PLACE, answered_by__isnull=True)
    unheld = live.filter(~Exists(held)).exclude(Q(kind=EntryKind.CARRIED) & Exists(ended))
    for line in unheld.order_by("quota", "seq"):
        yield Difference(line.reference, f"is named by a live line that no request holds: {_line(line)}.")


def statuses() -> Iterator[Difference]:
    """A request whose status does not fit its place (R8)."""
    visited = Q(visits_held__gt=0)
    needs = Q(status__in=(*BEFORE_A_VISIT, Status.SUPPORTING, Status.TRANSFERRED)) | Q(status=Status.CLOSED) & visited
    unstarted = Q(status=Status.CLOSED, end_state=EndState.NOT_STARTED)
    without = Q(status__in=(Status.WAITING, Status.LAPSED, Status.WITHDRAWN, Status.DECLINED)) | unstarted
    wrong = needs & Q(place__isnull=True) | without & Q(place__isnull=False)
    for one in Referral.objects.filter(wrong).only("reference", "status", "place").order_by("reference"):
        has = "holds a place" if one.place_id else "holds no place"
        yield Difference(one.reference, f"is “{one.get_status_display()}” and {has}.")


def cohorts() -> Iterator[Difference]:
    """A school of a cohort that was sent and has no request, or a cohort's request of no school of it (R5)."""
    request = Referral.objects.filter(submission_key=OuterRef("key"), cohort=OuterRef("cohort"))
    sent = CohortSchool.objects.filter(~Exists(request), sent_edition__isnull=False).select_related("cohort")
    for school in sent.order_by("cohort", "position"):
        yield Difference(school.cohort.reference, f"has a sent school without a request: number {school.position}.")
    school = CohortSchool.objects.filter(key=OuterRef("submission_key"), cohort=OuterRef("cohort"))
    stray = Referral.objects.filter(~Exists(school), cohort__isnull=False, continues__isnull=True)
    for one in stray.select_related("cohort").order_by("reference"):
        yield Difference(one.reference, f"counts to cohort {one.cohort.reference}, which has no school of it.")


def contract_ends() -> Iterator[Difference]:
    """A request that is not where its line in a contract's end says, or an end of which lines are missing (R15)."""
    lost = with_place(RolloverLine.objects.select_related("rollover__source", "referral")).filter(place=NOWHERE)
    for line in lost.order_by("rollover", "pk"):
        done = Fate(line.outcome).label.lower() if line.outcome else "nothing yet"
        says = f"{line.get_state_display().lower()}, {done}"
        where = f"the end of {line.rollover.source.name} has another account of it: {says}."
        yield Difference(line.referral.reference, f"is “{line.referral.get_status_display()}”, and {where}")
    listed = Count("lines", filter=Q(lines__late=False))
    short = Rollover.objects.annotate(listed=listed).exclude(open_before=None).exclude(open_before=F("listed"))
    for rollover in short.select_related("source").order_by("pk"):
        sums = f"{rollover.open_before} requests were open before, and {rollover.listed} are listed."
        yield Difference(rollover.source.name, f"has an end that does not come out: {sums}")


CHECKS: tuple[Callable[[], Iterator[Difference]], ...] = (
    sums,
    gaps,
    places_without_their_line,
    lines_without_their_request,
    statuses,
    cohorts,
    contract_ends,
)


def newest() -> ReconciliationRun | None:
    """The newest comparison, if there was one."""
    return ReconciliationRun.objects.order_by("-at").first()


def recent(number: int = 14) -> list[ReconciliationRun]:
    """The newest comparisons, the newest first."""
    return list(ReconciliationRun.objects.defer("differences").order_by("-at")[:number])
