"""The same child in another request: found however the names are written, told only to who sees the child in both."""

from datetime import date

import pytest

from referrals.actions import cohort_schools, withdrawing
from referrals.choices import About, Plan, WithdrawReason
from referrals.models import Cohort, Referral
from referrals.permissions import Asking
from referrals.queries import related, same_child
from referrals.queries.same_child import Child
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.cohorts import child_answers, planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
BORN = date(2020, 5, 6)


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def far_zone():
    return ZoneFactory(name="Saltings")


@pytest.fixture
def send_adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone], full_name="Alder Adviser")


@pytest.fixture
def early_adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Ely Adviser")


@pytest.fixture
def both_streams(zone):
    return person(Role.SEND_ADVISER, Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Bryony Both")


@pytest.fixture
def period():
    return period_with_places(mainstream=4)


@pytest.fixture
def early(period, zone, early_adviser):
    """A request for the child at a setting, as Wilf O'Tasburgh."""
    named = {"child_first_name": "Wilf", "child_last_name": "O'Tasburgh", "date_of_birth": BORN}
    return sent_request(EstablishmentFactory(zone=zone, name="Bulrush Nursery"), by=early_adviser, **named)


def at_school(zone, by, **changes):
    """A request for the child at a school, a year later."""
    named = {"child_first_name": "Wilf", "child_last_name": "O’Tasburgh", "date_of_birth": BORN} | changes
    return sent_request(EstablishmentFactory(school=True, zone=zone), by=by, **named)


def cohort_with_child(zone, by, **changes):
    """The request of a cohort that names the child."""
    school = EstablishmentFactory(school=True, zone=zone)
    cohort = ready_cohort([school], by=by, names_reason="To know them.")
    answers = child_answers(first_name="Wilf", last_name="O'Tasburgh", date_of_birth=BORN) | changes
    cohort_schools.name_child(school=cohort.schools.get(), answers=answers, by=by, at=AT)
    outcome = send(Cohort.objects.get(pk=cohort.pk), by=by)
    return (outcome.sent or outcome.waiting)[0]


def told(referral, user, **asking):
    who = Asking(user, **asking)
    return related.related_to(referral, who, with_child=True).same_child


class TestNames:
    @pytest.mark.parametrize(
        ("first", "last"),
        [
            ("Wilf", "O'Tasburgh"),
            ("wilf", "O’TASBURGH"),
            ("Wilf", "OTasburgh"),
            ("Wilf", "O Tasburgh"),
            ("  Wilf ", "O-Tasburgh"),
            ("O'Tasburgh", "Wilf"),
            ("Wïlf", "Ó'Tasburgh"),
        ],
    )
    def test_the_same(self, first, last):
        assert Child(first, last, BORN).identity == Child("Wilf", "O'Tasburgh", BORN).identity

    @pytest.mark.parametrize(
        ("first", "last", "born"),
        [
            ("Winnie", "O'Tasburgh", BORN),
            ("Wilf", "Tasburgh", BORN),
            ("Wilf", "O'Tasburgh", date(2020, 6, 5)),
        ],
    )
    def test_another(self, first, last, born):
        assert Child(first, last, born).identity != Child("Wilf", "O'Tasburgh", BORN).identity


class TestToWhom:
    def test_the_co_ordinator_at_another_setting_and_the_other_way_round(self, early, zone, send_adviser):
        school = at_school(zone, send_adviser, child_first_name="O’Tasburgh", child_last_name="wilf")
        co_ordinator = person(Role.S2S_COORDINATOR)
        assert told(school, co_ordinator) == [early]
        assert told(early, co_ordinator) == [school]

    def test_an_adviser_of_both_streams(self, early, zone, send_adviser, both_streams):
        assert told(at_school(zone, send_adviser), both_streams) == [early]

    def test_nobody_who_sees_one_stream_only(self, early, zone, send_adviser, early_adviser, django_assert_num_queries):
        school = at_school(zone, send_adviser)
        assert told(early, early_adviser) == []
        who = Asking(person(Role.SEND_ADVISER, zones=[zone]))
        child = same_child.children_of(school)
        assert not same_child.may_know(who)
        with django_assert_num_queries(0):
            assert same_child.requests_for(child, who, besides=[]) == []

    def test_nobody_whose_zone_it_is_not(self, early, far_zone, both_streams, send_adviser, period):
        elsewhere = person(Role.SEND_ADVISER, Role.EARLY_YEARS_ADVISER, zones=[far_zone])
        school = at_school(far_zone, elsewhere)
        assert told(school, elsewhere) == []

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.S2S_TEACHER, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_nobody_without_the_child(self, early, zone, send_adviser, role):
        school = at_school(zone, send_adviser)
        assert told(school, person(role, zones=[zone])) == []

    def test_an_auditor_with_a_reason_for_both_and_not_for_one(self, early, zone, send_adviser):
        school = at_school(zone, send_adviser)
        auditor = person(Role.AUDITOR)
        both = frozenset({school.reference, early.reference})
        assert told(school, auditor, reasons=both) == [early]
        assert told(school, auditor, reasons=frozenset({school.reference, "EY-2222-22"})) == []

    def test_not_asked_on_a_page_without_the_child(self, early, zone, send_adviser):
        school = at_school(zone, send_adviser)
        who = Asking(person(Role.S2S_COORDINATOR))
        assert related.related_to(school, who, with_child=False).same_child == []

    def test_not_where_the_other_waits_and_has_not_reached_them(self, early, zone, send_adviser, period, far_zone):
        for _ in range(4):
            sent_request(EstablishmentFactory(school=True, zone=zone), by=send_adviser)
        school = EstablishmentFactory(school=True, zone=zone)
        cohort = ready_cohort([school], by=send_adviser, names_reason="To know them.")
        answers = child_answers(first_name="Wilf", last_name="O'Tasburgh", date_of_birth=BORN)
        cohort_schools.name_child(school=cohort.schools.get(), answers=answers, by=send_adviser, at=AT)
        planned(cohort, Plan.WAIT, by=send_adviser)
        [waits] = send(cohort, by=send_adviser).waiting
        assert told(early, person(Role.S2S_COORDINATOR)) == []
        assert waits.place_id is None
        assert quota_of(period, Stream.MAINSTREAM).pk


class TestCohorts:
    def test_a_child_whom_a_cohort_names(self, early, zone, send_adviser):
        made = cohort_with_child(zone, send_adviser)
        co_ordinator = person(Role.S2S_COORDINATOR)
        assert told(early, co_ordinator) == [made]
        assert told(made, co_ordinator) == [early]

    def test_two_cohorts(self, period, zone, send_adviser):
        first, second = (cohort_with_child(zone, send_adviser) for _ in range(2))
        assert told(first, person(Role.S2S_COORDINATOR)) == [second]

    def test_a_line_without_a_request_is_no_request(self, early, zone, send_adviser):
        cohort = ready_cohort(
            [EstablishmentFactory(school=True, zone=zone)], by=send_adviser, names_reason="To know them."
        )
        line = cohort.schools.get()
        answers = child_answers(first_name="Wilf", last_name="O'Tasburgh", date_of_birth=BORN)
        child = cohort_schools.name_child(school=line, answers=answers, by=send_adviser, at=AT)
        co_ordinator = Asking(person(Role.S2S_COORDINATOR))
        assert told(early, co_ordinator.user) == []
        found = same_child.requests_for(same_child.named([child]), co_ordinator, besides=[line.key])
        assert found == [early]

    def test_a_group_without_names_has_nobody_to_look_for(self, early, zone, send_adviser):
        school = EstablishmentFactory(school=True, zone=zone)
        [made] = send(ready_cohort([school], by=send_adviser), by=send_adviser).sent
        assert same_child.children_of(made) == []
        assert told(made, person(Role.S2S_COORDINATOR)) == []

    def test_a_group_that_is_no_cohort_neither(self, period, zone, early_adviser):
        group = {"about": About.GROUP, "group_size": 3, "group_description": "Share a room"}
        nobody = {"child_first_name": "", "child_last_name": "", "date_of_birth": None}
        made = sent_request(EstablishmentFactory(zone=zone), by=early_adviser, **group, **nobody)
        assert same_child.children_of(made) == []


class TestRelated:
    def test_the_other_requests_of_the_school_newest_first(self, period, zone, send_adviser, early_adviser):
        school = EstablishmentFactory(school=True, zone=zone)
        made = [sent_request(school, by=send_adviser) for _ in range(4)]
        withdrawing.withdraw(referral=made[1], reason=WithdrawReason.OTHER, note="", by=send_adviser, at=AT)
        found = related.related_to(made[0], Asking(send_adviser), with_child=True)
        assert ([one.reference for one in found.others], found.more) == ([one.reference for one in made[:0:-1]], 0)
        assert related.related_to(made[0], Asking(early_adviser), with_child=True).others == []

    def test_the_newest_are_listed_and_the_others_counted(self, zone, send_adviser):
        period_with_places()
        school = EstablishmentFactory(school=True, zone=zone)
        made = [sent_request(school, by=send_adviser) for _ in range(related.MOST + 3)]
        found = related.related_to(made[0], Asking(send_adviser), with_child=True)
        assert (len(found.others), found.more) == (related.MOST, 2)

    def test_the_cohort_for_those_who_may_open_it(self, period, zone, send_adviser):
        made = cohort_with_child(zone, send_adviser)
        for who, sees in (
            (send_adviser, True),
            (person(Role.S2S_COORDINATOR), True),
            (person(Role.COMMISSIONER), False),
        ):
            found = related.related_to(made, Asking(who), with_child=False).cohort
            assert (found is not None) == sees

    def test_what_the_cohort_answered_stands_in_its_requests(self, period, zone, send_adviser):
        made = Referral.objects.get(pk=cohort_with_child(zone, send_adviser).pk)
        [named] = related.named_children(made)
        assert (named.title, named.text) == (
            "Wilf O'Tasburgh, born 6 May 2020, Year 2",
            "Mother agreed on 21 November 2024, on a signed form. Kept: The child’s file at the school",
        )

    def test_a_request_of_no_cohort_names_no_children_of_one(self, early):
        assert related.named_children(early) == []
        assert related.with_cohort_answers(early, []) == []
