"""Runs of jobs, and requests for them. Claims, tries and results are in real time; a slot is as its timetable says."""

from datetime import UTC, datetime

from django.db import models

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""A `next_try_at` that has always passed."""


class Attempted(models.Model):
    """Work that one process at a time has in hand, until its lease ends, and what became of it. All in real time."""

    job = models.CharField(max_length=60)
    claim = models.UUIDField(null=True, blank=True, help_text="The attempt that has, or last had, this in hand.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="Nobody else takes it before.")
    next_try_at = models.DateTimeField(default=AT_ONCE)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True, help_text="When the newest attempt began.")
    done_at = models.DateTimeField(null=True, blank=True)
    line = models.CharField(max_length=300, blank=True, help_text="What the job had to say; no child data.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Attempts that raised or whose worker was lost.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="When the newest of them did.")
    error = models.CharField(max_length=300, blank=True, help_text="Of the newest failure; no child data.")

    class Meta:
        abstract = True


class JobRun(Attempted):
    """One run of a job's timetable. The row is the claim: whoever inserts it runs that slot."""

    slot = models.DateTimeField(help_text="Real time for an interval, the portal's time for a daily job.")
    given_up_at = models.DateTimeField(null=True, blank=True, help_text="Failed, and not tried again.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "slot"], name="jobs_jobrun_one_per_slot"),
            models.CheckConstraint(
                name="jobs_jobrun_done_or_given_up",
                condition=models.Q(done_at__isnull=True) | models.Q(given_up_at__isnull=True),
            ),
        ]
        indexes = [
            # Ended runs pile up by the thousand; the one or two that have not are found without looking at them.
            models.Index(
                fields=["job", "slot"],
                name="jobs_jobrun_unfinished",
                condition=models.Q(done_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(fields=["failed_at"], name="jobs_jobrun_failed", condition=models.Q(failed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"


class JobRequest(Attempted):
    """Somebody's wish that a job look at something now, written in the transaction that gave the reason.

    Nothing is unique here: whoever works takes all that wait for the same together, and a wish that comes while they
    work waits for the next.
    """

    subject = models.CharField(max_length=200, blank=True, help_text="What to look at; empty for everything.")
    asked_at = models.DateTimeField(help_text="The moment of the reason; practice time where rehearsal is on.")

    class Meta:
        indexes = [
            models.Index(
                fields=["job", "subject", "id"],
                name="jobs_jobrequest_waiting",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["failed_at"], name="jobs_jobrequest_failed", condition=models.Q(failed_at__isnull=False)
            ),
            # What is done is kept for a year; a worker reads what waits, a few at a time, in the order of asking.
            models.Index(fields=["id"], name="jobs_jobrequest_next", condition=models.Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.subject}".strip()


class Heartbeat(models.Model):
    """When a worker last said that it is there, in real time. One row at most, for all workers together."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="jobs_heartbeat_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"A worker was seen at {self.seen_at:%Y-%m-%d %H:%M:%S}"
