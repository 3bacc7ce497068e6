"""The frame of every page: menu, practice date, demo notice, and the sign-in library's few routes."""

import re

import pytest
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.urls import NoReverseMatch, reverse

from s2s_portal import context_processors
from s2s_portal.core import clock
from s2s_portal.core.models import RehearsalClock
from s2s_portal.navigation import ENTRIES, MOST
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.permissions import can
from tests.factories.organisations import PASSWORD, person
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

MENUS = {
    Role.EARLY_YEARS_ADVISER: ["Home", "Requests", "Drafts", "Waiting list", "Messages", "Calendar"],
    Role.SEND_ADVISER: ["Home", "Requests", "Drafts", "Waiting list", "Cohorts", "Planning", "Messages", "Calendar"],
    Role.S2S_COORDINATOR: [
        *("Home", "Dashboards", "Visits", "Desk", "Requests", "Contract’s end", "Messages", "Calendar"),
    ],
    Role.S2S_TEACHER: ["Home", "My day", "Caseload", "Visits", "Requests", "Hand-over", "Messages", "Calendar"],
    Role.COMMISSIONER: [
        *("Home", "Dashboards", "Requests", "Quotas", "Contract’s end", "Settings", "Messages", "Calendar"),
    ],
    Role.ADMINISTRATOR: [
        *("Home", "Reconciliation", "Settings", "Schools and settings", "People", "Messages", "Calendar", "Repairs"),
    ],
    Role.AUDITOR: ["Home", "Messages", "Calendar", "Access log"],
}
PAGES = {
    Role.S2S_COORDINATOR: {
        "Requests": ["Requests", "Waiting list"],
        "Contract’s end": ["Contract ends", "Run-off", "Hand-over"],
        "Messages": ["Messages", "Reminders"],
        "Calendar": ["Calendar", "Teachers", "School closures"],
    },
    Role.S2S_TEACHER: {"Requests": ["Requests", "Waiting list"], "Calendar": ["Calendar", "My days and leave"]},
    Role.COMMISSIONER: {
        "Requests": ["Requests", "Waiting list"],
        "Contract’s end": ["Contract ends", "Run-off", "Hand-over", "Reconciliation"],
        "Settings": ["Settings", "Contracts", "Standards", "Set-up"],
        "Messages": ["Messages", "Reminders"],
    },
    Role.ADMINISTRATOR: {
        "Settings": ["Settings", "Set-up"],
        "Schools and settings": ["Schools and settings", "Registers", "Zones"],
        "Messages": ["Messages", "Reminders"],
        "Repairs": ["Repairs", "Background jobs", "Practice date"],
    },
}
"""What stands right below the menu while one of the pages is open; roles with few pages have them all in the menu."""


def menu_of(page) -> dict[str, str]:
    """The menu's lines, label to address."""
    lines = re.findall(r'__link" href="([^"]+)"[^>]*>(?:<strong[^>]*>)?([^<]+)<', text_of(page))
    return {label: address for address, label in lines if f'"govuk-service-navigation__link" href="{address}"'}


@pytest.mark.parametrize("role", Role)
def test_the_menu_offers_what_the_person_may_open_and_nothing_else(client_for, role):
    browser = client_for(person(role))
    menu = menu_of(browser.get(reverse("home")))
    assert list(menu) == MENUS[role]
    assert len(menu) <= MOST
    assert {browser.get(address).status_code for address in menu.values()} == {200}


