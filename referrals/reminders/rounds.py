"""Reminders that go to many at once: unsent drafts, the contract's end, the week's summary.

Each round has a line of its own in the ledger, written when all of it was dealt with: a day on which nothing is due
costs one query, and a round that was broken off is gone on with.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from quotas.models import Contract
from quotas.queries import period_at
from referrals.choices import ReminderKind
from referrals.models import DraftReferral, Reminder
from referrals.queries import following
from referrals.queries import reminding_rounds as queries
from referrals.reminders import ledger
from referrals.reminders.scanning import Morning
from referrals.rules import reminder_kinds, reminders
from referrals.rules.reminder_kinds import CONTRACT_STEPS, CUT_OFF_STEPS
from referrals.rules.reminders import Due, Series
from s2s_portal.core.calendar import london_date
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.notifications.queries.digests import who_wants_weekly
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import active_people

BATCH = 200
MOST_LISTED = 40
"""References that one message names."""
Stopping = Callable[[], bool]


def remind_all(now: Morning, *, stopping: Stopping = lambda: False) -> int:
    """Deal with every round that is due. Returns how many people were told. Call it outside a transaction."""
    return sum(one(now, stopping) for one in (_drafts, _contracts, _weekly))


def _due(series: Series, subject: str, at: datetime) -> list[Due]:
    keys = [series.key(step, subject) for step in series.steps]
    return reminders.due([series], subject=subject, written=queries.written_among(keys), at=at)


def _write(line: Reminder, messages: Iterable[Notification] = ()) -> bool:
    """One line with its messages. False, and nothing written, if somebody else has just done it."""
    try:
        with transaction.atomic():
            line.save(force_insert=True)
            queue_all(messages)
    except IntegrityError:
        if queries.is_written(line.key):
            return False
        raise
    return True


def _close(due: Due, subject: str, told: str, at: datetime) -> None:
    """The round's own line, once all of it was dealt with."""
    _write(ledger.line(due, subject=subject, told=told, at=at))


# --- Unsent drafts -----------------------------------------------------------------------------------------------
def _drafts(now: Morning, stopping: Stopping) -> int:
    period = period_at(now.at)
    if period is None:
        return 0
    cut_off, since = period.requests_close_on, period.opens_on
    series = reminder_kinds.before_day(ReminderKind.DRAFT_UNSENT, cut_off, CUT_OFF_STEPS, since=since, days=now.days)
    subject, sent = f"period {period.pk}", 0
    for due in _due(series, subject, now.at):
        sent += 0 if due.why else _drafts_of(due, cut_off, now, stopping)
        if stopping():
            return sent
        told = queries.told_in(due, "draft")
        _close(due, subject, f"those who started {told} drafts" if told else "", now.at)
    return sent


def _drafts_of(due: Due, cut_off: date, now: Morning, stopping: Stopping) -> int:
    """Remind whoever started each draft that was there when it became due."""
    last, sent = 0, 0
    while drafts := queries.drafts_after(last, started_before=due.step.due_at, most=BATCH):
        keys = {due.series.key(due.step, draft.audit_reference): draft for draft in drafts}
        done = queries.written_among(list(keys))
        for key, draft in keys.items():
            if stopping():
                return sent
            if key not in done:
                sent += _remind_of_draft(Due(due.series, due.step, key), draft, cut_off, now)
        last = drafts[-1].pk
    return sent


def _remind_of_draft(due: Due, draft: DraftReferral, cut_off: date, now: Morning) -> bool:
    starter = draft.started_by
    notes = [] if starter.is_active else [f"{starter.full_name} no longer uses the portal"]
    told = starter.full_name if starter.is_active else ""
    line = ledger.line(due, subject=draft.audit_reference, told=told, notes=notes, at=now.at)
    context = {
        "establishment": draft.establishment.display_name,
        "stream_label": draft.get_stream_display(),
        "cut_off_on": cut_off.isoformat(),
        "working_days": now.days.working_days_between(london_date(now.at), cut_off),
        "address": reverse("referrals:draft_detail", args=[draft.key]),
    }
    return _write(line, [_to(starter, Kind.REMIND_DRAFT_UNSENT, due.key, context, now.at)] if told else []) and bool(
        told
    )


