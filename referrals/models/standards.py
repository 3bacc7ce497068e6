"""How soon S2S means to act, how many visits a request may have, how fast people drive: settings, never changed."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from s2s_portal.organisations.models import User

AT_LEAST_ONE = [MinValueValidator(1)]


class ServiceStandards(models.Model):
    """One set of R10's settings, in force from a moment until the next set's. Append-only: a change is a new row.

    Of two from the same moment all but the last were taken back: `StandardsTakenBack` marks them.
    """

    in_force_from = models.DateTimeField()
    contact_working_days = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE)
    observation_weeks = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE)
    record_working_days = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE)
    review_weeks = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE)
    usual_visits = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE, help_text="More than these need a reason.")
    most_visits = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE, help_text="More than these are refused.")
    road_percent = models.PositiveSmallIntegerField(help_text="Of the straight line: 130 is a road 30 % longer.")
    km_per_hour = models.PositiveSmallIntegerField(validators=AT_LEAST_ONE)
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referrals_servicestandards_caps_in_order", condition=Q(usual_visits__lte=F("most_visits"))
            ),
            models.CheckConstraint(
                name="referrals_servicestandards_positive",
                condition=Q(
                    contact_working_days__gte=1,
                    observation_weeks__gte=1,
                    record_working_days__gte=1,
                    review_weeks__gte=1,
                    usual_visits__gte=1,
                    road_percent__gte=100,
                    km_per_hour__gte=1,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Standards from {self.in_force_from:%d %B %Y}"


class StandardsTakenBack(models.Model):
    """That a set was taken back before its day, so that it never counted, and why. Append-only."""

    standards = models.OneToOneField(ServiceStandards, models.PROTECT, related_name="taken_back")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Taken back: {self.standards}"
