"""Code lists with validity dates, loaded by command, and the counter behind the references."""

from django.db import models
from django.db.models import F, Q


class NeedType(models.Model):
    """A DfE type of need, valid from and to a date (both included); an open end is null (DOMAIN §C2).

    Another label is another row of the same code, valid from when the first one's ends: who used that keeps its words.
    """

    code = models.CharField(max_length=5)
    label = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="referrals_needtype_one_at_a_time"),
            models.CheckConstraint(
                name="referrals_needtype_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.code})"


class IndesSection(models.Model):
    """A section of Norfolk's INDES. The scale is reviewed now and then, so it is versioned data (DOMAIN §C1)."""

    version = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    top_level = models.PositiveSmallIntegerField(help_text="The highest level of this version's scale.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number", "valid_from"], name="referrals_indessection_one_at_a_time"
            ),
            models.CheckConstraint(
                name="referrals_indessection_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReferenceCounter(models.Model):
    """The counter that references are permuted from. One row; the last lock that anyone takes (ENGINEERING §4)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_number = models.PositiveBigIntegerField(default=0)
    key = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(name="referrals_referencecounter_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.last_number)
