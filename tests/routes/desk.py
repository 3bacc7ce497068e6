"""Who gets what from the pages of a co-ordinator's desk; see tests/test_routes.py."""

from typing import Any

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership

#: No teacher has the request that these pages are about: those that need one say so (200, and 409 to what is sent).
GET = """
referrals:desk                       403 403  200   403   403  403   403   302  302
referrals:desk_teachers              403 403  200   403   403  403   403   302  302
referrals:desk_teacher               403 403  200   403   403  403   403   302  302
referrals:desk_cover_all             403 403  200   403   403  403   403   302  302
referrals:desk_journey               403 403  200   403   403  403   403   302  302
referrals:referral_assign            403 404  200   404   403  403   403   302  302
referrals:referral_reassign          403 404  200   404   403  403   403   302  302
referrals:referral_cover             403 404  200   404   403  403   403   302  302
referrals:referral_decline           403 404  200   404   403  403   403   302  302
referrals:referral_close_not_started 403 404  200   404   403  403   403   302  302
referrals:referral_reinstate         403 404  403   404   200  403   403   302  302
"""
POST = """
referrals:desk_teacher               403 403  302   403   403  403   403   302  302
referrals:desk_cover_all             403 403  200   403   403  403   403   302  302
referrals:desk_journey               403 403  200   403   403  403   403   302  302
referrals:referral_assign            403 404  200   404   403  403   403   302  302
referrals:referral_reassign          403 404  409   404   403  403   403   302  302
referrals:referral_cover             403 404  409   404   403  403   403   302  302
referrals:referral_decline           403 404  200   404   403  403   403   302  302
referrals:referral_close_not_started 403 404  200   404   403  403   403   302  302
referrals:referral_reinstate         403 404  403   404   409  403   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    teacher = council.people[Role.S2S_TEACHER]
    Membership.objects.filter(user=teacher, role=Role.S2S_TEACHER).update(home_school=council.school)
    request, person = {"reference": council.early_years.reference}, {"teacher": teacher.pk}
    pages = ("assign", "reassign", "cover", "decline", "close_not_started", "reinstate")
    return {f"referrals:referral_{page}": request for page in pages} | {
        "referrals:desk_teacher": person,
        "referrals:desk_cover_all": person,
        "referrals:desk_journey": request | person,
    }
