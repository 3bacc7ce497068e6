"""Reports to commissioners as they were issued."""

from django.db import models

from quotas.models import Period
from s2s_portal.organisations.models import User


class IssuedReport(models.Model):
    """One report, byte for byte as it was issued. Append-only, its content too: it is in the database for that reason.

    Numbers count within a period, from 1: the next is one more than the highest there is, and nothing deletes a report.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    key = models.UUIDField(unique=True, null=True, help_text="Of the page it was asked on: two presses make one.")
    at = models.DateTimeField(help_text="The moment that its figures are for.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    content = models.BinaryField(help_text="The PDF.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="oversight_issuedreport_numbered"),
        ]

    def __str__(self) -> str:
        return f"Report {self.number}, {self.period}"
