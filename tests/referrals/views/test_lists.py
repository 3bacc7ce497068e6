"""The lists of requests and drafts: what they show, how they are narrowed, and nonsense in their address."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from referrals.actions import drafts
from referrals.choices import Status
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request, start_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import listed, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
REQUESTS = reverse("referrals:referral_list")
ZONES = reverse("referrals:zone_requests")
DRAFTS = reverse("referrals:draft_list")
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council, client_for):
    return client_for(council.people[Role.EARLY_YEARS_ADVISER])


@pytest.fixture
def coordinator(council, client_for):
    return client_for(council.people[Role.S2S_COORDINATOR])


def test_my_requests_are_those_i_sent(council, adviser):
    page = adviser.get(REQUESTS)
    assert listed(page) == [council.early_years.reference, council.withdrawn.reference]
    words = text_of(page)
    for shown in ("My requests", "Bulrush Nursery", "Reedham Reach", "Sent to S2S", "26 November 2024, 09:30"):
        assert shown in words
    assert [name for name in CHILD if name in words] == []


def test_my_zones_hold_what_colleagues_sent_too(council, adviser):
    colleague = person(Role.EARLY_YEARS_ADVISER, zones=[council.zone], full_name="Rowan Ludham")
    theirs = sent_request(council.setting, by=colleague)
    assert theirs.reference not in listed(adviser.get(REQUESTS))
    page = adviser.get(ZONES)
    assert listed(page) == [theirs.reference, council.early_years.reference, council.withdrawn.reference]
    for shown in ("My zones", "Rowan Ludham", "Early Years Adviser Person"):
        assert shown in text_of(page)


def test_those_who_do_not_file_have_one_list_without_tabs(council, coordinator):
    page = coordinator.get(REQUESTS)
    assert set(listed(page)) == council.requests
    assert "All requests" in text_of(page)
    assert "app-sub-navigation" not in text_of(page).split("<main")[1]  # the menu above it may have some


def test_an_adviser_who_is_also_commissioner_finds_all_requests_beside_their_own(council, client_for):
    both = person(Role.EARLY_YEARS_ADVISER, Role.COMMISSIONER, zones=[council.zone])
    browser = client_for(both)
    assert listed(browser.get(REQUESTS)) == []
    page = browser.get(ZONES)
    assert set(listed(page)) == council.requests
    assert "All requests" in text_of(page)


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({"status": "WITHDRAWN"}, ["withdrawn"]),
        ({"stream": "MAINSTREAM"}, ["mainstream"]),
        ({"text": "marram"}, ["far"]),
        ({"text": "school STAITHE"}, ["mainstream"]),
        ({"text": "Bulrush", "status": "SUBMITTED"}, ["early_years"]),
        ({"text": "’  ."}, []),
        ({"text": "no such name"}, []),
        ({"text": "   "}, ["early_years", "mainstream", "withdrawn", "far"]),
    ],
    ids=str,
)
def test_a_list_is_narrowed(council, coordinator, narrowed, names):
    found = listed(coordinator.get(REQUESTS, narrowed))
    assert set(found) == {getattr(council, name).reference for name in names}


def test_a_list_is_narrowed_to_a_zone(council, coordinator):
    assert listed(coordinator.get(REQUESTS, {"zone": council.far_zone.pk})) == [council.far.reference]


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda it: it.replace("-", ""), lambda it: f"  {it.replace('-', ' ').lower()} "]
)
def test_a_reference_is_found_however_it_is_typed_and_in_any_period(council, coordinator, typed):
    later = period_with_places(**LATER)
    for period in ("all", later.pk, council.period.pk, ""):
        found = listed(coordinator.get(REQUESTS, {"text": typed(council.far.reference), "period": period}))
        assert found == [council.far.reference]


LATER = {
    "opens_on": date(2025, 4, 7),
    "requests_close_on": date(2025, 5, 1),
    "allocation_deadline_on": date(2025, 6, 1),
    "delivery_ends_on": date(2025, 7, 1),
}


def test_a_list_shows_the_period_that_counts_until_another_is_chosen(council, coordinator):
    earlier = period_with_places(
        opens_on=date(2024, 4, 8),
        requests_close_on=date(2024, 7, 1),
        allocation_deadline_on=date(2024, 7, 1),
        delivery_ends_on=date(2024, 7, 31),
    )
    old = sent_request(
        council.setting,
        by=council.people[Role.EARLY_YEARS_ADVISER],
        at=AT - timedelta(days=180),
        conversation_on=date(2024, 5, 1),
        agreement_on=date(2024, 5, 1),
    )
    assert set(listed(coordinator.get(REQUESTS))) == council.requests
    assert listed(coordinator.get(REQUESTS, {"period": earlier.pk})) == [old.reference]
    assert set(listed(coordinator.get(REQUESTS, {"period": "all"}))) == council.requests | {old.reference}


def test_another_persons_reference_is_not_found(council, adviser):
    for address in (REQUESTS, ZONES):
        page = adviser.get(address, {"text": council.far.reference})
        assert listed(page) == []
        assert "No requests match" in text_of(page)


def test_nothing_under_mine_offers_to_search_the_zones(council, adviser):
    colleague = person(Role.EARLY_YEARS_ADVISER, zones=[council.zone])
    theirs = sent_request(council.setting, by=colleague)
    page = text_of(adviser.get(REQUESTS, {"text": theirs.reference}))
    assert f"{ZONES}?text={theirs.reference}" in page
    assert listed(adviser.get(ZONES, {"text": theirs.reference})) == [theirs.reference]


@pytest.mark.parametrize(
    ("nonsense", "sentence"),
    [
        ({"status": "EATEN"}, "Select a status, using one of the answers on this page"),
        ({"zone": "999999"}, "Select a zone, using one of the answers on this page"),
        ({"zone": "9" * 400}, "Select a zone, using one of the answers on this page"),
        ({"stream": "\x00"}, "Select a stream, using one of the answers on this page"),
        ({"text": "a\x00b"}, "Search must not include characters that cannot be shown"),
        ({"text": "x" * 101}, "Search must be 100 characters or fewer"),
        ({"text": "<script>alert(1)</script>"}, "No requests match"),
        ({"text": "=1+1 \u202eemosdnah 🦆"}, "No requests match"),
        ({"page": "two"}, "4 requests"),
        ({"page": "\x00"}, "4 requests"),
        ({"page": "-3"}, "4 requests"),
        ({"page": "9" * 6000}, "4 requests"),
    ],
    ids=lambda it: repr(it)[:40],
)
def test_nonsense_in_the_address_gets_an_answer(council, coordinator, nonsense, sentence):
    page = coordinator.get(REQUESTS, nonsense)
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert "<script>alert" not in page.content.decode()


def test_somebody_elses_zone_is_no_choice(council, adviser):
    page = adviser.get(ZONES, {"zone": council.far_zone.pk})
    assert council.far.reference not in text_of(page)


def test_a_teacher_has_an_empty_list_that_leads_nowhere_else(council, client_for):
    page = text_of(client_for(council.people[Role.S2S_TEACHER]).get(REQUESTS))
    assert "No requests yet" in page
    assert reverse("referrals:draft_start") not in page


def test_a_teachers_list_is_what_they_have_whatever_its_period(council, client_for, at):
    teacher = council.people[Role.S2S_TEACHER]
    support.assigned(council.early_years, teacher=teacher)
    support.assigned(council.mainstream, teacher=person(Role.S2S_TEACHER))
    period_with_places(**LATER)
    with time_machine.travel(at + timedelta(days=150), tick=False):
        page = client_for(teacher).get(REQUESTS)
        assert listed(page) == [council.early_years.reference]
        assert "My requests</h1>" in text_of(page)
        assert '<option value="all" selected>' in text_of(page)
        earlier = client_for(teacher).get(REQUESTS, {"period": council.period.pk})
        assert listed(earlier) == [council.early_years.reference]


@pytest.mark.parametrize("status", Status)
def test_every_status_can_be_asked_for(coordinator, status):
    page = text_of(coordinator.get(REQUESTS, {"status": status.value}))
    assert f'<option value="{status.value}" selected>{status.label}</option>' in page


def test_drafts_have_an_age_and_how_far_they_got(council, adviser):
    advisers = council.people[Role.EARLY_YEARS_ADVISER]
    start_draft(EstablishmentFactory(zone=council.zone, name="Sedge Nursery"), by=advisers, at=AT - timedelta(days=3))
    page = text_of(adviser.get(DRAFTS))
    for words in ("Sedge Nursery", "3 days ago", "1 of 8", "7 of 8", "by Early Years Adviser Person", "2 drafts"):
        assert words in page
    assert reverse("referrals:draft_detail", args=[council.draft.key]) in page
    assert "Marram" not in page
    assert [name for name in CHILD if name in page] == []


def test_a_deleted_draft_leaves_the_list(council, adviser):
    drafts.delete(draft=council.draft, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
    assert "No drafts" in text_of(adviser.get(DRAFTS))
