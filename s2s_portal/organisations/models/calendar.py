"""Terms, holidays and closures, and when people work: rows that people change (ENGINEERING §1).

`queries.calendar` makes of them the value that rules take, `core.calendar.Days`. All dates include their whole day.
"""

from django.db import models
from django.db.models import F, Q

from s2s_portal.organisations.choices import ClosureKind
from s2s_portal.organisations.models.establishments import Establishment
from s2s_portal.organisations.models.people import User


class Term(models.Model):
    """A stretch of days on which pupils attend, Norfolk's own dates. A half-term is what lies between two rows."""

    name = models.CharField(max_length=60, help_text="Such as 'Autumn 2024, first half'.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    support = models.CharField(max_length=200, blank=True, help_text="How well the dates are supported, in words.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], name="organisations_term_one_per_first_day"),
            models.CheckConstraint(name="organisations_term_dates_in_order", condition=Q(starts_on__lte=F("ends_on"))),
        ]

    def __str__(self) -> str:
        return self.name


class BankHoliday(models.Model):
    """A bank holiday of England and Wales."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%-d %B %Y}"


class Closure(models.Model):
    """Days on which pupils do not attend although it is term: of one school or setting, or of the whole county."""

    establishment = models.ForeignKey(
        Establishment, models.PROTECT, null=True, related_name="+", help_text="None: the whole county."
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    kind = models.CharField(max_length=10, choices=ClosureKind)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "starts_on"],
                condition=Q(establishment__isnull=False),
                name="organisations_closure_one_per_first_day",
            ),
            models.UniqueConstraint(
                fields=["starts_on"],
                condition=Q(establishment__isnull=True),
                name="organisations_closure_county_one_per_first_day",
            ),
            models.CheckConstraint(
                name="organisations_closure_dates_in_order", condition=Q(starts_on__lte=F("ends_on"))
            ),
            models.CheckConstraint(name="organisations_closure_kind_known", condition=Q(kind__in=ClosureKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.starts_on:%-d %B %Y}"


class WorkingWeek(models.Model):
    """The days of the week on which a person works, from a day until their next row. Without one, Monday to Friday."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    in_force_from = models.DateField()
    monday = models.BooleanField()
    tuesday = models.BooleanField()
    wednesday = models.BooleanField()
    thursday = models.BooleanField()
    friday = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "in_force_from"], name="organisations_workingweek_one_at_a_time"),
            models.CheckConstraint(
                name="organisations_workingweek_some_day",
                condition=Q(monday=True) | Q(tuesday=True) | Q(wednesday=True) | Q(thursday=True) | Q(friday=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.in_force_from:%-d %B %Y}"

    @property
    def weekdays(self) -> frozenset[int]:
        """The days worked, as `date.weekday` numbers them: Monday is 0."""
        worked = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)
        return frozenset(number for number, works in enumerate(worked) if works)


class Leave(models.Model):
    """Days on which a person is away: holiday, illness, training elsewhere."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=200, blank=True, help_text="Only the person and co-ordinators see it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "starts_on"], name="organisations_leave_one_per_first_day"),
            models.CheckConstraint(name="organisations_leave_dates_in_order", condition=Q(starts_on__lte=F("ends_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.starts_on:%-d %B %Y}"
