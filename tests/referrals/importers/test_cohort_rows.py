"""The rows of a cohort's lists as a change set: matched anew at every look, and what adding each gives."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import cohort_files, cohort_schools
from referrals.importers import cohort_rows
from referrals.importers.cohort_files import read
from referrals.importers.cohort_rows import Group, given_by, goals_in, new_rows, notes_of, review
from referrals.models import CohortFileRow
from s2s_portal.organisations.choices import Role
from tests.factories.cohorts import described_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TODAY = date(2024, 11, 26)


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


@pytest.fixture
def schools(zone):
    period_with_places()
    return [
        EstablishmentFactory(school=True, zone=zone, name=f"{tree} Primary") for tree in ("Alder", "Birch", "Cedar")
    ]


@pytest.fixture
def cohort(adviser, schools):
    return described_cohort(by=adviser)


def keep(cohort, text, by):
    cohort_files.keep_rows(cohort=cohort, rows=new_rows(read(text)), by=by, at=AT)


def groups(cohort, user):
    return [(row.line, row.group) for row in review(cohort, user, AT)]


def test_every_state_that_a_row_can_come_to(cohort, schools, zone, adviser):
    far = EstablishmentFactory(school=True, zone=ZoneFactory(name="Saltings"), name="Far School")
    closed = EstablishmentFactory(school=True, zone=zone, closed=True, name="Old School")
    nursery = EstablishmentFactory(zone=zone, name="Bulrush Nursery")
    twins = [EstablishmentFactory(school=True, zone=zone, name="Twin School", postcode=f"NR29 9Z{one}") for one in "AB"]
    asked = sent_request(schools[1], by=adviser)
    cohort_schools.add(cohort=cohort, establishments=[schools[2]], by=adviser, at=AT)
    lines = [schools[0].urn, schools[1].urn, schools[2].urn, far.urn, closed.urn, nursery.urn, "Alder Primary"]
    keep(cohort, "\n".join([*lines, "Twin School", "Nowhere", "a, b; c"]), adviser)
    rows = {row.line: row for row in review(cohort, adviser, AT)}
    assert [row.group for row in rows.values()] == [
        Group.FOUND,
        Group.REQUESTED,
        Group.ON_COHORT,
        Group.OUTSIDE,
        Group.CLOSED,
        Group.NOT_MAINSTREAM,
        Group.REPEATED,
        Group.CHOOSE,
        Group.UNKNOWN,
        Group.UNREAD,
    ]
    assert [one.reference for one in rows[2].option.requests] == [asked.reference]
    assert [one.establishment for one in rows[8].candidates] == twins
    assert rows[7].repeats is rows[1]
    assert rows[10].problems[0].startswith("Without a first line")
    assert [row.ticked for row in rows.values()] == [True, True] + [False] * 8
    assert [len(row.options()) for row in rows.values()] == [1, 1, 0, 0, 0, 0, 0, 2, 0, 0]


def test_a_row_of_a_second_list_on_the_same_line_is_the_same_school_as_the_first(cohort, schools, adviser):
    keep(cohort, schools[0].urn, adviser)
    keep(cohort, schools[0].name, adviser)
    assert groups(cohort, adviser) == [(1, Group.FOUND), (1, Group.REPEATED)]
    first, second = review(cohort, adviser, AT)
    assert second.repeats == first


def test_the_world_moves_between_two_looks(cohort, schools, adviser):
    keep(cohort, "\n".join(one.urn for one in schools), adviser)
    before = [next(iter(row.options())) for row in review(cohort, adviser, AT)]
    schools[0].status = "CLOSED"
    schools[0].save()
    sent_request(schools[1], by=adviser)
    cohort_schools.add(cohort=cohort, establishments=[schools[2]], by=adviser, at=AT)
    rows = review(cohort, adviser, AT)
    assert [row.group for row in rows] == [Group.CLOSED, Group.REQUESTED, Group.ON_COHORT]
    assert [option in row.options() for option, row in zip(before, rows, strict=True)] == [False] * 3


def test_a_pick_is_remembered_and_is_on_the_cohort_once_it_is(cohort, zone, adviser):
    twins = [EstablishmentFactory(school=True, zone=zone, name="Twin School") for _ in range(2)]
    keep(cohort, "Twin School", adviser)
    row = CohortFileRow.objects.get()
    cohort_files.pick(cohort=cohort, picked={row.pk: twins[1]}, by=adviser, at=AT)
    [shown] = review(cohort, adviser, AT)
    assert (shown.group, shown.picked) == (Group.CHOOSE, twins[1].pk)
    cohort_schools.add(cohort=cohort, establishments=[twins[1]], by=adviser, at=AT)
    assert groups(cohort, adviser) == [(1, Group.ON_COHORT)]
    cohort_files.pick(cohort=cohort, picked={row.pk: None}, by=adviser, at=AT)
    [shown] = review(cohort, adviser, AT)
    assert [one.establishment for one in shown.candidates if not one.on_cohort] == [twins[0]]
    assert len(shown.options()) == 1


def test_forty_rows_take_as_many_queries_as_one(cohort, zone, adviser):
    many = [EstablishmentFactory(school=True, zone=zone, name=f"Many {number:02d}") for number in range(40)]
    counted = []
    for some in (many[:1], many):
        CohortFileRow.objects.all().delete()
        keep(cohort, "\n".join(one.urn for one in some), adviser)
        with CaptureQueriesContext(connection) as seen:
            assert len(review(cohort, adviser, AT)) == len(some)
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert counted[1] <= 8


def test_what_a_file_says_survives_being_kept(cohort, schools, adviser):
    head = "URN,Children,Priority,Contact name,Contact e-mail,Goals,School has agreed,Agreed by,Agreed on"
    row = f'{schools[0].urn},6,high,Perran Oxnead,p@school.invalid,"One\nTwo; three",Yes,The head,20/11/2024'
    keep(cohort, f"{head}\n{row}\n{schools[1].urn},many,Top,,,,,,\n", adviser)
    good, bad = review(cohort, adviser, AT)
    assert (good.line, good.last_line) == (2, 3)
    assert given_by(good.facts, TODAY) == {
        "children": 6,
        "priority": "HIGH",
        "contact_name": "Perran Oxnead",
        "contact_job_title": "",
        "contact_email": "p@school.invalid",
        "contact_telephone": "",
        "goal_1": "One",
        "goal_2": "Two",
        "goal_3": "three",
        "agreed_by": "The head",
        "agreed_on": date(2024, 11, 20),
    }
    assert (bad.line, bad.group) == (4, Group.UNREAD)
    assert [problem.partition(":")[0] for problem in bad.problems] == ["Children", "Priority"]


# --- What a row gives -------------------------------------------------------------------------------------------------
def test_what_is_blank_is_not_given_so_that_the_known_contact_stays():
    assert given_by({"urn": "900001"}, TODAY) == {}
    assert given_by({"contact_telephone": "01603 496000"}, TODAY) == {"contact_telephone": "01603 496000"}


def test_an_agreement_needs_a_yes_and_a_day_that_has_been():
    yes = {"agreed": True, "agreed_by": "The head", "agreed_on": "2024-11-26"}
    assert given_by(yes, TODAY) == {"agreed_by": "The head", "agreed_on": TODAY}
    assert notes_of(yes, TODAY) == []
    tomorrow = yes | {"agreed_on": "2024-11-27"}
    assert given_by(tomorrow, TODAY) == {"agreed_by": "The head", "agreed_on": None}
    assert notes_of(tomorrow, TODAY) == ["“Agreed on” is not taken over: it lies in the future."]
    unsaid = {"agreed_by": "The head"}
    assert given_by(unsaid, TODAY) == {}
    assert notes_of(unsaid, TODAY) == ["Its agreement is not taken over: “School has agreed” does not say Yes."]


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("", []),
        ("One", ["One"]),
        ("One; two", ["One", "two"]),
        ("One\nTwo\n\nThree", ["One", "Two", "Three"]),
        ("a;b\nc;;d;e", ["a", "b", "c; d; e"]),
        (" ; ", []),
    ],
)
def test_goals_are_parted_by_lines_and_semicolons_and_none_is_lost(text, goals):
    assert goals_in(text) == goals
    assert all(len(goal) <= cohort_rows.LONGEST_GOAL for goal in goals_in("x;" * 250))
