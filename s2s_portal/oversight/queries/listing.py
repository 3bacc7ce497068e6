"""The requests behind a figure, as a list shows them."""

from collections.abc import Iterator, Sequence

from referrals.models import Referral
from referrals.permissions import Asking, visible_requests

AT_A_TIME = 500
LISTED = (
    *("reference", "stream", "status", "turn", "submitted_at", "zone__name"),
    *("establishment__name", "establishment__urn", "establishment__kind__name"),
    *("provider_school__name", "provider_school__urn", "provider_school__kind__name"),
)
"""The columns a line shows. Who the child is never leaves the database for a list."""


def listed(asking: Asking, ids: Sequence[int]) -> list[Referral]:
    """The requests of one page of a list that the person may see, in the order of `ids`. One statement."""
    found = (
        Referral.objects.filter(visible_requests(asking))
        .select_related("establishment__kind", "zone", "provider_school__kind")
        .only(*LISTED)
        .in_bulk(ids)
    )
    return [found[pk] for pk in ids if pk in found]


def listed_by_parts(asking: Asking, ids: Sequence[int]) -> Iterator[Referral]:
    """The same for a list of any length, of which `AT_A_TIME` requests are in memory. A statement for each part."""
    for first in range(0, len(ids), AT_A_TIME):
        yield from listed(asking, ids[first : first + AT_A_TIME])
