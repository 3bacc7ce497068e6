"""The outbox: messages wait here, written in the same transaction as what they tell, until the server has taken them.

Whoever waits, claims and sends does so in real time; only `queued_at` is the portal's own time, which may be practice.
"""

import hashlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models

from s2s_portal.notifications.choices import Channel, Fate, Kind
from s2s_portal.organisations.models import User

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""A `next_try_at` that has always passed: real time may be behind the practice date, so `queued_at` cannot serve."""


def message_id_of(key: str) -> str:
    """The Message-ID of the message with this key: always the same, so that a repeat can be recognised."""
    digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    host = (urlsplit(settings.BASE_URL).hostname or "localhost").replace(":", "-")
    return f"<{digest}@{host}>"


class Notification(models.Model):
    """One message to one person. `context` holds what its templates say; never a child's name or date of birth."""

    kind = models.CharField(max_length=40, choices=Kind)
    key = models.CharField(max_length=200, help_text="What is told to whom, once: request-sent:EY-7K4M-2Q:adviser.")
    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # the two indexes below begin with it
        help_text="Who it is for, if they use the portal; nobody for contacts.",
    )
    channel = models.CharField(
        max_length=10,
        choices=Channel,
        default=Channel.AT_ONCE,
        help_text="What the person had chosen when it was queued.",
    )
    reference = models.CharField(max_length=40, blank=True, help_text="Of the request it is about, if it is about one.")
    context = models.JSONField(
        help_text="The fields of the kind's dataclass in documents; moments and dates as ISO text."
    )
    message_id = models.CharField(max_length=300)
    queued_at = models.DateTimeField(help_text="The moment of what is told; practice time where rehearsal is on.")
    next_try_at = models.DateTimeField(default=AT_ONCE, help_text="Real time.")
    claimed_until = models.DateTimeField(
        null=True, blank=True, help_text="Real time until which one worker has this message to itself."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(
        default=0, help_text="Workers lost while sending: so often the server may have this Message-ID once more."
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Real time at which the server said yes.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Real time at which we gave up.")
    last_error = models.CharField(max_length=500, blank=True)
    digest = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="digested",
        help_text="The daily e-mail that told of this message.",
    )
    read_at = models.DateTimeField(
        null=True, blank=True, help_text="When its person marked it as read; the portal's own time."
    )
    remote_id = models.CharField(max_length=64, blank=True, help_text="GOV.UK Notify's id of what it took.")
    fate = models.CharField(max_length=20, choices=Fate, blank=True, help_text="What Notify says became of it.")
    next_check_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time at which Notify is asked again; empty after its last word."
    )
    delivered_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time at which we heard that it is in the inbox."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notifications_notification_one_per_key"),
            models.CheckConstraint(
                name="notifications_notification_kind_known", condition=models.Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(name="notifications_notification_has_address", condition=~models.Q(to_email="")),
            models.CheckConstraint(
                name="notifications_notification_sent_or_failed",
                condition=models.Q(sent_at__isnull=True) | models.Q(failed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notifications_notification_channel_known", condition=models.Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="notifications_notification_contacts_by_email",
                condition=models.Q(person__isnull=False) | models.Q(channel=Channel.AT_ONCE),
            ),
        ]
        indexes = [
            # Sent rows pile up for years; the few that wait, failed or are still on their way are found without them.
            models.Index(
                fields=["next_try_at", "id"],
                name="notifications_to_send",
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True, channel=Channel.AT_ONCE),
            ),
            models.Index(
                fields=["failed_at", "id"],
                name="notifications_failed",
                condition=models.Q(failed_at__isnull=False),
            ),
            models.Index(
                fields=["next_check_at", "id"],
                name="notifications_to_check",
                condition=models.Q(next_check_at__isnull=False),
            ),
            models.Index(
                fields=["person", "queued_at"],
                name="notifications_to_digest",
                condition=models.Q(channel=Channel.DIGEST, digest__isnull=True),
            ),
            models.Index(fields=["person", "-queued_at", "-id"], name="notifications_person"),
            models.Index(
                fields=["person"],
                name="notifications_unread",
                condition=models.Q(person__isnull=False, read_at__isnull=True),
            ),
            models.Index(fields=["reference", "id"], name="notifications_reference", condition=~models.Q(reference="")),
        ]

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """How one person gets their messages. Whoever has no row gets everything by e-mail, at once."""

    person = models.OneToOneField(User, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.AT_ONCE)
    weekly = models.BooleanField(default=True, help_text="Whether they want the summary on Mondays.")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_preference_channel_known", condition=models.Q(channel__in=Channel.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.channel}"
