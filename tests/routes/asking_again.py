"""Who gets what from the pages of asking again; see tests/test_routes.py."""

from typing import Any

#: The request did not lapse: its page says that it cannot be asked for again, and a press leads to it.
GET = """
referrals:ask_again_list            200 200  403   403   403  403   403   302  302
referrals:ask_again                 200 404  403   403   403  403   403   302  302
"""
POST = """
referrals:ask_again                 302 404  403   403   403  403   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    return {"referrals:ask_again": {"reference": council.early_years.reference}}
