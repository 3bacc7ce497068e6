"""What the pages of a co-ordinator's decisions say where it is too late. The rest they share is in `views.details`."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from referrals.choices import Action
from referrals.rules import lifecycle
from referrals.views import details


def too_late(request: HttpRequest, referral: Any, action: Action) -> HttpResponse | None:
    """Where the state does not allow it: who has it now, where it stands, and what was typed; else None."""
    if details.is_possible(referral, action):
        return None
    sentence = f"{referral.reference} cannot be {action.label} now."
    if referral.status in lifecycle.WITH_A_TEACHER:
        sentence = f"{sentence} {referral.teacher} has it."
    return details.too_late(request, referral, heading="It is too late for this", sentence=sentence)
