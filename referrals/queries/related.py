"""What stands beside a request: its cohort, other requests of the school, the same child elsewhere (R17)."""

from dataclasses import dataclass

from django.db.models import Count, Q, Window

from referrals.choices import Status
from referrals.documents.answers import Answer
from referrals.documents.cohorts import agreement_in_words, child_in_words, in_words
from referrals.models import Cohort, Referral
from referrals.permissions import Asking, visible_cohorts, visible_requests
from referrals.queries import cohorts, same_child

MOST = 5
"""Other requests of the school that are listed, the newest; the others are counted."""
NOT_ASKED = ("sen_status", "agreement_how", "agreement_held")
"""What nobody is asked for a whole cohort; the agreements of children who are named stand with their names."""


@dataclass(frozen=True)
class Related:
    """What the person who asks may know beside one request.

    `others`: the newest of the school's other requests; `more`: how many further ones there are. `same_child`: requests
    in which the same child may be, where the person sees the child in both. `before` and `after`: the references of
    the request that goes on as this one, and of that as which it goes on, if the person may see them.
    """

    cohort: Cohort | None
    others: list[Referral]
    more: int
    same_child: list[Referral]
    before: str = ""
    after: str = ""


def related_to(referral: Referral, asking: Asking, *, with_child: bool) -> Related:
    """The requests and the cohort that belong to `referral`, as far as the person may see them. One to four queries."""
    visible = Referral.objects.filter(visible_requests(asking), establishment=referral.establishment_id)
    shown = visible.exclude(pk=referral.pk).only("reference", "status", "submitted_at", "turn")
    # Counted by the database beside the newest: a school may have had requests for many years.
    others = list(shown.annotate(of=Window(Count("pk"))).order_by("-submitted_at", "-pk")[:MOST])
    children = same_child.children_of(referral) if with_child and same_child.may_know(asking) else []
    return Related(
        cohort=_cohort_of(referral, asking),
        others=others,
        more=others[0].of - len(others) if others else 0,
        same_child=same_child.requests_for(children, asking, besides=[referral.submission_key]),
        **_before_and_after(referral, asking),
    )


def _before_and_after(referral: Referral, asking: Asking) -> dict[str, str]:
    """The references of what went before a request and of what it became. One query, where there may be any."""
    if referral.continues_id is None and referral.status not in (Status.LAPSED, Status.TRANSFERRED):
        return {}
    beside = Q(continues=referral.pk) | Q(pk=referral.continues_id)
    found = Referral.objects.filter(visible_requests(asking), beside).order_by("pk")
    rows = dict(found.values_list("pk", "reference"))
    after = [reference for pk, reference in rows.items() if pk != referral.continues_id]
    return {"before": rows.get(referral.continues_id, ""), "after": after[-1] if after else ""}


def _cohort_of(referral: Referral, asking: Asking) -> Cohort | None:
    if referral.cohort_id is None:
        return None
    return Cohort.objects.filter(visible_cohorts(asking.user), pk=referral.cohort_id).first()


def named_children(referral: Referral) -> list[Answer]:
    """The children whom a cohort's request names, each with the parents' agreement; for those who see the child."""
    if referral.cohort_id is None:
        return []
    return [Answer("", child_in_words(one), agreement_in_words(one)) for one in cohorts.named_children_of(referral)]


def with_cohort_answers(referral: Referral, rows: list[Answer]) -> list[Answer]:
    """Answers of a request; one of a cohort has the cohort's year groups, and is not asked everything."""
    if referral.cohort is None:
        return rows
    years = Answer("year_group", "Year groups", in_words(referral.cohort, "year_groups"))
    rows = [years if row.field == "year_group" else row for row in rows]
    return [row for row in rows if row.field not in NOT_ASKED or row.text]
