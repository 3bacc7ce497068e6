"""Drafts, requests, their history, and refusals; S2S's work on requests, from a booking to the record of a visit."""

from referrals.models.bookings import Booking, BookingChange, BookingFlag, BookingTeacher
from referrals.models.codes import IndesSection, NeedType, ReferenceCounter
from referrals.models.cohorts import Cohort, CohortChild, CohortFileRow, CohortSchool
from referrals.models.deadlines import DeadlineAccount, ReconciliationRun
from referrals.models.decisions import Decision
from referrals.models.drafts import DraftReferral, DraftSection
from referrals.models.offers import Offer, OfferedTime, RecordConfirmation
from referrals.models.referrals import Goal, Referral, ReferralEvent, SupportWanted
from referrals.models.reminders import Reminder
from referrals.models.rollover import Rollover, RolloverLine
from referrals.models.standards import ServiceStandards, StandardsTakenBack
from referrals.models.visits import (
    Addendum,
    AgreedAction,
    AgreedActionResult,
    Attachment,
    RecordAnswer,
    RecordDraft,
    Retraction,
    Visit,
    VisitRecord,
)
from referrals.models.work import Closing, ContactAttempt, Cover, GoalOutcome, Specialism

__all__ = [
    "Addendum",
    "AgreedAction",
    "AgreedActionResult",
    "Attachment",
    "Booking",
    "BookingChange",
    "BookingFlag",
    "BookingTeacher",
    "Closing",
    "Cohort",
    "CohortChild",
    "CohortFileRow",
    "CohortSchool",
    "ContactAttempt",
    "Cover",
    "DeadlineAccount",
    "Decision",
    "DraftReferral",
    "DraftSection",
    "Goal",
    "GoalOutcome",
    "IndesSection",
    "NeedType",
    "Offer",
    "OfferedTime",
    "ReconciliationRun",
    "RecordAnswer",
    "RecordConfirmation",
    "RecordDraft",
    "ReferenceCounter",
    "Referral",
    "ReferralEvent",
    "Reminder",
    "Retraction",
    "Rollover",
    "RolloverLine",
    "ServiceStandards",
    "Specialism",
    "StandardsTakenBack",
    "SupportWanted",
    "Visit",
    "VisitRecord",
]
