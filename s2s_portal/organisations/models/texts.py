"""Texts that the council may change, such as the start page's route or what a refusal recommends."""

from django.db import models

from s2s_portal.organisations.models.people import User


class EditableText(models.Model):
    """One wording of a text, in force from a moment until the next. Rows are never changed, only followed."""

    key = models.CharField(max_length=50)
    body = models.TextField()
    in_force_from = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(null=True, help_text="Null: from before this was kept.")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        # Of two from the same moment the later row counts: a wording that is still to come can so be put right.
        indexes = [models.Index(fields=["key", "in_force_from"], name="organisations_text_in_force")]

    def __str__(self) -> str:
        return f"{self.key} from {self.in_force_from:%d %B %Y}"
