"""What the requests of a period ask for, and what is said of them afterwards: confidence and goals.

One statement each. Whatever belongs to a request is read for that request alone: what was done before it was carried
over from an earlier contract belongs to the request of that contract.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from referrals.choices import Status
from referrals.models import Closing, Retraction, SupportWanted, VisitRecord
from s2s_portal.oversight.queries.happened import requests_of
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.rules.confidence import Said


def wanted(scope: Scope) -> list[tuple[int, str]]:
    """Each kind of support that a request asks for: pairs of the request's id and a `SupportKind`."""
    rows = SupportWanted.objects.filter(referral__in=requests_of(scope)).order_by()
    return list(rows.values_list("referral_id", "kind"))


@dataclass(frozen=True)
class Told:
    """What was said of requests: confidences in the order of their visits, and pairs of a request and a `GoalResult`.

    One pair for each goal of a request that is closed, by its last closing; the result is None for one that the end of
    its contract closed: nobody was asked about its goals.
    """

    confidences: list[Said] = field(default_factory=list)
    goals: list[tuple[int, str | None]] = field(default_factory=list)


def told(scope: Scope) -> Told:
    """The confidences of the records that stand, where staff were asked, and what became of goals. One statement.

    The two numbers are read out of the records' content without the rest of it; its shape
    (`referrals.documents.records`) has had them since its first version.
    """
    shown = ("request", "moment", "before", "after", "result")
    found = Told()
    both = _records(scope).values_list(*shown).union(_goals(scope).values_list(*shown), all=True)
    for request, _, before, after, result in both.order_by("moment"):
        if result != "":
            found.goals.append((request, result))
        elif before and after:  # SQLite says 0 where the content says that nobody was asked
            found.confidences.append(Said(request, before, after))
    return found


def _records(scope: Scope) -> QuerySet[VisitRecord, Any]:
    # Not `retraction=None`: of that outer join PostgreSQL expects next to nothing, and so begins with all records.
    retracted = Retraction.objects.filter(record=OuterRef("pk"))
    standing = VisitRecord.objects.filter(~Exists(retracted), visit__referral__in=requests_of(scope)).order_by()
    return standing.annotate(
        request=F("visit__referral_id"),
        moment=F("visit__booking__starts_at"),
        before=Cast(KeyTextTransform("confidence_before", "content"), IntegerField()),
        after=Cast(KeyTextTransform("confidence_after", "content"), IntegerField()),
        result=Value(""),
    )


def _goals(scope: Scope) -> QuerySet[Closing, Any]:
    later = Closing.objects.filter(referral=OuterRef("referral"), pk__gt=OuterRef("pk"))
    closed = requests_of(scope).filter(status=Status.CLOSED)
    nobody = Cast(Value(None), IntegerField())
    return (
        Closing.objects.filter(~Exists(later), referral__in=closed)
        .order_by()
        .annotate(request=F("referral_id"), moment=F("at"), before=nobody, after=nobody, result=F("outcomes__result"))
    )
