"""Contracts, their periods, and the table of fees."""

from django.db import models
from django.db.models import F, Q

from quotas.choices import FeeBasis, Referrers, Unit
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User


class Contract(models.Model):
    """The council's agreement with the provider. Dates include their whole day in Europe/London."""

    name = models.CharField(max_length=200, unique=True)
    provider = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    run_off_ends_on = models.DateField(help_text="The last day on which a visit may be held.")
    successor_name = models.CharField(max_length=200, blank=True, help_text="What follows, in words people know.")
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.REQUESTS)
    referrers = models.CharField(max_length=15, choices=Referrers, default=Referrers.ADVISERS)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quotas_contract_dates_in_order",
                condition=Q(starts_on__lte=F("ends_on"), ends_on__lte=F("run_off_ends_on")),
            ),
            models.CheckConstraint(name="quotas_contract_unit_known", condition=Q(unit__in=Unit.values)),
            models.CheckConstraint(name="quotas_contract_referrers_known", condition=Q(referrers__in=Referrers.values)),
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """A stretch of a contract for which places are bought. Dates include their whole day in Europe/London."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="periods")
    name = models.CharField(max_length=100)
    opens_on = models.DateField()
    requests_close_on = models.DateField(help_text="The cut-off (R3).")
    allocation_deadline_on = models.DateField()
    delivery_ends_on = models.DateField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "name"], name="quotas_period_one_per_name"),
            models.UniqueConstraint(fields=["opens_on"], name="quotas_period_one_opens_at_a_time"),
            models.CheckConstraint(
                name="quotas_period_dates_in_order",
                condition=Q(
                    opens_on__lte=F("requests_close_on"),
                    requests_close_on__lte=F("allocation_deadline_on"),
                    allocation_deadline_on__lte=F("delivery_ends_on"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DatesChange(models.Model):
    """Dates of a contract, or of one of its periods, that were moved later. Append-only.

    `was` and `now` hold the dates that changed, as ISO text under their column's name.
    """

    key = models.UUIDField(unique=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="dates_changes")
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, related_name="dates_changes", help_text="Null: the contract's own dates."
    )
    was = models.JSONField()
    now = models.JSONField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.period or self.contract}: {self.was} to {self.now}"


class FeeRule(models.Model):
    """One row of R13's table: the fee from `starts_on` until the stream's next row. Integer pence."""

    stream = models.CharField(max_length=20, choices=Stream)
    starts_on = models.DateField()
    basis = models.CharField(max_length=20, choices=FeeBasis)
    pence = models.PositiveIntegerField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        # Of two from the same day the later row counts: a fee that is still to come can so be put right.
        indexes = [models.Index(fields=["stream", "-starts_on"], name="quotas_feerule_in_force")]
        constraints = [
            models.CheckConstraint(name="quotas_feerule_stream_known", condition=Q(stream__in=Stream.values)),
            models.CheckConstraint(name="quotas_feerule_basis_known", condition=Q(basis__in=FeeBasis.values)),
            models.CheckConstraint(
                name="quotas_feerule_amount_fits_basis",
                condition=Q(basis=FeeBasis.PER_REQUEST, pence__gte=1) | ~Q(basis=FeeBasis.PER_REQUEST) & Q(pence=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stream_display()} from {self.starts_on:%d %B %Y}: {self.pence} pence"
