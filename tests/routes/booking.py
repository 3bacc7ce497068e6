"""Who gets what from the pages of planned visits; see tests/test_routes.py."""

from typing import Any

from referrals.choices import BookingProblem
from referrals.models import BookingFlag
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

#: About a flagged visit of the teacher, in the zone of the early years adviser.
GET = """
referrals:booking_start             403 404  403   200   403  404   404   302  302
referrals:booking_detail            200 404  200   200   200  404   404   302  302
referrals:booking_file              200 404  200   200   403  404   404   302  302
referrals:booking_move              403 404  200   200   403  404   404   302  302
referrals:booking_cancel            403 404  200   200   403  404   404   302  302
referrals:booking_keep              403 404  200   200   403  404   404   302  302
"""
POST = """
referrals:booking_start             403 404  403   200   403  404   404   302  302
referrals:booking_move              403 404  200   200   403  404   404   302  302
referrals:booking_cancel            403 404  200   200   403  404   404   302  302
referrals:booking_keep              403 404  200   200   403  404   404   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    referral = sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
    booking = support.booked(referral)
    cause = BookingProblem.SETTING_CLOSED
    BookingFlag.objects.create(booking=booking, cause=cause, detail="They are closed that day.", raised_at=AT)
    pages = ("detail", "file", "move", "cancel", "keep")
    return {f"referrals:booking_{page}": {"key": booking.key} for page in pages} | {
        "referrals:booking_start": {"reference": referral.reference}
    }
