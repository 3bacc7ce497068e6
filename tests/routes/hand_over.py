"""Who gets what from the hand-over reports; see tests/test_routes.py."""

from typing import Any

GET = """
referrals:hand_over_list            403 403  200   200   200  403   403   302  302
referrals:hand_over                 403 403  200   200   200  403   403   302  302
referrals:hand_over_csv             403 403  200   200   200  403   403   302  302
referrals:hand_over_pdf             403 403  200   200   200  403   403   302  302
"""
POST = ""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    report = {"contract": council.period.contract_id, "school": 0}
    return {f"referrals:hand_over{which}": report for which in ("", "_csv", "_pdf")}
