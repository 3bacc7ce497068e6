"""A deadline's day is over: what the period came to is written down, once, and people are told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from quotas.actions import places
from quotas.models import Period, Quota
from referrals.choices import Deadline
from referrals.models import DeadlineAccount
from referrals.queries import deadlines
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.people import active_people, is_system


@transaction.atomic
def account(*, quota: Quota, deadline: Deadline, by: User, at: datetime) -> DeadlineAccount | None:
    """Write down what `quota` came to when `deadline` passed, and tell people; None if it has not, or they know.

    Raises `NotAllowed` unless `by` is the portal itself.
    """
    if not is_system(by):
        raise NotAllowed("Only the portal itself says that a deadline has passed.")
    locked = places.locked(quota)
    quota.period = Period.objects.get(pk=quota.period_id)  # under the lock: the day may have been moved meanwhile
    day = deadlines.day_of(quota, deadline)
    if not deadlines.has_passed(quota, deadline, at):
        return None
    if DeadlineAccount.objects.filter(quota=quota, deadline=deadline, on=day).exists():
        return None
    counts = deadlines.intake_of(quota) if deadline == Deadline.CUT_OFF else deadlines.given_of(quota)
    counts |= {"places_left": locked.left, "places_granted": locked.bought}
    written = DeadlineAccount.objects.create(quota=quota, deadline=deadline, on=day, at=at, counts=counts)
    told = _cut_off_passed(written) if deadline == Deadline.CUT_OFF else _allocation_ended(written)
    queue_all(told)
    return written


def _cut_off_passed(account: DeadlineAccount) -> Iterable[Notification]:
    """To commissioners, co-ordinators and whoever has an unsent draft of the stream: one message each."""
    period = account.quota.period
    own = deadlines.drafts_by_person(account.quota.stream)
    pages = {Role.COMMISSIONER: "quotas:quota_list", Role.S2S_COORDINATOR: "referrals:desk"}
    people = {one.pk: (one, reverse(page)) for role, page in pages.items() for one in active_people(role)}
    drafts = reverse("referrals:draft_list")
    people |= {one.pk: (one, drafts) for one in User.objects.filter(pk__in=own)}
    for person, address in people.values():
        context = account.counts | {
            "stream_label": account.quota.get_stream_display(),
            "period": str(period),
            "cut_off_on": account.on.isoformat(),
            "own_drafts": own.get(person.pk, 0),
            "allocation_deadline_on": period.allocation_deadline_on.isoformat(),
            "address": address,
        }
        yield _message(Kind.CUT_OFF_PASSED, "cut-off-passed", account, person, context)


def _allocation_ended(account: DeadlineAccount) -> Iterable[Notification]:
    """To each commissioner."""
    for person in active_people(Role.COMMISSIONER):
        context = account.counts | {
            "stream_label": account.quota.get_stream_display(),
            "period": str(account.quota.period),
            "allocation_deadline_on": account.on.isoformat(),
            "address": reverse("oversight:dashboard", args=["unmet"]),
        }
        yield _message(Kind.ALLOCATION_ENDED, "allocation-ended", account, person, context)


def _message(kind: Kind, key: str, account: DeadlineAccount, person: User, context: dict[str, object]) -> Notification:
    return message(
        kind=kind,
        key=f"{key}:{account.quota_id}:{account.on.isoformat()}:{person.pk}",
        to_email=person.email,
        to_name=person.full_name,
        context=context,
        at=account.at,
        person=person,
    )
