"""What happened at a booking, and the formal record of it.

A record is written as a draft of answers that are saved one by one; finalising copies them into an append-only row,
which is then only added to or retracted.
"""

from django.db import models
from django.db.models import Q

from referrals.choices import ActionResult, NotHeldReason, VisitOutcome
from referrals.models.bookings import Booking
from referrals.models.referrals import Referral
from s2s_portal.organisations.models import User


class Visit(models.Model):
    """What happened at one booking: held, or not and why. Append-only; one for each booking."""

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="visit")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="visits")
    outcome = models.CharField(max_length=10, choices=VisitOutcome)
    minutes_late = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=20, choices=NotHeldReason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_visit_outcome_known", condition=Q(outcome__in=VisitOutcome.values)),
            models.CheckConstraint(
                name="referrals_visit_not_held_says_why",
                condition=Q(outcome=VisitOutcome.NOT_HELD, reason__in=NotHeldReason.values)
                | ~Q(outcome=VisitOutcome.NOT_HELD) & Q(reason=""),
            ),
            models.CheckConstraint(
                name="referrals_visit_late_says_by_how_much",
                condition=Q(outcome=VisitOutcome.HELD_LATE, minutes_late__gte=1)
                | ~Q(outcome=VisitOutcome.HELD_LATE) & Q(minutes_late=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.outcome}"


class RecordDraft(models.Model):
    """A record that is being written. It goes when the record is finalised."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="draft")
    edition = models.PositiveSmallIntegerField(default=1, help_text="2 and more: in place of one that was retracted.")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Draft of {self.visit_id}"


class RecordAnswer(models.Model):
    """One answer of a draft, saved as one types. `version` guards against two windows saving over each other."""

    draft = models.ForeignKey(RecordDraft, models.CASCADE, related_name="answers")
    name = models.CharField(max_length=40, help_text="The question's name in the form.")
    value = models.TextField(max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "name"], name="referrals_recordanswer_one_per_name")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class VisitRecord(models.Model):
    """A finalised record of visit. Append-only; `content` is a `documents.records.RecordContent`."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="records")
    edition = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=30, unique=True, help_text="EY-7K4M-2Q/1: the request's, and its number.")
    version = models.PositiveSmallIntegerField(help_text="Of the content's shape.")
    content = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "edition"], name="referrals_visitrecord_edition")]

    def __str__(self) -> str:
        return self.reference


class Addendum(models.Model):
    """Something added to a finalised record, which itself stays as it was. Append-only."""

    key = models.UUIDField(unique=True)
    record = models.ForeignKey(VisitRecord, models.PROTECT, related_name="addenda")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="referrals_addendum_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.record_id}, {self.at:%d %B %Y}"


class Retraction(models.Model):
    """A record that was finalised for the wrong child: from then on only an auditor sees it. Append-only."""

    record = models.OneToOneField(VisitRecord, models.PROTECT, related_name="retraction")
    reason = models.CharField(max_length=500)
    breach_note = models.TextField(max_length=4000, help_text="Who saw it, who was told, what was done.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_retraction_says_why", condition=~Q(reason="") & ~Q(breach_note=""))
        ]

    def __str__(self) -> str:
        return f"Retraction of {self.record_id}"


class AgreedAction(models.Model):
    """One action that a record agrees: who does what by when. Append-only."""

    record = models.ForeignKey(VisitRecord, models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    owner = models.CharField(max_length=200)
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="referrals_agreedaction_position"),
            models.CheckConstraint(
                name="referrals_agreedaction_five_at_most", condition=Q(position__gte=1, position__lte=5)
            ),
        ]

    def __str__(self) -> str:
        return self.text


class AgreedActionResult(models.Model):
    """How an earlier record's action stood at a later visit. Append-only; what is not done stays open."""

    action = models.ForeignKey(AgreedAction, models.PROTECT, related_name="results")
    record = models.ForeignKey(VisitRecord, models.PROTECT, related_name="results")
    result = models.CharField(max_length=10, choices=ActionResult)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "record"], name="referrals_agreedactionresult_once"),
            models.CheckConstraint(
                name="referrals_agreedactionresult_known", condition=Q(result__in=ActionResult.values)
            ),
            models.CheckConstraint(
                name="referrals_agreedactionresult_says_why", condition=Q(result=ActionResult.DONE) | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.result}"


class Attachment(models.Model):
    """A file that belongs to a visit's record. Stored outside the web root under a name of ours."""

    key = models.UUIDField(unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="attachments")
    edition = models.PositiveSmallIntegerField(help_text="Of the record that it belongs to.")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100, unique=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
