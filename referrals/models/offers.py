"""What the school or setting is asked by a signed link: which of the offered times suits, whether a record is right."""

from django.db import models
from django.db.models import F, Q

from referrals.choices import BookingKind, BookingMode, OfferState
from referrals.models.bookings import Booking
from referrals.models.referrals import Referral
from referrals.models.visits import VisitRecord
from s2s_portal.organisations.models import User


class Offer(models.Model):
    """Up to three times for one visit, of which the contact chooses one. It takes nobody's time: booking does."""

    key = models.UUIDField(unique=True, help_text="Of the page it was made on: two presses make one offer.")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="offers", db_index=False)
    kind = models.CharField(max_length=20, choices=BookingKind)
    mode = models.CharField(max_length=10, choices=BookingMode)
    teacher = models.ForeignKey(User, models.PROTECT, related_name="+", help_text="Who offers, and would come.")
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="The contact's, where none suits.")
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_offer_kind_known", condition=Q(kind__in=BookingKind.values)),
            models.CheckConstraint(name="referrals_offer_mode_known", condition=Q(mode__in=BookingMode.values)),
            models.CheckConstraint(name="referrals_offer_state_known", condition=Q(state__in=OfferState.values)),
            models.CheckConstraint(
                name="referrals_offer_open_until_settled",
                condition=Q(state=OfferState.OPEN, settled_at=None)
                | ~Q(state=OfferState.OPEN) & Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referrals_offer_chosen_ones_are_booked",
                condition=Q(state=OfferState.CHOSEN, booking__isnull=False)
                | ~Q(state=OfferState.CHOSEN) & Q(booking=None),
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state=OfferState.OPEN), name="referrals_offer_one_open"
            ),
        ]
        indexes = [models.Index(fields=["referral", "-offered_at"], name="referrals_offers_of")]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.get_kind_display()}, {self.get_state_display()}"


class OfferedTime(models.Model):
    """One of an offer's times. Append-only."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="times", db_index=False)
    position = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reasons = models.JSONField(default=dict, help_text="By BookingProblem: why it was offered although it warned.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "position"], name="referrals_offeredtime_position"),
            models.CheckConstraint(
                name="referrals_offeredtime_three_at_most", condition=Q(position__gte=1, position__lte=3)
            ),
            models.CheckConstraint(
                name="referrals_offeredtime_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.starts_at:%d %B %Y %H:%M}"


class RecordConfirmation(models.Model):
    """What the school or setting says of a finalised record: that it is right, or its own view. Append-only."""

    record = models.OneToOneField(VisitRecord, models.PROTECT, related_name="confirmation")
    view = models.TextField(max_length=2000, blank=True, help_text="Blank: they confirmed it as it is.")
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.record_id}: {'their view' if self.view else 'confirmed'}"