# --- The contract's end ------------------------------------------------------------------------------------------
def _contracts(now: Morning, stopping: Stopping) -> int:
    sent = 0
    for contract in queries.contracts_near(london_date(now.at)):
        series = reminder_kinds.before_day(
            ReminderKind.CONTRACT_END, contract.ends_on, CONTRACT_STEPS, since=contract.starts_on, days=now.days
        )
        subject = f"contract {contract.pk}"
        for due in _due(series, subject, now.at):
            if stopping():
                return sent
            sent += _contract_ends(due, contract, subject, now)
    return sent


def _contract_ends(due: Due, contract: Contract, subject: str, now: Morning) -> int:
    """Tell teachers of their open requests, co-ordinators and commissioners of how many there are; all at once."""
    mine = queries.open_by_teacher(contract)
    total = sum(map(len, mine.values()))
    messages = [] if due.why or not total else _of_contract(due, contract, mine, total, now)
    names = ", ".join(one.to_name for one in messages)
    notes = [] if total else ["no request was open"]
    written = _write(ledger.line(due, subject=subject, told=names, notes=notes, at=now.at), messages)
    return len(messages) if written else 0


def _of_contract(
    due: Due, contract: Contract, mine: dict[int | None, list[str]], total: int, now: Morning
) -> list[Notification]:
    left = now.days.working_days_between(london_date(now.at), contract.ends_on)
    about = {"contract": contract.name, "ends_on": contract.ends_on.isoformat(), "working_days": left}

    end = following.end_of(contract)
    its_page = reverse("referrals:contract_end", args=[end.key]) if end else reverse("referrals:contract_end_list")

    def to(user: User, references: Sequence[str], number: int, address: str) -> Notification:
        listed = {"references": list(references[:MOST_LISTED]), "more": max(0, len(references) - MOST_LISTED)}
        context = about | listed | {"requests": number, "address": address}
        return _to(user, Kind.REMIND_CONTRACT_END, due.key, context, now.at)

    teachers = queries.teachers_named([pk for pk in mine if pk is not None]).filter(is_active=True)
    found = [to(one, mine[one.pk], len(mine[one.pk]), reverse("referrals:my_caseload")) for one in teachers]
    told = {one.person_id for one in found}
    for role in (Role.S2S_COORDINATOR, Role.COMMISSIONER):
        others = [one for one in active_people(role) if one.pk not in told]
        told |= {one.pk for one in others}
        found += [to(one, [], total, its_page) for one in others]
    return found


# --- The week's summary ------------------------------------------------------------------------------------------
def _weekly(now: Morning, stopping: Stopping) -> int:
    series = reminder_kinds.week_of(london_date(now.at), now.days)
    sent = 0
    for due in _due(series, "everyone", now.at):
        sent += _weekly_of(due, now, stopping)
        if stopping():
            return sent
        told = queries.told_in(due, "person")
        _close(due, "everyone", f"{told} {'person' if told == 1 else 'people'}" if told else "", now.at)
    return sent


def _weekly_of(due: Due, now: Morning, stopping: Stopping) -> int:
    """Tell everyone who wants it what waits for them; whoever has nothing waiting is told nothing."""
    waiting, sent = queries.Waiting(now.at), 0
    people = {due.series.key(due.step, f"person {one.pk}"): one for one in who_wants_weekly()}
    done = queries.written_among(list(people))
    for key, person in people.items():
        if stopping():
            return sent
        lines = waiting.lines(person) if key not in done else []
        if lines:
            sent += _remind_of_week(Due(due.series, due.step, key), person, lines, now)
    return sent


def _remind_of_week(due: Due, person: User, lines: list[str], now: Morning) -> bool:
    context = {
        "day_on": due.series.occasion,
        "lines": lines,
        "address": reverse("home"),
        "choice_address": reverse("notifications:message_choice"),
    }
    line = ledger.line(due, subject=f"person {person.pk}", told=person.full_name, at=now.at)
    return _write(line, [_to(person, Kind.REMIND_WEEKLY_DIGEST, due.key, context, now.at)])


def _to(user: User, kind: Kind, key: str, context: dict[str, object], at: datetime) -> Notification:
    return message(
        kind=kind,
        key=f"remind:{key}:{user.pk}",
        to_email=user.email,
        to_name=user.full_name,
        context=context,
        at=at,
        person=user,
    )
