"""R18: what each page of S2S's own work leaves in the audit log, for the first role that it opens for."""

import pytest
from django.urls import reverse

from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views import test_desk_audit_rows
from tests.routes import MODULES, teaching
from tests.test_routes import WHO, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
AGREEMENT = "parental agreement of a request"
READ = {
    "booking_start": "page for booking a visit",
    "booking_detail": "visit page",
    "request_correct_section": "contact of a request, to correct it",
    "request_agreement": AGREEMENT,
    "request_agreement_withdraw": AGREEMENT,
    "visit_outcome": "page of a visit’s outcome",
    "record_write": "draft of a record of visit",
    "record_check": "check of a record of visit",
    "record_detail": "record of visit",
    "record_download": "PDF of a record of visit",
    "file_download": "file of a record of visit",
    "day_sheet": "day sheet, with initials",
}
"""Pages that show something of a case: the row that opening them leaves."""
NOTHING = {
    *("booking_file", "booking_move", "booking_cancel", "booking_keep"),
    *("referral_reopen", "request_ask", "request_send_back", "request_take_back", "request_correct", "standards"),
    *("record_finalise", "record_attach", "file_remove", "record_add", "record_retract", "record_save"),
    *("my_day", "my_caseload", "teacher_caseload", "visits_week", "visits_month"),
}
"""Pages that show no case: steps, lists with initials at most, settings."""
WITH_THEIR_PAGES = {"contact_new", "referral_close"}
"""Pages that no role opens in these tables: what they leave is tested with them."""
OPENED = set(READ) | NOTHING | WITH_THEIR_PAGES | set(test_desk_audit_rows.OPENED)
PRESSED = OPENED | set(test_desk_audit_rows.PRESSED)
"""An empty POST shows the page again and leaves what opening it leaves; what actions leave is tested with them."""


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.mark.parametrize("module", [module for module in MODULES if "desk" not in module.__name__])
def test_what_opening_leaves(council, client_for, module):
    about = module.about(council)
    if module is teaching:
        support.booked(council.early_years, starts_at=AT + 3 * support.HOUR)  # an empty sheet shows nobody
    for route, statuses in rows_of(f"\n{module.GET}").items():
        name, opens = route.removeprefix("referrals:"), [status == 200 for status in statuses[: len(Role)]]
        if not any(opens):
            continue
        user = council.people[Role(WHO[opens.index(True)])]
        last = AuditEvent.objects.latest("pk").pk
        answer = client_for(user).get(reverse(route, kwargs=about.get(route)))
        assert answer.status_code == 200
        b"".join(answer)  # a download is closed when it has been read
        rows = set(AuditEvent.objects.filter(pk__gt=last).values_list("kind", "what", "user_id"))
        assert rows == ({(AuditKind.READ, READ[name], user.pk)} if name in READ else set()), name
