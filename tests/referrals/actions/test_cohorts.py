"""Cohorts: begun, described, copied and deleted by those whose zones they are for, and by nobody else."""

from datetime import timedelta

import pytest

from referrals.actions import cohort_schools, cohorts
from referrals.actions.cohorts import CannotChange, Conflict
from referrals.choices import CohortPart, YearGroup
from referrals.models import Cohort, CohortChild, CohortSchool
from referrals.rules.cohorts import PARTS
from s2s_portal.organisations.choices import AuditKind, EstablishmentStatus, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.cohorts import child_answers, described_cohort, description, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def far_zone():
    return ZoneFactory(name="Saltings")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone], full_name="Alder Adviser")


@pytest.fixture
def both(zone, far_zone):
    """An adviser of two zones."""
    return person(Role.SEND_ADVISER, zones=[zone, far_zone], full_name="Bryony Both")


@pytest.fixture
def cohort(adviser):
    return described_cohort(by=adviser)


def audited(cohort):
    rows = AuditEvent.objects.filter(reference=cohort.reference, kind=AuditKind.WRITE).order_by("pk")
    return list(rows.values_list("what", flat=True))


def describe(cohort, *, by, version=2, at=LATER, **answers):
    return cohorts.describe(cohort=cohort, answers=answers, version=version, by=by, at=at)


class TestStart:
    def test_a_cohort_begins_empty_and_draws_nothing(self, adviser, zone):
        cohort = cohorts.start(title="Language groups", zones=[zone], by=adviser, at=AT)
        cohort.refresh_from_db()
        assert (cohort.title, list(cohort.zones.all()), cohort.sent_at) == ("Language groups", [zone], None)
        assert (cohort.version, cohort.edition, cohort.started_at, cohort.changed_at) == (1, 1, AT, AT)
        assert cohort.reference.startswith("CO-")
        assert audited(cohort) == ["started a cohort"]

    def test_only_for_ones_own_zones_and_at_least_one(self, adviser, zone, far_zone):
        for zones in ([], [far_zone], [zone, far_zone]):
            with pytest.raises(NotAllowed):
                cohorts.start(title="Ours", zones=zones, by=adviser, at=AT)
        assert not Cohort.objects.exists()

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.SEND_ADVISER])
    def test_only_send_advisers(self, role, zone):
        with pytest.raises(NotAllowed):
            cohorts.start(title="Ours", zones=[zone], by=person(role, zones=[zone]), at=AT)

    def test_two_presses_of_the_button_make_one(self, adviser, zone):
        first = cohorts.start(title="Ours", zones=[zone], by=adviser, at=AT)
        assert cohorts.start(title="Ours", zones=[zone], by=adviser, at=AT + timedelta(seconds=3)) == first
        assert audited(first) == ["started a cohort"]

    def test_the_same_title_for_other_zones_makes_another(self, both, zone, far_zone):
        made = [cohorts.start(title="Ours", zones=zones, by=both, at=AT) for zones in ([zone], [far_zone])]
        assert [list(one.zones.all()) for one in made] == [[zone], [far_zone]]

    def test_another_title_another_person_or_a_minute_later_make_another(self, adviser, both, zone):
        made = {
            cohorts.start(title=title, zones=[zone], by=by, at=at).pk
            for title, by, at in (
                ("Ours", adviser, AT),
                ("Others", adviser, AT),
                ("Ours", both, AT),
                ("Ours", adviser, LATER),
            )
        }
        assert len(made) == 4

    def test_one_that_was_worked_on_is_never_taken_for_the_new_one(self, adviser, zone):
        first = cohorts.start(title="Ours", zones=[zone], by=adviser, at=AT)
        describe(first, by=adviser, version=1, at=AT, why_now="Now.")
        assert cohorts.start(title="Ours", zones=[zone], by=adviser, at=AT) != first


