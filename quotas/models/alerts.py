"""How full a quota was when people were told (DESIGN §7)."""

from django.db import models
from django.db.models import Q

from quotas.models.ledger import Quota
from quotas.rules import THRESHOLDS


class QuotaAlert(models.Model):
    """A threshold that a quota's use reached, open until use falls below it again; then it is armed anew."""

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="alerts")
    threshold = models.PositiveSmallIntegerField(help_text="Per cent of the places bought: 80, 95 or 100.")
    opened_at = models.DateTimeField()
    opened_seq = models.PositiveIntegerField(help_text="The quota's last line when the threshold was seen as reached.")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quota", "threshold"],
                condition=Q(closed_at__isnull=True),
                name="quotas_quotaalert_one_open",
            ),
            models.CheckConstraint(name="quotas_quotaalert_threshold_known", condition=Q(threshold__in=THRESHOLDS)),
        ]

    def __str__(self) -> str:
        return f"{self.threshold} % of {self.quota_id}, line {self.opened_seq}"
