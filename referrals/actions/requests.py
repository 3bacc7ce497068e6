"""Requests: sent, or put on the waiting list, or refused with reasons."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from quotas import queries as quota_queries
from quotas import rules as quota_rules
from quotas.actions import places
from quotas.choices import Intake
from referrals.actions import filing, refusals, telling
from referrals.choices import RefusalRule, Section
from referrals.models import DraftReferral, Referral
from referrals.models.decisions import Decision
from referrals.permissions import check_can_file, in_own_zones, visible_drafts
from referrals.queries import drafts as draft_queries
from referrals.queries import waiting
from referrals.queries.places import why_not_taken
from referrals.rules import answers as answer_rules
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.actions.establishments import remember_contact
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import zones_by_stream


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
def submit(*, key: uuid.UUID, by: User, at: datetime, checked: str | None = None, or_wait: bool = False) -> Outcome:
    """Send the draft with this key as a request, drawing one place (R1–R6). The same key again gives the same request.

    With `or_wait` a request for which no place is free joins the waiting list instead of being refused (R7): the
    status of the request says which. `at` is when the submission reached the server; `checked` is the draft's
    `edition` that the person saw (None: not asked). Raises `NotAllowed` (R1), `ChangedSinceChecked`, `Incomplete`, and
    `DraftReferral.DoesNotExist` for a key that is no draft or request of the person's.
    """
    stream = _stream_of(key, by)
    locked = places.locked_for(stream=stream, at=at)
    draft = _lock_draft(key, by)
    if draft is None:
        return Outcome(referral=_sent_from(key, by))
    if checked is not None and checked != str(draft.edition):
        raise ChangedSinceChecked("Somebody has changed this draft since its answers were checked.")
    _check_complete(draft, by, at)
    rule = judge(locked, at, stream=stream, in_cohort=False)
    waits = or_wait and rule in lifecycle.MAY_JOIN
    if locked is None or (rule is not None and not waits):
        return Outcome(decision=refusals.refuse(draft=draft, locked=locked, rule=rule, by=by, at=at))
    return Outcome(referral=_file(draft, locked, by, at, waits=waits))


def judge(locked: places.LockedQuota | None, at: datetime, *, stream: str, in_cohort: bool) -> RefusalRule | None:
    """Which rule refuses one newcomer of `stream` at `at`, under the quota's lock; None if a place is free.

    What the contract takes comes first, then its dates and places (R3, R4, R7).
    """
    period = locked.quota.period if locked else quota_queries.period_at(at)
    not_taken = why_not_taken(period.contract, stream=stream, in_cohort=in_cohort) if period else None
    if not_taken is not None:
        return not_taken
    if locked is None:
        return lifecycle.refusal(intake=None, left=0, waiting=0)
    intake = quota_rules.intake(locked.quota.period, at)
    if intake == Intake.CLOSED:  # it was read before the lock, which whoever moves a cut-off holds
        locked.quota.period = quota_queries.read_again(locked.quota.period)
        intake = quota_rules.intake(locked.quota.period, at)
    return lifecycle.refusal(intake=intake, left=locked.left, waiting=waiting.how_many_wait(locked.quota))


def _stream_of(key: uuid.UUID, by: User) -> str:
    """The stream of the draft or request with this key, known before any lock: a key never changes stream.

    Who files for one stream can have no draft of the other; only for who files for both is it looked at.
    """
    own = list(zones_by_stream(by))
    if len(own) == 1:
        return own[0]
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


def _sent_from(key: uuid.UUID, by: User) -> Referral:
    """The request that the draft with this key became: it went in the transaction that made the request.

    By their own press, or by that of a colleague who has the same drafts. Nobody else learns of it by its key.
    """
    sent = Referral.objects.filter(Q(submitted_by=by) | in_own_zones(by), submission_key=key).first()
    if sent is None:
        raise DraftReferral.DoesNotExist("There is no such draft.")
    check_can_file(by, sent.stream)
    return sent


def _check_complete(draft: DraftReferral, by: User, at: datetime) -> None:
    today = calendar.london_date(at)
    answers = draft_queries.answers_of(draft, user=by, today=today)
    problems = answer_rules.all_problems(answers, stream=draft.stream, today=today)
    if problems:
        raise Incomplete(problems)


def _file(draft: DraftReferral, locked: places.LockedQuota, by: User, at: datetime, *, waits: bool) -> Referral:
    _remember_contact(draft)  # before the counter: its lock is the last that anyone takes
    filings = [filing.of_draft(draft)]
    if waits:
        [(referral, joined)] = filing.wait(filings=filings, locked=locked, by=by, at=at)
        telling.joined(referral=referral, facts=joined, at=at)
    else:
        [(referral, submitted)] = filing.send(filings=filings, locked=locked, by=by, at=at)
        telling.sent(referral=referral, facts=submitted, at=at)
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
