"""What an action tells people: rows in the outbox, in the action's own transaction, without child data."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from quotas.actions.places import LockedQuota
from referrals.documents import (
    JoinedFacts,
    LapsedFacts,
    LeftFacts,
    PlaceGivenFacts,
    RefusalFacts,
    SubmittedFacts,
    WithdrawnFacts,
)
from referrals.models import Cohort, Decision, Referral
from referrals.queries import waiting as waiting_queries
from referrals.queries.standards import standards_at
from s2s_portal.notifications.actions import message, queue, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import active_people
from s2s_portal.organisations.queries.texts import text

HELP_KEYS = {"EARLY_YEARS": "REFUSAL_HELP_EARLY_YEARS", "MAINSTREAM": "REFUSAL_HELP_MAINSTREAM"}
"""Which editable text says what else can help and whom to ask, by stream."""


def sent(*, referral: Referral, facts: SubmittedFacts, at: datetime) -> None:
    """Tell the adviser and the establishment's contact that a request was sent."""
    days = standards_at(at).contact_working_days
    counted = {
        "sent_at": at.isoformat(),
        "contact_working_days": days,
        "places_left": facts.places_left,
        "places_granted": facts.places_bought,
        "whom_to_ask": text(HELP_KEYS[referral.stream], at),
    }
    to_adviser = _to_adviser(referral, Kind.REQUEST_SENT_ADVISER, "request-sent", counted, at)
    queue_all([to_adviser, _sent_to_contact(referral, days, at)])


def cohort_sent(
    *,
    cohort: Cohort,
    sent: Sequence[tuple[Referral, SubmittedFacts]],
    waiting: Sequence[tuple[Referral, JoinedFacts]],
    by: User,
    at: datetime,
) -> None:
    """Tell the adviser in one message what became of each school, and each school's contact about its own request."""
    last, days = (sent or waiting)[-1][1], standards_at(at).contact_working_days
    to_adviser = message(
        kind=Kind.COHORT_SENT,
        key=f"cohort-sent:{(sent or waiting)[0][0].reference}",
        to_email=by.email,
        to_name=by.full_name,
        context={
            "cohort_reference": cohort.reference,
            "sent_at": at.isoformat(),
            "sent": [_named(referral) for referral, _ in sent],
            "waiting": [_named(referral) for referral, _ in waiting],
            "places_left": last.places_left,
            "places_granted": last.places_bought,
            "contact_working_days": days,
            "whom_to_ask": text(HELP_KEYS["MAINSTREAM"], at),
        },
        at=at,
    )
    contacts = [_sent_to_contact(referral, days, at) for referral, _ in sent]
    queue_all([to_adviser, *contacts, *(_joined_to_contact(referral, at) for referral, _ in waiting)])


def joined(*, referral: Referral, facts: JoinedFacts, at: datetime) -> None:
    """Tell the adviser and the establishment's contact that a request waits for a place."""
    stands = {
        "joined_at": at.isoformat(),
        "ahead": facts.ahead,
        "cut_off_on": facts.cut_off_on,
        "allocation_deadline_on": facts.allocation_deadline_on,
        "whom_to_ask": text(HELP_KEYS[referral.stream], at),
    }
    to_adviser = _to_adviser(referral, Kind.WAITING_JOINED_ADVISER, "waiting-joined", stands, at)
    queue_all([to_adviser, _joined_to_contact(referral, at)])


def given(*, referral: Referral, facts: PlaceGivenFacts, at: datetime) -> None:
    """Tell the adviser that a request which waited has a place, and the contact that S2S will be in touch."""
    days = standards_at(at).contact_working_days
    how = {
        "joined_at": referral.submitted_at.isoformat(),
        "given_at": at.isoformat(),
        "by_hand": facts.by_hand,
        "places_left": facts.places_left,
        "places_granted": facts.places_bought,
        "contact_working_days": days,
        "whom_to_ask": text(HELP_KEYS[referral.stream], at),
    }
    to_adviser = _to_adviser(referral, Kind.PLACE_GIVEN_ADVISER, "place-given", how, at)
    queue_all([to_adviser, _sent_to_contact(referral, days, at)])


def place_free(*, locked: LockedQuota, waiting: int, at: datetime) -> None:
    """Tell the commissioners that a place is free while so many wait; once for each line that freed places."""
    freed = waiting_queries.last_freed(locked.quota)
    if not waiting or freed is None:
        return
    quota = locked.quota
    context = {
        "stream_label": quota.get_stream_display(),
        "freed_at": freed.at.isoformat(),
        "places_left": locked.left,
        "waiting": waiting,
        "allocation_deadline_on": quota.period.allocation_deadline_on.isoformat(),
        "address": reverse("referrals:waiting_list"),
    }
    queue_all(
        message(
            kind=Kind.PLACE_FREE,
            key=f"place-free:{quota.pk}:{freed.seq}:{commissioner.pk}",
            to_email=commissioner.email,
            to_name=commissioner.full_name,
            context=context,
            at=at,
        )
        for commissioner in active_people(Role.COMMISSIONER)
    )


