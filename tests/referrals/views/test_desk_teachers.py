"""Teachers as a co-ordinator sees them: load, specialisms, and cover for everything that one has."""

from datetime import date

import pytest
from django.urls import reverse

from referrals.actions import returning
from referrals.actions.specialisms import set_specialisms
from referrals.models import Cover, NeedType, Specialism
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.calendar import LeaveFactory
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import listed, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("referrals:desk_teachers")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def desk(council):
    """The co-ordinator's browser."""
    return signed_in(council.people[Role.S2S_COORDINATOR])


@pytest.fixture
def teacher(council):
    return council.people[Role.S2S_TEACHER]


def need(code: str) -> NeedType:
    return NeedType.objects.get(code=code)


def address_of(person, what: str = "teacher") -> str:
    return reverse(f"referrals:desk_{what}", args=[person.pk])


def test_the_list_tells_load_specialisms_and_leave(council, desk, teacher):
    support.assigned(council.early_years)
    set_specialisms(teacher=teacher, need_types=[need("ASD")], by=council.people[Role.S2S_COORDINATOR])
    LeaveFactory(user=teacher, starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 11))
    page = text_of(desk.get(LIST))
    for words in ("S2S teacher Person", ">1<", "Autistic spectrum disorder", "9 to 11 December 2024"):
        assert words in page


def test_the_list_takes_as_many_queries_for_many_as_for_one(council, desk, django_assert_num_queries):
    with django_assert_num_queries(8):
        desk.get(LIST)
    for _ in range(3):
        LeaveFactory(user=person(Role.S2S_TEACHER))
    with django_assert_num_queries(8):
        desk.get(LIST)


def test_a_coordinator_says_what_a_teacher_knows(council, desk, teacher):
    support.assigned(council.early_years)
    page = desk.get(address_of(teacher))
    assert listed(page) == [council.early_years.reference]
    assert f'href="{reverse("referrals:teacher_caseload", args=[teacher.pk])}"' in text_of(page)
    assert "No specialist assessment of type of need" not in text_of(page)
    assert "Down syndrome" not in text_of(page)  # a type of need from January 2025 on
    desk.post(address_of(teacher), {"need_types": [need("ASD").pk, need("SLCN").pk]})
    assert f'value="{need("ASD").pk}" checked' in text_of(desk.get(address_of(teacher)))
    desk.post(address_of(teacher), {"need_types": [need("SLCN").pk]})
    assert list(Specialism.objects.values_list("teacher", "need_type__code")) == [(teacher.pk, "SLCN")]
    written = AuditEvent.objects.filter(what="set the specialisms")
    desk.post(address_of(teacher), {"need_types": [need("SLCN").pk]})
    assert written.count() == 2


def test_only_teachers_have_specialisms_and_only_coordinators_say_which(council, desk, teacher):
    adviser, coordinator = council.people[Role.EARLY_YEARS_ADVISER], council.people[Role.S2S_COORDINATOR]
    assert desk.get(address_of(adviser)).status_code == 404
    with pytest.raises(ValueError, match="not an S2S teacher"):
        set_specialisms(teacher=adviser, need_types=[], by=coordinator)
    with pytest.raises(NotAllowed):
        set_specialisms(teacher=teacher, need_types=[], by=teacher)


class TestCoverAll:
    DAYS = {
        "starts_on_day": 9,
        "starts_on_month": 12,
        "starts_on_year": 2024,
        "ends_on_day": 11,
        "ends_on_month": 12,
        "ends_on_year": 2024,
    }

    def test_one_press_covers_everything_but_what_is_returned(self, council, desk, teacher):
        zoe = person(Role.S2S_TEACHER, full_name="Zoe Near")
        for row in (council.early_years, council.mainstream, council.far):
            support.assigned(row, teacher=teacher)
        returning.ask(referral=council.far, question="When?", by=council.people[Role.S2S_COORDINATOR], at=AT)
        page = text_of(desk.get(address_of(teacher, "cover_all")))
        assert "S2S teacher Person has 2 requests to cover" in page
        assert council.far.reference not in page
        for _ in range(2):  # the second press changes nothing
            answer = desk.post(address_of(teacher, "cover_all"), {"teacher": zoe.pk, **self.DAYS}, follow=True)
            assert "Zoe Near covers 2 requests: 9 to 11 December 2024." in text_of(answer)
        covered = set(Cover.objects.values_list("referral", "teacher"))
        assert covered == {(council.early_years.pk, zoe.pk), (council.mainstream.pk, zoe.pk)}
        assert Cover.objects.count() == 2

    def test_what_cannot_be_covered_is_named(self, council, desk, teacher):
        support.assigned(council.early_years, teacher=teacher)
        zoe = person(Role.S2S_TEACHER, full_name="Zoe Near")
        past = self.DAYS | {"starts_on_month": 11, "ends_on_month": 11}
        answer = desk.post(address_of(teacher, "cover_all"), {"teacher": zoe.pk, **past}, follow=True)
        assert f"{council.early_years.reference} is not covered. Those days have passed." in text_of(answer)

    def test_days_the_wrong_way_round(self, council, desk, teacher):
        zoe = person(Role.S2S_TEACHER)
        wrong = self.DAYS | {"ends_on_day": 8}
        page = text_of(desk.post(address_of(teacher, "cover_all"), {"teacher": zoe.pk, **wrong}))
        assert "The last day must not be before the first" in page

    def test_nothing_to_cover(self, desk, teacher):
        zoe = person(Role.S2S_TEACHER, full_name="Zoe Near")
        LeaveFactory(user=zoe, starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 11))
        page = text_of(desk.get(address_of(teacher, "cover_all")))
        assert "has no request to cover" in page
        assert "No open requests. On leave: 9 to 11 December 2024." in page
        answer = desk.post(address_of(teacher, "cover_all"), {"teacher": zoe.pk, **self.DAYS}, follow=True)
        assert "There is no request to cover." in text_of(answer)
