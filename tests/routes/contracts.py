"""Who gets what from the pages of contracts and their dates; see tests/test_routes.py."""

import uuid
from datetime import date
from typing import Any

from quotas.actions import extending
from s2s_portal.organisations.choices import Role
from tests.moments import AN_ORDINARY_TUESDAY as AT

GET = """
referrals:contract_list             403 403  403   403   200  403   403   302  302
referrals:contract_new              403 403  403   403   200  403   403   302  302
referrals:period_new                403 403  403   403   200  403   403   302  302
referrals:contract_extend           403 403  403   403   200  403   403   302  302
referrals:cut_off_move              403 403  403   403   200  403   403   302  302
referrals:dates_changed             403 403  403   403   200  403   403   302  302
"""
POST = """
referrals:contract_new              403 403  403   403   200  403   403   302  302
referrals:period_new                403 403  403   403   200  403   403   302  302
referrals:contract_extend           403 403  403   403   200  403   403   302  302
referrals:cut_off_move              403 403  403   403   200  403   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    contract = council.period.contract
    later = {"ends_on": date(2025, 7, 31), "run_off_ends_on": date(2025, 7, 31)}
    told = {"reason": "More time", "key": uuid.uuid4(), "by": council.people[Role.COMMISSIONER], "at": AT}
    change = extending.extend_contract(contract=contract, **later, **told).change
    return {
        "referrals:period_new": {"pk": contract.pk},
        "referrals:contract_extend": {"pk": contract.pk},
        "referrals:cut_off_move": {"pk": council.period.pk},
        "referrals:dates_changed": {"key": change.key},
    }
