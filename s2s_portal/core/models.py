"""Core's one table: the practice date of a demo or training site (DESIGN §9)."""

from django.db import models


class RehearsalClock(models.Model):
    """The practice date, kept in the database so that every process shares it. One row at most.

    The practice moment is `practice_at` plus the real time since `beat_at`, but never more than
    `core.clock.LONGEST_GAP` beyond it: while no job process beats (the server is down) it stands still.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    practice_at = models.DateTimeField()
    beat_at = models.DateTimeField(help_text="The real moment at which practice_at was true.")
    moved_from = models.DateTimeField(null=True, help_text="The practice moment that was left by the newest jump.")

    class Meta:
        constraints = [models.CheckConstraint(name="core_rehearsalclock_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"Practice date {self.practice_at:%d %B %Y %H:%M}"
