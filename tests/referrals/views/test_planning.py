"""The planning page: schools and places side by side, filters from the address, and what an empty list says."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from quotas.models import Period
from referrals.models import Referral
from referrals.queries import planning
from referrals.views.school_rows import SCHOOL_COLUMNS, school_rows
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.organisations import EstablishmentFactory, ZoneFactory
from tests.factories.quotas import use_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import CONTRACT_ENDS
from tests.referrals.views.desk import desk, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PLANNING = reverse("referrals:planning")


def schools_in(page) -> list[str]:
    """The names of the page's schools, in order."""
    assert page.status_code == 200
    return re.findall(r'role="rowheader"[^>]*><span class="app-stacked__value">([^<]+)<', text_of(page))


@pytest.fixture
def who():
    return desk(Role.SEND_ADVISER)


@pytest.fixture
def school(who):
    def made(name, **values):
        return EstablishmentFactory(school=True, name=name, **{"zone": who.zone} | values)

    return made


def test_schools_stand_beside_the_places_left(who, school):
    who.setting.delete()
    school("Staithe Primary School", phase="Primary", trust="Heron Trust")
    asked = school("Sedge Primary School")
    sent_request(asked, by=who.user)
    page = who.get(PLANNING)
    words = text_of(page)
    assert schools_in(page) == ["Staithe Primary School", "Sedge Primary School"]
    for shown in (
        "84 of 85 mainstream places are left.",
        "Friday 13 December 2024",
        "2</strong> schools",
        "Market Staithe, NR29 9ZZ, Primary, Heron Trust, URN ",
        "Coastal zone",
        "Never supported</strong>",
        "26 November 2024",
        "None yet",
        "1 open",
    ):
        assert shown in words, shown
    assert "is waiting" not in words
    assert ">1 waiting<" not in words
    assert "early years places" not in words


def test_no_child_and_no_request_is_named(who, school):
    sent = sent_request(who.setting, by=who.user)
    words = text_of(who.get(PLANNING))
    assert [name for name in ("Wilf", "Tasburgh", "Few words yet", sent.reference) if name in words] == []


def test_who_waits_is_said_because_they_go_first(who, school):
    sent = sent_request(who.setting, by=who.user)
    Referral.objects.filter(pk=sent.pk).update(status="WAITING", place=None, turn=1)
    words = text_of(who.get(PLANNING))
    assert "1 request is waiting and comes first." in words
    assert ">1 waiting<" in words


def test_a_full_quota_and_closed_requests_say_so(who):
    use_places(who.quota, 85, by=who.user)
    assert "All 85 mainstream places are used" in text_of(who.get(PLANNING))
    Period.objects.update(requests_close_on=AT.date() - timedelta(days=1))
    assert "None can be sent now." in text_of(who.get(PLANNING))


def test_without_places_the_schools_are_there(who):
    bare = desk(Role.SEND_ADVISER, with_places=False)
    Referral.objects.all().delete()
    page = bare.get(PLANNING)
    assert schools_in(page)


def test_the_first_page_has_25_schools_and_the_filters_stay(who, school):
    who.setting.delete()
    for number in range(26):
        school(f"Staithe {number:02d} School")
    school("Marram School", town="Marram", town_folded="marram")
    page = who.get(PLANNING, text="staithe school", sort="name")
    assert schools_in(page) == [f"Staithe {number:02d} School" for number in range(25)]
    assert "26</strong> schools" in text_of(page)
    [onward] = set(re.findall(r'href="(\?[^"]*page=2)"', text_of(page)))
    assert schools_in(who.client.get(PLANNING + onward)) == ["Staithe 25 School"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"support": "never"}, ["Marram High School", "Staithe Primary School"]),
        ({"support": "now"}, ["Sedge Primary School"]),
        ({"phase": "Secondary"}, ["Marram High School"]),
        ({"town": "Sedge"}, ["Sedge Primary School"]),
        ({"trust": "Heron Trust"}, ["Staithe Primary School"]),
        ({"text": "stáithe"}, ["Staithe Primary School"]),
        ({"sort": "name"}, ["Marram High School", "Sedge Primary School", "Staithe Primary School"]),
    ],
    ids=str,
)
def test_the_list_is_narrowed(who, school, asked, names):
    who.setting.delete()
    school("Staithe Primary School", phase="Primary", trust="Heron Trust")
    school("Marram High School", phase="Secondary", trust="Tern Trust", town="Marram", town_folded="marram")
    sedge = school("Sedge Primary School", phase="Primary", town="Sedge", town_folded="sedge")
    sent_request(sedge, by=who.user)
    assert schools_in(who.get(PLANNING, **asked)) == names


