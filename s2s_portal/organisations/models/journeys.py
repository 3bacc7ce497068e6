"""How long a journey really takes, where somebody knows better than a straight line."""

from django.db import models
from django.db.models import F, Q

from s2s_portal.organisations.models.establishments import Establishment
from s2s_portal.organisations.models.people import User

LONGEST_MINUTES = 600


class JourneyTime(models.Model):
    """Minutes between two establishments, in either direction, instead of the estimate: across an estuary, say.

    One row for a pair: `first` is the one with the lower primary key.
    """

    first = models.ForeignKey(Establishment, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True, help_text="Why the estimate misleads; names no child.")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="organisations_journeytime_one_per_pair"),
            models.CheckConstraint(
                name="organisations_journeytime_lower_key_first", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(
                name="organisations_journeytime_minutes_likely",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} to {self.second_id}: {self.minutes} minutes"
