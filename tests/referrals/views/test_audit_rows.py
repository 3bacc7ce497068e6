"""R18 as one table: what each page of the app leaves in the audit log, row by row, and nothing else."""

from dataclasses import dataclass, field

import pytest
import time_machine
from django.urls import reverse

from referrals.choices import Section
from referrals.models import Decision, DraftReferral, Referral
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.queries.establishments import key_of
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import filled_draft, start_draft
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views import test_cohort_audit_rows, test_work_audit_rows
from tests.test_routes import GET, POST, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
READ, WRITE = AuditKind.READ, AuditKind.WRITE
TRIED = {"strategies_tried": "Visual timetables.", "strategies_outcome": "Calmer at lunch."}


@dataclass(frozen=True)
class Visit:
    """One request for a page, and the row it leaves (None: none, as the page shows and changes no case)."""

    name: str
    method: str
    route: str
    kind: AuditKind | None = None
    what: str = ""
    about: str = ""
    role: Role = Role.EARLY_YEARS_ADVISER
    data: dict = field(default_factory=dict)
    section: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.method} {self.route}: {self.name}"


def reads_of_sections() -> list[Visit]:
    """Opening each section, and sending it with nothing in it: both show what the draft holds."""
    visits = []
    for section in Section:
        if section == Section.SETTING:
            continue
        left = {"kind": READ, "what": f"read {section.value} of a draft", "about": "draft", "section": section.value}
        visits.append(Visit(f"opens {section.value}", "get", "draft_section", **left))
        visits.append(Visit(f"sends {section.value} empty", "post", "draft_section", **left))
    return visits


VISITS = [
    # Lists, the task list, confirmations and refusals name no child and hold nothing that was written about one.
    Visit("my requests", "get", "referral_list"),
    Visit("my zones", "get", "zone_requests"),
    Visit("drafts", "get", "draft_list"),
    Visit("searches", "get", "draft_start", data={"q": "bulrush"}),
    Visit("task list", "get", "draft_detail"),
    Visit("confirmation", "get", "request_sent"),
    Visit("refusal", "get", "refusal_detail"),
    Visit("asked", "get", "draft_delete"),
    Visit("asked", "get", "referral_withdraw"),
    Visit("by hand", "get", "draft_submit", status=302),
    Visit("asked", "get", "draft_section", section="setting"),
    Visit("who waits", "get", "waiting_list"),
    Visit("who waits", "get", "waiting_list", role=Role.COMMISSIONER),
    Visit("never waited", "get", "waiting_give", role=Role.COMMISSIONER, status=404),
    Visit("never waited", "post", "waiting_give", role=Role.COMMISSIONER, status=404),
    Visit("counts", "get", "planning", role=Role.SEND_ADVISER),
    # Cases.
    Visit("whole case", "get", "referral_detail", READ, "request page", "request"),
    Visit("whole case", "get", "referral_detail", READ, "request page", "request", Role.S2S_COORDINATOR),
    Visit("no child", "get", "referral_detail", READ, "request page without the child", "request", Role.COMMISSIONER),
    Visit("not theirs", "get", "referral_detail", role=Role.SEND_ADVISER, status=404),
    Visit("no reason", "get", "referral_detail", role=Role.AUDITOR, status=404),
    Visit("nothing chosen", "post", "referral_withdraw"),
    Visit(
        *("withdraws", "post", "referral_withdraw", WRITE, "withdrew a request", "request"),
        data={"reason": "OTHER", "note": ""},
        status=302,
    ),
    Visit("may not", "post", "referral_withdraw", role=Role.S2S_COORDINATOR, data={"reason": "OTHER"}, status=403),
    # Drafts.
    *reads_of_sections(),
    Visit("checks", "get", "draft_check", READ, "read a whole draft", "draft"),
    Visit("not theirs", "get", "draft_check", role=Role.SEND_ADVISER, status=404),
    Visit(
        *("saves", "post", "draft_section", WRITE, "saved tried", "draft"),
        data=TRIED | {"version": "1"},
        section="tried",
        status=302,
    ),
    Visit(
        *("saves half", "post", "draft_section", WRITE, "saved support", "draft"),
        data={"action": "later", "version": "1", "goal_1": "Asks for help."},
        section="support",
        status=302,
    ),
    Visit(
        *("reads the other's", "post", "draft_section", READ, "read tried of a draft", "draft"),
        data=TRIED | {"version": "0"},
        section="tried",
    ),
    Visit(
        *("changes the setting", "post", "draft_section", WRITE, "saved setting", "draft"),
        data={"setting": "OTHER SETTING", "version": "1"},
        section="setting",
        status=302,
    ),
    Visit("chooses nothing", "post", "draft_section", section="setting"),
    Visit("chooses nothing", "post", "draft_start"),
    Visit(
        *("starts", "post", "draft_start", WRITE, "started a draft", "new draft"),
        data={"setting": "OTHER SETTING"},
        status=302,
    ),
    Visit("deletes", "post", "draft_delete", WRITE, "deleted a draft", "draft", status=302),
    Visit("may not", "post", "draft_submit", role=Role.S2S_COORDINATOR, status=403),
]


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def here(council, refusal) -> dict:
    """What the addresses and rows of `VISITS` are about; the draft is one that can be sent."""
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    draft = filled_draft(council.setting, by=adviser)
    start_draft(council.setting, by=adviser)  # another draft: a reference that every draft shares would be nobody's
    return {
        "draft": draft,
        "request": council.early_years,
        "refusal": refusal,
        "other": EstablishmentFactory(zone=council.zone),
        "council": council,
    }


