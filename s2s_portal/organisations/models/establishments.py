"""Zones, and the schools and settings of the registers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length, Lower

from s2s_portal.core.geography import Point
from s2s_portal.organisations.choices import (
    OPEN_STATUSES,
    Eligibility,
    EstablishmentStatus,
    Source,
    Stream,
)


class Zone(models.Model):
    """One of the council's School and Community zones; loaded, never constants."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class EstablishmentKind(models.Model):
    """A register's word for a kind of establishment, and what it means for S2S: DESIGN §3's editable table."""

    source = models.CharField(max_length=10, choices=Source)
    name = models.CharField(max_length=100)
    eligibility = models.CharField(max_length=20, choices=Eligibility)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="organisations_establishmentkind_one_per_source"),
            models.CheckConstraint(
                name="organisations_establishmentkind_eligibility_known",
                condition=models.Q(eligibility__in=Eligibility.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_source_display()})"

    @property
    def stream(self) -> Stream | None:
        """The stream whose quota such an establishment uses; None if it cannot have requests."""
        return Stream(self.eligibility) if self.eligibility in Stream.values else None


class ComingMeaning(models.Model):
    """What a kind will mean for S2S from the beginning of a London day: one for each kind, gone once it has come."""

    kind = models.OneToOneField(EstablishmentKind, on_delete=models.CASCADE, related_name="coming")
    eligibility = models.CharField(max_length=20, choices=Eligibility)
    from_day = models.DateField()
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_comingmeaning_eligibility_known",
                condition=models.Q(eligibility__in=Eligibility.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_eligibility_display()}"


class ImportRun(models.Model):
    """One run of a register importer: what was read, how far it got, what it did (ENGINEERING §7)."""

    source = models.CharField(max_length=10, choices=Source)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows_done = models.PositiveIntegerField(default=0, help_text="Rows already committed; a re-run resumes after them.")
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.get_source_display()} on {self.started_at:%d %B %Y}"


class Establishment(models.Model):
    """An early years setting or a school, identified by source + URN."""

    source = models.CharField(max_length=10, choices=Source)
    urn = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True, help_text="Blank where the register withholds it.")
    name_folded = models.CharField(max_length=200, blank=True, help_text="The name as searches compare it.")
    named_by_hand = models.BooleanField(
        default=False,
        help_text="An administrator gave the name, as the register withholds it: no import takes it away.",
    )
    kind = models.ForeignKey(EstablishmentKind, models.PROTECT, related_name="establishments")
    phase = models.CharField(max_length=50, blank=True)
    low_age = models.PositiveSmallIntegerField(null=True)
    high_age = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=10, choices=EstablishmentStatus)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    street = models.CharField(max_length=200, blank=True)
    locality = models.CharField(max_length=200, blank=True)
    address3 = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    town_folded = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    outward = models.GeneratedField(
        expression=Left("postcode", Length("postcode") - 4),
        output_field=models.CharField(max_length=10),
        db_persist=True,
        help_text="The postcode's first half: it has an index of its own, for finding neighbours.",
    )
    easting = models.PositiveIntegerField(null=True, help_text="Metres on the British National Grid; GIAS only.")
    northing = models.PositiveIntegerField(null=True)
    telephone = models.CharField(max_length=30, blank=True)
    trust = models.CharField(max_length=200, blank=True)
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="establishments")
    row_hash = models.CharField(
        max_length=64, blank=True, help_text="Of the register's row: unchanged rows are not written."
    )
    seen_in = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The last import whose file held it.",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Who added it by hand."
    )
    added_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="merged",
        help_text="What one that was added by hand turned out to be.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "urn"], name="organisations_establishment_source_urn"),
            models.CheckConstraint(name="organisations_establishment_urn_given", condition=~models.Q(urn="")),
            models.CheckConstraint(
                name="organisations_establishment_status_known",
                condition=models.Q(status__in=EstablishmentStatus.values),
            ),
            models.CheckConstraint(
                name="organisations_establishment_position_whole",
                condition=models.Q(easting=None, northing=None)
                | models.Q(easting__isnull=False, northing__isnull=False),
            ),
            models.CheckConstraint(
                name="organisations_establishment_added_by_somebody",
                condition=Q(added_at=None, added_by=None) | Q(added_at__isnull=False, added_by__isnull=False),
            ),
            models.CheckConstraint(
                name="organisations_establishment_name_given_by_hand", condition=Q(named_by_hand=False) | ~Q(name="")
            ),
            models.CheckConstraint(
                name="organisations_establishment_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(  # so nothing new can be filed for it, and only what was added by hand is merged
                name="organisations_establishment_merged_ones_are_local_and_closed",
                condition=Q(merged_into=None) | Q(source=Source.LOCAL, status=EstablishmentStatus.CLOSED),
            ),
        ]
        indexes = [
            models.Index(fields=["postcode"], name="organisations_est_postcode"),
            models.Index(fields=["outward"], name="organisations_est_outward"),
            models.Index(fields=["urn"], name="organisations_est_urn"),
            models.Index(fields=["zone", "status"], name="organisations_est_zone"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or for one whose name the register withholds, its kind and URN."""
        return self.name or f"{self.kind.name} {self.urn} (name withheld)"

    @property
    def numbered(self) -> str:
        """How it is told from others of its name: "URN EY900001", or that somebody added it by hand."""
        return f"added by hand, {self.urn}" if self.source == Source.LOCAL else f"URN {self.urn}"

    @property
    def is_open(self) -> bool:
        """Whether it takes children now; "open, but proposed to close" is open."""
        return self.status in OPEN_STATUSES

    @property
    def position(self) -> Point | None:
        """Where it is, if the register says so; `queries.whereabouts` estimates the others'."""
        if self.easting is None or self.northing is None:
            return None
        return Point(self.easting, self.northing)

    @property
    def address_lines(self) -> list[str]:
        """The address's lines that are not blank, the postcode last."""
        lines = [self.street, self.locality, self.address3, self.town, self.county, self.postcode]
        return [line for line in lines if line]

    @property
    def where(self) -> str:
        """Town and postcode in one line, as a search result shows it."""
        return ", ".join(part for part in (self.town, self.postcode) if part)


class ContactPerson(models.Model):
    """A named person at an establishment, remembered so that nobody types them twice."""

    establishment = models.ForeignKey(Establishment, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=100, blank=True)
    email = models.EmailField()
    telephone = models.CharField(max_length=30, blank=True)
    is_deputy = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("establishment"), Lower("email"), name="organisations_contactperson_one_per_email"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
