"""R18: what each page of S2S's own work leaves in the audit log, for the first role that it opens for."""

import pytest
from django.urls import reverse

from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views import test_desk_audit_rows
from tests.routes import MODULES, repairs, teaching
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
    "referral_messages": "messages about the request",
    "offer_times": "page for offering times",
    "hand_over": "hand-over report, with initials",
    "oversight:figure_file": "downloaded unmet/zone as csv, rows: 0",
}
"""Pages that show something of a case: the row that opening them leaves."""
READ |= dict.fromkeys(repairs.ROWS, "row in Repairs")
NOTHING = {
    *("booking_file", "booking_move", "booking_cancel", "booking_keep"),
    *("referral_reopen", "request_ask", "request_send_back", "request_take_back", "request_correct"),
    *("standards", "standards_take_back"),
    *("record_finalise", "record_attach", "file_remove", "record_add", "record_retract", "record_save"),
    *("my_day", "my_caseload", "teacher_caseload", "visits_week", "visits_month"),
    *("contract_end_list", "contract_end_begin", "contract_end", "contract_end_progress", "contract_end_look_again"),
    *("contract_end_lines", "contract_end_line", "contract_end_line_undo", "contract_end_group"),
    *("contract_end_propose", "contract_end_approve", "contract_end_take_back", "contract_end_undo"),
    *("contract_end_csv", "contract_end_answer", "run_off"),
    *("contract_list", "contract_new", "period_new", "contract_extend", "cut_off_move", "dates_changed"),
    *("ask_again", "ask_again_list", "hand_over_list", "hand_over_csv", "hand_over_pdf"),
    *("reminder_list", "referral_reminders", "reconciliation", "set_up"),
    *("lever_list", "lever_texts", "lever_text", "lever_fees", "lever_fee_add"),
    *("lever_codes", "lever_code_add", "lever_code_label", "lever_code_end"),
    *(
        "lever_kinds",
        "lever_kind",
        "lever_kind_take_back",
        "lever_zones",
        "lever_zone_add",
        "lever_zone",
        "lever_zone_remove",
    ),
    *("not_listed_new", "not_listed_draft", "not_listed_cohort"),
    *("by_hand_list", "correct_setting", "merge_find", "merge", "nameless_list", "give_name"),
    *("person_add", "person_detail", "person_roles", "person_email", "person_deactivate", "person_reactivate"),
}
"""Pages that show no case: steps, lists with initials at most, settings."""
WITH_THEIR_PAGES = {
    *("contact_new", "referral_close", "person_link", "person_link_back", "choose_password"),
    *("setting_link", "setting_record", "setting_times", "setting_visit", "setting_visit_file"),
}
"""Pages that no role opens in these tables: what they leave is tested with them."""
OPENED = set(READ) | NOTHING | {*repairs.LISTS, *repairs.ASKING} | WITH_THEIR_PAGES | set(test_desk_audit_rows.OPENED)
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
