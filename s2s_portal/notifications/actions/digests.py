"""One e-mail a day for those who asked for it: which messages there have been since the last one."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from s2s_portal.core.calendar import london_date
from s2s_portal.notifications.actions.outbox import message
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.writing import subject_of
from s2s_portal.notifications.models import Notification
from s2s_portal.notifications.queries import digests
from s2s_portal.organisations.models import User

logger = logging.getLogger(__name__)

LISTED = 50
"""So many messages are named in an e-mail; the page of messages has them all."""


def sum_up(*, at: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Write the daily e-mail of everyone who has messages queued by `at` that none has told of; how many were written.

    Each person's is a transaction of its own: stopped or killed half-way, the next run writes the others. There is one
    for each person and London day, and a message is in one only, whoever runs this at the same time. What goes wrong
    with one person's stops nobody else's; it is raised when they are written.
    """
    written, wrong = 0, None
    for person in digests.people_waiting(at):
        if stopping():
            break
        try:
            written += _sum_up_for(person, at)
        except Exception as error:  # whatever it is
            logger.exception("The daily e-mail of person %s was not written.", person.pk)
            wrong = error
    if wrong:
        raise wrong
    return written


@transaction.atomic
def _sum_up_for(person: User, at: datetime) -> bool:
    rows = digests.locked_for(person, at)
    day = london_date(at)
    key = f"digest:{person.pk}:{day.isoformat()}"
    # Whoever came first has taken all rows there were; what was queued since is for the next day.
    if not rows or digests.is_written(key):
        return False
    listed = rows[:LISTED]
    summary = message(
        kind=Kind.DIGEST,
        key=key,
        to_email=person.email,
        to_name=person.full_name,
        context={
            "day_on": day.isoformat(),
            "messages": [_named(one) for one in listed],
            "total": len(rows),
            "more": len(rows) - len(listed),
            "address": reverse("notifications:message_list"),
            "choice_address": reverse("notifications:message_choice"),
        },
        at=at,
        person=person,
    )
    summary.save(force_insert=True)
    Notification.objects.filter(pk__in=[one.pk for one in rows]).update(digest=summary)
    return True


def _named(one: Notification) -> dict[str, str]:
    address = reverse("notifications:message_detail", args=[one.pk])
    return {"subject": subject_of(one.kind, one.context), "address": address}