def below_of(page) -> dict[str, str]:
    """The pages of the menu's open line, label to address."""
    found = re.search(r'<nav [^>]*aria-label="In this section">(.*?)</nav>', text_of(page), re.DOTALL)
    return {words: url for url, words in re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', found[1])} if found else {}


@pytest.mark.parametrize("role", Role)
def test_every_page_is_in_the_menu_or_one_step_below(client_for, role):
    who = person(role)
    browser = client_for(who)
    menu = menu_of(browser.get(reverse("home")))
    below = {label: below_of(browser.get(url)) for label, url in menu.items()}
    assert {label: list(pages) for label, pages in below.items() if pages} == PAGES.get(role, {})
    led_to = {*menu.values(), *(url for pages in below.values() for url in pages.values())}
    assert led_to == {reverse(entry.route) for entry in ENTRIES if can(who, entry.permission)}
    for pages in below.values():
        for words, url in pages.items():
            page = browser.get(url)
            assert page.status_code == 200
            assert list(below_of(page)) == list(pages)
            assert re.findall(r'aria-current="page">([^<]+)<', text_of(page))[0] == words


def test_nobody_signed_in_has_no_menu(client):
    page = text_of(client.get(reverse("start")))
    assert menu_of(client.get(reverse("start"))) == {}
    assert "govuk-service-navigation" not in page


@pytest.mark.parametrize(
    ("address", "label"),
    [("/home/", "Home"), ("/requests/", "Requests"), ("/requests/zones/", "Requests"), ("/drafts/", "Drafts")],
)
def test_the_open_section_is_marked(client_for, address, label):
    page = text_of(client_for(person(Role.EARLY_YEARS_ADVISER)).get(address))
    assert re.findall(r'aria-current="true"><strong[^>]*>([^<]+)<', page) == [label]


def test_an_error_page_keeps_the_menu(client_for):
    page = client_for(person(Role.AUDITOR)).get("/nowhere/")
    assert page.status_code == 404
    assert list(menu_of(page)) == MENUS[Role.AUDITOR]


def rehearse(at) -> None:
    RehearsalClock.objects.create(pk=1, practice_at=at, beat_at=clock.real_now())


@pytest.mark.parametrize(("role", "link"), [(Role.ADMINISTRATOR, True), (Role.AUDITOR, False)])
def test_the_practice_date_is_on_every_page_and_an_administrator_can_move_it(client_for, at, role, link):
    rehearse(at)
    page = text_of(client_for(person(role)).get(reverse("home")))
    assert "Practice date: Tuesday 26 November 2024, 09:30." in page
    assert ("Change the practice date" in page) == link


def test_the_real_date_needs_no_banner(client):
    assert "Practice date:" not in text_of(client.get(reverse("start")))


@override_settings(S2S_REHEARSAL_CLOCK=False)
def test_without_rehearsal_there_is_no_way_to_the_practice_date(client_for, at):
    rehearse(at)
    page = client_for(person(Role.ADMINISTRATOR)).get(reverse("home"))
    assert "Practice date" not in text_of(page)


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_says_that_it_is_one(client, demo):
    with override_settings(S2S_DEMO=demo):
        assert ("Every person, school and child here is invented." in text_of(client.get(reverse("start")))) == demo


def test_the_frame_asks_for_nothing_before_a_template_does(django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = person(Role.ADMINISTRATOR)
    with django_assert_num_queries(0):
        context_processors.portal(request)


def test_the_frame_takes_few_queries(client_for, django_assert_num_queries):
    browser = client_for(person(Role.AUDITOR))
    with django_assert_num_queries(6):  # clock, session, person, roles, zones, unread messages
        browser.get(reverse("home"))


def test_the_frame_can_be_drawn_for_a_request_that_never_got_a_person_or_a_moment():
    frame = context_processors.portal(HttpRequest())
    assert not frame["navigation"]
    assert not frame["practice"]


def test_signing_in_leads_home_and_signing_out_to_the_start(client):
    who = person(Role.EARLY_YEARS_ADVISER)
    answer = client.post(reverse("account_login"), {"login": who.email.upper(), "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    answer = client.post(reverse("account_logout"))
    assert (answer.status_code, answer.url) == (302, reverse("start"))
    assert client.get(reverse("home")).status_code == 302


def test_somebody_deactivated_cannot_sign_in(client):
    who = person(Role.EARLY_YEARS_ADVISER, is_active=False)
    answer = client.post(reverse("account_login"), {"login": who.email, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_what_only_an_administrator_does_has_no_route(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/", "/accounts/"]
)
def test_the_sign_in_librarys_other_pages_are_not_there(client_for, address):
    assert client_for(person(Role.ADMINISTRATOR)).get(address).status_code == 404
