"""Whose messages wait for a daily e-mail, and who wants the weekly one."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from s2s_portal.notifications.choices import Channel
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import SYSTEM_EMAIL


def _waiting(at: datetime) -> QuerySet[Notification]:
    return Notification.objects.filter(channel=Channel.DIGEST, digest=None, queued_at__lte=at)


def people_waiting(at: datetime) -> QuerySet[User]:
    """Everyone who can sign in and has messages queued by `at` that no daily e-mail has told of."""
    theirs = _waiting(at).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(theirs), is_active=True).order_by("pk")


def locked_for(person: User, at: datetime) -> list[Notification]:
    """One person's messages queued by `at` that no daily e-mail has told of, oldest first, locked."""
    rows = _waiting(at).filter(person=person).select_for_update(no_key=True, of=("self",))
    return list(rows.order_by("queued_at", "pk"))


def is_written(key: str) -> bool:
    """Whether there is a message with this key."""
    return Notification.objects.filter(key=key).exists()


def who_wants_weekly() -> QuerySet[User]:
    """Everyone who can sign in and has not said that they do without the weekly summary, by id."""
    does_without = Preference.objects.filter(person=OuterRef("pk"), weekly=False)
    people = User.objects.filter(~Exists(does_without), is_active=True)
    return people.exclude(email__in=("", SYSTEM_EMAIL)).order_by("pk")
