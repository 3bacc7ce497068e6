"""Somebody stops being a teacher, or leaves: S2S hears at once of requests and visits that nobody has any more."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from referrals.queries.people import LeftAlone, left_alone
from s2s_portal.notifications.actions.outbox import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import active_people


@dataclass(frozen=True)
class Gone:
    """Somebody who was there for requests is not any more: what is with nobody now, how many co-ordinators are told."""

    left: LeftAlone
    told: int

    @property
    def nobody_told(self) -> str:
        """For whoever did it, if something is with nobody and there is no co-ordinator to tell; else ""."""
        if not self.left.in_words or self.told:
            return ""
        what = self.left.in_words
        return f"No S2S co-ordinator is active, so nobody could be told of what is left: {what}. Tell S2S yourself."


@transaction.atomic
def deactivate(*, person: User, reason: str, by: User, at: datetime) -> Gone | None:
    """Let `person` sign in no more, and tell the co-ordinators of what is with nobody then. None if they could not.

    One message for each co-ordinator, none where nothing is left. Raises `NotAllowed` as `access.deactivate`.
    """
    if not access.deactivate(person=person, reason=reason, by=by, at=at):
        return None
    return _tell(person, at, closed=True)


@transaction.atomic
def set_roles(
    *, person: User, held: Sequence[access.Held], seen: str, reason: str, by: User, at: datetime
) -> tuple[list[str], Gone | None]:
    """As `access.set_roles`, which see; what changed, and what a teacher leaves who is to be one no more."""
    changes = access.set_roles(person=person, held=held, seen=seen, reason=reason, by=by)
    return changes, _tell(person, at, closed=False) if access.role_taken(Role.S2S_TEACHER) in changes else None


def _tell(person: User, at: datetime, *, closed: bool) -> Gone:
    """Queue a message for each co-ordinator. `closed`: the whole account, not the role of a teacher alone."""
    left = left_alone(person, at)
    coordinators = list(active_people(Role.S2S_COORDINATOR)) if left.in_words else []
    address = reverse("referrals:hand_over_list")
    told = {"teacher": person.full_name, "closed": closed, **asdict(left), "address": address}
    queue_all(
        message(
            kind=Kind.WORK_LEFT,
            key=f"work-left:{person.pk}:{at.isoformat()}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=told,
            at=at,
            person=one,
        )
        for one in coordinators
    )
    return Gone(left, told=len(coordinators))
