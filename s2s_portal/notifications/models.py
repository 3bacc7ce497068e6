"""The outbox: messages wait here, written in the same transaction as what they tell, until the server has taken them.

Whoever waits, claims and sends does so in real time; only `queued_at` is the portal's own time, which may be practice.
"""

import hashlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models

from s2s_portal.notifications.choices import Kind

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
        ]
        indexes = [
            # Sent rows pile up for years; the few that wait are found without looking at them.
            models.Index(
                fields=["next_try_at", "id"],
                name="notifications_waiting",
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.key
