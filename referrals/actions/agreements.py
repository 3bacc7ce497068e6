"""Parental agreement (R11): recorded, and withdrawn. It is not called GDPR consent."""

from datetime import date, datetime

from django.db import transaction

from referrals.actions import history
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action, Agreement
from referrals.documents import AgreementRecordedFacts, AgreementWithdrawnFacts
from referrals.documents.answers import in_words
from referrals.models import Referral
from referrals.rules import agreements as rules
from referrals.rules.answers import Problem
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.choices import CHECK_BOOKINGS
from s2s_portal.organisations.models import User

COLUMNS = ("agreement", "agreement_by", "agreement_on", "agreement_how", "agreement_held")


class WrongAgreement(ValueError):
    """What was told cannot be so; `problems` says what, by column (of a withdrawal: `on`)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@transaction.atomic
def record(*, referral: Referral, given_by: str, on: date | None, how: str, held: str, by: User, at: datetime) -> Step:
    """Record who agreed, on which London day, how (an `AgreementHow`), and where the agreement is kept.

    What was recorded before stays in the history; the same again writes nothing. Raises `NotAllowed` unless `by` is a
    co-ordinator, an adviser of its stream and zone or has the request, `WrongAgreement` for gaps and future days.
    """
    now = opened(referral=referral, action=Action.RECORD_AGREEMENT, by=by, at=at)
    if now.step is None:
        return now.refused(Action.RECORD_AGREEMENT)
    row, told = now.referral, dict(zip(COLUMNS, (Agreement.YES, given_by, on, how, held), strict=True))
    _check(rules.recording_problems(told, stream=row.stream, today=london_date(at)))
    changed = [name for name in COLUMNS if getattr(row, name) != told[name]]
    if not changed:
        return Step(row)
    was = {name: in_words(row, name) for name in changed}
    for name in changed:
        setattr(row, name, told[name])
    row.save(update_fields=changed)
    is_now = {name: in_words(row, name) for name in changed}
    facts = AgreementRecordedFacts(agreed_on=row.agreement_on.isoformat(), was=was, now=is_now)
    history.append(referral=row, facts=facts, by=by, at=at)
    jobs.ask(job=CHECK_BOOKINGS, subject=str(row.pk), at=at)
    wrote("recorded a parental agreement", row, by)
    return Step(row)


@transaction.atomic
def withdraw(*, referral: Referral, on: date | None, note: str, by: User, at: datetime) -> Step:
    """Record that a parent or carer withdrew their agreement on that London day; planned visits are looked at again.

    Who had agreed stays recorded. Twice writes nothing. Raises as `record` does.
    """
    now = opened(referral=referral, action=Action.WITHDRAW_AGREEMENT, by=by, at=at)
    if now.step is None:
        return now.refused(Action.WITHDRAW_AGREEMENT)
    row = now.referral
    if row.agreement == Agreement.WITHDRAWN:
        return Step(row)
    if row.agreement != Agreement.YES:
        return Step(row, rules.NO_AGREEMENT)
    _check(rules.withdrawal_problems(on, agreed_on=row.agreement_on, today=london_date(at)))
    row.agreement = Agreement.WITHDRAWN
    row.save(update_fields=["agreement"])
    facts = AgreementWithdrawnFacts(withdrawn_on=on.isoformat(), note=note)
    history.append(referral=row, facts=facts, by=by, at=at)
    jobs.ask(job=CHECK_BOOKINGS, subject=str(row.pk), at=at)
    wrote("recorded that a parental agreement was withdrawn", row, by)
    return Step(row)


def _check(problems: list[Problem]) -> None:
    if problems:
        raise WrongAgreement(problems)
