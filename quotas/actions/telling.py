"""What happens to quotas, told to people: rows in the outbox, in the action's own transaction.

Reasons and notes are free text and stay on the portal's pages.
"""

from datetime import datetime

from django.urls import reverse

from quotas import queries
from quotas.documents import MoveFacts
from quotas.models import Quota
from quotas.rules import Balance
from s2s_portal.notifications.actions import changes, message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Role
from s2s_portal.organisations.models import ProposedChange
from s2s_portal.organisations.queries.people import active_people


def proposed(*, change: ProposedChange, facts: MoveFacts, at: datetime) -> None:
    """Tell the other commissioners that a move waits for a second person."""
    others = queries.others_who_decide(change)
    changes.proposed(change=change, summary=facts.summary, address=_page(change), to=others, at=at)


def decided(*, change: ProposedChange, facts: MoveFacts, at: datetime) -> None:
    """Tell whoever proposed a move what the second person decided."""
    changes.decided(change=change, summary=facts.summary, address=_page(change), at=at)


def threshold_reached(*, quota: Quota, threshold: int, seq: int, balance: Balance, at: datetime) -> None:
    """Tell the commissioners and the stream's advisers that so many per cent of its places are used (DESIGN §7)."""
    context = {
        "stream_label": quota.get_stream_display(),
        "threshold": threshold,
        "places_used": balance.used,
        "places_granted": balance.bought,
        "places_left": balance.left,
        "cut_off_on": quota.period.requests_close_on.isoformat(),
    }
    roles = [Role.COMMISSIONER, *(role for role, stream in STREAM_OF_ROLE.items() if stream == quota.stream)]
    people = {one.pk: one for role in roles for one in active_people(role)}
    queue_all(
        message(
            kind=Kind.QUOTA_THRESHOLD,
            key=f"quota-threshold:{quota.pk}:{threshold}:{seq}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=context,
            at=at,
        )
        for one in people.values()
    )


def _page(change: ProposedChange) -> str:
    """The path of the change's page."""
    return reverse("quotas:move_detail", args=[change.key])
