"""Requests for support, and the history of each."""

from django.db import models
from django.db.models import Q

from quotas.choices import FeeBasis
from quotas.models import LedgerEntry, Period
from referrals.choices import EndState, EventKind, Status, SupportKind
from referrals.models.cohorts import Cohort
from referrals.models.details import RequestDetails
from referrals.rules.lifecycle import BEFORE_A_VISIT, WITH_A_TEACHER
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User, Zone

ENDED = (Status.CLOSED, Status.LAPSED, Status.DECLINED, Status.WITHDRAWN, Status.TRANSFERRED)
NOT_ENDED = tuple(status for status in Status if status not in ENDED)


class Referral(RequestDetails):
    """One commissioned request for one establishment. Status is a column; every change also appends an event."""

    reference = models.CharField(max_length=20, unique=True)
    submission_key = models.UUIDField(unique=True, help_text="The draft's key: one draft makes one request.")
    stream = models.CharField(max_length=20, choices=Stream)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", help_text="As it was when sent.")
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="+", db_index=False
    )  # the indexes below begin with it
    place = models.OneToOneField(
        LedgerEntry, models.PROTECT, null=True, related_name="+", help_text="The draw it holds; null once given back."
    )
    fee_basis = models.CharField(max_length=20, choices=FeeBasis)
    fee_pence = models.PositiveIntegerField()
    status = models.CharField(max_length=15, choices=Status)
    turn = models.PositiveIntegerField(
        null=True,
        help_text="Its number on the waiting list of its period and stream; null: never on it.",
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, related_name="requests")
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    teacher = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, help_text="The S2S teacher who has it."
    )  # `referrals_caseload` begins with it
    provider_school = models.ForeignKey(
        Establishment, models.PROTECT, null=True, related_name="+", help_text="The teacher's, when it was given."
    )
    returned_from = models.CharField(
        max_length=15, choices=Status, blank=True, help_text="While more information is awaited: where it was."
    )
    returned_at = models.DateTimeField(null=True)
    contact_paused_days = models.PositiveSmallIntegerField(
        default=0, help_text="Working days for which the clock of R10's first contact stood still."
    )
    observation_paused_days = models.PositiveSmallIntegerField(
        default=0, help_text="The same for the first visit, in days (early years) or term-time days (mainstream)."
    )
    first_contact_at = models.DateTimeField(null=True)
    first_held_at = models.DateTimeField(null=True, help_text="When the first visit that was held began.")
    visits_held = models.PositiveSmallIntegerField(default=0)
    reviewed_at = models.DateTimeField(null=True, help_text="When the first review that was held began.")
    end_state = models.CharField(max_length=15, choices=EndState, blank=True, help_text="Derived when it closed (R14).")
    edition = models.PositiveIntegerField(default=1, help_text="Rises with every correction of its details.")
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="continued_by",
        db_index=False,  # the constraint below has an index
        help_text="The request of the earlier contract that goes on as this one (R15).",
    )
    clocks_from = models.DateTimeField(
        null=True, help_text="Since when R10's clocks run, where it was carried over; null: since it got its place."
    )
    remind_at = models.DateTimeField(
        null=True, help_text="The moment from which something may be due about it; null: nothing ahead (DESIGN §7)."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrals_referral_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="referrals_referral_stream_known", condition=Q(stream__in=Stream.values)),
            models.CheckConstraint(
                name="referrals_referral_sent_ones_hold_a_place",
                condition=~Q(status__in=BEFORE_A_VISIT) | Q(place__isnull=False),
            ),
            models.CheckConstraint(
                name="referrals_referral_withdrawn_ones_hold_none",
                condition=~Q(status__in=(Status.WITHDRAWN, Status.DECLINED)) | Q(place__isnull=True),
            ),
            models.CheckConstraint(  # R8: after a held visit the place is spent, and stays so
                name="referrals_referral_visited_ones_hold_a_place",
                condition=Q(visits_held=0, first_held_at=None)
                | Q(visits_held__gt=0, first_held_at__isnull=False, place__isnull=False),
            ),
            models.CheckConstraint(
                name="referrals_referral_supported_ones_were_visited",
                condition=~Q(status=Status.SUPPORTING) | Q(visits_held__gt=0),
            ),
            models.CheckConstraint(
                name="referrals_referral_given_ones_have_a_teacher",
                condition=~Q(status__in=WITH_A_TEACHER) | Q(teacher__isnull=False),
            ),
            models.CheckConstraint(
                name="referrals_referral_returned_ones_know_from_where",
                condition=Q(status=Status.RETURNED, returned_at__isnull=False) & ~Q(returned_from="")
                | ~Q(status=Status.RETURNED) & Q(returned_at=None, returned_from=""),
            ),
            models.CheckConstraint(
                name="referrals_referral_closed_ones_have_an_end_state",
                condition=Q(status=Status.CLOSED, end_state=EndState.NOT_STARTED, visits_held=0, place=None)
                | Q(status=Status.CLOSED, end_state__in=(EndState.COMPLETED, EndState.ENDED_EARLY), visits_held__gt=0)
                | ~Q(status=Status.CLOSED) & Q(end_state=""),
            ),
            models.CheckConstraint(
                name="referrals_referral_waiting_ones_have_a_turn_and_no_place",
                condition=~Q(status__in=(Status.WAITING, Status.LAPSED)) | Q(place__isnull=True, turn__isnull=False),
            ),
            models.UniqueConstraint(  # a forgotten lock would hand out a turn twice
                fields=["period", "stream", "turn"],
                condition=Q(turn__isnull=False),
                name="referrals_referral_one_for_each_turn",
            ),
            models.CheckConstraint(
                name="referrals_referral_early_years_had_a_conversation",
                condition=~Q(stream=Stream.EARLY_YEARS)
                | Q(conversation_on__isnull=False) & ~Q(conversation_with="") & ~Q(conversation_agreed=""),
            ),
            models.UniqueConstraint(  # carried over once, unless that was undone
                fields=["continues"], condition=~Q(status=Status.WITHDRAWN), name="referrals_referral_carried_over_once"
            ),
            models.CheckConstraint(
                name="referrals_referral_ended_at_and_by",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["period", "stream", "turn"], name="referrals_waiting", condition=Q(status=Status.WAITING)
            ),
            models.Index(fields=["remind_at", "id"], name="referrals_remind", condition=Q(remind_at__isnull=False)),
            models.Index(
                fields=["date_of_birth"], name="referrals_same_child", condition=Q(date_of_birth__isnull=False)
            ),
            models.Index(fields=["submitted_by", "-submitted_at", "-id"], name="referrals_mine"),
            models.Index(fields=["period", "stream", "zone", "-submitted_at", "-id"], name="referrals_zones"),
            models.Index(fields=["period", "-submitted_at", "-id"], name="referrals_period"),
            models.Index(fields=["-submitted_at", "-id"], name="referrals_newest"),
            models.Index(fields=["establishment", "-submitted_at"], name="referrals_establishment"),
            models.Index(
                fields=["status", "-submitted_at", "-id"], name="referrals_open", condition=Q(status__in=NOT_ENDED)
            ),
            models.Index(
                fields=["teacher", "-submitted_at", "-id"],
                name="referrals_caseload",
                condition=Q(teacher__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Goal(models.Model):
    """One goal of a request, in the order it was written; its outcome is told when the request closes (R14)."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "position"], name="referrals_goal_position")]

    def __str__(self) -> str:
        return self.text


class SupportWanted(models.Model):
    """One kind of support that a request asks for."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="support_wanted")
    kind = models.CharField(max_length=20, choices=SupportKind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "kind"], name="referrals_supportwanted_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class ReferralEvent(models.Model):
    """One line of a request's history. Append-only; `facts` has the shape of its kind in `referrals.documents`."""

    referral = models.ForeignKey(
        Referral, models.PROTECT, related_name="events", db_index=False
    )  # (referral, seq) serves
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=EventKind)
    version = models.PositiveSmallIntegerField(help_text="Of the facts' shape.")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True, help_text="Real time, for audit only.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    stream = models.CharField(max_length=20, choices=Stream)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    provider_school = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "seq"], name="referrals_referralevent_seq"),
            models.CheckConstraint(name="referrals_referralevent_kind_known", condition=Q(kind__in=EventKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind}"
