"""Files of the registers that administrators upload: checked, looked at, then imported or not."""

from django.db import models
from django.db.models import Q

from s2s_portal.organisations.choices import RegisterPart, Source, UploadState
from s2s_portal.organisations.models.establishments import ImportRun
from s2s_portal.organisations.models.people import User


class RegisterUpload(models.Model):
    """One file, from its upload to its import. The file itself goes as soon as nobody needs it: it names people."""

    key = models.UUIDField(unique=True, help_text="Of the upload page: the same press twice is one upload.")
    source = models.CharField(max_length=10, choices=Source)
    la = models.CharField(max_length=100, blank=True, help_text="The authority whose rows are wanted; blank for all.")
    file_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=40, blank=True, help_text="core.files; blank once the file is gone.")
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.CHECKING)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows_done = models.PositiveIntegerField(default=0, help_text="Rows compared so far by the check in hand.")
    reviews = models.PositiveSmallIntegerField(default=0, help_text="How often it was checked.")
    moved = models.BooleanField(default=False, help_text="Checked again, as the register had changed meanwhile.")
    held = models.CharField(max_length=64, blank=True, help_text="Of what we held when the check began.")
    refusal = models.CharField(max_length=1000, blank=True)
    counts = models.JSONField(default=dict, help_text="Rows by RegisterPart, and of what needs no list.")
    notes = models.JSONField(default=list, help_text="Sentences about the file.")
    checked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True, help_text="The import; from here it is carried on to its end.")
    finished_at = models.DateTimeField(null=True)
    run = models.OneToOneField(ImportRun, models.SET_NULL, null=True, related_name="upload")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_registerupload_state_known", condition=Q(state__in=UploadState.values)
            ),
            models.CheckConstraint(
                name="organisations_registerupload_decided_by_somebody",
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state=UploadState.IMPORTING),
                name="organisations_registerupload_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["stored_as"], name="organisations_upload_file", condition=~Q(stored_as=""))]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        """Whether background work is to do something with it."""
        return self.state in (UploadState.CHECKING, UploadState.IMPORTING)


class RegisterChange(models.Model):
    """One line of a check: what importing the file would do to one establishment, or what is wrong with a row."""

    upload = models.ForeignKey(RegisterUpload, models.CASCADE, related_name="lines")
    part = models.CharField(max_length=10, choices=RegisterPart)
    line = models.PositiveIntegerField(null=True, help_text="In the file; null for what is not in it.")
    urn = models.CharField(max_length=50, blank=True)
    name = models.CharField(max_length=200, blank=True)
    column = models.CharField(max_length=100, blank=True, help_text="The file's column that is wrong.")
    reason = models.CharField(max_length=500, blank=True)
    changes = models.JSONField(default=list, help_text="[what, was, now] for each value that would change.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_registerchange_part_known", condition=Q(part__in=RegisterPart.values)
            )
        ]
        indexes = [models.Index(fields=["upload", "part", "id"], name="organisations_regchange_listed")]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.urn}"
