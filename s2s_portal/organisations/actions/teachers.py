"""S2S teachers: the special schools they come from."""

from django.db import transaction

from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Eligibility, Permission, Role
from s2s_portal.organisations.models import Establishment, Membership, User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.people import subject_of


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
    audit.record(kind=AuditKind.WRITE, what=school_line("set", school), reference=subject_of(teacher), by=by)
    return membership


def school_line(verb: str, school: Establishment) -> str:
    """How the history of a teacher says which special school was set or taken away."""
    return audit.line(f"{verb} the own school: ", school.display_name, f" ({school.source} {school.urn})")
