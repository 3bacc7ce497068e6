"""Which advisers are told of a request or a draft: whoever filed it, or whoever files for its zone since they left."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from s2s_portal.organisations.choices import STREAM_OF_ROLE, Role
from s2s_portal.organisations.models import Membership, User


@dataclass(frozen=True)
class Advisers:
    """Everybody who can sign in and files requests, by stream and id of zone; by name."""

    by_zone: Mapping[tuple[str, int | None], list[User]]

    def told(self, own: User, *, stream: str, zone_id: int | None) -> list[User]:
        """`own`, while they file for this stream and zone; else everybody who does: nobody, where none is left."""
        here = self.by_zone.get((stream, zone_id), [])
        return [own] if own in here else here


def advisers() -> Advisers:
    """As they are now. Two queries."""
    held = Membership.objects.filter(role__in=STREAM_OF_ROLE, user__is_active=True, zones__isnull=False)
    rows = list(held.order_by("user__full_name", "user").values_list("role", "zones", "user"))
    people = User.objects.in_bulk({user for *_, user in rows})
    by_zone: dict[tuple[str, int | None], list[User]] = defaultdict(list)
    for role, zone, user in rows:
        by_zone[STREAM_OF_ROLE[Role(role)], zone].append(people[user])
    return Advisers(by_zone)
