"""Who gets what from the pages of reminders; see tests/test_routes.py."""

from typing import Any

GET = """
referrals:reminder_list             403 403  200   403   200  200   403   302  302
referrals:referral_reminders        200 404  200   404   200  404   404   302  302
"""
POST = ""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    return {"referrals:referral_reminders": {"reference": council.early_years.reference}}
