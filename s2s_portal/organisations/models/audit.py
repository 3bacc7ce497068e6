"""Who looked at what, and why (R18). These rows hold ids and references, no foreign keys, so that they outlive both."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Upper

from s2s_portal.organisations.choices import AuditKind


class AuditEvent(models.Model):
    """One read or write of a case, by a person, at a real moment. Append-only."""

    at = models.DateTimeField(auto_now_add=True, help_text="Real time, whatever the practice date.")
    user_id = models.BigIntegerField()
    user_email = models.EmailField()
    kind = models.CharField(max_length=20, choices=AuditKind)
    what = models.CharField(max_length=100, help_text="The page or the change, such as 'request page' or 'withdrew'.")
    reference = models.CharField(max_length=60, help_text="The request's reference, or 'draft' and its key.")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["reference", "-at"], name="organisations_audit_reference"),
            models.Index(fields=["user_id", "-at"], name="organisations_audit_user"),
            models.Index(Upper("user_email"), F("at").desc(), name="organisations_audit_email"),
            models.Index(fields=["-at"], name="organisations_audit_at"),
            models.Index(fields=["kind", "-at"], name="organisations_audit_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.user_email} {self.what} {self.reference}"


class AccessReason(models.Model):
    """An auditor's recorded reason to open one case, good until `expires_at` (real time)."""

    user_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user_id", "reference", "expires_at"], name="organisations_reason_live")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.reference}"
