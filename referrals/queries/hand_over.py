"""What each provider school has open under a contract, and what becomes of it (DESIGN §8).

The number of queries is the same for any number of requests, and no child's name is read but for initials.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quotas.models import Contract
from referrals.choices import ActionResult, BookingState, Fate, LineState, RolloverStage, Status
from referrals.documents.hand_over import NO_SCHOOL, HandedOver, Totals
from referrals.models import AgreedAction, AgreedActionResult, Booking, Referral, Rollover, RolloverLine
from referrals.permissions import Asking, sees_child, visible_requests
from referrals.queries.progress import standing_records
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment

NARRATIVE = (
    *("conversation_agreed", "need_description", "strategies_tried", "strategies_outcome", "group_description"),
    *("date_of_birth", "availability"),
)
NAMES = ("child_first_name", "child_last_name")


@dataclass(frozen=True)
class School:
    """A provider school with open requests under a contract: `pk` is 0 for those that nobody has been given yet."""

    pk: int
    name: str
    requests: int


def end_of(contract: Contract) -> Rollover | None:
    """The end of `contract` that was begun last and not undone; None if none was."""
    ends = Rollover.objects.filter(source=contract).exclude(stage=RolloverStage.UNDONE)
    return ends.order_by("-started_at", "-pk").first()


def requests_of(asking: Asking, contract: Contract, rollover: Rollover | None) -> QuerySet[Referral]:
    """What was open at the end of `contract`, or is open now, as far as the person may see it (R17)."""
    looked_at = Q(Exists(RolloverLine.objects.filter(rollover=rollover, referral=OuterRef("pk")))) if rollover else Q()
    is_open = Q(status__in=OPEN_WITH_S2S)
    found = Referral.objects.filter(visible_requests(asking), period__contract=contract)
    return found.filter(is_open | looked_at if rollover else is_open)


def schools(asking: Asking, contract: Contract) -> list[School]:
    """The schools with such requests, by name; those without a teacher last. Two queries."""
    rows = requests_of(asking, contract, end_of(contract)).order_by()
    counted = rows.values_list("provider_school", "provider_school__name").annotate(count=Count("pk"))
    found = [School(pk or 0, name or NO_SCHOOL, count) for pk, name, count in counted]
    return sorted(found, key=lambda one: (not one.pk, one.name, one.pk))


def school_called(pk: int) -> Establishment | None:
    """The school with this id."""
    return Establishment.objects.filter(pk=pk).first()


def of_school(requests: QuerySet[Referral], school: int) -> QuerySet[Referral]:
    """Those of one provider school; 0: those that nobody has been given yet."""
    return requests.filter(provider_school=school or None)


def listed(requests: QuerySet[Referral], rollover: Rollover | None, at: datetime) -> QuerySet[Referral]:
    """The requests with all that a line of the report shows, in the order of their references. One query."""
    lines = RolloverLine.objects.filter(referral=OuterRef("pk"), rollover=rollover)
    planned = Booking.objects.filter(Q(referral=OuterRef("pk")) | Q(referral__continues=OuterRef("pk")))
    planned = planned.filter(state=BookingState.PLANNED, starts_at__gt=at).order_by("starts_at")
    return (
        requests.select_related("establishment__kind", "zone", "teacher")
        .defer(*NARRATIVE)
        .annotate(
            next_visit_at=Subquery(planned.values("starts_at")[:1]),
            records=_counted(standing_records().filter(visit__referral=OuterRef("pk")), "visit__referral"),
            open_actions=_counted(_open_actions(), "record__visit__referral"),
            line_fate=Subquery(lines.values("fate")[:1]),
            line_outcome=Subquery(lines.values("outcome")[:1]),
            line_state=Subquery(lines.values("state")[:1]),
            goes_on_as=Subquery(lines.values("successor__reference")[:1]),
        )
        .order_by("reference")
    )


def without_names(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """The same, for files: who the child is stays in the database."""
    return rows.defer(*NARRATIVE, *NAMES)


def _open_actions() -> QuerySet[AgreedAction]:
    done = AgreedActionResult.objects.filter(
        action=OuterRef("pk"), result=ActionResult.DONE, record__retraction__isnull=True
    )
    standing = AgreedAction.objects.filter(record__retraction__isnull=True, record__visit__referral=OuterRef("pk"))
    return standing.filter(~Exists(done))


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    counts = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def in_lines(rows: Iterable[Referral]) -> list[HandedOver]:
    """Rows of `listed` as the report shows them, without anybody's initials."""
    return [_line(one) for one in rows]


def with_initials(asking: Asking, rows: Iterable[Referral]) -> list[HandedOver]:
    """The same, with the initials of children whom the person sees anyway."""
    return [replace(_line(one), initials=_initials(asking, one)) for one in rows]


def _initials(asking: Asking, one: Referral) -> str:
    has_place = one.turn is None or one.place_id is not None  # else whether it was sent is a query each
    if not (has_place and one.child_first_name and sees_child(asking, one)):
        return ""
    return f"{one.child_first_name[:1]}{one.child_last_name[:1]}".upper()


def _line(one: Any) -> HandedOver:
    return HandedOver(
        pk=one.pk,
        reference=one.reference,
        establishment=one.establishment.display_name,
        zone=one.zone.name,
        stream=Stream(one.stream),
        teacher=one.teacher.full_name if one.teacher else "",
        status=Status(one.status),
        first_asked_on=london_date(one.first_asked_at or one.submitted_at),
        visits_held=one.visits_held,
        next_visit_at=one.next_visit_at,
        records=one.records,
        open_actions=one.open_actions,
        fate=one.line_fate or "",
        outcome=one.line_outcome or "",
        state=one.line_state or "",
        goes_on_as=one.goes_on_as or "",
    )


def totals_of(requests: QuerySet[Referral], rollover: Rollover | None) -> Totals:
    """The requests counted as the account counts them: over every school they are its sum. Two queries at most."""
    every = requests.order_by().values("pk")
    if rollover is None:
        return Totals(without_line=every.count())
    lines = RolloverLine.objects.filter(rollover=rollover, referral__in=every)
    on_time = Q(late=False)
    done = on_time & Q(state__in=(LineState.DONE, LineState.UNDOING))
    counted = lines.aggregate(
        finishing=Count("pk", filter=done & Q(outcome=Fate.FINISH)),
        moved=Count("pk", filter=done & Q(outcome=Fate.MOVE)),
        closed=Count("pk", filter=done & Q(outcome=Fate.CLOSE)),
        undone=Count("pk", filter=on_time & Q(state=LineState.UNDONE)),
        to_do=Count("pk", filter=on_time & Q(state=LineState.PENDING)),
        late=Count("pk", filter=Q(late=True)),
    )
    return Totals(**counted, without_line=every.count() - sum(counted.values()))
