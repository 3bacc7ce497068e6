"""Who gets what from the pages of more information, corrections, agreements, standards; see tests/test_routes.py."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from referrals.actions.standards import set_standards
from referrals.choices import Section
from referrals.rules.standards import DEFAULTS
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Role
from tests.moments import AN_ORDINARY_TUESDAY as AT

GET = """
referrals:request_ask                403 404  200   404   403  404   404   302  302
referrals:request_send_back          200 404  403   404   403  404   404   302  302
referrals:request_take_back          403 404  200   404   403  404   404   302  302
referrals:request_correct            200 404  200   404   403  404   404   302  302
referrals:request_correct_section    200 404  200   404   403  404   404   302  302
referrals:request_agreement          200 404  200   404   403  404   404   302  302
referrals:request_agreement_withdraw 200 404  200   404   403  404   404   302  302
referrals:standards                  403 403  403   403   200  403   403   302  302
referrals:standards_take_back        403 403  403   403   200  403   403   302  302
"""
#: The request that these pages are about has not been returned: an answer comes too late (409).
POST = """
referrals:request_ask                403 404  200   404   403  404   404   302  302
referrals:request_send_back          409 404  403   404   403  404   404   302  302
referrals:request_take_back          403 404  409   404   403  404   404   302  302
referrals:request_correct_section    200 404  200   404   403  404   404   302  302
referrals:request_agreement          200 404  200   404   403  404   404   302  302
referrals:request_agreement_withdraw 200 404  200   404   403  404   404   302  302
referrals:standards                  403 403  403   403   200  403   403   302  302
referrals:standards_take_back        403 403  403   403   200  403   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    request = {"reference": council.early_years.reference}
    pages = ("ask", "send_back", "take_back", "correct", "agreement", "agreement_withdraw")
    waiting = set_standards(
        standards=replace(DEFAULTS, review_weeks=8),
        reason="Summer.",
        seen=0,
        by=council.people[Role.COMMISSIONER],
        at=AT,
        from_day=london_date(AT) + timedelta(days=6),
    )
    return {f"referrals:request_{page}": request for page in pages} | {
        "referrals:request_correct_section": request | {"section": Section.CONTACT.value},
        "referrals:standards_take_back": {"number": waiting.in_force.number},
    }
