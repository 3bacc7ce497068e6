"""Rows of a list of schools: kept, picked, dropped, added, each once."""

import pytest

from referrals.actions import cohort_files, cohort_schools
from referrals.actions.cohort_files import MOST_KEPT, Chosen, NewRow
from referrals.actions.cohorts import CannotChange
from referrals.models import Cohort, CohortFileRow, CohortSchool
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent, Establishment
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.cohorts import described_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ROWS = [
    NewRow(2, {"urn": "900001"}),
    NewRow(3, {"name": "Staithe Primary School", "goals": "One; two"}),
    NewRow(4, {"problems": [{"column": "Children", "reason": "Too many.", "text": "999"}]}, "Children: Too many."),
]


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


@pytest.fixture
def cohort(adviser):
    return described_cohort(by=adviser)


@pytest.fixture
def school(zone):
    return EstablishmentFactory(school=True, zone=zone, name="Staithe Primary School")


def rows():
    return list(CohortFileRow.objects.order_by("uploaded_at", "line", "pk"))


class TestKeep:
    def test_rows_and_what_could_not_be_read_are_kept(self, cohort, adviser):
        kept = cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        assert (kept.new, kept.repeated) == (3, 0)
        assert [(row.line, row.facts, row.problem) for row in rows()] == [
            (row.line, row.facts, row.problem) for row in ROWS
        ]
        assert {(row.uploaded_by, row.uploaded_at) for row in rows()} == {(adviser, AT)}
        assert AuditEvent.objects.filter(what="gave a list of 3 rows", reference=cohort.reference).count() == 1

    def test_the_cohort_itself_is_not_changed_by_a_list(self, cohort, adviser):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        assert Cohort.objects.get().edition == cohort.edition

    def test_the_same_list_again_adds_nothing_and_a_changed_row_only_itself(self, cohort, adviser):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        again = [*ROWS[:2], NewRow(4, {"urn": "900002", "children": 9})]
        kept = cohort_files.keep_rows(cohort=cohort, rows=again, by=adviser, at=AT)
        assert (kept.new, kept.repeated) == (1, 2)
        assert len(rows()) == 4

    def test_too_many_rows_are_refused_and_none_of_them_is_kept(self, cohort, adviser):
        many = [NewRow(line, {"urn": str(900_000 + line)}) for line in range(MOST_KEPT)]
        cohort_files.keep_rows(cohort=cohort, rows=many, by=adviser, at=AT)
        with pytest.raises(CannotChange, match="120 rows of earlier lists"):
            cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        assert len(rows()) == MOST_KEPT

    def test_a_long_reason_is_cut_to_its_column(self, cohort, adviser):
        long = NewRow(2, {"problems": []}, "x" * 900)
        cohort_files.keep_rows(cohort=cohort, rows=[long], by=adviser, at=AT)
        assert len(rows()[0].problem) == 500
        assert cohort_files.keep_rows(cohort=cohort, rows=[long], by=adviser, at=AT).repeated == 1


class TestPickAndDrop:
    def test_a_pick_is_kept_and_taken_back(self, cohort, adviser, school):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        row = rows()[1]
        cohort_files.pick(cohort=cohort, picked={row.pk: school}, by=adviser, at=AT)
        assert rows()[1].picked == school
        cohort_files.pick(cohort=cohort, picked={row.pk: None}, by=adviser, at=AT)
        assert rows()[1].picked is None

    def test_dropped_rows_are_gone_and_dropping_again_drops_nothing(self, cohort, adviser):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        some = [row.pk for row in rows()[:2]]
        assert cohort_files.drop(cohort=cohort, rows=some, by=adviser, at=AT) == 2
        assert cohort_files.drop(cohort=cohort, rows=some, by=adviser, at=AT) == 0
        assert [row.line for row in rows()] == [4]

    def test_rows_of_another_cohort_are_not_reached(self, cohort, adviser, school):
        other = described_cohort(by=adviser)
        cohort_files.keep_rows(cohort=other, rows=ROWS, by=adviser, at=AT)
        row = rows()[1]
        cohort_files.pick(cohort=cohort, picked={row.pk: school}, by=adviser, at=AT)
        assert cohort_files.drop(cohort=cohort, rows=[row.pk], by=adviser, at=AT) == 0
        added = cohort_files.add_rows(cohort=cohort, chosen=[Chosen(row.pk, school, {})], by=adviser, at=AT)
        assert (added.schools, added.refused) == ([], [])
        assert [(one.pk, one.picked) for one in rows()][1] == (row.pk, None)


class TestAdd:
    def add(self, cohort, by, *chosen):
        return cohort_files.add_rows(cohort=cohort, chosen=chosen, by=by, at=AT)

    def test_a_row_becomes_a_school_with_what_it_gives_and_is_gone(self, cohort, adviser, school):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        given = {"children": 7, "priority": "HIGH", "goal_1": "One", "goal_2": "two"}
        added = self.add(cohort, adviser, Chosen(rows()[1].pk, school, given))
        [line] = CohortSchool.objects.all()
        assert [one.pk for one in added.schools] == [line.pk]
        assert (line.establishment, line.children, line.priority, line.goal_2) == (school, 7, "HIGH", "two")
        assert [row.line for row in rows()] == [2, 4]

    def test_the_same_press_again_adds_nothing(self, cohort, adviser, school):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        chosen = Chosen(rows()[1].pk, school, {})
        self.add(cohort, adviser, chosen)
        line = CohortSchool.objects.get()
        cohort_schools.remove(school=line, by=adviser, at=AT)
        assert self.add(cohort, adviser, chosen).schools == []
        assert not CohortSchool.objects.exists()

    def test_of_two_rows_for_one_school_the_first_gives_and_the_second_stays(self, cohort, adviser, school):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        first, second, _ = rows()
        self.add(cohort, adviser, Chosen(first.pk, school, {"children": 1}), Chosen(second.pk, school, {"children": 2}))
        assert CohortSchool.objects.get().children == 1
        assert second in rows()
        assert first not in rows()

    def test_a_school_that_cannot_be_added_says_why_and_its_row_stays(self, cohort, adviser, school):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=adviser, at=AT)
        Establishment.objects.update(status="CLOSED")  # not `school`, which says what was so when it was looked at
        added = self.add(cohort, adviser, Chosen(rows()[0].pk, school, {}))
        assert added.schools == []
        assert added.refused[0].startswith("Staithe Primary School: ")
        assert len(rows()) == 3


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SEND_ADVISER])
def test_only_a_send_adviser_gives_lists(cohort, zone, role):
    by = person(role, zones=[zone] if role == Role.EARLY_YEARS_ADVISER else [])
    with pytest.raises(NotAllowed):
        cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=by, at=AT)


def test_an_adviser_of_other_zones_finds_no_cohort(cohort):
    far = person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Saltings")])
    for write in (
        lambda: cohort_files.keep_rows(cohort=cohort, rows=ROWS, by=far, at=AT),
        lambda: cohort_files.pick(cohort=cohort, picked={1: None}, by=far, at=AT),
        lambda: cohort_files.drop(cohort=cohort, rows=[1], by=far, at=AT),
        lambda: cohort_files.add_rows(cohort=cohort, chosen=[], by=far, at=AT),
    ):
        with pytest.raises(Cohort.DoesNotExist):
            write()
