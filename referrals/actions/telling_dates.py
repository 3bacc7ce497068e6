"""That a contract was extended, told to whom a planned visit concerns. Reasons stay on the portal's pages."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from quotas.models import DatesChange
from referrals.actions.telling import HELP_KEYS
from referrals.models import Referral
from referrals.queries.contracts import with_planned_visits
from s2s_portal.core import spoken
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.queries.texts import texts


@transaction.atomic
def extended(*, change: DatesChange, at: datetime) -> int:
    """Tell the adviser, the contact and the teacher of each request with a planned visit; returns of how many requests.

    The same change again tells nobody twice.
    """
    requests = with_planned_visits(change.contract, at)
    words = texts(tuple(HELP_KEYS.values()), at) if requests else {}
    queue_all([one for referral in requests for one in _about_one(referral, change, words, at)])
    return len(requests)


def _about_one(referral: Referral, change: DatesChange, words: dict[str, str], at: datetime) -> list[Notification]:
    about = {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
        "status_label": referral.get_status_display(),
        "sentence": _sentence(referral, change),
        "status_at": at.isoformat(),
    }
    adviser, teacher = referral.submitted_by, referral.teacher
    page = {"address": reverse("referrals:referral_detail", args=[referral.reference])}
    asked = {"adviser_name": adviser.full_name, "adviser_email": adviser.email}
    by = {"changed_by": change.by.full_name}
    told = [
        (Kind.REQUEST_STATUS_ADVISER, adviser.email, adviser.full_name, page | {"whom_to_ask": _help(referral, words)}),
        (Kind.REQUEST_STATUS_CONTACT, referral.contact_email, referral.contact_name, asked),
        *([(Kind.REQUEST_STATUS_TEACHER, teacher.email, teacher.full_name, page | by)] if teacher else []),
    ]
    return [
        message(
            kind=kind,
            key=f"extended:{change.pk}:{referral.reference}:{kind}",
            to_email=email,
            to_name=name,
            context=about | rest,
            at=at,
        )
        for kind, email, name, rest in told
    ]


def _help(referral: Referral, words: dict[str, str]) -> str:
    return words[HELP_KEYS[referral.stream]]


def _sentence(referral: Referral, change: DatesChange) -> str:
    """What changed, and that the visits stay: ours alone."""
    ends = {name: date.fromisoformat(text) for name, text in change.now.items()}
    until = ends.get("run_off_ends_on", change.contract.run_off_ends_on)
    days = " and ".join(spoken.moment_with_weekday(one.starts_at) for one in referral.ahead)
    visit = "The visit" if len(referral.ahead) == 1 else "The visits"
    stays = "stays" if len(referral.ahead) == 1 else "stay"
    return (
        f"The contract of the support was extended: visits may be held until {spoken.day(until)}. "
        f"{visit} on {days} {stays} as planned."
    )
