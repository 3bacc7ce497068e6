"""Who gets what from the pages of people's accounts and of set-up; see tests/test_routes.py."""

from typing import Any
from uuid import UUID

from tests.factories.organisations import person

#: The account is somebody else's, who is active; the link to choose a password is one that this browser never had.
GET = """
referrals:person_add                403 403  403   403   403  200   403   302  302
referrals:person_detail             403 403  403   403   403  200   403   302  302
referrals:person_roles              403 403  403   403   403  200   403   302  302
referrals:person_email              403 403  403   403   403  200   403   302  302
referrals:person_link               403 403  403   403   403  302   403   302  302
referrals:person_link_back          403 403  403   403   403  302   403   302  302
referrals:person_deactivate         403 403  403   403   403  200   403   302  302
referrals:person_reactivate         403 403  403   403   403  200   403   302  302
referrals:choose_password           404 404  404   404   404  404   404   404  404
referrals:set_up                    403 403  403   403   200  200   403   302  302
"""
POST = """
referrals:person_add                403 403  403   403   403  200   403   302  302
referrals:person_roles              403 403  403   403   403  200   403   302  302
referrals:person_email              403 403  403   403   403  200   403   302  302
referrals:person_link               403 403  403   403   403  302   403   302  302
referrals:person_link_back          403 403  403   403   403  302   403   302  302
referrals:person_deactivate         403 403  403   403   403  200   403   302  302
referrals:person_reactivate         403 403  403   403   403  200   403   302  302
referrals:choose_password           404 404  404   404   404  404   404   404  404
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    one = {"pk": person().pk}
    pages = ("detail", "roles", "email", "link", "link_back", "deactivate", "reactivate")
    return {f"referrals:person_{page}": one for page in pages} | {"referrals:choose_password": {"key": UUID(int=1)}}