def lapsed(*, referral: Referral, facts: LapsedFacts, seq: int, at: datetime) -> None:
    """Tell the adviser and the establishment's contact that no place came free. `seq`: the event's own number."""
    ended = {
        "joined_at": facts.joined_at,
        "allocation_deadline_on": facts.allocation_deadline_on,
        "successor": facts.successor,
        "whom_to_ask": text(HELP_KEYS[referral.stream], at),
    }
    to_adviser = _to_adviser(referral, Kind.WAITING_LAPSED_ADVISER, "waiting-lapsed", ended, at, seq=seq)
    adviser = referral.submitted_by
    deadline = {"allocation_deadline_on": facts.allocation_deadline_on}
    to_contact = _to_contact(referral, Kind.WAITING_LAPSED_CONTACT, "waiting-lapsed", deadline, adviser, at, seq=seq)
    queue_all([to_adviser, to_contact])


def refused(*, decision: Decision, facts: RefusalFacts, at: datetime, schools: int = 0, cohort: str = "") -> None:
    """Tell the adviser why a request was refused, or those for so many `schools` of `cohort`, and what is kept."""
    whom = f"{schools} school{'' if schools == 1 else 's'} of cohort {cohort}"
    queue(
        kind=Kind.REQUEST_REFUSED,
        key=f"request-refused:{decision.reference}",
        to_email=decision.by.email,
        to_name=decision.by.full_name,
        context={
            "refusal_reference": decision.reference,
            "establishment": whom if cohort else decision.establishment.display_name,
            "cohort_reference": cohort,
            "stream_label": decision.get_stream_display(),
            "decided_at": at.isoformat(),
            "rule": facts.rule,
            "count": facts.count,
            "next_date": facts.next_date,
            "whom_to_ask": facts.help,
        },
        at=at,
    )


def withdrawn(
    *, referral: Referral, locked: LockedQuota, facts: WithdrawnFacts | LeftFacts, seq: int, by: User, at: datetime
) -> None:
    """Tell the adviser who sent it, and the establishment's contact, that a request was withdrawn or left the list.

    `seq`: the event's own number. One that was reinstated may be withdrawn again, and that is told again.
    """
    gave_back = isinstance(facts, WithdrawnFacts) and facts.gave_back
    when = {"withdrawn_at": at.isoformat()}
    counted = when | {
        "withdrawn_by": by.full_name,
        "place_returned": gave_back,
        "carried": isinstance(facts, WithdrawnFacts) and not gave_back,
        "places_left": locked.left,
        "places_granted": locked.bought,
        "whom_to_ask": text(HELP_KEYS[referral.stream], at),
    }
    to_adviser = _to_adviser(referral, Kind.REQUEST_WITHDRAWN_ADVISER, "request-withdrawn", counted, at, seq=seq)
    to_contact = _to_contact(referral, Kind.REQUEST_WITHDRAWN_CONTACT, "request-withdrawn", when, by, at, seq=seq)
    queue_all([to_adviser, to_contact])


def _key(what: str, referral: Referral, seq: int | None, whom: str) -> str:
    """`seq` is named where the same can happen to a request more than once."""
    return ":".join([what, referral.reference, *([] if seq is None else [str(seq)]), whom])


def _to_adviser(
    referral: Referral, kind: Kind, what: str, context: dict[str, object], at: datetime, *, seq: int | None = None
) -> Notification:
    adviser = referral.submitted_by
    return message(
        kind=kind,
        key=_key(what, referral, seq, "adviser"),
        to_email=adviser.email,
        to_name=adviser.full_name,
        context=_about(referral) | context,
        at=at,
    )


def _to_contact(
    referral: Referral,
    kind: Kind,
    what: str,
    context: dict[str, object],
    adviser: User,
    at: datetime,
    *,
    seq: int | None = None,
) -> Notification:
    return message(
        kind=kind,
        key=_key(what, referral, seq, "contact"),
        to_email=referral.contact_email,
        to_name=referral.contact_name,
        context=_about(referral) | context | {"adviser_name": adviser.full_name, "adviser_email": adviser.email},
        at=at,
    )


def _sent_to_contact(referral: Referral, days: int, at: datetime) -> Notification:
    told = {"sent_at": at.isoformat(), "contact_working_days": days}
    adviser = referral.submitted_by
    return _to_contact(referral, Kind.REQUEST_SENT_CONTACT, "request-sent", told, adviser, at)


def _joined_to_contact(referral: Referral, at: datetime) -> Notification:
    told = {"joined_at": at.isoformat()}
    return _to_contact(referral, Kind.WAITING_JOINED_CONTACT, "waiting-joined", told, referral.submitted_by, at)


def _about(referral: Referral) -> dict[str, object]:
    return {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
    }


def _named(referral: Referral) -> dict[str, str]:
    return {"reference": referral.reference, "establishment": referral.establishment.display_name}
