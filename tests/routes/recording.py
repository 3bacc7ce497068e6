"""Who gets what from the pages of outcomes and records of visits; see tests/test_routes.py."""

from datetime import timedelta
from typing import Any

from referrals.models import Referral, Visit
from s2s_portal.organisations.choices import Role
from tests.factories import records, support
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

#: The auditor has given no reason; the teacher has the request, and the visit of the outcome's page has begun.
GET = """
referrals:visit_outcome             403 404  403   200   403  404   404   302  302
referrals:record_write              403 404  200   200   403  404   404   302  302
referrals:record_save               405 405  405   405   405  405   405   302  302
referrals:record_check              403 404  403   200   403  404   404   302  302
referrals:record_finalise           403 404  403   302   403  404   404   302  302
referrals:record_attach             403 404  403   200   403  404   404   302  302
referrals:file_download             404 404  200   200   404  404   404   302  302
referrals:file_remove               404 404  403   200   404  404   404   302  302
referrals:record_detail             200 404  200   200   200  404   404   302  302
referrals:record_download           200 404  200   200   403  404   404   302  302
referrals:record_add                403 404  200   200   403  404   404   302  302
referrals:record_retract            403 404  200   200   403  404   404   302  302
"""
POST = """
referrals:visit_outcome             403 404  403   200   403  404   404   302  302
referrals:record_write              403 404  403   302   403  404   404   302  302
referrals:record_save               403 404  403   200   403  404   404   302  302
referrals:record_check              405 405  405   405   405  405   405   302  302
referrals:record_finalise           403 404  403   302   403  404   404   302  302
referrals:record_attach             403 404  403   200   403  404   404   302  302
referrals:file_remove               404 404  403   302   404  404   404   302  302
referrals:record_add                403 404  200   200   403  404   404   302  302
referrals:record_retract            403 404  200   200   403  404   404   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about: a visit that is just going on, a record being written, and a finalised one."""
    going_on = support.booked(_begun(council), at=AT - timedelta(days=1), starts_at=AT - timedelta(minutes=30))
    visit = _held(council, hours_ago=24)
    file = records.attached(visit)
    record = records.recorded(_held(council, hours_ago=21))
    key, finalised = {"key": visit.booking.key}, {"reference": record.visit.referral.reference, "number": 1}
    pages = ("write", "save", "check", "finalise", "attach")
    return (
        {"referrals:visit_outcome": {"key": going_on.key}}
        | {f"referrals:record_{page}": key for page in pages}
        | {f"referrals:file_{page}": {"key": file.key} for page in ("download", "remove")}
        | {f"referrals:record_{page}": finalised for page in ("detail", "download", "add", "retract")}
    )


def _begun(council: Any) -> Referral:
    return sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT - timedelta(days=2))


def _held(council: Any, *, hours_ago: int) -> Visit:
    starts_at = AT - timedelta(hours=hours_ago)
    one = support.booked(_begun(council), at=AT - timedelta(days=2), starts_at=starts_at)
    return records.fresh(support.held(one))
