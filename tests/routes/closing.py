"""Who gets what from the pages of closing and opening again; see tests/test_routes.py."""

from typing import Any

GET = """
referrals:referral_close            403 404  403   404   403  404   404   302  302
referrals:referral_reopen           403 404  200   404   403  404   404   302  302
"""
POST = """
referrals:referral_close            403 404  403   404   403  404   404   302  302
referrals:referral_reopen           403 404  409   404   403  404   404   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    about = {"reference": council.early_years.reference}
    return {"referrals:referral_close": about, "referrals:referral_reopen": about}
