import pytest

from s2s_portal.organisations.actions.teachers import NotAProvider, set_home_school
from s2s_portal.organisations.choices import Eligibility, Role, Source
from s2s_portal.organisations.models import AuditEvent, Membership
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def special_school():
    kind = EstablishmentKindFactory(
        source=Source.GIAS, name="Community special school", eligibility=Eligibility.PROVIDER
    )
    return EstablishmentFactory(school=True, kind=kind)


def test_a_teacher_gets_a_school_and_it_is_written_down(special_school):
    teacher, administrator = person(Role.S2S_TEACHER), person(Role.ADMINISTRATOR)
    set_home_school(teacher=teacher, school=special_school, by=administrator)
    assert Membership.objects.get(user=teacher).home_school == special_school
    row = AuditEvent.objects.get()
    assert (row.user_id, row.what, row.reference) == (
        administrator.pk,
        f"set the own school: {special_school} (GIAS {special_school.urn})",
        f"person {teacher.pk}",
    )


def test_only_those_who_look_after_people_may(special_school):
    with pytest.raises(NotAllowed):
        set_home_school(teacher=person(Role.S2S_TEACHER), school=special_school, by=person(Role.COMMISSIONER))


def test_a_mainstream_school_is_refused():
    with pytest.raises(NotAProvider, match="does not provide S2S"):
        set_home_school(
            teacher=person(Role.S2S_TEACHER),
            school=EstablishmentFactory(school=True),
            by=person(Role.ADMINISTRATOR),
        )


def test_someone_who_is_no_teacher_is_refused(special_school):
    with pytest.raises(Membership.DoesNotExist):
        set_home_school(teacher=person(Role.AUDITOR), school=special_school, by=person(Role.ADMINISTRATOR))
