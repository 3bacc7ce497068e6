"""What is told of changes that need a second person, whoever carries them out."""

from collections.abc import Iterable
from datetime import datetime

from s2s_portal.notifications.actions.outbox import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.choices import ChangeOutcome
from s2s_portal.organisations.models import ProposedChange, User


def proposed(*, change: ProposedChange, summary: str, address: str, to: Iterable[User], at: datetime) -> None:
    """Tell those who may decide that a change waits for them; `address` is the path of its page."""
    context = {"summary": summary, "proposed_by": change.proposed_by.full_name, "address": address}
    queue_all(
        message(
            kind=Kind.CHANGE_PROPOSED,
            key=f"change-proposed:{change.key}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=context,
            at=at,
        )
        for one in to
    )


def decided(*, change: ProposedChange, summary: str, address: str, at: datetime) -> None:
    """Tell whoever proposed a change what the second person decided."""
    context = {
        "summary": summary,
        "approved": change.outcome == ChangeOutcome.APPROVED,
        "decided_by": change.decided_by.full_name if change.decided_by else "",
        "address": address,
    }
    queue_all(
        [
            message(
                kind=Kind.CHANGE_DECIDED,
                key=f"change-decided:{change.key}",
                to_email=change.proposed_by.email,
                to_name=change.proposed_by.full_name,
                context=context,
                at=at,
            )
        ]
    )
