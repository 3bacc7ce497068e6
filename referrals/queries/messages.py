"""What was told about one request, and to whom."""

from dataclasses import dataclass
from datetime import datetime

from referrals.models import Referral
from referrals.permissions import Asking
from referrals.queries import requests
from s2s_portal.notifications.documents.standing import Standing, standing_of
from s2s_portal.notifications.queries import messages


@dataclass(frozen=True)
class Told:
    """One message: its kind in words, to whom ("" where that is not shown), when it was written, where it stands."""

    what: str
    name: str
    email: str
    queued_at: datetime
    standing: Standing


def find(asking: Asking, reference: str) -> Referral | None:
    """The request with this reference and its cohort, if the person may see it. One query."""
    return requests.visible_to(asking).select_related("establishment", "cohort").filter(reference=reference).first()


def told_about(referral: Referral, *, with_people: bool) -> list[Told]:
    """Every message about a request of `find`, newest first.

    Names and addresses are only for those who see the full case (`with_people`). One query.
    """
    cohort = referral.cohort.reference if referral.cohort else ""
    return [
        Told(
            what=row.get_kind_display(),
            name=row.to_name if with_people else "",
            email=row.to_email if with_people else "",
            queued_at=row.queued_at,
            standing=standing_of(row, with_reason=with_people),
        )
        for row in messages.about(referral.reference, cohort=cohort)
    ]
