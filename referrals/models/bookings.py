"""Planned visits: who goes where and when, each change of it, and what later made it doubtful."""

from django.db import models
from django.db.models import F, Q

from referrals.choices import BookingChanged, BookingKind, BookingMode, BookingProblem, BookingState, WhoAsked
from referrals.models.referrals import Referral
from s2s_portal.organisations.models import User


class Booking(models.Model):
    """One agreed time. `key` is its address, the UID of its calendar file, and what makes one row of two presses."""

    key = models.UUIDField(unique=True)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="bookings", db_index=False)
    kind = models.CharField(max_length=20, choices=BookingKind)
    mode = models.CharField(max_length=10, choices=BookingMode)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.PLANNED)
    sequence = models.PositiveIntegerField(default=0, help_text="RFC 5545: raised whenever others must be told.")
    reasons = models.JSONField(
        default=dict, help_text="By BookingProblem: why it was booked although the portal warned."
    )
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_booking_kind_known", condition=Q(kind__in=BookingKind.values)),
            models.CheckConstraint(name="referrals_booking_mode_known", condition=Q(mode__in=BookingMode.values)),
            models.CheckConstraint(name="referrals_booking_state_known", condition=Q(state__in=BookingState.values)),
            models.CheckConstraint(
                name="referrals_booking_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "starts_at"], name="referrals_bookings_of"),
            models.Index(
                fields=["ends_at"], name="referrals_bookings_planned", condition=Q(state=BookingState.PLANNED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.starts_at:%d %B %Y %H:%M}"


class BookingTeacher(models.Model):
    """One teacher of a booking, with its times. While `live`, the database refuses one that overlaps (R12)."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="teachers")
    teacher = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    live = models.BooleanField(default=True, help_text="Planned or held: the teacher's time is taken.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "teacher"], name="referrals_bookingteacher_once"),
            models.CheckConstraint(
                name="referrals_bookingteacher_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["teacher", "starts_at"], name="referrals_diary", condition=Q(live=True)),
        ]

    def __str__(self) -> str:
        return f"{self.teacher_id} at {self.starts_at:%d %B %Y %H:%M}"


class BookingChange(models.Model):
    """One line of a booking's history. Append-only."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="changes", db_index=False)
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=BookingChanged)
    starts_at = models.DateTimeField(help_text="As it is from here on.")
    ends_at = models.DateTimeField()
    teachers = models.CharField(max_length=1000, help_text="Their names, as it is from here on.")
    asked_by = models.CharField(max_length=10, choices=WhoAsked, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "seq"], name="referrals_bookingchange_seq"),
            models.CheckConstraint(
                name="referrals_bookingchange_what_known", condition=Q(what__in=BookingChanged.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.what}"


class BookingFlag(models.Model):
    """Something that made a planned visit doubtful after it was booked; open until it is dealt with."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="flags")
    cause = models.CharField(max_length=20, choices=BookingProblem)
    detail = models.CharField(max_length=500, help_text="The sentence as it was when it was found.")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settlement = models.CharField(max_length=500, blank=True, help_text="How, or why the visit is kept.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "cause", "detail"], name="referrals_bookingflag_once"),
            models.CheckConstraint(
                name="referrals_bookingflag_settled_at_and_by",
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["booking"], name="referrals_flags_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.cause}: {self.detail}"