class TestDescribe:
    def test_what_is_answered_is_kept_and_counted(self, cohort, adviser):
        assert (cohort.version, cohort.edition) == (2, 2)
        for name, value in description().items():
            held = getattr(cohort, name)
            assert (list(held.all()) if name == "further_needs" else held) == value
        assert audited(cohort) == ["started a cohort", "described a cohort"]

    def test_one_page_leaves_the_others_as_they_are(self, cohort, adviser, zone):
        saved = describe(cohort, by=adviser, goal_1="Another goal.")
        saved.refresh_from_db()
        assert (saved.goal_1, saved.why_now) == ("Another goal.", description()["why_now"])
        assert list(saved.zones.all()) == [zone]
        assert saved.further_needs.count() == 1
        assert (saved.version, saved.edition, saved.changed_at) == (3, 3, LATER)

    def test_every_question_of_the_pages_can_be_saved(self):
        columns = {name for part in CohortPart for name in PARTS[part]}
        assert columns == {*cohorts.DESCRIPTION, "zones", "further_needs"}

    def test_who_comes_second_overwrites_nothing(self, cohort, adviser):
        describe(cohort, by=adviser, why_now="First.")
        conflict = describe(cohort, by=adviser, why_now="Second.")
        assert isinstance(conflict, Conflict)
        assert conflict.theirs.why_now == "First."
        assert Cohort.objects.get().why_now == "First."
        again = describe(cohort, by=adviser, version=conflict.theirs.version, why_now="Second.")
        assert again.why_now == "Second."

    def test_indes_goes_with_the_years_that_have_it(self, cohort, adviser):
        saved = describe(cohort, by=adviser, year_groups=[YearGroup.N2])
        assert (saved.indes_section, saved.indes_level) == (None, None)

    def test_a_colleagues_zone_stays(self, both, adviser, zone, far_zone):
        cohort = described_cohort(by=both)
        describe(cohort, by=adviser, zones=[zone])
        assert set(cohort.zones.all()) == {zone, far_zone}
        describe(cohort, by=both, version=3, zones=[far_zone])
        assert set(cohort.zones.all()) == {far_zone}

    def test_nobody_takes_a_zone_that_is_not_theirs_or_leaves_the_cohort_without_one(self, cohort, adviser, far_zone):
        for zones in ([far_zone], []):
            with pytest.raises(NotAllowed):
                describe(cohort, by=adviser, zones=zones)
        assert Cohort.objects.get().version == 2

    def test_once_sent_it_stays(self, adviser, zone):
        period_with_places()
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=zone)], by=adviser)
        assert send(cohort, by=adviser).sent
        with pytest.raises(CannotChange):
            describe(cohort, by=adviser, why_now="Too late.")

    def test_others_do_not_change_it(self, cohort, far_zone, zone):
        stranger = person(Role.SEND_ADVISER, zones=[far_zone])
        with pytest.raises(Cohort.DoesNotExist):
            describe(cohort, by=stranger, why_now="Ours now.")
        with pytest.raises(NotAllowed):
            describe(cohort, by=person(Role.S2S_COORDINATOR), why_now="Ours now.")

    def test_who_only_sees_it_does_not_change_it(self, adviser, zone, far_zone):
        period_with_places()
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=zone)], by=adviser)
        send(cohort, by=adviser)
        both_roles = person(Role.S2S_COORDINATOR, Role.SEND_ADVISER, zones=[far_zone])
        with pytest.raises(NotAllowed, match="of one of its zones"):
            cohorts.locked(cohort, both_roles)


