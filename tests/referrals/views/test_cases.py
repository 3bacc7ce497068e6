"""One request's page, for each who may see how much of it; and withdrawing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from quotas import queries as quota_queries
from referrals.actions import withdrawing
from referrals.choices import Status, WithdrawReason
from s2s_portal.core import clock
from s2s_portal.organisations.actions.audit import give_reason
from s2s_portal.organisations.choices import AuditKind, Role, Stream
from s2s_portal.organisations.models import AuditEvent
from tests.factories.organisations import person
from tests.factories.quotas import quota_of
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
IDENTITY = ("Wilf", "Tasburgh", "4 March 2021")
NARRATIVE = (
    *("Few words yet", "Visual timetables", "Calmer at lunch", "Asks for help", "An observation in the mornings"),
    *("Perran", "Mother", "The child’s file", "Tuesdays and Thursdays"),
)


def page_of(request) -> str:
    return reverse("referrals:referral_detail", args=[request.reference])


def withdrawal_of(request) -> str:
    return reverse("referrals:referral_withdraw", args=[request.reference])


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council, client_for):
    return client_for(council.people[Role.EARLY_YEARS_ADVISER])


@pytest.mark.parametrize("role", [Role.EARLY_YEARS_ADVISER, Role.S2S_COORDINATOR])
def test_the_whole_case(council, client_for, role):
    page = text_of(client_for(council.people[role]).get(page_of(council.early_years)))
    for words in (*IDENTITY, *NARRATIVE):
        assert words in page
    for words in (
        "Bulrush Nursery",
        "Reedham Reach",
        "Sent to S2S",
        "This request uses one early years place.",
        "What happens next",
        "None: fully funded",
        "Speech, language and communication needs (SLCN)",
        "Sent to S2S. This used one early years place. 48 of 50 are left.",
        "26 November 2024, 09:30",
    ):
        assert words in page


def test_no_title_names_a_child(council, adviser):
    page = text_of(adviser.get(page_of(council.early_years)))
    title = page[page.index("<title>") : page.index("</title>")]
    assert council.early_years.reference in title
    assert [name for name in IDENTITY if name in title] == []


def test_a_commissioner_sees_the_request_without_the_child(council, client_for):
    browser = client_for(council.people[Role.COMMISSIONER])
    page = text_of(browser.get(page_of(council.early_years)))
    assert [words for words in (*IDENTITY, *NARRATIVE) if words in page] == []
    for words in ("Bulrush Nursery", "(SLCN)", "SEN support", "Nursery: age 3", "Observation and recommendations"):
        assert words in page
    assert "is not shown to your role" in page
    withdrawn = text_of(browser.get(page_of(council.withdrawn)))
    assert "Withdrawn: the child has moved or left. Its place was given back." in withdrawn
    assert "Gone to live by the Waveney" not in withdrawn


def test_a_withdrawn_request_says_what_became_of_its_place(council, adviser):
    page = text_of(adviser.get(page_of(council.withdrawn)))
    assert "Its early years place was given back on 26 November 2024." in page
    assert "“Gone to live by the Waveney.”" in page
    assert "Nothing more happens" in page
    assert withdrawal_of(council.withdrawn) not in page


def test_a_school_request_shows_indes_and_no_conversation(council, client_for):
    page = text_of(client_for(council.people[Role.SEND_ADVISER]).get(page_of(council.mainstream)))
    assert "INDES level" in page
    assert "Conversation with the setting" not in page


def test_every_look_is_recorded(council, client_for):
    reference = council.early_years.reference
    for role in (Role.EARLY_YEARS_ADVISER, Role.COMMISSIONER):
        before = AuditEvent.objects.count()
        client_for(council.people[role]).get(page_of(council.early_years))
        [row] = AuditEvent.objects.order_by("pk")[before:]
        assert (row.kind, row.reference, row.user_id) == (AuditKind.READ, reference, council.people[role].pk)
        assert row.what == ("request page" if role != Role.COMMISSIONER else "request page without the child")


def test_looking_without_the_right_is_not_recorded_as_a_look(council, client_for):
    before = AuditEvent.objects.count()
    assert client_for(council.people[Role.S2S_TEACHER]).get(page_of(council.early_years)).status_code == 404
    assert AuditEvent.objects.count() == before


def test_an_auditor_opens_a_case_for_half_an_hour_under_a_reason(council, client_for):
    auditor = council.people[Role.AUDITOR]
    browser = client_for(auditor)
    assert browser.get(page_of(council.early_years)).status_code == 404
    given = {"reference": council.early_years.reference, "reason": "A parent asked who had looked."}
    give_reason(**given, by=auditor, real_at=clock.real_now())
    page = browser.get(page_of(council.early_years))
    assert "Tasburgh" in text_of(page)
    assert withdrawal_of(council.early_years) not in text_of(page)
    assert browser.get(withdrawal_of(council.early_years)).status_code == 403
    assert browser.get(page_of(council.far)).status_code == 404
    with time_machine.travel(AT + timedelta(minutes=31), tick=False):
        assert browser.get(page_of(council.early_years)).status_code == 404


def test_an_auditors_half_hour_is_real_time_however_far_the_practice_date_is(council, client_for):
    auditor, request = council.people[Role.AUDITOR], council.early_years
    browser = client_for(auditor)
    clock.move_to(moment=datetime(2030, 6, 3, 9, 0, tzinfo=UTC))
    browser.post(
        reverse("organisations:look_at_request"),
        {"reference": request.reference, "reason": "A parent asked who had looked."},
    )
    assert "Tasburgh" in text_of(browser.get(page_of(request)))
    for minutes, status in ((29, 200), (31, 404)):
        with time_machine.travel(AT + timedelta(minutes=minutes), tick=False):
            clock.move_to(moment=datetime(2031, 6, 3, 9, minutes, tzinfo=UTC))
            assert browser.get(page_of(request)).status_code == status


def test_a_jump_of_the_practice_date_ends_no_half_hour_and_begins_none(council, client_for):
    auditor, request = council.people[Role.AUDITOR], council.early_years
    given = {"reference": request.reference, "reason": "A parent asked who had looked."}
    give_reason(**given, by=auditor, real_at=AT - timedelta(minutes=31))
    clock.move_to(moment=AT - timedelta(minutes=15))  # in practice time the half hour would still be running
    assert client_for(auditor).get(page_of(request)).status_code == 404


@pytest.mark.parametrize("wrong", ["EY-2222-22", "ey-7k4m-2q", "EY-7K4M-2O", "EY-7K4M-2Q%00", "🦆", "EY-7K4M-2Q-9"])
def test_an_address_that_names_no_request_is_not_found(adviser, wrong):
    for address in (f"/requests/{wrong}/", f"/requests/{wrong}/withdraw/"):
        assert adviser.get(address).status_code == 404


def test_the_page_takes_few_queries_however_much_there_is(council, adviser, django_assert_num_queries):
    for request, count in ((council.early_years, 11), (council.withdrawn, 10)):
        with django_assert_num_queries(count):
            adviser.get(page_of(request))


@pytest.mark.parametrize(
    ("role", "which", "place", "whose"),
    [
        (Role.EARLY_YEARS_ADVISER, "early_years", "early years", "setting"),
        (Role.SEND_ADVISER, "mainstream", "mainstream", "school"),
    ],
)
def test_withdrawing_says_first_what_happens(council, client_for, role, which, place, whose):
    page = text_of(client_for(council.people[role]).get(withdrawal_of(getattr(council, which))))
    for words in (
        f"its {place} place is given back",
        f"contact at the {whose} gets an e-mail",
        "cannot be undone",
    ):
        assert words in page


def test_withdrawing_gives_the_place_back_and_says_so(council, adviser):
    quota = quota_of(council.period, Stream.EARLY_YEARS)
    before = quota_queries.places_left(quota)
    sent = {"reason": WithdrawReason.NO_LONGER_NEEDED, "note": "Staff are confident now."}
    answer = adviser.post(withdrawal_of(council.early_years), sent, follow=True)
    assert answer.redirect_chain == [(page_of(council.early_years), 302)]
    page = text_of(answer)
    assert f"{council.early_years.reference} has been withdrawn, and its place given back." in page
    assert "Withdrawn: support is no longer needed." in page
    assert "“Staff are confident now.”" in page
    assert quota_queries.places_left(quota) == before + 1


def test_withdrawing_twice_is_explained_and_changes_nothing(council, adviser):
    quota = quota_of(council.period, Stream.EARLY_YEARS)
    before = quota_queries.places_left(quota)
    answer = adviser.post(withdrawal_of(council.withdrawn), {"reason": WithdrawReason.OTHER})
    assert answer.status_code == 200
    page = text_of(answer)
    assert "This request cannot be withdrawn" in page
    assert "It was withdrawn on 26 November 2024 by Early Years Adviser Person" in page
    assert quota_queries.places_left(quota) == before


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Select why this request is being withdrawn"),
        ({"reason": "BORED"}, "Select why this request is being withdrawn, using one of the answers on this page"),
        ({"reason": "OTHER", "note": "x" * 501}, "Anything to add must be 500 characters or fewer"),
        ({"reason": "OTHER", "note": "a\x00b"}, "Anything to add must not include characters that cannot be shown"),
    ],
    ids=["nothing", "forged", "too long", "null byte"],
)
def test_a_wrong_withdrawal_is_refused_and_keeps_the_text(council, adviser, sent, sentence):
    answer = adviser.post(withdrawal_of(council.early_years), sent)
    page = text_of(answer)
    assert answer.status_code == 200
    assert sentence in page
    assert sent.get("note", "").replace("\x00", "") in page.replace("\x00", "").replace("\ufffd", "")
    council.early_years.refresh_from_db()
    assert council.early_years.status == Status.SUBMITTED


def test_a_coordinator_reads_why_they_may_not_withdraw(council, client_for):
    answer = client_for(council.people[Role.S2S_COORDINATOR]).post(withdrawal_of(council.early_years))
    assert answer.status_code == 403
    assert "Your role does not let you file requests for support" in text_of(answer)


def test_an_adviser_of_another_zone_who_may_see_reads_why_they_may_not_withdraw(council, client_for):
    both = person(Role.EARLY_YEARS_ADVISER, Role.COMMISSIONER, zones=[council.far_zone])
    answer = client_for(both).get(withdrawal_of(council.early_years))
    assert answer.status_code == 403
    assert "Only an adviser of this request’s zone may withdraw it." in text_of(answer)


def test_a_colleague_of_the_zone_may_withdraw_and_the_sender_is_told(council, client_for):
    colleague = person(Role.EARLY_YEARS_ADVISER, zones=[council.zone])
    page = text_of(client_for(colleague).get(withdrawal_of(council.early_years)))
    assert "and so does Early Years Adviser Person, who sent it" in page


def test_a_place_given_back_can_be_used_again(council, client_for):
    colleague = person(Role.EARLY_YEARS_ADVISER, zones=[council.zone])
    withdrawing.withdraw(
        referral=council.early_years, reason=WithdrawReason.OTHER, note="", by=colleague, at=AT + timedelta(minutes=1)
    )
    again = sent_request(council.setting, by=colleague, at=AT + timedelta(minutes=2))
    page = text_of(client_for(colleague).get(page_of(again)))
    assert "This used one early years place. 48 of 50 are left." in page
