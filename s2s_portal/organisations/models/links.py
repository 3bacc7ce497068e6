"""Links in messages to people without an account: each a row, so that it can be used up and taken back."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from s2s_portal.organisations.choices import LinkPurpose, LinkState


class SignedLink(models.Model):
    """One link for one contact and one purpose. Its address is the signed id, made when the message is sent.

    It grows old in real time, whatever the practice date.
    """

    key = models.UUIDField(unique=True, help_text="In the address of its page, which opens only for who has the link.")
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    email_hash = models.CharField(max_length=64, help_text="SHA-256 of the contact's e-mail address in lower case.")
    subject = models.CharField(max_length=80, help_text="What it opens, such as 'record EY-7K4M-2Q/1'.")
    created_at = models.DateTimeField(auto_now_add=True, help_text="Real time.")
    lasts_days = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, help_text="The portal's own time, as is `revoked_at`.")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_signedlink_purpose_known", condition=Q(purpose__in=LinkPurpose.values)
            ),
            models.CheckConstraint(name="organisations_signedlink_lasts", condition=Q(lasts_days__gte=1)),
        ]
        indexes = [models.Index(fields=["subject", "purpose"], name="organisations_links_of")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.subject}"

    @property
    def expires_at(self) -> datetime:
        """The real moment from which it opens nothing."""
        return self.created_at + timedelta(days=self.lasts_days)

    def state(self, real_at: datetime) -> LinkState:
        """Whether it opens its page at `real_at` (real time), and if not why."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.used_at is not None:
            return LinkState.USED
        return LinkState.LIVE if real_at < self.expires_at else LinkState.EXPIRED
