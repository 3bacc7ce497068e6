"""Drafts, requests, their history, and refusals; S2S's work on requests, from a booking to the record of a visit."""

from referrals.models.bookings import Booking, BookingChange, BookingFlag, BookingTeacher
from referrals.models.codes import IndesSection, NeedType, ReferenceCounter
from referrals.models.cohorts import Cohort, CohortChild, CohortFileRow, CohortSchool
from referrals.models.decisions import Decision
from referrals.models.drafts import DraftReferral, DraftSection
from referrals.models.referrals import Goal, Referral, ReferralEvent, SupportWanted
from referrals.models.standards import ServiceStandards
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
    "Decision",
    "DraftReferral",
    "DraftSection",
    "Goal",
    "GoalOutcome",
    "IndesSection",
    "NeedType",
    "RecordAnswer",
    "RecordDraft",
    "ReferenceCounter",
    "Referral",
    "ReferralEvent",
    "Retraction",
    "ServiceStandards",
    "Specialism",
    "SupportWanted",
    "Visit",
    "VisitRecord",
]
