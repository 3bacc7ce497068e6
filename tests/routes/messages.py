"""Who gets what from the pages of messages; see tests/test_routes.py."""

from typing import Any

from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.notifications.examples import CONTEXTS

#: The message that is opened is the early years adviser's; another could not be delivered.
GET = """
notifications:message_list          200 200  200   200   200  200   200   302  302
notifications:message_detail        200 404  404   404   404  404   404   302  302
notifications:messages_read         302 302  302   302   302  302   302   302  302
notifications:message_choice        200 200  200   200   200  200   200   302  302
notifications:failed_list           403 403  200   403   403  200   403   302  302
notifications:failed_again          403 403  200   403   403  200   403   302  302
referrals:referral_messages         200 404  200   404   200  404   404   302  302
notifications:kind_list             403 403  200   403   200  200   403   302  302
notifications:kind_detail           403 403  200   403   200  200   403   302  302
notifications:kind_html             403 403  200   403   200  200   403   302  302
"""
POST = """
notifications:messages_read         302 302  302   302   302  302   302   302  302
notifications:message_choice        200 200  200   200   200  200   200   302  302
notifications:failed_again          403 403  302   403   403  302   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    kind, adviser = Kind.REQUEST_SENT_ADVISER, council.people[Role.EARLY_YEARS_ADVISER]
    for key in ("routes:own", "routes:failed"):
        queue(kind=kind, key=key, to_email=adviser.email, to_name="", context=CONTEXTS[kind], at=AT)
    Notification.objects.filter(key="routes:failed").update(failed_at=AT)
    own, failed = (Notification.objects.get(key=key).pk for key in ("routes:own", "routes:failed"))
    request = {"reference": council.early_years.reference}
    example = {"kind": "visit-booked"}
    return {
        "notifications:message_detail": {"pk": own},
        "notifications:failed_again": {"pk": failed},
        "notifications:kind_detail": example,
        "notifications:kind_html": example,
        "referrals:referral_messages": request,
    }
