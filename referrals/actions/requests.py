"""Requests: sent (or refused, with reasons), withdrawn."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quotas import queries as quota_queries
from quotas import rules as quota_rules
from quotas.actions import places
from quotas.models import LedgerEntry, Quota
from referrals import documents
from referrals.actions import history, refusals, telling
from referrals.choices import Action, RefusalRule, Section, Status
from referrals.models import DraftReferral, Goal, Referral, SupportWanted
from referrals.models.decisions import Decision
from referrals.models.details import DETAIL_FIELDS
from referrals.permissions import check_can_file, check_can_withdraw, visible_drafts
from referrals.queries import drafts as draft_queries
from referrals.rules import answers as answer_rules
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.establishments import remember_contact
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import User


class Incomplete(ValueError):
    """The draft cannot be sent yet; `problems` says what each section still needs."""

    def __init__(self, problems: dict[Section, list[answer_rules.Problem]]) -> None:
        super().__init__("This request is not complete.")
        self.problems = problems


class ChangedSinceChecked(ValueError):
    """A section was saved after the person had checked the answers: they are to look again before sending."""


@dataclass(frozen=True)
class Outcome:
    """What became of a submission: a request, or a refusal with its facts. A refusal is a result, not an error."""

    referral: Referral | None = None
    decision: Decision | None = None


@transaction.atomic
def submit(*, key: uuid.UUID, by: User, at: datetime, checked: str | None = None) -> Outcome:
    """Send the draft with this key as a request, drawing one place (R1–R6). The same key again gives the same request.

    `at` is when the submission reached the server; `checked` is the draft's `edition` that the person saw (None: not
    asked). Raises `NotAllowed` (R1), `ChangedSinceChecked`, `Incomplete`, and `DraftReferral.DoesNotExist` for a key
    that is no draft or request of the person's.
    """
    stream = _stream_of(key, by)
    check_can_file(by, stream)
    locked = places.locked_for(stream=stream, at=at)
    draft = _lock_draft(key, by)
    if draft is None:
        return Outcome(referral=_sent_from(key))
    if checked is not None and checked != str(draft.edition):
        raise ChangedSinceChecked("Somebody has changed this draft since its answers were checked.")
    _check_complete(draft, by, at)
    rule = _judge(locked, at)
    if locked is None or rule is not None:
        return Outcome(decision=refusals.refuse(draft=draft, locked=locked, rule=rule, by=by, at=at))
    return Outcome(referral=_send(draft, locked, by, at))


def _judge(locked: places.LockedQuota | None, at: datetime) -> RefusalRule | None:
    if locked is None:
        return lifecycle.refusal(intake=None, left=0)
    return lifecycle.refusal(intake=quota_rules.intake(locked.quota.period, at), left=locked.left)


def _stream_of(key: uuid.UUID, by: User) -> str:
    """The stream of the draft or request with this key, looked at before any lock: a key never changes stream."""
    drafts = DraftReferral.objects.filter(visible_drafts(by), key=key)
    sent = Referral.objects.filter(submission_key=key, submitted_by=by)
    for found in (drafts, sent):
        for stream in found.order_by().values_list("stream", flat=True):
            return stream
    raise DraftReferral.DoesNotExist("There is no such draft.")


def _lock_draft(key: uuid.UUID, by: User) -> DraftReferral | None:
    # The bare row first: a query that joins while it waits for the lock sees the new row beside the old joined ones.
    list(DraftReferral.objects.select_for_update(no_key=True).filter(key=key).only("pk"))
    return draft_queries.find(by, key)


def _sent_from(key: uuid.UUID) -> Referral:
    """The request that the draft with this key became: it went in the transaction that made the request."""
    sent = Referral.objects.filter(submission_key=key).first()
    if sent is None:
        raise DraftReferral.DoesNotExist("There is no such draft.")
    return sent


def _check_complete(draft: DraftReferral, by: User, at: datetime) -> None:
    today = calendar.london_date(at)
    answers = draft_queries.answers_of(draft, user=by, today=today)
    problems = answer_rules.all_problems(answers, stream=draft.stream, today=today)
    if problems:
        raise Incomplete(problems)


def _send(draft: DraftReferral, locked: places.LockedQuota, by: User, at: datetime) -> Referral:
    _remember_contact(draft)  # before the counter: its lock is the last that anyone takes
    reference = history.next_reference(history.PREFIX_OF_STREAM[draft.stream])
    place = places.draw(locked=locked, reference=reference, by=by, at=at)
    referral = _create(draft, locked.quota, reference, place, by, at)
    facts = _submitted_facts(draft, referral, locked.quota, place, at)
    history.begin(referral=referral, facts=facts, by=by, at=at)
    telling.sent(referral=referral, facts=facts, at=at)
    audit.record(kind=AuditKind.WRITE, what="sent a request", reference=reference, by=by)
    # Whoever asks who read this child's record finds the readings of the draft by this row (R18).
    audit.record(kind=AuditKind.WRITE, what=f"became {reference}", reference=draft.audit_reference, by=by)
    draft.delete()
    return referral


def _remember_contact(draft: DraftReferral) -> None:
    remember_contact(
        establishment=draft.establishment,
        name=draft.contact_name,
        job_title=draft.contact_job_title,
        email=draft.contact_email,
        telephone=draft.contact_telephone,
    )


def _create(draft: DraftReferral, quota: Quota, reference: str, place: LedgerEntry, by: User, at: datetime) -> Referral:
    fee = quota_queries.fee_for(stream=draft.stream, day=calendar.london_date(at))
    referral = Referral(
        **{name: getattr(draft, name) for name in DETAIL_FIELDS},
        reference=reference,
        submission_key=draft.key,
        stream=draft.stream,
        zone_id=draft.establishment.zone_id,
        period_id=quota.period_id,
        place=place,
        fee_basis=fee.basis,
        fee_pence=fee.pence,
        status=lifecycle.TRANSITIONS[None, Action.SUBMIT].to,
        submitted_by=by,
        submitted_at=at,
    )
    referral.establishment = draft.establishment  # already read: what follows needs its name
    referral.save()
    goals = [text for text in (draft.goal_1, draft.goal_2, draft.goal_3) if text]
    Goal.objects.bulk_create(
        Goal(referral=referral, position=position, text=text) for position, text in enumerate(goals, start=1)
    )
    SupportWanted.objects.bulk_create(SupportWanted(referral=referral, kind=kind) for kind in draft.support_wanted)
    return referral


def _submitted_facts(
    draft: DraftReferral, referral: Referral, quota: Quota, place: LedgerEntry, at: datetime
) -> documents.SubmittedFacts:
    answers = {"about": draft.about, "date_of_birth": draft.date_of_birth, "year_group": draft.year_group}
    warning = answer_rules.year_group_warning(answers, today=calendar.london_date(at))
    return documents.SubmittedFacts(
        places_left=place.left_after,
        places_bought=quota_queries.places_bought(quota),
        ledger_seq=place.seq,
        fee_pence=referral.fee_pence,
        fee_basis=referral.fee_basis,
        cut_off_on=quota.period.requests_close_on.isoformat(),
        placed_out_of_year=warning is not None,
    )


@transaction.atomic
def withdraw(*, referral: Referral, reason: str, note: str, by: User, at: datetime) -> Referral:
    """Withdraw a request before a held visit and give its place back, once (R8).

    `reason` is a `WithdrawReason`. A request that may no longer be withdrawn, or already is, is returned unchanged:
    look at its status. Raises `NotAllowed` unless `by` files for its stream and zone.
    """
    check_can_withdraw(by, referral)
    quota = Quota.objects.select_related("period").get(period_id=referral.period_id, stream=referral.stream)
    locked = places.locked(quota)
    referral = (
        Referral.objects.select_for_update(no_key=True, of=("self",))
        .select_related("establishment", "place", "submitted_by")
        .get(pk=referral.pk)
    )
    step = lifecycle.after(Status(referral.status), Action.WITHDRAW)
    if step is None or referral.place is None:
        return referral
    line = places.release(locked=locked, draw=referral.place, reason="Request withdrawn", by=by, at=at)
    referral.status, referral.place, referral.ended_at, referral.ended_by = step.to, None, at, by
    referral.save(update_fields=["status", "place", "ended_at", "ended_by"])
    facts = documents.WithdrawnFacts(
        reason=reason,
        note=note,
        places_left=line.left_after,
        places_bought=quota_queries.places_bought(quota),
        ledger_seq=line.seq,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)
    telling.withdrawn(referral=referral, facts=facts, by=by, at=at)
    audit.record(kind=AuditKind.WRITE, what="withdrew a request", reference=referral.reference, by=by)
    return referral
