"""Who gets what from the registers' pages and from those that put schools in zones; see tests/test_routes.py."""

from typing import Any

from tests.factories.registers import RegisterUploadFactory

GET = """
organisations:placing               403 403  403   403   403  200   403   302  302
organisations:placing_check         403 403  403   403   403  200   403   302  302
organisations:register_list         403 403  403   403   403  200   403   302  302
organisations:register_upload       403 403  403   403   403  200   403   302  302
organisations:register_changes      403 403  403   403   403  200   403   302  302
organisations:register_errors       403 403  403   403   403  200   403   302  302
"""
POST = """
organisations:placing_check         403 403  403   403   403  200   403   302  302
organisations:register_list         403 403  403   403   403  200   403   302  302
organisations:register_upload       403 403  403   403   403  302   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    file = {"key": RegisterUploadFactory().key}
    return {
        "organisations:register_upload": file,
        "organisations:register_changes": file | {"part": "errors"},
        "organisations:register_errors": file,
    }
