"""What each message says: one dataclass for each kind, whose fields are the keys of the outbox row's `context`.

No field holds anything about a child. Reasons, questions and other free text that somebody typed stay on the portal's
pages: they may name one. Moments end in `_at`, dates in `_on`; both are ISO 8601 text in the row and never empty, so
that a day which may be missing has another name and comes as people say it.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents import (
    contracts,
    deadlines,
    people,
    questions,
    quotas,
    reminders,
    requests,
    summaries,
    support,
    visits,
    waiting,
)
from s2s_portal.notifications.documents.visits import invitation

__all__ = ["DOCUMENTS", "WrongContext", "checked", "invitation", "reference_of", "spoken"]

DOCUMENTS: dict[Kind, type] = {
    Kind.REQUEST_SENT_ADVISER: requests.RequestSentToAdviser,
    Kind.REQUEST_SENT_CONTACT: requests.RequestSentToContact,
    Kind.REQUEST_REFUSED: requests.RequestRefused,
    Kind.REQUEST_WITHDRAWN_ADVISER: requests.RequestWithdrawnToAdviser,
    Kind.REQUEST_WITHDRAWN_CONTACT: requests.RequestWithdrawnToContact,
    Kind.WAITING_JOINED_ADVISER: waiting.WaitingJoinedToAdviser,
    Kind.WAITING_JOINED_CONTACT: waiting.WaitingJoinedToContact,
    Kind.PLACE_GIVEN_ADVISER: waiting.PlaceGivenToAdviser,
    Kind.PLACE_FREE: waiting.PlaceFree,
    Kind.WAITING_LAPSED_ADVISER: waiting.WaitingLapsedToAdviser,
    Kind.WAITING_LAPSED_CONTACT: waiting.WaitingLapsedToContact,
    Kind.COHORT_SENT: requests.CohortSent,
    Kind.QUOTA_THRESHOLD: quotas.QuotaThreshold,
    Kind.CHANGE_PROPOSED: quotas.ChangeProposed,
    Kind.CHANGE_DECIDED: quotas.ChangeDecided,
    Kind.REQUEST_ASSIGNED_TEACHER: support.RequestAssignedToTeacher,
    Kind.REQUEST_WITH_TEACHER_CONTACT: support.RequestWithTeacherToContact,
    Kind.REQUEST_STATUS_ADVISER: support.RequestStatusToAdviser,
    Kind.REQUEST_STATUS_CONTACT: support.RequestStatusToContact,
    Kind.REQUEST_STATUS_TEACHER: support.RequestStatusToTeacher,
    Kind.INFORMATION_ASKED: support.InformationAsked,
    Kind.INFORMATION_GIVEN: support.InformationGiven,
    Kind.VISIT_BOOKED: visits.VisitBooked,
    Kind.VISIT_MOVED: visits.VisitMoved,
    Kind.VISIT_CANCELLED: visits.VisitCancelled,
    Kind.RECORD_READY_CONTACT: questions.RecordReadyToContact,
    Kind.TIMES_OFFERED_CONTACT: questions.TimesOfferedToContact,
    Kind.CUT_OFF_MOVED: contracts.CutOffMoved,
    Kind.CONTRACT_END_QUESTION: contracts.ContractEndQuestion,
    Kind.CONTRACT_END_ACCOUNT: contracts.ContractEndAccount,
    Kind.CUT_OFF_PASSED: deadlines.CutOffPassed,
    Kind.ALLOCATION_ENDED: deadlines.AllocationEnded,
    Kind.DRAFT_PURGE_NEAR: deadlines.DraftPurgeNear,
    Kind.LEDGER_DIFFERS: deadlines.LedgerDiffers,
    Kind.DIGEST: summaries.Digest,
    Kind.REMIND_DRAFT_UNSENT: reminders.DraftUnsent,
    Kind.REMIND_NOT_ASSIGNED: reminders.NotAssigned,
    Kind.REMIND_FIRST_CONTACT: reminders.FirstContact,
    Kind.REMIND_INFORMATION: reminders.InformationAwaited,
    Kind.REMIND_NOT_OFFERED: reminders.NotOffered,
    Kind.REMIND_NOT_CHOSEN: reminders.NotChosen,
    Kind.REMIND_VISIT_AHEAD: reminders.VisitAhead,
    Kind.REMIND_OUTCOME_MISSING: reminders.OutcomeMissing,
    Kind.REMIND_RECORD_OVERDUE: reminders.RecordOverdue,
    Kind.REMIND_REVIEW_DUE: reminders.ReviewDue,
    Kind.REMIND_NOT_CONFIRMED: reminders.NotConfirmed,
    Kind.REMIND_CONTRACT_END: reminders.ContractEnding,
    Kind.REMIND_WEEKLY_DIGEST: reminders.WeeklySummary,
    Kind.PERSON_INVITED: people.PersonInvited,
    Kind.ADDRESS_CHANGED: people.AddressChanged,
    Kind.WORK_LEFT: people.WorkLeft,
}


class WrongContext(ValueError):
    """A message was queued with a key missing or unknown, or with moments that cannot be read or make no sense."""


def checked(kind: Kind, context: Mapping[str, Any]) -> dict[str, Any]:
    """`context` with defaults filled in, ready to store; raises `WrongContext` unless it has the kind's keys only."""
    document = DOCUMENTS[kind]
    known = {field.name for field in fields(document)}
    if unknown := sorted(set(context) - known):
        raise WrongContext(f"{kind} does not say {', '.join(unknown)}.")
    try:
        stored = asdict(document(**context))
        invitation(kind, spoken(stored))
    except (TypeError, ValueError, KeyError, ValidationError) as wrong:
        raise WrongContext(f"{kind}: {wrong}") from wrong
    return stored


def reference_of(context: Mapping[str, Any]) -> str:
    """The reference of the request that a message is about; its cohort's, if it is about several; else ""."""
    return context.get("reference") or context.get("cohort_reference") or ""


def spoken(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored context as templates use it: keys that end in `_at` become aware moments, those in `_on` dates."""
    return {key: _read(key, value) for key, value in stored.items()}


def _read(key: str, value: Any) -> Any:
    if key.endswith("_at"):
        return _moment(key, value)
    return date.fromisoformat(value) if key.endswith("_on") else value


def _moment(key: str, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{key} has no time zone: {text}")
    return moment
