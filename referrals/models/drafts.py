"""Unfinished requests, in a table of their own so that they can be purged; they draw nothing."""

import uuid

from django.db import models

from referrals.choices import Section
from referrals.models.details import RequestDetails
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User


class DraftReferral(RequestDetails):
    """An unfinished request. Its `key` stands in its address and becomes the request's submission key."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stream = models.CharField(max_length=20, choices=Stream)
    support_wanted = models.JSONField(default=list, blank=True, help_text="Values of SupportKind.")
    goal_1 = models.CharField(max_length=500, blank=True)
    goal_2 = models.CharField(max_length=500, blank=True)
    goal_3 = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    edition = models.PositiveIntegerField(
        default=1, help_text="Rises with every save: what was checked is what is sent."
    )

    continues = models.OneToOneField(
        "referrals.Referral",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The request for which no place came free and that this one asks for again.",
    )
    warned_edition = models.PositiveIntegerField(
        null=True, help_text="The edition whose deletion was announced: a save makes it nothing."
    )
    warned_on = models.DateField(null=True, help_text="When its deletion was announced.")
    warned_again_on = models.DateField(null=True, help_text="When it was announced for the second time.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referrals_draftreferral_stream_known", condition=models.Q(stream__in=Stream.values)
            )
        ]
        indexes = [
            models.Index(fields=["started_by", "-changed_at"], name="referrals_draft_starter"),
            models.Index(fields=["stream", "-changed_at"], name="referrals_draft_stream"),
        ]

    def __str__(self) -> str:
        return f"Draft {self.key}"

    @property
    def audit_reference(self) -> str:
        """How audit rows name this draft."""
        return f"draft {self.key}"


class DraftSection(models.Model):
    """How far one section of a draft has got. `version` guards against two people saving over each other."""

    draft = models.ForeignKey(DraftReferral, models.CASCADE, related_name="sections")
    section = models.CharField(max_length=20, choices=Section)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "section"], name="referrals_draftsection_one_per_section")
        ]

    def __str__(self) -> str:
        return f"{self.section} v{self.version}"
