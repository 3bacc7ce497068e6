"""The public start page, and where each role begins."""

import re

import pytest
from django.urls import resolve, reverse

from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
START, HOME = reverse("start"), reverse("home")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


def test_someone_signed_in_is_led_home(council, client_for):
    page = text_of(client_for(council.people[Role.AUDITOR]).get(START))
    assert "Go to your home page" in page


def test_an_adviser_finds_places_drafts_and_requests(council, client_for):
    page = text_of(client_for(council.people[Role.EARLY_YEARS_ADVISER]).get(HOME))
    for words in (
        "48 of 50 early years places are left.",
        "Friday 13 December 2024",
        "Start a request",
        "Bulrush Nursery",
        "7 of 8",
        council.early_years.reference,
    ):
        assert words in page
    for hidden in ("mainstream places", "Marram", council.far.reference, "Wilf"):
        assert hidden not in page


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_after_the_cut_off_an_adviser_is_offered_a_draft_and_no_request(council, client_for):
    page = text_of(client_for(council.people[Role.EARLY_YEARS_ADVISER]).get(HOME))
    assert "None can be sent now." in page
    assert "Write a draft" in page
    assert "Start a request" not in page


def test_a_coordinator_finds_the_newest_requests(council, client_for):
    page = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(HOME))
    assert all(reference in page for reference in council.requests)


def test_a_teacher_reads_that_nothing_has_been_assigned(council, client_for):
    page = text_of(client_for(council.people[Role.S2S_TEACHER]).get(HOME))
    assert "No requests have been assigned to you yet" in page
    assert not any(reference in page for reference in council.requests)


def test_a_commissioner_finds_the_quotas(council, client_for):
    page = text_of(client_for(council.people[Role.COMMISSIONER]).get(HOME))
    assert "2 of 50 used (3 drawn, 1 given back)" in page
    assert "1 of 85 used" in page
    assert f'href="{reverse("oversight:overview")}">Ten questions and their answers</a>' in page


def test_only_a_send_adviser_begins_a_cohort_at_home(council, client_for):
    start = reverse("referrals:cohort_start")
    assert start in text_of(client_for(council.people[Role.SEND_ADVISER]).get(HOME))
    assert start not in text_of(client_for(council.people[Role.EARLY_YEARS_ADVISER]).get(HOME))


def test_somebody_with_several_roles_gets_a_part_for_each(council, client_for):
    several = person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, Role.COMMISSIONER, zones=[council.zone])
    page = text_of(client_for(several).get(HOME))
    assert page.count("Start a request") == 1
    assert "early years places are left" in page
    assert "mainstream places are left" in page
    assert "Quotas line by line" in page


@pytest.mark.parametrize("role", Role)
def test_nothing_on_a_home_page_leads_nowhere(council, client_for, role):
    browser = client_for(council.people[role])
    links = set(re.findall(r'href="(/[^"#]*)"', text_of(browser.get(HOME))))
    pages = {link for link in links if not link.startswith("/static/")}
    assert len(pages) >= 2
    assert {link: browser.get(link).status_code for link in pages} == dict.fromkeys(pages, 200)
    assert all(resolve(link.partition("?")[0]) for link in pages)


def test_an_administrator_finds_set_up_settings_registers_and_zones(council, client_for):
    page = text_of(client_for(council.people[Role.ADMINISTRATOR]).get(HOME))
    page = page[page.index("Running the portal") :]
    for route in (
        "referrals:set_up",
        "referrals:lever_list",
        "organisations:register_list",
        "organisations:placing",
        "organisations:person_list",
    ):
        assert f'href="{reverse(route)}"' in page


@pytest.mark.parametrize(
    ("role", "queries"),
    [
        (Role.EARLY_YEARS_ADVISER, 15),
        (Role.S2S_COORDINATOR, 15),
        (Role.S2S_TEACHER, 14),
        (Role.COMMISSIONER, 15),
        (Role.ADMINISTRATOR, 13),
        (Role.AUDITOR, 6),
    ],
)
def test_home_takes_few_queries(council, client_for, role, queries, django_assert_num_queries):
    browser = client_for(council.people[role])
    with django_assert_num_queries(queries):
        browser.get(HOME)
