"""Writing to the outbox."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Lower

from s2s_portal.core.text import tidy
from s2s_portal.notifications.choices import ALWAYS_BY_EMAIL, Channel, Kind
from s2s_portal.notifications.documents import checked, reference_of
from s2s_portal.notifications.models import Notification, Preference, message_id_of
from s2s_portal.organisations.models import User


def queue(
    *,
    kind: Kind,
    key: str,
    to_email: str,
    to_name: str,
    context: Mapping[str, Any],
    at: datetime,
    person: User | None = None,
) -> None:
    """Put one message in the outbox: `queue_all` of the one `message`."""
    one = message(kind=kind, key=key, to_email=to_email, to_name=to_name, context=context, at=at, person=person)
    queue_all([one])


def queue_all(messages: Iterable[Notification]) -> None:
    """Put messages in the outbox, in the caller's transaction; whoever finds them there sends them.

    A key that is already there changes nothing. Each message goes the way that its person has chosen: known by
    `person`, else by the e-mail address of somebody who uses the portal. One query finds them all, one writes.
    """
    waiting = list(messages)
    if not waiting:
        return
    _give_to_people(waiting)
    Notification.objects.bulk_create(waiting, ignore_conflicts=True)


def message(
    *,
    kind: Kind,
    key: str,
    to_email: str,
    to_name: str,
    context: Mapping[str, Any],
    at: datetime,
    person: User | None = None,
) -> Notification:
    """A message for `queue_all`. `key` says what is told to whom, such as `request-sent:EY-7K4M-2Q:adviser`.

    `context` holds the fields of the kind's dataclass in `documents`; anything else raises `WrongContext`.
    """
    if not to_email:
        # SQLite's INSERT OR IGNORE would pass over a failed check in silence and the message would be lost.
        raise ValueError(f"{key} has no e-mail address to go to.")
    return Notification(
        kind=kind,
        key=key,
        to_email=to_email,
        to_name=tidy(to_name)[:200],
        person=person,
        reference=reference_of(context),
        context=checked(kind, context),
        message_id=message_id_of(key),
        queued_at=at,
    )


PEOPLE = (
    User.objects.filter(is_active=True)
    .annotate(
        lowered=Lower("email"),
        choice=Subquery(Preference.objects.filter(person=OuterRef("pk")).values("channel")),
    )
    .values_list("pk", "lowered", "choice")
)
"""Id, address and choice of whoever uses the portal; put together once, as every action asks."""


def _give_to_people(waiting: list[Notification]) -> None:
    """Set `person` and `channel` of each message. Contacts, who do not use the portal, get theirs at once."""
    meant = Q(lowered__in={one.to_email.lower() for one in waiting})
    known = {one.person_id for one in waiting if one.person_id is not None}
    if known:
        meant |= Q(pk__in=known)
    by_address: dict[str, int] = {}
    chosen: dict[int | None, str] = {}
    for pk, lowered, channel in PEOPLE.filter(meant):
        by_address[lowered] = pk
        chosen[pk] = channel
    for one in waiting:
        if one.person_id is None:
            one.person_id = by_address.get(one.to_email.lower())
        wanted = chosen.get(one.person_id) if one.kind not in ALWAYS_BY_EMAIL else None
        one.channel = wanted or Channel.AT_ONCE
