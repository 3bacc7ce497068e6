"""Refusals, stored with their six facts so that they can be quoted months later (R6)."""

from django.db import models
from django.db.models import Q

from quotas.models import Period
from referrals.choices import RefusalRule
from referrals.models.codes import NeedType
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User, Zone


class Decision(models.Model):
    """One refusal of a submission. Append-only; `facts` is a `documents.RefusalFacts`."""

    reference = models.CharField(max_length=20, unique=True)
    draft_key = models.UUIDField(db_index=True)
    rule = models.CharField(max_length=20, choices=RefusalRule)
    stream = models.CharField(max_length=20, choices=Stream)
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, null=True, related_name="+")
    primary_need = models.ForeignKey(
        NeedType,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Unmet demand is counted by it; no child is named.",
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True, help_text="Real time, for audit only.")
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_decision_stream_known", condition=Q(stream__in=Stream.values)),
            models.CheckConstraint(name="referrals_decision_rule_known", condition=Q(rule__in=RefusalRule.values)),
        ]
        indexes = [
            models.Index(  # all that counting unmet demand reads: a period has many refusals, and their facts are wide
                fields=["period", "stream", "draft_key", "id", "rule", "zone", "primary_need", "at"],
                name="referrals_decision_unmet",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.rule}"
