"""Who gets what from the page of the nightly comparison; see tests/test_routes.py."""

from typing import Any

GET = """
referrals:reconciliation            403 403  403   403   200  200   403   302  302
"""
POST = ""


def about(council: Any) -> dict[str, dict[str, object]]:
    """The page is about no request."""
    return {}
