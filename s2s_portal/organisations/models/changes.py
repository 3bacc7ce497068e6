"""Changes that need a second person: proposed by one, decided by another (ENGINEERING §4)."""

import uuid

from django.db import models
from django.db.models import F, Q

from s2s_portal.organisations.choices import ChangeKind, ChangeOutcome
from s2s_portal.organisations.models.people import User

WAITING = ChangeOutcome.WAITING
CANCELLED = ChangeOutcome.CANCELLED


class ProposedChange(models.Model):
    """One change as it was proposed, and what was decided. Only the decision is ever written to a row that is there.

    `facts` has the shape of the one dataclass that the kind and `version` name, in the app that carries the change out.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Stands in its address.")
    kind = models.CharField(max_length=30, choices=ChangeKind)
    subject = models.CharField(max_length=60, help_text="What it is about, as text such as 'period 3': no key upward.")
    version = models.PositiveSmallIntegerField(help_text="Of the shape of the facts.")
    facts = models.JSONField()
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ChangeOutcome, default=WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="Of whoever decided.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_proposedchange_kind_known", condition=Q(kind__in=ChangeKind.values)
            ),
            models.CheckConstraint(
                name="organisations_proposedchange_outcome_known", condition=Q(outcome__in=ChangeOutcome.values)
            ),
            models.CheckConstraint(
                name="organisations_proposedchange_decided_at_and_by",
                condition=Q(outcome=WAITING, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(outcome=WAITING) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="organisations_proposedchange_second_person",
                condition=Q(decided_by__isnull=True)
                | Q(outcome=CANCELLED, decided_by=F("proposed_by"))
                | ~Q(outcome=CANCELLED) & ~Q(decided_by=F("proposed_by")),
            ),
        ]
        indexes = [models.Index(fields=["kind", "outcome", "-proposed_at"], name="organisations_change_listed")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.subject}: {self.get_outcome_display()}"
