"""The schools of a cohort: added, filled in, taken off; children named only with the parents' agreement."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import cohort_schools, cohorts, withdrawing
from referrals.actions.cohort_schools import Conflict, Incomplete
from referrals.actions.cohorts import CannotChange
from referrals.choices import Plan, Priority, WithdrawReason
from referrals.models import Cohort, CohortChild, CohortSchool, Referral
from referrals.rules.cohorts import MOST_SCHOOLS
from s2s_portal.organisations.choices import AuditKind, EstablishmentStatus, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.cohorts import child_answers, described_cohort, planned, ready_cohort, school_answers, send
from tests.factories.organisations import ContactPersonFactory, EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOMORROW = AT.date() + timedelta(days=1)


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone], full_name="Alder Adviser")


@pytest.fixture
def stranger():
    return person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Saltings")])


@pytest.fixture
def schools(zone):
    return [EstablishmentFactory(school=True, zone=zone, name=f"School {letter}") for letter in "ABC"]


@pytest.fixture
def cohort(adviser):
    return described_cohort(by=adviser)


@pytest.fixture
def line(schools, adviser):
    """The only school of a cohort that may name children."""
    return ready_cohort(schools[:1], by=adviser, names_reason="To know them.").schools.get()


def add(cohort, establishments, *, by, **given):
    return cohort_schools.add(cohort=cohort, establishments=establishments, by=by, at=AT, **given)


def save(line, *, by, version=1, **answers):
    return cohort_schools.save(school=line, answers=answers, version=version, by=by, at=AT)


def edition(cohort):
    return Cohort.objects.get(pk=cohort.pk).edition


def last_audited(cohort):
    rows = AuditEvent.objects.filter(reference=cohort.reference, kind=AuditKind.WRITE)
    return rows.order_by("-pk").values_list("what", flat=True)[0]


def end(cohort, by):
    for referral in Referral.objects.filter(cohort=cohort):
        withdrawing.withdraw(referral=referral, reason=WithdrawReason.OTHER, note="", by=by, at=AT)


class TestAdd:
    def test_schools_stand_at_the_end_in_the_order_given(self, cohort, schools, adviser):
        add(cohort, schools[:1], by=adviser)
        before = edition(cohort)
        added = add(cohort, [schools[2], schools[1]], by=adviser)
        assert added.refused == []
        lines = CohortSchool.objects.filter(cohort=cohort).order_by("position")
        assert [(one.establishment, one.position, one.attempt, one.plan) for one in lines] == [
            (schools[0], 1, 1, Plan.NOW),
            (schools[2], 2, 1, Plan.NOW),
            (schools[1], 3, 1, Plan.NOW),
        ]
        assert edition(cohort) == before + 1
        assert last_audited(cohort) == "added 2 schools"

    def test_one_that_is_on_the_list_stays_as_it_is(self, cohort, schools, adviser):
        add(cohort, schools[:1], by=adviser, given={schools[0].pk: school_answers()})
        before = edition(cohort)
        again = add(cohort, schools[:1], by=adviser, given={schools[0].pk: school_answers(children=9)})
        assert (again.schools, again.refused, edition(cohort)) == ([], [], before)
        assert cohort.schools.get().children == 6

    def test_the_same_school_twice_is_one(self, cohort, schools, adviser):
        assert len(add(cohort, [schools[0], schools[0]], by=adviser).schools) == 1

    def test_the_contact_that_is_known_is_filled_in_unless_another_is_given(self, cohort, schools, adviser):
        for school in schools[:2]:
            ContactPersonFactory(establishment=school, name="Deputy", is_deputy=True)
            ContactPersonFactory(establishment=school, name="First", job_title="SENCo", email="first@school.invalid")
        add(cohort, schools, by=adviser, given={schools[1].pk: school_answers()})
        lines = {line.establishment: line for line in cohort.schools.all()}
        assert (lines[schools[0]].contact_name, lines[schools[0]].contact_email) == ("First", "first@school.invalid")
        assert lines[schools[1]].contact_name == school_answers()["contact_name"]
        assert lines[schools[2]].contact_name == ""

    def test_what_cannot_be_asked_for_is_refused_with_the_reason_and_the_others_are_added(
        self, cohort, schools, adviser
    ):
        schools[0].status = EstablishmentStatus.CLOSED
        schools[0].save()
        far = EstablishmentFactory(school=True, name="Far School")
        setting = EstablishmentFactory(zone=schools[0].zone, name="Bulrush Nursery")
        added = add(
            cohort, [schools[0], far, setting, schools[1], schools[2]], by=adviser, given=agreed_tomorrow(schools[2])
        )
        assert [line.establishment for line in added.schools] == [schools[1]]
        assert [sentence.split(":")[0] for sentence in added.refused] == [
            "School A",
            "Far School",
            "Bulrush Nursery",
            "School C",
        ]
        assert "agreed must be today or in the past" in added.refused[-1]

    def test_forty_and_no_more(self, cohort, zone, adviser):
        many = [EstablishmentFactory(school=True, zone=zone) for _ in range(MOST_SCHOOLS + 1)]
        added = add(cohort, many, by=adviser)
        assert (len(added.schools), len(added.refused)) == (MOST_SCHOOLS, 1)
        assert "at most 40 schools" in added.refused[0]

    def test_one_whose_request_ended_may_be_added_anew(self, schools, adviser):
        period_with_places()
        cohort = ready_cohort(schools[:2], by=adviser)
        planned(cohort, Plan.NOW, Plan.NOW, by=adviser)
        send(cohort, by=adviser)
        assert add(cohort, schools[:1], by=adviser).schools == []
        end(cohort, adviser)
        [line] = add(cohort, schools[:1], by=adviser).schools
        assert (line.attempt, line.sent_edition, line.position) == (2, None, 3)
        assert add(cohort, schools[:1], by=adviser).schools == []

    def test_the_same_number_of_statements_for_one_and_for_thirty(self, adviser, zone):
        counted = []
        for count in (1, 30):
            cohort = described_cohort(by=adviser)
            some = [EstablishmentFactory(school=True, zone=zone) for _ in range(count)]
            with CaptureQueriesContext(connection) as seen:
                add(cohort, some, by=adviser)
            counted.append(len(seen))
        assert counted[1] - counted[0] <= (0 if connection.vendor == "postgresql" else 1)  # 999 parameters a statement

    def test_not_by_others(self, cohort, schools, stranger):
        with pytest.raises(Cohort.DoesNotExist):
            add(cohort, schools, by=stranger)
        with pytest.raises(NotAllowed):
            add(cohort, schools, by=person(Role.EARLY_YEARS_ADVISER, zones=[schools[0].zone]))


def agreed_tomorrow(school):
    return {school.pk: school_answers(agreed_on=TOMORROW)}


class TestSave:
    def test_what_is_answered_is_kept(self, line, adviser):
        before = edition(line.cohort)
        saved = save(line, by=adviser, children=3, priority=Priority.HIGH, goal_1="Ours.")
        saved.refresh_from_db()
        assert (saved.children, saved.priority, saved.goal_1, saved.contact_name) == (
            3,
            "HIGH",
            "Ours.",
            "Perran Oxnead",
        )
        assert (saved.version, edition(line.cohort)) == (2, before + 1)
        assert last_audited(line.cohort) == cohort_schools.saved_school(line)

    def test_who_comes_second_overwrites_nothing(self, line, adviser):
        save(line, by=adviser, children=3)
        conflict = save(line, by=adviser, children=4)
        assert isinstance(conflict, Conflict)
        assert conflict.theirs.children == 3
        assert save(line, by=adviser, version=conflict.theirs.version, children=4).children == 4

    def test_a_school_has_not_agreed_tomorrow(self, line, adviser):
        with pytest.raises(Incomplete, match="agreed must be today"):
            save(line, by=adviser, agreed_on=TOMORROW)
        assert save(line, by=adviser, agreed_on=AT.date()).agreed_on == AT.date()

    def test_not_once_its_request_was_made(self, line, adviser):
        period_with_places()
        assert send(line.cohort, by=adviser).sent
        for change in (
            lambda: save(line, by=adviser, children=3),
            lambda: cohort_schools.remove(school=line, by=adviser, at=AT),
            lambda: cohort_schools.name_child(school=line, answers=child_answers(), by=adviser, at=AT),
        ):
            with pytest.raises(CannotChange, match="has been sent"):
                change()

    def test_not_once_it_was_taken_off(self, line, adviser):
        in_another_window = CohortSchool.objects.get(pk=line.pk)
        cohort_schools.remove(school=line, by=adviser, at=AT)
        with pytest.raises(CohortSchool.DoesNotExist):
            save(in_another_window, by=adviser, children=3)

    def test_not_by_others(self, line, stranger):
        with pytest.raises(Cohort.DoesNotExist):
            save(line, by=stranger, children=3)

    def test_not_a_colleagues_school_of_a_shared_cohort(self, zone, adviser):
        far_zone = ZoneFactory(name="Far Zone")
        both = person(Role.SEND_ADVISER, zones=[zone, far_zone])
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=far_zone)], by=both)
        for change in (
            lambda line: save(line, by=adviser, children=3),
            lambda line: cohort_schools.remove(school=line, by=adviser, at=AT),
        ):
            with pytest.raises(CohortSchool.DoesNotExist):
                change(cohort.schools.get())


class TestRemove:
    def test_it_goes_with_its_names(self, line, adviser):
        cohort_schools.name_child(school=line, answers=child_answers(), by=adviser, at=AT)
        before = edition(line.cohort)
        cohort_schools.remove(school=line, by=adviser, at=AT)
        assert not CohortSchool.objects.exists()
        assert not CohortChild.objects.exists()
        assert edition(line.cohort) == before + 1


class TestPlan:
    def test_plans_and_the_order_are_kept(self, schools, adviser):
        cohort = ready_cohort(schools, by=adviser)
        keys = [str(line.key) for line in cohort.schools.order_by("position")]
        before = edition(cohort)
        order = [keys[2], keys[0], keys[1]]
        cohort_schools.plan(cohort=cohort, plans={keys[0]: Plan.WAIT}, order=order, by=adviser, at=AT)
        lines = cohort.schools.order_by("position")
        assert [(line.establishment, line.plan) for line in lines] == [
            (schools[2], Plan.NOW),
            (schools[0], Plan.WAIT),
            (schools[1], Plan.NOW),
        ]
        assert edition(cohort) == before + 1

    def test_a_school_of_a_colleagues_zone_is_the_colleagues_to_plan(self, schools, adviser, zone):
        far = ZoneFactory(name="Far")
        both = person(Role.SEND_ADVISER, zones=[zone, far])
        theirs = EstablishmentFactory(school=True, zone=far)
        cohort = ready_cohort([schools[0], theirs], by=both)
        ours, far_line = cohort.schools.order_by("position")
        keys = [str(far_line.key), str(ours.key)]
        plans = dict.fromkeys(keys, Plan.NOT_YET)
        cohort_schools.plan(cohort=cohort, plans=plans, order=keys, by=adviser, at=AT)
        lines = cohort.schools.values_list("establishment", "plan", "position")
        assert set(lines) == {(schools[0].pk, Plan.NOT_YET, 2), (theirs.pk, Plan.NOW, 2)}

    def test_nothing_new_changes_nothing(self, schools, adviser):
        cohort = ready_cohort(schools, by=adviser)
        before = edition(cohort)
        keys = [str(line.key) for line in cohort.schools.order_by("position")]
        cohort_schools.plan(cohort=cohort, plans={"no such": Plan.WAIT}, order=keys, by=adviser, at=AT)
        assert edition(cohort) == before


class TestNames:
    def name(self, line, by, **changes):
        return cohort_schools.name_child(school=line, answers=child_answers(**changes), by=by, at=AT)

    def test_a_child_with_the_parents_agreement(self, line, adviser):
        before = edition(line.cohort)
        child = self.name(line, adviser)
        child.refresh_from_db()
        assert (child.first_name, child.date_of_birth, child.agreement_by) == ("Wilf", date(2017, 5, 6), "Mother")
        assert (child.added_by, edition(line.cohort)) == (adviser, before + 1)
        assert last_audited(line.cohort) == "named a child"

    def test_nobody_without_a_reason(self, line, adviser):
        answers = {"names_reason": "  "}
        cohorts.describe(cohort=line.cohort, answers=answers, version=2, by=adviser, at=AT)
        with pytest.raises(CannotChange, match="says why"):
            self.name(line, adviser)

    @pytest.mark.parametrize(
        "missing",
        [
            {"agreement_by": ""},
            {"agreement_on": None},
            {"agreement_how": ""},
            {"agreement_held": ""},
            {"agreement_on": TOMORROW},
            {"first_name": ""},
            {"date_of_birth": TOMORROW},
        ],
    )
    def test_nobody_without_the_whole_agreement(self, line, adviser, missing):
        with pytest.raises(Incomplete) as refused:
            self.name(line, adviser, **missing)
        assert [problem.field for problem in refused.value.problems] == list(missing)
        assert not CohortChild.objects.exists()

    def test_two_presses_name_one_child(self, line, adviser):
        child = self.name(line, adviser)
        assert self.name(line, adviser, first_name="wilf", last_name="OTasburgh") == child
        assert self.name(line, adviser, first_name="Winnie") != child
        assert self.name(line, adviser, date_of_birth=date(2017, 5, 7)) != child

    def test_a_name_can_be_taken_off(self, line, adviser, stranger):
        child = self.name(line, adviser)
        with pytest.raises(Cohort.DoesNotExist):
            cohort_schools.remove_child(child=child, by=stranger, at=AT)
        cohort_schools.remove_child(child=child, by=adviser, at=AT)
        assert not CohortChild.objects.exists()
        assert last_audited(line.cohort) == "took a child’s name off"
