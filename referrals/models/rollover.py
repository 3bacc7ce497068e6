"""The end of a contract: every open request, what was decided about it, and what was done (R15, DESIGN §8)."""

import uuid

from django.db import models
from django.db.models import F, Q

from quotas.models import Contract
from referrals.choices import Fate, FateReason, LineState, RolloverStage, Status
from referrals.models.referrals import Referral
from s2s_portal.organisations.models import ProposedChange, User


class Rollover(models.Model):
    """What becomes of the open requests of one contract; `target` is the contract that follows, if one does."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Stands in its address.")
    source = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    target = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=10, choices=RolloverStage, default=RolloverStage.DECIDING)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    checked_at = models.DateTimeField(help_text="When every open request was last looked at.")
    change = models.OneToOneField(ProposedChange, models.PROTECT, null=True, related_name="+")
    ran_at = models.DateTimeField(null=True, help_text="When it was approved and began to run.")
    open_before = models.PositiveIntegerField(null=True, help_text="Requests open at that moment (R15).")
    ended_at = models.DateTimeField(null=True, help_text="When the last request was done, or undone.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_rollover_stage_known", condition=Q(stage__in=RolloverStage.values)),
            models.CheckConstraint(
                name="referrals_rollover_not_into_itself", condition=Q(target=None) | ~Q(target=F("source"))
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=~Q(stage=RolloverStage.UNDONE),
                name="referrals_rollover_one_for_a_contract",
            ),
            models.CheckConstraint(
                name="referrals_rollover_ran_with_a_count",
                condition=Q(ran_at=None, open_before=None) | Q(ran_at__isnull=False, open_before__isnull=False),
            ),
            models.CheckConstraint(
                name="referrals_rollover_ran_once_approved",
                condition=Q(stage__in=(RolloverStage.DECIDING, RolloverStage.PROPOSED), ran_at=None)
                | ~Q(stage__in=(RolloverStage.DECIDING, RolloverStage.PROPOSED))
                & Q(ran_at__isnull=False, change__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} to {self.target or 'nothing'}: {self.stage}"


class RolloverLine(models.Model):
    """One open request. `fate` is what is to be done with it, at first as proposed; `outcome` what was done."""

    rollover = models.ForeignKey(Rollover, models.PROTECT, related_name="lines", db_index=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="rollover_lines")
    proposed = models.CharField(max_length=10, choices=Fate)
    reason = models.CharField(max_length=25, choices=FateReason)
    fate = models.CharField(max_length=10, choices=Fate)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="Of whoever decided; may name no child.")
    asked_at = models.DateTimeField(null=True, help_text="When the adviser was asked.")
    wish = models.CharField(max_length=10, choices=Fate, blank=True, help_text="What the adviser answered.")
    wish_note = models.CharField(max_length=500, blank=True)
    wish_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    wish_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False, help_text="It was found after the moving had begun.")
    state = models.CharField(max_length=10, choices=LineState, default=LineState.PENDING)
    outcome = models.CharField(max_length=10, choices=Fate, blank=True)
    problem = models.CharField(max_length=300, blank=True, help_text="Why not what was decided; no child data.")
    done_at = models.DateTimeField(null=True)
    was_status = models.CharField(max_length=15, choices=Status, blank=True, help_text="Where a moved request stood.")
    was_returned_from = models.CharField(
        max_length=15, choices=Status, blank=True, help_text="Where a request moved while it was returned was before."
    )
    successor = models.OneToOneField(Referral, models.PROTECT, null=True, related_name="carried_by_line")
    last_seq = models.PositiveIntegerField(null=True, help_text="The old request's last event, once it was moved.")
    successor_seq = models.PositiveIntegerField(null=True, help_text="The new request's last event at that moment.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rollover", "referral"], name="referrals_rolloverline_one_for_a_request"),
            models.CheckConstraint(name="referrals_rolloverline_fate_known", condition=Q(fate__in=Fate.values)),
            models.CheckConstraint(name="referrals_rolloverline_state_known", condition=Q(state__in=LineState.values)),
            models.CheckConstraint(
                name="referrals_rolloverline_reason_known", condition=Q(reason__in=FateReason.values)
            ),
            models.CheckConstraint(
                name="referrals_rolloverline_decided_at_and_by",
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referrals_rolloverline_wish_at_and_by",
                condition=Q(wish_at=None, wish_by=None, wish="")
                | Q(wish_at__isnull=False, wish_by__isnull=False) & ~Q(wish=""),
            ),
            models.CheckConstraint(
                name="referrals_rolloverline_done_with_an_outcome",
                condition=Q(state=LineState.PENDING, outcome="", done_at=None)
                | ~Q(state=LineState.PENDING) & Q(done_at__isnull=False) & ~Q(outcome__in=("", Fate.ASK)),
            ),
            models.CheckConstraint(
                name="referrals_rolloverline_moved_has_a_successor",
                condition=Q(
                    outcome=Fate.MOVE, successor__isnull=False, last_seq__isnull=False, successor_seq__isnull=False
                )
                | ~Q(outcome=Fate.MOVE) & Q(successor=None),
            ),
        ]
        indexes = [models.Index(fields=["rollover", "state", "id"], name="referrals_rollover_lines")]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.fate}, {self.state}"
