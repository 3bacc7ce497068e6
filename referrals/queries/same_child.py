"""The same child in another request, pointed out to those who see the child in both (R17)."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from referrals.choices import About
from referrals.models import CohortChild, Referral
from referrals.permissions import Asking, sees_child, visible_requests
from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import Sees
from s2s_portal.organisations.permissions import sees, zones_by_stream


@dataclass(frozen=True)
class Child:
    """Who a child is, as two requests may write it differently."""

    first_name: str
    last_name: str
    date_of_birth: date

    @property
    def identity(self) -> tuple[date, tuple[str, ...]]:
        """The same for one child: names without case, accents, apostrophes, hyphens and spaces, in either order."""
        names = (folded(name).replace(" ", "") for name in (self.first_name, self.last_name))
        return self.date_of_birth, tuple(sorted(names))


def children_of(referral: Referral) -> list[Child]:
    """The children whom a request names: its own, or those that its cohort names at this school."""
    if referral.about == About.CHILD and referral.date_of_birth:
        return [Child(referral.child_first_name, referral.child_last_name, referral.date_of_birth)]
    if referral.cohort_id is None:
        return []
    return named(CohortChild.objects.filter(school__key=referral.submission_key))


def named(children: Iterable[CohortChild]) -> list[Child]:
    """Children whom a cohort names."""
    return [Child(one.first_name, one.last_name, one.date_of_birth) for one in children]


def may_know(asking: Asking) -> bool:
    """Whether the person sees children of more than one stream, or several requests for a recorded reason."""
    return Sees.SENT_FULL in sees(asking.user) or len(zones_by_stream(asking.user)) > 1 or len(asking.reasons) > 1


def requests_for(children: Collection[Child], asking: Asking, *, besides: Collection[uuid.UUID]) -> list[Referral]:
    """Other requests for any of `children`, the newest first, in which the person sees the child too.

    `besides`: the submission keys of requests that do not count. Two queries, each by date of birth; none for people
    who do not see more than one stream.
    """
    if not children or not may_know(asking):
        return []
    wanted = {child.identity for child in children}
    born = {child.date_of_birth for child in children}
    found = Referral.objects.filter(visible_requests(asking), date_of_birth__in=born, about=About.CHILD)
    same = {one.pk: one for one in found if children_of(one)[0].identity in wanted}
    lines = CohortChild.objects.filter(date_of_birth__in=born).select_related("school")
    keys = {line.school.key for line in lines if named([line])[0].identity in wanted}
    if keys:
        same |= {one.pk: one for one in Referral.objects.filter(visible_requests(asking), submission_key__in=keys)}
    others = [one for one in same.values() if one.submission_key not in besides and sees_child(asking, one)]
    return sorted(others, key=lambda one: (one.submitted_at, one.pk), reverse=True)
