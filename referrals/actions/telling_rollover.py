"""What the end of a contract tells people: rows in the outbox, in the action's own transaction, without child data."""

from datetime import datetime

from django.urls import reverse

from referrals.choices import FateReason
from referrals.documents.rollover import RolloverFacts
from referrals.models import Rollover, RolloverLine
from referrals.queries.advisers import Advisers
from referrals.queries.contract_ends import account_of
from s2s_portal.notifications.actions import changes, message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import ProposedChange
from s2s_portal.organisations.queries.people import active_people


def asked(*, line: RolloverLine, rollover: Rollover, advisers: Advisers, at: datetime) -> bool:
    """Ask the adviser of a request what is still wanted, or those of its zone; False where nobody is left."""
    referral = line.referral
    own = referral.submitted_by
    told = advisers.told(own, stream=referral.stream, zone_id=referral.zone_id)
    context = {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
        "contract": rollover.source.name,
        "run_off_ends_on": rollover.source.run_off_ends_on.isoformat(),
        "why": FateReason(line.reason).label,
        "address": reverse("referrals:contract_end_answer", args=[referral.reference]),
        "instead_of": "" if own in told else own.full_name,
    }
    queue_all(
        message(
            kind=Kind.CONTRACT_END_QUESTION,
            key=f"contract-end:{line.pk}:{at.isoformat()}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=context,
            at=at,
        )
        for one in told
    )
    return bool(told)


def proposed(*, change: ProposedChange, facts: RolloverFacts, at: datetime) -> None:
    """Tell the other commissioners that the end of a contract waits for a second person."""
    others = active_people(Role.COMMISSIONER).exclude(pk=change.proposed_by_id)
    changes.proposed(change=change, summary=facts.summary, address=_page(facts.key), to=others, at=at)


def decided(*, change: ProposedChange, facts: RolloverFacts, at: datetime) -> None:
    """Tell whoever proposed it what the second person decided."""
    changes.decided(change=change, summary=facts.summary, address=_page(facts.key), at=at)


def ended(*, rollover: Rollover, what: str, at: datetime) -> None:
    """Tell commissioners and co-ordinators that the end of a contract "is done", "was undone" or "needs you"."""
    context = {
        "contract": rollover.source.name,
        "what": what,
        "account": account_of(rollover).in_words,
        "address": _page(str(rollover.key)),
    }
    people = {one.pk: one for role in (Role.COMMISSIONER, Role.S2S_COORDINATOR) for one in active_people(role)}
    queue_all(
        message(
            kind=Kind.CONTRACT_END_ACCOUNT,
            key=f"contract-end:{rollover.key}:{what}:{at.isoformat()}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=context,
            at=at,
        )
        for one in people.values()
    )


def _page(key: str) -> str:
    return reverse("referrals:contract_end", args=[key])
