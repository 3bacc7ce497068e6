"""A setting that was added by hand is one of a register: all its requests, drafts and cohorts follow, or nothing does.

Lock order: as `held` says, then the two settings.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from referrals.actions import held, history
from referrals.actions.held import Held
from referrals.choices import BookingState, Section
from referrals.documents import CorrectedFacts
from referrals.documents.answers import TITLE_OF
from referrals.models import Booking, CohortFileRow, CohortSchool, DraftReferral, Referral
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.actions.levers import CannotChange, change_of, note
from s2s_portal.organisations.actions.merging import follow, locked_pair
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Permission, ReferenceKind, Source
from s2s_portal.organisations.models import Establishment, ReferenceChange, User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.establishments import label_of

MERGED = "merged"
WROTE = "its setting was merged"


@transaction.atomic
def merge_setting(
    *, setting: Establishment, into: Establishment, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """Let everything that is said of `setting`, which was added by hand, be said of `into` from now on.

    Requests keep their stream, zone, place and fee as they were sent, and each gets an event that says what it named
    before. The same key again gives what the first press did. Raises `NotAllowed`, and `CannotChange` with a sentence.
    """
    check(by, Permission.MANAGE_REGISTERS)
    hanging = held.locked(setting)
    local, target = locked_pair(setting, into)
    done = change_of(key, by=by, what=MERGED, was=local.urn, now=label_of(target)[:300])
    if done is not None:
        return done
    _check_pair(local, target)
    held.check_still(hanging, local)
    _move_cohorts(local, target, hanging)
    DraftReferral.objects.filter(pk__in=hanging.drafts).update(establishment=target)
    held.let_be_checked_again(hanging, by=by, at=at)
    _move_requests(local, target, hanging, reason, by, at)
    held.record(hanging, what=WROTE, by=by)
    follow(local, target)
    told = {"was": local.urn, "now": label_of(target)[:300], "reason": reason, "key": key, "by": by, "at": at}
    return note(kind=ReferenceKind.ESTABLISHMENT, subject=local.name, what=MERGED, **told)


def _check_pair(local: Establishment, target: Establishment) -> None:
    if local.source != Source.LOCAL:
        raise CannotChange("Only a setting that was added by hand can be merged")
    if local.merged_into:
        raise CannotChange(f"It has been merged into {local.merged_into} already")
    if local == target:
        raise CannotChange("A setting cannot be merged into itself: choose another")
    if not target.is_open:
        raise CannotChange(f"{target} is not open, so nothing can go on there: choose another")
    if local.kind.stream != target.kind.stream:
        raise CannotChange(
            f"They do not use the same places: {local.kind.name} is {local.kind.get_eligibility_display().lower()}, "
            f"{target.kind.name} is {target.kind.get_eligibility_display().lower()}. A request of the wrong stream is "
            "withdrawn and sent again"
        )
    held.check_streams(local, target.kind)


def _move_cohorts(local: Establishment, target: Establishment, hanging: Held) -> None:
    """The cohorts' schools. One that `target` is on too has it twice only if the local one's request is made."""
    theirs = CohortSchool.objects.filter(establishment=target, cohort__in=hanging.cohorts).order_by()
    attempts = dict(theirs.values_list("cohort").annotate(last=Max("attempt")))
    for line in CohortSchool.objects.select_related("cohort").filter(establishment=local).order_by("attempt", "pk"):
        if line.cohort_id in attempts:
            if line.sent_edition is None:
                raise CannotChange(f"Cohort {line.cohort} has both. Its adviser takes one of them off first")
            attempts[line.cohort_id] += 1
            line.attempt = attempts[line.cohort_id]
        line.establishment, line.version = target, line.version + 1
        line.save(update_fields=["establishment", "attempt", "version"])
    CohortFileRow.objects.filter(picked=local).update(picked=target)


def _move_requests(
    local: Establishment, target: Establishment, hanging: Held, reason: str, by: User, at: datetime
) -> None:
    """The requests, open or ended, each with an event: whoever reads one later sees what it named when it was sent."""
    requests = Referral.objects.filter(pk__in=hanging.requests)
    requests.update(establishment=target, edition=F("edition") + 1)
    name = "establishment_id"
    facts = CorrectedFacts(
        section=Section.SETTING.value,
        titles=[TITLE_OF[name]],
        was={name: label_of(local)},
        now={name: label_of(target)},
        note=reason,
    )
    for request in requests.order_by("pk"):
        history.append(referral=request, facts=facts, by=by, at=at)
    planned = Booking.objects.filter(referral__in=hanging.requests, state=BookingState.PLANNED).order_by()
    for pk in sorted(set(planned.values_list("referral", flat=True))):
        jobs.ask(job=CHECK_BOOKINGS, subject=str(pk), at=at)  # it is somewhere else now: closures, journeys
