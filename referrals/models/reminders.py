"""The ledger of reminders: what was due, and whether it was sent or why not."""

from django.db import models
from django.db.models import Q

from referrals.choices import ReminderKind, ReminderState


class Reminder(models.Model):
    """One reminder that was due. Append-only; its `key` says what of, and is written once whoever runs the job.

    It names its subject as text: drafts are purged and requests erased, and what was sent stays known.
    """

    key = models.CharField(max_length=200, unique=True, help_text="FIRST_CONTACT:EY-7K4M-2Q:place-12:3")
    kind = models.CharField(max_length=20, choices=ReminderKind)
    step = models.PositiveSmallIntegerField(help_text="Which of its kind's days: 3, 5 or 8.")
    subject = models.CharField(max_length=60, help_text="A request's reference, or a draft, contract or person.")
    due_at = models.DateTimeField(help_text="The moment from which it was due.")
    at = models.DateTimeField(help_text="The moment of the run that decided.")
    recorded_at = models.DateTimeField(auto_now_add=True, help_text="Real time, for audit only.")
    state = models.CharField(max_length=10, choices=ReminderState)
    told = models.CharField(max_length=1000, blank=True, help_text="To whom it went, as people say it.")
    why = models.CharField(max_length=500, blank=True, help_text="Why it was not sent, or not to somebody.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_reminder_kind_known", condition=Q(kind__in=ReminderKind.values)),
            models.CheckConstraint(
                name="referrals_reminder_sent_to_somebody_or_says_why",
                condition=Q(state=ReminderState.SENT) & ~Q(told="")
                | Q(state=ReminderState.NOT_SENT, told="") & ~Q(why=""),
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-at", "-id"], name="referrals_reminders_of"),
            models.Index(fields=["-at", "-id"], name="referrals_reminders_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="referrals_reminders_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
