"""Who gets what from the pages behind signed links: the link counts, no role does; see tests/test_routes.py.

Nobody here has opened the link of the page, so the page says to open it (404, whatever is sent).
"""

import uuid
from typing import Any

from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import LinkPurpose, Role
from tests.factories import support
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

GET = """
referrals:setting_link              404 404  404   404   404  404   404   404  404
referrals:setting_record            404 404  404   404   404  404   404   404  404
referrals:setting_times             404 404  404   404   404  404   404   404  404
referrals:setting_visit             404 404  404   404   404  404   404   404  404
referrals:setting_visit_file        404 404  404   404   404  404   404   404  404
referrals:offer_times               403 404  403   200   403  404   404   302  302
"""
POST = """
referrals:setting_link              405 405  405   405   405  405   405   405  405
referrals:setting_record            404 404  404   404   404  404   404   404  404
referrals:setting_times             404 404  404   404   404  404   404   404  404
referrals:setting_visit             404 404  404   404   404  404   404   404  404
referrals:offer_times               403 404  403   200   403  404   404   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route; the address of the link is forged."""
    subject = {"subject": f"record {council.early_years.reference}/1", "email": council.early_years.contact_email}
    record = links.issue(purpose=LinkPurpose.READ_RECORD, **subject)
    times = links.issue(
        purpose=LinkPurpose.CHOOSE_TIME, subject=f"offer {uuid.uuid4()}", email="office@bulrush.invalid"
    )
    visit = links.issue(purpose=LinkPurpose.SEE_VISIT, subject=f"visit {uuid.uuid4()}", email="a@bulrush.invalid")
    referral = support.in_contact(sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT))
    return {
        "referrals:setting_link": {"token": f"{record.pk}.forged"},
        "referrals:setting_record": {"key": record.key},
        "referrals:setting_times": {"key": times.key},
        "referrals:setting_visit": {"key": visit.key},
        "referrals:setting_visit_file": {"key": visit.key},
        "referrals:offer_times": {"reference": referral.reference},
    }
