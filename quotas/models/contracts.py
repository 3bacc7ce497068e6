"""Contracts, their periods, and the table of fees."""

from django.db import models
from django.db.models import F, Q

from quotas.choices import FeeBasis
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
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quotas_contract_dates_in_order",
                condition=Q(starts_on__lte=F("ends_on"), ends_on__lte=F("run_off_ends_on")),
            )
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


class FeeRule(models.Model):
    """One row of R13's table: the fee from `starts_on` until the stream's next row. Integer pence."""

    stream = models.CharField(max_length=20, choices=Stream)
    starts_on = models.DateField()
    basis = models.CharField(max_length=20, choices=FeeBasis)
    pence = models.PositiveIntegerField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "starts_on"], name="quotas_feerule_one_per_day"),
            models.CheckConstraint(name="quotas_feerule_stream_known", condition=Q(stream__in=Stream.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_stream_display()} from {self.starts_on:%d %B %Y}: {self.pence} pence"
