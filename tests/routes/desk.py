"""Who gets what from the pages of a co-ordinator's desk; see tests/test_routes.py."""

from typing import Any

GET = """
"""
POST = """
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    return {}
