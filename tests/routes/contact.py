"""Who gets what from the pages of the contact log; see tests/test_routes.py."""

from typing import Any

GET = """
referrals:contact_new               403 404  403   404   403  404   404   302  302
"""
POST = """
referrals:contact_new               403 404  403   404   403  404   404   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    return {"referrals:contact_new": {"reference": council.early_years.reference}}
