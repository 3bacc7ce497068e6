"""Drafts, requests, their history, and refusals."""

from referrals.models.codes import IndesSection, NeedType, ReferenceCounter
from referrals.models.decisions import Decision
from referrals.models.drafts import DraftReferral, DraftSection
from referrals.models.referrals import Goal, Referral, ReferralEvent, SupportWanted

__all__ = [
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