def test_one_zone_is_no_question_and_two_are(who, school):
    assert 'name="zone"' not in text_of(who.get(PLANNING))
    second = ZoneFactory(name="Saltings")
    who.user.memberships.get().zones.add(second)
    school("Marram School", zone=second)
    assert 'name="zone"' in text_of(who.get(PLANNING))
    assert schools_in(who.get(PLANNING, zone=second.pk)) == ["Marram School"]


def test_somebody_elses_zone_is_no_choice(who, school):
    far = ZoneFactory(name="Far away")
    who.user.memberships.get().zones.add(ZoneFactory(name="Saltings"))
    school("Marram School", zone=far)
    page = who.get(PLANNING, zone=far.pk)
    assert "Marram School" not in text_of(page)
    assert "Far away" not in text_of(page)


@pytest.mark.parametrize(
    ("nonsense", "sentence"),
    [
        ({"support": "eaten"}, "Select support so far, using one of the answers on this page"),
        ({"sort": "\x00"}, "Select an order, using one of the answers on this page"),
        ({"text": "a\x00b"}, "Search must not include characters that cannot be shown"),
        ({"text": "x" * 101}, "Search must be 100 characters or fewer"),
        ({"text": "<script>alert(1)</script>"}, "No schools match"),
        ({"page": "9" * 600}, "1</strong> school"),
        ({"zone": "x"}, "1</strong> school"),
    ],
    ids=lambda it: repr(it)[:40],
)
def test_nonsense_in_the_address_gets_an_answer(who, nonsense, sentence):
    page = who.get(PLANNING, **nonsense)
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert "<script>alert" not in page.content.decode()


def test_nothing_that_matches_and_nothing_at_all_are_told_apart(who):
    page = text_of(who.get(PLANNING, text="no such name"))
    assert "No schools match" in page
    assert f'href="{PLANNING}"' in page
    who.setting.delete()
    assert "No schools in your zones" in text_of(who.get(PLANNING))


@pytest.mark.parametrize("count", [1, 3, 25])
def test_schools_take_the_same_queries(who, school, django_assert_num_queries, count):
    sent_request(who.setting, by=who.user)
    for number in range(count - 1):
        sent_request(school(f"Staithe {number:02d} School"), by=who.user)
    with django_assert_num_queries(13):
        assert len(schools_in(who.get(PLANNING))) == count


def test_the_same_list_can_be_chosen_from(who, school):
    """The part of the page that other pages put into a form of theirs."""
    who.setting.delete()
    one, other = school("Sedge School"), school("Staithe & Marsh School")
    page = page_of(planning.schools(who.user, planning.Filters(), AT), None, size=25)
    rows = school_rows(page, choose="schools", chosen={f"GIAS:{other.urn}"})
    request = RequestFactory().get("/")
    context = {"page": page, "columns": SCHOOL_COLUMNS, "rows": rows, "caption": "Schools"}
    html = render_to_string("referrals/_schools.html", context, request=request)
    assert re.findall(r'name="schools" type="checkbox" value="([^"]+)"( checked)?>', html) == [
        (f"GIAS:{one.urn}", ""),
        (f"GIAS:{other.urn}", " checked"),
    ]
    assert (
        f'<label class="govuk-label govuk-checkboxes__label" for="schools-GIAS:{one.urn}">Sedge School</label>' in html
    )


@pytest.mark.moment(CONTRACT_ENDS)
def test_after_the_end_the_page_still_opens(who):
    assert "None can be sent now." in text_of(who.get(PLANNING))
    assert Stream.MAINSTREAM.label in text_of(who.get(PLANNING))
