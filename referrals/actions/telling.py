"""What an action tells people: rows in the outbox, in the action's own transaction, without child data."""

from datetime import datetime

from referrals.documents import RefusalFacts, SubmittedFacts, WithdrawnFacts
from referrals.models import Decision, Referral
from referrals.rules.standards import CONTACT_WORKING_DAYS
from s2s_portal.notifications.actions import message, queue, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.texts import text

HELP_KEYS = {"EARLY_YEARS": "REFUSAL_HELP_EARLY_YEARS", "MAINSTREAM": "REFUSAL_HELP_MAINSTREAM"}
"""Which editable text says what else can help and whom to ask, by stream."""


def sent(*, referral: Referral, facts: SubmittedFacts, at: datetime) -> None:
    """Tell the adviser and the establishment's contact that a request was sent."""
    adviser = referral.submitted_by
    about = _about(referral) | {"sent_at": at.isoformat(), "contact_working_days": CONTACT_WORKING_DAYS}
    to_adviser = message(
        kind=Kind.REQUEST_SENT_ADVISER,
        key=f"request-sent:{referral.reference}:adviser",
        to_email=adviser.email,
        to_name=adviser.full_name,
        context=about
        | {
            "places_left": facts.places_left,
            "places_granted": facts.places_bought,
            "whom_to_ask": text(HELP_KEYS[referral.stream], at),
        },
        at=at,
    )
    to_contact = message(
        kind=Kind.REQUEST_SENT_CONTACT,
        key=f"request-sent:{referral.reference}:contact",
        to_email=referral.contact_email,
        to_name=referral.contact_name,
        context=about | {"adviser_name": adviser.full_name, "adviser_email": adviser.email},
        at=at,
    )
    queue_all([to_adviser, to_contact])


def refused(*, decision: Decision, facts: RefusalFacts, at: datetime) -> None:
    """Tell the adviser why a request was refused, and that the draft is kept."""
    queue(
        kind=Kind.REQUEST_REFUSED,
        key=f"request-refused:{decision.reference}",
        to_email=decision.by.email,
        to_name=decision.by.full_name,
        context={
            "refusal_reference": decision.reference,
            "establishment": decision.establishment.display_name,
            "stream_label": decision.get_stream_display(),
            "decided_at": at.isoformat(),
            "rule": facts.rule,
            "count": facts.count,
            "next_date": facts.next_date,
            "whom_to_ask": facts.help,
        },
        at=at,
    )


def withdrawn(*, referral: Referral, facts: WithdrawnFacts, by: User, at: datetime) -> None:
    """Tell the adviser who sent it, and the establishment's contact, that a request was withdrawn."""
    adviser = referral.submitted_by
    about = _about(referral) | {"withdrawn_at": at.isoformat()}
    to_adviser = message(
        kind=Kind.REQUEST_WITHDRAWN_ADVISER,
        key=f"request-withdrawn:{referral.reference}:adviser",
        to_email=adviser.email,
        to_name=adviser.full_name,
        context=about
        | {
            "withdrawn_by": by.full_name,
            "place_returned": True,
            "places_left": facts.places_left,
            "places_granted": facts.places_bought,
            "whom_to_ask": text(HELP_KEYS[referral.stream], at),
        },
        at=at,
    )
    to_contact = message(
        kind=Kind.REQUEST_WITHDRAWN_CONTACT,
        key=f"request-withdrawn:{referral.reference}:contact",
        to_email=referral.contact_email,
        to_name=referral.contact_name,
        context=about | {"adviser_name": by.full_name, "adviser_email": by.email},
        at=at,
    )
    queue_all([to_adviser, to_contact])


def _about(referral: Referral) -> dict[str, str]:
    return {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
    }
