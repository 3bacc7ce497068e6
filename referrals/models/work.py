"""S2S's own work on a request: cover, the contact log, closing; and what teachers are good at."""

from django.db import models
from django.db.models import F, Q

from referrals.choices import ContactHow, ContactOutcome, EndState, GoalResult
from referrals.models.codes import NeedType
from referrals.models.referrals import Goal, Referral
from s2s_portal.organisations.models import User


class Specialism(models.Model):
    """One type of need that a teacher knows especially well."""

    teacher = models.ForeignKey(User, models.PROTECT, related_name="+")
    need_type = models.ForeignKey(NeedType, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teacher", "need_type"], name="referrals_specialism_once")]

    def __str__(self) -> str:
        return f"{self.teacher_id}: {self.need_type_id}"


class Cover(models.Model):
    """Days on which another teacher looks after a request; both include their whole day in Europe/London."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="covers")
    teacher = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_cover_days_in_order", condition=Q(starts_on__lte=F("ends_on"))),
            models.UniqueConstraint(
                fields=["referral", "teacher", "starts_on"], name="referrals_cover_one_for_each_start"
            ),
        ]
        indexes = [models.Index(fields=["teacher", "ends_on"], name="referrals_cover_of_teacher")]

    def __str__(self) -> str:
        return f"{self.referral_id} by {self.teacher_id}, {self.starts_on} to {self.ends_on}"


class ContactAttempt(models.Model):
    """One attempt to reach the school or setting. Append-only; its `key` makes one row of two presses."""

    key = models.UUIDField(unique=True)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="contacts", db_index=False)
    happened_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=ContactHow)
    outcome = models.CharField(max_length=15, choices=ContactOutcome)
    who = models.CharField(max_length=200, blank=True, help_text="With whom; may be blank unless reached.")
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referrals_contactattempt_outcome_known", condition=Q(outcome__in=ContactOutcome.values)
            ),
            models.CheckConstraint(name="referrals_contactattempt_how_known", condition=Q(how__in=ContactHow.values)),
            models.CheckConstraint(
                name="referrals_contactattempt_reached_somebody",
                condition=~Q(outcome=ContactOutcome.REACHED) | ~Q(who=""),
            ),
        ]
        indexes = [models.Index(fields=["referral", "-happened_at"], name="referrals_contact_log")]

    def __str__(self) -> str:
        return f"{self.get_how_display()}: {self.get_outcome_display()}"


class Closing(models.Model):
    """What was said when a request closed. Append-only: one that is opened again and closes has two."""

    key = models.UUIDField(unique=True)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="closings")
    end_state = models.CharField(max_length=15, choices=EndState)
    summary = models.TextField(max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referrals_closing_end_state_known", condition=Q(end_state__in=EndState.values)
            ),
            models.CheckConstraint(name="referrals_closing_has_a_summary", condition=~Q(summary="")),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.end_state}"


class GoalOutcome(models.Model):
    """What became of one goal, told when its request closed. Append-only."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="outcomes")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="outcomes")
    result = models.CharField(max_length=15, choices=GoalResult)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "goal"], name="referrals_goaloutcome_one_for_each_goal"),
            models.CheckConstraint(
                name="referrals_goaloutcome_result_known", condition=Q(result__in=GoalResult.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.result}"
