"""Drafts, requests, their history, and refusals."""

from referrals.models.codes import IndesSection, NeedType, ReferenceCounter
from referrals.models.cohorts import Cohort, CohortChild, CohortFileRow, CohortSchool
from referrals.models.decisions import Decision
from referrals.models.drafts import DraftReferral, DraftSection
from referrals.models.referrals import Goal, Referral, ReferralEvent, SupportWanted

__all__ = [
    "Cohort",
    "CohortChild",
    "CohortFileRow",
    "CohortSchool",
    "Decision",
    "DraftReferral",
    "DraftSection",
    "Goal",
    "IndesSection",
    "NeedType",
    "Referral",
    "ReferenceCounter",
    "ReferralEvent",
    "SupportWanted",
]
