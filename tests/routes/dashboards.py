"""Who gets what from the dashboards; see tests/test_routes.py."""

from typing import Any

GET = """
oversight:overview                  403 403  200   403   200  403   403   302  302
oversight:dashboard                 403 403  403   403   200  403   403   302  302
oversight:requests                  403 403  403   403   404  403   403   302  302
oversight:case_list                 403 403  200   403   403  403   403   302  302
oversight:report_list               403 403  403   403   200  403   403   302  302
oversight:report_file               403 403  403   403   404  403   403   302  302
oversight:figure_file               403 403  403   403   200  403   403   302  302
oversight:requests_file             403 403  403   403   404  403   403   302  302
"""
POST = """
oversight:case_list                 403 403  200   403   403  403   403   302  302
oversight:report_list               403 403  403   403   302  403   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    return {
        "oversight:dashboard": {"slug": "unmet"},
        "oversight:requests": {"slug": "unmet", "figure": "zone", "line": "none"},
        "oversight:report_file": {"pk": 0},
        "oversight:figure_file": {"slug": "unmet", "figure": "zone", "ending": "csv"},
        "oversight:requests_file": {"slug": "unmet", "figure": "zone", "line": "none", "ending": "xlsx"},
    }
