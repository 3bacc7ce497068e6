"""Choosing schools for a cohort: what is offered, what was added, and why something was not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import cohort_schools
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.cohort_desk import cohort_desk, key
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PAGE = "schools/add/"


@pytest.fixture
def here():
    return cohort_desk(3, ready=False)


def box(school, *, ticked=False):
    """The school's checkbox as the page draws it."""
    return f'value="{key(school)}"{" checked" if ticked else ""}>'


def test_the_page_offers_the_schools_of_the_own_zones_with_what_each_has_had(here):
    far = EstablishmentFactory(school=True, zone=ZoneFactory(name="Saltings"), name="Far School")
    closed = EstablishmentFactory(school=True, zone=here.zone, closed=True, name="Old School")
    nursery = EstablishmentFactory(zone=here.zone, name="Bulrush Nursery")
    sent_request(here.schools[1], by=here.user)
    page = text_of(here.get(PAGE))
    assert all(box(school) in page for school in here.schools)
    assert not any(one.name in page for one in (far, closed, nursery))
    assert "0 of at most 40 schools" in page
    assert page.count("Never supported</strong>") == 2


def test_ticked_schools_are_added_and_shown_as_added(here):
    answer = here.post(PAGE, school=[key(school) for school in here.schools[:2]], follow=True)
    page = text_of(answer)
    assert [line.establishment for line in here.lines] == here.schools[:2]
    assert "2 schools were added: School 00, School 01." in page
    assert box(here.schools[2]) in page
    assert box(here.schools[0]) not in page
    assert page.count("On this cohort. ") == 2


def test_filters_stay_when_schools_are_added_and_the_next_page_can_be_asked_for(here):
    one = here.schools[0]
    answer = here.client.post(f"{here.url(PAGE)}?text=School&support=never", {"school": key(one)})
    assert answer.url == f"{here.url(PAGE)}?text=School&support=never"
    answer = here.client.post(f"{here.url(PAGE)}?text=School", {"school": key(one), "next": "2"})
    assert answer.url == f"{here.url(PAGE)}?text=School&page=2"


def test_nothing_ticked_says_so_beside_the_first_box(here):
    page = text_of(here.post(PAGE))
    assert "<title>Error: Choose schools" in page
    assert f'<a href="#school-{key(here.schools[0])}">Tick at least one school</a>' in page
    assert not here.lines


def test_a_school_that_closed_since_it_was_ticked_is_not_added_and_says_so(here):
    here.schools[0].status = "CLOSED"
    here.schools[0].save()
    page = text_of(here.post(PAGE, school=[key(school) for school in here.schools[:2]], follow=True))
    assert [line.establishment for line in here.lines] == [here.schools[1]]
    assert "1 school was added: School 01." in page
    assert "Not added: School 00: " in page


def test_schools_of_others_and_what_is_none_cannot_be_forged_in(here):
    far = EstablishmentFactory(school=True, zone=ZoneFactory(name="Saltings"), name="Far School")
    nursery = EstablishmentFactory(zone=here.zone, name="Bulrush Nursery")
    forged = [key(far), key(nursery), "GIAS:000000", "GIAS:", "nonsense", "GIAS:" + "9" * 5000, "\x00:1"]
    page = text_of(here.post(PAGE, school=forged, follow=True))
    assert not here.lines
    assert "Not added: Far School: " in page
    assert "Not added: Bulrush Nursery: " in page
    assert "Tick at least one school" in text_of(here.post(PAGE, school=forged[2:]))


def test_pressed_twice_they_are_on_it_once(here):
    for _ in range(2):
        page = text_of(here.post(PAGE, school=key(here.schools[0]), follow=True))
    assert len(here.lines) == 1
    assert "1 school was on it already." in page


def test_added_by_a_colleague_meanwhile_it_is_on_it_once(here):
    other = person(Role.SEND_ADVISER, zones=[here.zone])
    school = here.schools[0]

    def adds():
        cohort_schools.add(cohort=here.cohort, establishments=[school], by=other, at=AT)

    with meanwhile("SAVEPOINT", adds):
        page = text_of(here.post(PAGE, school=key(school), follow=True))
    assert [line.added_by for line in here.lines] == [other]
    assert "1 school was on it already." in page


def test_a_cohort_deleted_meanwhile_is_gone(here):
    with meanwhile("SAVEPOINT", here.cohort.delete):
        assert here.post(PAGE, school=key(here.schools[0])).status_code == 404


def test_the_forty_first_is_refused_with_the_reason():
    here = cohort_desk(42, ready=False)
    here.post(PAGE, school=[key(school) for school in here.schools[:40]])
    page = text_of(here.post(PAGE, school=key(here.schools[41]), follow=True))
    assert len(here.lines) == 40
    assert "Not added: School 41: a cohort has at most 40 schools." in page


def test_a_page_of_many_schools_takes_as_many_queries_as_one_of_few():
    few, many = cohort_desk(1, ready=False), cohort_desk(26, ready=False, with_places=False)
    counted = []
    for here in (few, many):
        here.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            assert here.get(PAGE).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_an_adviser_of_other_zones_finds_nothing(here):
    far = signed_in(person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Saltings")]))
    for page in (PAGE, "schools/file/", "schools/file/template.csv", "schools/review/", "plan/", "check/", "sent/1/"):
        assert far.get(here.url(page)).status_code == 404
    for page in (PAGE, "schools/file/", "schools/review/", "plan/", "send/"):
        assert far.post(here.url(page), {"school": key(here.schools[0]), "pasted": "x"}).status_code == 404
