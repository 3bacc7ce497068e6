"""S2S teachers as a co-ordinator sees them: what they have, what they are good at, when they are away."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet

from referrals.models import Referral, Specialism
from referrals.permissions import Asking, visible_requests
from referrals.queries.suggesting import load_of
from referrals.rules import lifecycle
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, Leave, Membership, User
from s2s_portal.organisations.queries.calendar import leave_from


@dataclass(frozen=True)
class TeacherLine:
    """One teacher with their own school's name, open requests, types of need they know well, and leave to come."""

    person: User
    home_school: str
    open_requests: int
    specialisms: list[str]
    leave: list[Leave]


def teachers(today: date, *, besides: int | None = None) -> list[TeacherLine]:
    """Every S2S teacher who signs in, by name, but for the one with the id `besides`. Three queries."""
    held = Membership.objects.filter(role=Role.S2S_TEACHER, user__is_active=True).exclude(user=besides)
    held = held.annotate(open_requests=load_of(OuterRef("user")))
    memberships = list(held.select_related("user", "home_school__kind").order_by("user__full_name", "user"))
    ids = [one.user_id for one in memberships]
    known: dict[int, list[str]] = {person: [] for person in ids}
    rows = Specialism.objects.filter(teacher__in=ids).select_related("need_type").order_by("need_type")
    for row in rows:
        known[row.teacher_id].append(row.need_type.label)
    leave = leave_from(ids, today)
    return [
        TeacherLine(
            person=one.user,
            home_school=one.home_school.display_name if one.home_school else "",
            open_requests=one.open_requests,
            specialisms=known[one.user_id],
            leave=leave[one.user_id],
        )
        for one in memberships
    ]


def requests_of(asking: Asking, teacher_id: int) -> QuerySet[Referral]:
    """The open requests that a teacher has, the oldest place first, with what a line shows."""
    theirs = Referral.objects.filter(visible_requests(asking), teacher=teacher_id, status__in=lifecycle.OPEN_WITH_S2S)
    shown = ("reference", "stream", "status", "establishment__name", "establishment__urn", "establishment__kind__name")
    return theirs.select_related("establishment__kind").only(*shown).order_by("place_id")


def home_school_of(teacher_id: int) -> Establishment | None:
    """The school at which an S2S teacher works, if it is known."""
    held = Membership.objects.filter(user=teacher_id, role=Role.S2S_TEACHER, user__is_active=True)
    membership = held.select_related("home_school__kind").first()
    return membership.home_school if membership else None


def requests_to_cover(asking: Asking, teacher_id: int) -> QuerySet[Referral]:
    """Those of a teacher's open requests that another can look after: none for which information is awaited."""
    return requests_of(asking, teacher_id).filter(status__in=lifecycle.WITH_A_TEACHER)