def address_of(visit: Visit, here: dict) -> str:
    """Where `visit` goes."""
    request, draft = {"reference": here["request"].reference}, {"key": here["draft"].key}
    about = {
        **dict.fromkeys(("referral_detail", "referral_withdraw", "request_sent", "waiting_give"), request),
        **dict.fromkeys(("draft_detail", "draft_check", "draft_submit", "draft_delete"), draft),
        "draft_section": draft | {"section": visit.section},
        "refusal_detail": {"reference": here["refusal"].reference},
    }
    return reverse(f"referrals:{visit.route}", kwargs=about.get(visit.route))


def reference_of(about: str, here: dict, keys: set) -> str:
    """What a row about this must be found by, worked out without the code under test."""
    if about == "request":
        return here["request"].reference
    key = here["draft"].key if about == "draft" else DraftReferral.objects.exclude(key__in=keys).get().key
    return f"draft {key}"


def rows_since(before: set[int]) -> list[tuple]:
    """The audit rows that are not in `before`, with all that says who did what."""
    rows = AuditEvent.objects.exclude(pk__in=before).order_by("pk")
    return list(rows.values_list("kind", "what", "reference", "user_id", "user_email", "reason"))


def known() -> set[int]:
    """The audit rows there are."""
    return set(AuditEvent.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_what_a_page_leaves_in_the_log(here, client_for, visit):
    user = here["council"].people[visit.role]
    data = {name: key_of(here["other"]) if value == "OTHER SETTING" else value for name, value in visit.data.items()}
    before, keys = known(), set(DraftReferral.objects.values_list("key", flat=True))
    answer = getattr(client_for(user), visit.method)(address_of(visit, here), data)
    assert answer.status_code == visit.status
    expected = []
    if visit.kind is not None:
        reference = reference_of(visit.about, here, keys)
        expected = [(visit.kind, visit.what, reference, user.pk, user.email, "")]
    assert rows_since(before) == expected


def test_every_page_of_the_app_is_in_the_table():
    for method, table in (("get", GET), ("post", POST)):
        there = {name.removeprefix("referrals:") for name in rows_of(table) if name.startswith("referrals:")}
        others = [test_cohort_audit_rows, test_work_audit_rows]
        told = set().union(*(module.OPENED if method == "get" else module.PRESSED for module in others))
        assert there - {visit.route for visit in VISITS if visit.method == method} - told == set()


def test_sending_is_written_under_both_names_of_the_request(here, client_for):
    """Who read the draft of a request is found through the row that joins its two names."""
    adviser, key = here["council"].people[Role.EARLY_YEARS_ADVISER], here["draft"].key
    submit, before = reverse("referrals:draft_submit", args=[key]), known()
    browser = client_for(adviser)
    assert browser.post(submit).url == browser.post(submit).url  # the same press again writes nothing
    reference = Referral.objects.get(submission_key=key).reference
    assert rows_since(before) == [
        (WRITE, "sent a request", reference, adviser.pk, adviser.email, ""),
        (WRITE, f"became {reference}", f"draft {key}", adviser.pk, adviser.email, ""),
    ]


def test_being_refused_is_written_once_for_each_refusal_and_again_for_the_next(here, client_for):
    adviser = here["council"].people[Role.EARLY_YEARS_ADVISER]
    submit = reverse("referrals:draft_submit", args=[here["draft"].key])
    earlier = here["refusal"].reference
    before = known()
    with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
        browser = client_for(adviser)
        assert browser.post(submit).status_code == browser.post(submit).status_code == 302
    decision = Decision.objects.exclude(reference=earlier).get()
    assert rows_since(before) == [(WRITE, "was refused", decision.reference, adviser.pk, adviser.email, "")]


def test_a_case_read_under_a_reason_names_the_auditor(here, client_for):
    auditor, request = here["council"].people[Role.AUDITOR], here["request"]
    browser = client_for(auditor)
    before = known()
    reason = {"reference": request.reference, "reason": "Subject access request 12"}
    browser.post(reverse("organisations:look_at_request"), reason, follow=True)
    who = (request.reference, auditor.pk, auditor.email)
    assert rows_since(before) == [
        (AuditKind.ACCESS_REASON, "reason given", *who, "Subject access request 12"),
        (READ, "request page", *who, ""),
    ]


def test_two_drafts_of_one_adviser_are_told_apart(here):
    references = {draft.audit_reference for draft in DraftReferral.objects.all()}
    assert len(references) == DraftReferral.objects.count() > 2


def test_a_colleague_who_saves_second_is_named_by_the_row(here, client_for):
    colleague = person(Role.EARLY_YEARS_ADVISER, zones=[here["council"].zone])
    url = reverse("referrals:draft_section", args=[here["draft"].key, "tried"])
    before = known()
    client_for(colleague).post(url, TRIED | {"version": "0"})
    assert [row[3] for row in rows_since(before)] == [colleague.pk]
