"""Who gets what from the pages of a teacher's day, caseload and calendar; see tests/test_routes.py."""

from typing import Any

from s2s_portal.organisations.choices import Role

GET = """
referrals:my_day                    403 403  403   200   403  403   403   302  302
referrals:day_sheet                 403 403  200   200   403  403   403   302  302
referrals:my_caseload               403 403  403   200   403  403   403   302  302
referrals:teacher_caseload          403 403  200   403   403  403   403   302  302
referrals:visits_week               403 403  200   200   403  403   403   302  302
referrals:visits_month              403 403  200   200   403  403   403   302  302
"""
POST = """
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    return {"referrals:teacher_caseload": {"teacher": council.people[Role.S2S_TEACHER].pk}}
