"""Retracting a record that was finalised for the wrong child (DESIGN §5).

From then on only an auditor with a recorded reason sees it and its files, its agreed actions roll forward no more, the
links by which the school or setting could read it are taken back, and a replacement is begun.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import history
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action
from referrals.documents import RecordRetractedFacts
from referrals.models import RecordDraft, Retraction, VisitRecord
from referrals.queries.setting import record_subject
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import LinkPurpose
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Retracted(Step):
    """What came of retracting: the replacement that was begun; None once that is finalised itself."""

    draft: RecordDraft | None = None


@transaction.atomic
def retract(*, record: VisitRecord, reason: str, breach_note: str, by: User, at: datetime) -> Retracted:
    """Hide a record and begin its replacement, which starts empty; a second time changes nothing.

    `breach_note` says who saw it, who was told, what was done. Raises `NotAllowed` unless `by` has the request or is a
    co-ordinator.
    """
    now = opened(referral=record.visit.referral, action=Action.RETRACT, by=by, at=at)
    if Retraction.objects.filter(record=record).exists():
        return Retracted(now.referral, draft=RecordDraft.objects.filter(visit=record.visit).first())
    if now.step is None:
        return Retracted(now.referral, now.refused(Action.RETRACT).refusal)
    Retraction.objects.create(record=record, reason=reason, breach_note=breach_note, by=by, at=at)
    draft = RecordDraft.objects.create(visit=record.visit, edition=record.edition + 1, started_by=by, started_at=at)
    links.revoke(purpose=LinkPurpose.READ_RECORD, subject=record_subject(record), at=at)
    history.append(referral=now.referral, facts=RecordRetractedFacts(record=record.reference), by=by, at=at)
    wrote("retracted a record of visit", now.referral, by)
    return Retracted(now.referral, draft=draft)
