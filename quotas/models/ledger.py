"""Quotas and their ledger. There is no column of places left: the ledger is the number (ENGINEERING §4)."""

from django.db import models
from django.db.models import F, Q

from quotas.choices import EntryKind
from quotas.models.contracts import Period
from s2s_portal.organisations.choices import Stream


class Quota(models.Model):
    """The places bought for one stream in one period. Lock this row before any draw or release."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="quotas")
    stream = models.CharField(max_length=20, choices=Stream)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "stream"], name="quotas_quota_one_per_stream"),
            models.CheckConstraint(name="quotas_quota_stream_known", condition=Q(stream__in=Stream.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_stream_display()}, {self.period_id}"


class LedgerEntry(models.Model):
    """One append-only line: `places` is signed, `left_after` the running sum, `seq` its position in the quota.

    A release answers the draw it reverses, and a second draw for the same request answers that release. Each line can
    be answered once, and only one draw of a reference answers nothing: so a reference never holds two places. A move
    between streams is two ADJUSTED lines that name the same change and together are nothing.
    """

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EntryKind)
    places = models.IntegerField()
    left_after = models.IntegerField()
    reference = models.CharField(max_length=20, blank=True, help_text="The request's, as text: no key upward.")
    answers = models.OneToOneField("self", models.PROTECT, null=True, related_name="answered_by")
    change = models.ForeignKey(
        "organisations.ProposedChange",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # the constraint below has an index
        help_text="The approved move that this line is one side of (R9).",
    )
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True, help_text="Real time, for audit only.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quota", "seq"], name="quotas_ledgerentry_seq"),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(kind=EntryKind.DRAWN, answers=None),
                name="quotas_ledgerentry_one_live_draw",
            ),
            models.UniqueConstraint(
                fields=["change", "quota"],
                condition=Q(change__isnull=False),
                name="quotas_ledgerentry_one_line_for_a_change",
            ),
            models.CheckConstraint(
                name="quotas_ledgerentry_changes_adjust",
                condition=Q(change__isnull=True) | Q(kind=EntryKind.ADJUSTED),
            ),
            models.CheckConstraint(
                name="quotas_ledgerentry_sign_fits_kind",
                condition=Q(kind=EntryKind.GRANTED, places__gt=0)
                | Q(kind=EntryKind.ADJUSTED) & ~Q(places=0)
                | Q(kind=EntryKind.DRAWN, places=-1)
                | Q(kind=EntryKind.RELEASED, places=1)
                | Q(kind=EntryKind.CARRIED, places=0),
            ),
            models.CheckConstraint(
                name="quotas_ledgerentry_never_drawn_below_zero",
                condition=~Q(kind=EntryKind.DRAWN) | Q(left_after__gte=0),
            ),
            models.CheckConstraint(
                name="quotas_ledgerentry_release_answers_a_draw",
                condition=~Q(kind=EntryKind.RELEASED) | Q(answers__isnull=False),
            ),
            models.CheckConstraint(
                name="quotas_ledgerentry_draws_name_their_request",
                condition=~Q(kind__in=[EntryKind.DRAWN, EntryKind.RELEASED, EntryKind.CARRIED]) | ~Q(reference=""),
            ),
            models.UniqueConstraint(  # a request that was carried over draws nothing, and is carried over once (R15)
                fields=["reference"], condition=Q(kind=EntryKind.CARRIED), name="quotas_ledgerentry_one_carried"
            ),
        ]
        indexes = [models.Index(F("quota"), F("kind"), name="quotas_ledger_kind")]

    def __str__(self) -> str:
        return f"{self.seq}: {self.get_kind_display()} {self.places:+d} {self.reference}".strip()

    @property
    def what(self) -> str:
        """What the line did, as screens say it."""
        if self.kind != EntryKind.ADJUSTED:
            return self.get_kind_display()
        if self.change_id:
            return "Moved in" if self.places > 0 else "Moved out"
        return "Raised" if self.places > 0 else "Lowered"
