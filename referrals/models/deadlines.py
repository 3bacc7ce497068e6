"""What a period came to when a deadline of it passed, and what the nightly reconciliation found. Append-only."""

from django.db import models
from django.db.models import Q

from quotas.models import Quota
from referrals.choices import Deadline


class DeadlineAccount(models.Model):
    """What a quota stood at when one of its period's deadlines had passed. It is written once, and people told then.

    A deadline that was moved later passes again, on another day.
    """

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="+")
    deadline = models.CharField(max_length=15, choices=Deadline)
    on = models.DateField(help_text="The deadline's day, which it includes.")
    at = models.DateTimeField()
    counts = models.JSONField(help_text="Whole numbers by name: sent, waiting, drafts … and none about a child.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quota", "deadline", "on"], name="referrals_deadlineaccount_once"),
            models.CheckConstraint(
                name="referrals_deadlineaccount_deadline_known", condition=Q(deadline__in=Deadline.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_deadline_display()} of {self.quota_id} on {self.on}"


class ReconciliationRun(models.Model):
    """One comparison of the ledger with the requests: how much was compared, and each difference in words.

    `differences` holds the first of them, as {"reference": …, "words": …}; `count` is how many there were.
    """

    at = models.DateTimeField(unique=True, help_text="The night's own moment: run twice, it is written once.")
    quotas = models.PositiveIntegerField()
    lines = models.PositiveIntegerField(help_text="Of all their ledgers.")
    requests = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    differences = models.JSONField()

    def __str__(self) -> str:
        return f"{self.count} differences at {self.at:%Y-%m-%d %H:%M}"
