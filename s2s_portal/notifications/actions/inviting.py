"""Inviting people: they are added with their roles, and a message brings the link with which they choose a password."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from s2s_portal.notifications.actions.outbox import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.access import Held, set_roles
from s2s_portal.organisations.actions.invitations import make_link
from s2s_portal.organisations.actions.people import add_person, ensure_system_user
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import memberships_of


@dataclass(frozen=True)
class Invited:
    """Who was meant. `is_new`: they were added and invited; otherwise somebody with that address was here before."""

    person: User
    is_new: bool


@transaction.atomic
def invite(*, key: uuid.UUID, email: str, full_name: str, held: Sequence[Held], by: User, at: datetime) -> Invited:
    """Add a new person with these roles and queue their invitation. The same `key` again changes nothing.

    Of somebody who is here already nothing is changed. Raises `ValidationError` for a bad address, `NotAllowed`, and
    `NotAProvider` as `set_roles`.
    """
    # One at a time: two administrators may add the same person at once.
    User.objects.select_for_update(no_key=True).get(pk=ensure_system_user().pk)
    added = add_person(email=email, full_name=full_name, roles=[], zones=[], password=None, by=by)
    if not added.is_new:
        return Invited(added.person, is_new=_is_queued(key, added.person))
    set_roles(person=added.person, held=held, seen="", reason="", by=by)
    _send(key, added.person, by, at)
    return Invited(added.person, is_new=True)


@transaction.atomic
def send_link(*, key: uuid.UUID, person: User, by: User, at: datetime) -> bool:
    """Send the person a link to choose a password: the invitation once more, or for a new password.

    Links sent before open nothing any more. False if the same `key` has sent it already. Raises `NotAllowed`.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if _is_queued(key, person):
        return False
    _send(key, person, by, at)
    return True


def _key(key: uuid.UUID, person: User) -> str:
    return f"person-invited:{key}:{person.pk}"


def _is_queued(key: uuid.UUID, person: User) -> bool:
    return Notification.objects.filter(key=_key(key, person)).exists()


def _send(key: uuid.UUID, person: User, by: User, at: datetime) -> None:
    link = make_link(person=person, by=by, at=at)
    person = User.objects.get(pk=person.pk)
    queue(
        kind=Kind.PERSON_INVITED,
        key=_key(key, person),
        to_email=person.email,
        to_name=person.full_name,
        context={
            "is_new": not person.has_usable_password(),
            "roles": [membership.get_role_display() for membership in memberships_of(person)],
            "sent_by": by.full_name,
            "sent_by_email": by.email,
            "lasts_days": link.lasts_days,
            "link_id": link.pk,
        },
        at=at,
        person=person,
    )
