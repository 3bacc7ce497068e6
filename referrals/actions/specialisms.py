"""What a teacher is especially good at, so that requests find them."""

from collections.abc import Collection

from django.db import transaction

from referrals.models import NeedType, Specialism
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission, Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.people import holders_of, subject_of


@transaction.atomic
def set_specialisms(*, teacher: User, need_types: Collection[NeedType], by: User) -> None:
    """Make these the types of need that `teacher` knows especially well; the same again changes nothing.

    Raises `NotAllowed` unless `by` is a co-ordinator, `ValueError` for somebody who is no S2S teacher.
    """
    check(by, Permission.RUN_DESK)
    if not holders_of(Role.S2S_TEACHER, [teacher.pk]):
        raise ValueError(f"{teacher} is not an S2S teacher who signs in.")
    wanted = {need.pk for need in need_types}
    held = set(Specialism.objects.filter(teacher=teacher).values_list("need_type", flat=True))
    if held == wanted:
        return
    Specialism.objects.filter(teacher=teacher, need_type__in=held - wanted).delete()
    # Two people may save at once: what the other has added already is there.
    added = [Specialism(teacher=teacher, need_type_id=pk) for pk in sorted(wanted - held)]
    Specialism.objects.bulk_create(added, ignore_conflicts=True)
    audit.record(kind=AuditKind.WRITE, what="set the specialisms", reference=subject_of(teacher), by=by)
