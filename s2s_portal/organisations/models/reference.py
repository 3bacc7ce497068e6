"""The history of the lists that the council looks after: types of need, INDES, kinds of school and setting, zones."""

from django.db import models

from s2s_portal.organisations.choices import ReferenceKind
from s2s_portal.organisations.models.people import User


class ReferenceChange(models.Model):
    """One change of one entry of a list, as it was written at the time. Append-only.

    `key` comes from the page on which it was checked: the same press twice changes nothing. The entry itself may be
    gone by now, so `subject` is its name then and no key.
    """

    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20, choices=ReferenceKind)
    subject = models.CharField(max_length=200, help_text="The entry's name before the change, such as 'Zone 3'.")
    what = models.CharField(max_length=60, help_text="Such as 'renamed'.")
    was = models.CharField(max_length=300, blank=True)
    now = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_referencechange_kind_known",
                condition=models.Q(kind__in=ReferenceKind.values),
            )
        ]
        indexes = [models.Index(fields=["kind", "-at"], name="organisations_reference_listed")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"
