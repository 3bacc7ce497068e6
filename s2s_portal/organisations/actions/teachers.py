"""S2S teachers: the special schools they come from."""

from django.db import transaction

from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Eligibility, Permission, Role
from s2s_portal.organisations.models import Establishment, Membership, User
from s2s_portal.organisations.permissions import check


class NotAProvider(ValueError):
    """A teacher's own school must be one that provides S2S; the message says so."""


@transaction.atomic
def set_home_school(*, teacher: User, school: Establishment, by: User) -> Membership:
    """Record the special school that `teacher` works at.

    Raises `NotAllowed` unless `by` looks after people, `NotAProvider` for a school that does not provide S2S, and
    `Membership.DoesNotExist` for someone who is no S2S teacher.
    """
    check(by, Permission.MANAGE_PEOPLE)
    if school.kind.eligibility != Eligibility.PROVIDER:
        raise NotAProvider(f"{school} does not provide S2S, so it cannot be a teacher’s own school.")
    membership = Membership.objects.get(user=teacher, role=Role.S2S_TEACHER)
    membership.home_school = school
    membership.save(update_fields=["home_school"])
    audit.record(kind=AuditKind.WRITE, what="set the home school", reference=f"person {teacher.pk}", by=by)
    return membership