class TestDelete:
    def test_it_goes_with_its_schools_and_names(self, adviser, zone):
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=zone)], by=adviser, names_reason="To know them.")
        cohort_schools.name_child(school=cohort.schools.get(), answers=child_answers(), by=adviser, at=AT)
        cohorts.delete(cohort=cohort, by=adviser, at=AT)
        assert not Cohort.objects.exists()
        assert not CohortSchool.objects.exists()
        assert not CohortChild.objects.exists()
        assert audited(cohort)[-1] == "deleted a cohort"

    def test_a_second_press_finds_nothing(self, cohort, adviser):
        cohorts.delete(cohort=cohort, by=adviser, at=AT)
        with pytest.raises(Cohort.DoesNotExist):
            cohorts.delete(cohort=cohort, by=adviser, at=AT)

    def test_its_copy_stays(self, cohort, adviser):
        copy = cohorts.copy(cohort=cohort, title="Copy", with_schools=False, by=adviser, at=AT)
        cohorts.delete(cohort=Cohort.objects.get(pk=cohort.pk), by=adviser, at=AT)
        copy.refresh_from_db()
        assert copy.copied_from is None

    def test_not_once_it_was_sent_nor_by_others(self, adviser, zone, far_zone):
        period_with_places()
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=zone)], by=adviser)
        with pytest.raises(Cohort.DoesNotExist):
            cohorts.delete(cohort=cohort, by=person(Role.SEND_ADVISER, zones=[far_zone]), at=AT)
        send(cohort, by=adviser)
        with pytest.raises(CannotChange):
            cohorts.delete(cohort=cohort, by=adviser, at=AT)


class TestCopy:
    def test_the_description_comes_along_without_the_reason_for_names(self, adviser):
        old = described_cohort(by=adviser, names_reason="To know them.")
        new = cohorts.copy(cohort=old, title="Spring", with_schools=True, by=adviser, at=LATER)
        new.refresh_from_db()
        for name in cohorts.DESCRIPTION:
            if name not in ("title", "names_reason"):
                assert getattr(new, name) == getattr(old, name)
        assert (new.title, new.names_reason, new.copied_from) == ("Spring", "", old)
        assert (list(new.further_needs.all()), list(new.zones.all())) == (
            list(old.further_needs.all()),
            list(old.zones.all()),
        )
        assert (new.sent_at, new.started_by, new.started_at) == (None, adviser, LATER)
        assert audited(new) == [f"copied {old.reference}"]
        assert audited(old)[-1] == f"copied to {new.reference}"

    def test_its_open_schools_of_ones_own_zones_without_their_agreement(self, both, adviser, zone, far_zone):
        schools = [EstablishmentFactory(school=True, zone=zone, name=f"School {letter}") for letter in "ABC"]
        far = EstablishmentFactory(school=True, zone=far_zone)
        old = ready_cohort([*schools, far], by=both)
        schools[1].status = EstablishmentStatus.CLOSED
        schools[1].save()
        new = cohorts.copy(cohort=old, title="Spring", with_schools=True, by=adviser, at=LATER)
        lines = list(new.schools.order_by("position"))
        assert [line.establishment for line in lines] == [schools[0], schools[2]]
        assert [(line.position, line.attempt, line.children, line.agreed_by, line.agreed_on) for line in lines] == [
            (1, 1, 6, "", None),
            (2, 1, 6, "", None),
        ]
        assert list(new.zones.all()) == [zone]

    def test_without_schools(self, adviser, zone):
        old = ready_cohort([EstablishmentFactory(school=True, zone=zone)], by=adviser)
        new = cohorts.copy(cohort=old, title="Spring", with_schools=False, by=adviser, at=LATER)
        assert not new.schools.exists()

    def test_two_presses_make_one(self, adviser, zone):
        old = ready_cohort([EstablishmentFactory(school=True, zone=zone)], by=adviser)
        first = cohorts.copy(cohort=old, title="Spring", with_schools=True, by=adviser, at=LATER)
        assert cohorts.copy(cohort=old, title="Spring", with_schools=True, by=adviser, at=LATER) == first
        assert first.schools.count() == 1

    def test_not_by_others(self, cohort, far_zone):
        for by in (person(Role.SEND_ADVISER, zones=[far_zone]), person(Role.S2S_COORDINATOR)):
            with pytest.raises(NotAllowed):
                cohorts.copy(cohort=cohort, title="Ours", with_schools=True, by=by, at=AT)
