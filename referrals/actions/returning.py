"""More information: asked for by S2S, given by the adviser, or no longer needed. Meanwhile the clock is paused."""

from datetime import datetime

from django.db import transaction

from referrals.actions import history, telling_support
from referrals.actions.steps import Opened, Step, opened, wrote
from referrals.choices import Action, Status
from referrals.documents import AskedFacts, SentBackFacts, TakenBackFacts
from referrals.models import Referral
from referrals.queries.questions import last_asked
from referrals.rules import clocks, lifecycle
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.calendar import days


@transaction.atomic
def ask(*, referral: Referral, question: str, by: User, at: datetime) -> Step:
    """Return a request to its adviser with a question. It keeps its place and date, and the clock is paused (R10).

    Raises `NotAllowed` unless `by` is a co-ordinator or has the request.
    """
    now = opened(referral=referral, action=Action.ASK, by=by, at=at)
    row, step = now.referral, now.step
    if step is None:
        return now.refused(Action.ASK)
    row.returned_from, row.returned_at = row.status, at
    row.status = lifecycle.leads_to(step, returned_from=None)
    row.save(update_fields=["status", "returned_from", "returned_at"])
    event = history.append(referral=row, facts=AskedFacts(was=row.returned_from, note=question), by=by, at=at)
    telling_support.asked(referral=row, seq=event.seq, by=by, at=at)
    wrote("asked for more information", row, by)
    return Step(row)


@transaction.atomic
def send_back(*, referral: Referral, answer: str, by: User, at: datetime) -> Step:
    """Give the information that was asked for: the request goes back to where it was, also after the cut-off.

    Raises `NotAllowed` unless `by` is an adviser of its stream and zone.
    """
    now = opened(referral=referral, action=Action.SEND_BACK, by=by, at=at)
    if now.step is None:
        return now.refused(Action.SEND_BACK)
    asker = last_asked(now.referral).by
    paused = _go_on(now, at)
    facts = SentBackFacts(to=now.referral.status, paused_days=paused, note=answer)
    event = history.append(referral=now.referral, facts=facts, by=by, at=at)
    telling_support.answered(referral=now.referral, seq=event.seq, to=asker, by=by, at=at)
    wrote("gave more information", now.referral, by)
    return Step(now.referral)


@transaction.atomic
def take_back(*, referral: Referral, note: str, by: User, at: datetime) -> Step:
    """Go on without the answer, for whatever reason `note` gives. Raises `NotAllowed` unless `by` might have asked."""
    now = opened(referral=referral, action=Action.TAKE_BACK, by=by, at=at)
    if now.step is None:
        return now.refused(Action.TAKE_BACK)
    paused = _go_on(now, at)
    facts = TakenBackFacts(to=now.referral.status, paused_days=paused, note=note)
    event = history.append(referral=now.referral, facts=facts, by=by, at=at)
    sentence = "S2S no longer needs the information it had asked for, and goes on."
    telling_support.status(referral=now.referral, sentence=sentence, seq=event.seq, at=at, contact_too=False)
    wrote("took a question back", now.referral, by)
    return Step(now.referral)


def _go_on(now: Opened, at: datetime) -> int:
    """Put the request back to where it was and its clock on; returns for how many of its days it stood still."""
    row = now.referral
    was = Status(row.returned_from)
    contact_on = london_date(row.first_contact_at) if row.first_contact_at else None
    since = clocks.paused_since(london_date(row.returned_at), first_contact_on=contact_on)
    pause = clocks.pause(was, Stream(row.stream), since=since, until=london_date(at), days=days())
    row.contact_paused_days += pause.contact_days
    row.observation_paused_days += pause.observation_days
    row.status, row.returned_from, row.returned_at = lifecycle.leads_to(now.step, returned_from=was), "", None
    row.save(update_fields=["status", "returned_from", "returned_at", "contact_paused_days", "observation_paused_days"])
    return pause.contact_days + pause.observation_days
