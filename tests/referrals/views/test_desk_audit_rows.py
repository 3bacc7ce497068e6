"""R18: what each page of a co-ordinator's desk leaves in the audit log. They name no child and show no narrative."""

import pytest
from django.urls import reverse

from referrals.choices import DeclineReason, NotStartedReason, Status
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent, Membership
from tests.factories import support
from tests.factories.organisations import person
from tests.referrals.views.desk import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY = {"starts_on_day": 9, "starts_on_month": 12, "starts_on_year": 2024}
OPENED = (
    *("desk", "desk_teachers", "desk_teacher", "desk_cover_all", "desk_journey", "referral_assign"),
    *("referral_reassign", "referral_cover", "referral_decline", "referral_close_not_started", "referral_reinstate"),
)
"""Pages that leave nothing when they are opened."""
PRESSED = {
    "referral_assign": (Status.SUBMITTED, {}, "gave a request to a teacher"),
    "referral_reassign": (Status.ASSIGNED, {"note": "Ring first."}, "gave a request to another teacher"),
    "referral_cover": (Status.ASSIGNED, DAY, "let another teacher cover a request"),
    "desk_cover_all": (Status.ASSIGNED, DAY, "let another teacher cover a request"),
    "referral_decline": (Status.SUBMITTED, {"reason": DeclineReason.ADVICE_ENOUGH}, "did not take a request on"),
    "referral_close_not_started": (
        Status.ASSIGNED,
        {"reason": NotStartedReason.NOT_WANTED},
        "closed a request as not started",
    ),
    "referral_reinstate": (Status.DECLINED, {"reason": "By mistake."}, "reinstated a request"),
    "desk_journey": (Status.SUBMITTED, {"minutes": "55"}, "set a journey to 55 minutes"),
    "desk_teacher": (Status.SUBMITTED, {"need_types": ["FIRST"]}, "set the specialisms"),
}
"""By page: where the request stands, what is sent, and the row that it leaves."""


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module; its teacher has a school."""
    teacher = shared_council.people[Role.S2S_TEACHER]
    Membership.objects.filter(user=teacher).update(home_school=shared_council.school)
    return shared_council


def address_of(route: str, council) -> str:
    request, teacher = council.early_years.reference, council.people[Role.S2S_TEACHER].pk
    about = {
        **dict.fromkeys(("desk", "desk_teachers"), []),
        **dict.fromkeys(("desk_teacher", "desk_cover_all"), [teacher]),
        "desk_journey": [request, teacher],
    }
    return reverse(f"referrals:{route}", args=about.get(route, [request]))


def browser_for(route: str, council):
    role = Role.COMMISSIONER if route == "referral_reinstate" else Role.S2S_COORDINATOR
    return signed_in(council.people[role]), council.people[role]


@pytest.mark.parametrize("route", OPENED)
def test_opening_leaves_nothing(council, route):
    if route in PRESSED:
        support.in_status(council.early_years, PRESSED[route][0])
    before = AuditEvent.objects.count()
    browser, _ = browser_for(route, council)
    assert browser.get(address_of(route, council)).status_code == 200
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("route", PRESSED)
def test_pressing_leaves_one_row(council, route):
    status, sent, what = PRESSED[route]
    support.in_status(council.early_years, status)
    if "need_types" in sent:
        sent = {"need_types": [council.early_years.primary_need_id]}
    other = person(Role.S2S_TEACHER)
    last = AuditEvent.objects.latest("pk").pk
    browser, user = browser_for(route, council)
    answer = browser.post(address_of(route, council), {"teacher": other.pk} | sent)
    assert answer.status_code == 302
    rows = AuditEvent.objects.filter(pk__gt=last).values_list("kind", "what", "user_id")
    assert list(rows) == [(AuditKind.WRITE, what, user.pk)]
