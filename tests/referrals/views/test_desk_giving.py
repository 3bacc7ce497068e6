"""Giving a request to a teacher, handing it over, and letting somebody cover it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from referrals.actions import returning
from referrals.choices import Action, EventKind
from referrals.models import Cover, NeedType, Referral, ReferralEvent, Specialism
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import JourneyTime, Membership
from tests.factories import support
from tests.factories.calendar import LeaveFactory
from tests.factories.organisations import EstablishmentFactory, MembershipFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY = timedelta(days=1)
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def desk(council):
    """The co-ordinator's browser."""
    return signed_in(council.people[Role.S2S_COORDINATOR])


def teacher(name: str, *, km: int | None = None, **membership):
    """An S2S teacher whose own school is so many kilometres west of (600000, 300000) in a straight line."""
    school = km is not None and EstablishmentFactory(
        school=True, name=f"{name} School", easting=600_000 - km * 1000, northing=300_000
    )
    user = person(full_name=name)
    MembershipFactory(user=user, role=Role.S2S_TEACHER, home_school=school or None, **membership)
    return user


def placed(referral) -> Referral:
    """The request, with its setting on the grid."""
    type(referral.establishment).objects.filter(pk=referral.establishment_id).update(easting=600_000, northing=300_000)
    return referral


def page_of(referral, what: str) -> str:
    return reverse(f"referrals:referral_{what}", args=[referral.reference])


def shown_in(page) -> str:
    return re.search(r'name="shown" value="([^"]+)"', page.content.decode())[1]


def hints_of(page) -> dict[str, str]:
    """What the page says for each teacher, in its order."""
    found = re.findall(
        r'<label class="govuk-label govuk-radios__label"[^>]*>([^<]+)</label>\s*<div[^>]*>([^<]+)<', text_of(page)
    )
    return dict(found)


def facts_of(referral, kind: EventKind) -> dict:
    return ReferralEvent.objects.get(referral=referral, kind=kind).facts


class TestAssign:
    def test_teachers_come_with_reasons_the_likeliest_first(self, council, desk):
        row = placed(council.early_years)
        far, near = teacher("Ann Far", km=40), teacher("Zoe Near", km=5, zones=[council.zone])
        Specialism.objects.create(teacher=near, need_type=NeedType.objects.get(code="SLCN"))
        LeaveFactory(user=teacher("Bea Away", km=1), starts_on=date(2024, 11, 25), ends_on=date(2024, 12, 6))
        LeaveFactory(user=far, starts_on=date(2024, 11, 28), ends_on=date(2024, 11, 29))
        page = desk.get(page_of(row, "assign"))
        hints = hints_of(page)
        assert list(hints) == ["Zoe Near", "Ann Far", "S2S teacher Person", "Bea Away"]
        assert hints["Zoe Near"] == (
            "6 km from Zoe Near School, about 15 minutes. Specialism: Speech, language and communication needs. "
            "No open requests. Works in this zone."
        )
        assert "On leave from 28 November 2024 to 29 November 2024." in hints["Ann Far"]
        assert hints["Bea Away"].startswith("On leave until 6 December 2024. ")
        words = text_of(page)
        assert "Speech, language and communication needs" in words
        assert "Its place was drawn today" in words
        assert [name for name in CHILD if name in words] == []

    def test_what_was_shown_is_what_is_kept(self, council, desk):
        row, near = placed(council.early_years), teacher("Zoe Near", km=5)
        page = desk.get(page_of(row, "assign"))
        sent = {"teacher": near.pk, "note": "Rings back after 4.", "shown": shown_in(page)}
        support.assigned(council.far, teacher=near)  # in the meantime their load changes
        answer = desk.post(page_of(row, "assign"), sent, follow=True)
        facts = facts_of(row, EventKind.ASSIGNED)
        assert " ".join(f"{reason}." for reason in facts["reasons"]) == hints_of(page)["Zoe Near"]
        assert "No open requests" in facts["reasons"]
        assert facts["note"] == "Rings back after 4."
        assert answer.redirect_chain[-1][0] == reverse("referrals:desk")
        assert f"{row.reference} is with Zoe Near now." in text_of(answer)

    @pytest.mark.parametrize("shown", ["", "nonsense", "OTHER"])
    def test_reasons_that_nobody_was_shown_are_not_kept(self, council, desk, shown):
        row, near = placed(council.early_years), teacher("Zoe Near", km=5)
        if shown == "OTHER":
            shown = shown_in(desk.get(page_of(council.far, "assign")))
        desk.post(page_of(row, "assign"), {"teacher": near.pk, "shown": shown})
        assert facts_of(row, EventKind.ASSIGNED)["reasons"][0].startswith("6 km from Zoe Near School")

    def test_the_second_of_two_coordinators_reads_who_has_it(self, council, desk):
        row, near = council.early_years, teacher("Zoe Near")
        address = page_of(row, "assign")
        shown = shown_in(desk.get(address))
        support.assigned(row, teacher=council.people[Role.S2S_TEACHER])
        answer = desk.post(address, {"teacher": near.pk, "shown": shown}, follow=True)
        expected = f"{row.reference} cannot be given to a teacher now. S2S teacher Person has it."
        assert expected in text_of(answer)
        assert Referral.objects.get(pk=row.pk).teacher == council.people[Role.S2S_TEACHER]
        assert expected in text_of(desk.get(address, follow=True))

    def test_pressed_twice_it_is_given_once(self, council, desk):
        row, near = council.early_years, teacher("Zoe Near")
        for _ in range(2):
            answer = desk.post(page_of(row, "assign"), {"teacher": near.pk}, follow=True)
            assert "is with Zoe Near now" in text_of(answer)
        assert ReferralEvent.objects.filter(referral=row, kind=EventKind.ASSIGNED).count() == 1

    def test_nobody_chosen(self, council, desk):
        page = text_of(desk.post(page_of(council.early_years, "assign"), {"note": "Rings back after 4."}))
        assert "Error: " in page
        assert "Select a teacher" in page
        assert "Rings back after 4." in page

    def test_more_than_five_teachers_are_one_press_away(self, council, desk):
        for number in range(6):
            teacher(f"Teacher {number}", km=number + 1)
        address = page_of(placed(council.early_years), "assign")
        page = text_of(desk.get(address))
        first, others = page.split("All teachers")
        assert first.count('name="teacher"') == 5
        assert others.count('name="teacher"') == 2
        assert '<details class="govuk-details" open>' not in page
        last = council.people[Role.S2S_TEACHER]
        again = text_of(desk.post(address, {"teacher": last.pk, "note": "x" * 501}))
        assert '<details class="govuk-details" open>' in again

    def test_as_many_queries_for_many_teachers_as_for_one(self, council, desk, django_assert_num_queries):
        address = page_of(placed(council.early_years), "assign")
        teacher("Zoe Near", km=5)
        with django_assert_num_queries(12):
            desk.get(address)
        for number in range(20):
            LeaveFactory(user=teacher(f"Teacher {number}", km=number + 1))
        with django_assert_num_queries(12):
            desk.get(address)

    def test_without_a_teacher_the_page_says_so(self, council, desk):
        Membership.objects.filter(role=Role.S2S_TEACHER).delete()
        assert "There is no S2S teacher to choose" in text_of(desk.get(page_of(council.early_years, "assign")))


class TestReassign:
    def test_visits_that_go_with_it_are_named(self, council, desk):
        booking = support.booked(council.early_years)
        page = text_of(desk.get(page_of(council.early_years, "reassign")))
        assert "1 planned visit goes with it" in page
        assert "Observation, Thursday 28 November 2024, 09:30" in page
        assert "S2S teacher Person has it now." in page
        zoe = teacher("Zoe Near")
        sent = {"teacher": zoe.pk, "note": "Ask for the manager."}
        answer = desk.post(page_of(council.early_years, "reassign"), sent, follow=True)
        assert "is with Zoe Near now" in text_of(answer)
        assert facts_of(booking.referral, EventKind.REASSIGNED)["visits_moved"] == 1
        assert Referral.objects.get(pk=booking.referral_id).teacher == zoe

    def test_a_clash_is_refused_with_the_visit_and_nothing_is_lost(self, council, desk):
        zoe = teacher("Zoe Near")
        support.booked(council.far, teacher=zoe)
        booking = support.booked(council.early_years, teacher=council.people[Role.S2S_TEACHER])
        sent = {"teacher": zoe.pk, "note": "Ask for the manager."}
        page = text_of(desk.post(page_of(council.early_years, "reassign"), sent))
        assert "Zoe Near has a visit to Marram Pre-school at 09:30 on 28 November 2024." in page
        assert "Ask for the manager." in page
        assert Referral.objects.get(pk=booking.referral_id).teacher == council.people[Role.S2S_TEACHER]

    def test_a_note_is_needed_and_the_one_who_has_it_is_no_choice(self, council, desk):
        support.assigned(council.early_years)
        zoe = teacher("Zoe Near")
        address = page_of(council.early_years, "reassign")
        assert list(hints_of(desk.get(address))) == ["Zoe Near"]
        assert "Enter a hand-over note" in text_of(desk.post(address, {"teacher": zoe.pk}))


class TestCover:
    def test_days_are_those_of_the_next_leave(self, council, desk):
        support.assigned(council.early_years)
        LeaveFactory(user=council.people[Role.S2S_TEACHER], starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 11))
        zoe, address = teacher("Zoe Near"), page_of(council.early_years, "cover")
        page = text_of(desk.get(address))
        assert re.findall(r'name="(?:starts|ends)_on_day"[^>]* value="(\d+)"', page) == ["9", "11"]
        days = {"starts_on_day": 9, "starts_on_month": 12, "starts_on_year": 2024}
        answer = desk.post(address, {"teacher": zoe.pk, "note": "", **days}, follow=True)
        assert f"Zoe Near covers {council.early_years.reference}: 9 December 2024." in text_of(answer)
        cover = Cover.objects.get(referral=council.early_years)
        assert (cover.starts_on, cover.ends_on) == (date(2024, 12, 9), date(2024, 12, 9))

    def test_days_that_have_passed_are_refused_beside_what_was_typed(self, council, desk):
        support.assigned(council.early_years)
        zoe, address = teacher("Zoe Near"), page_of(council.early_years, "cover")
        days = {"starts_on_day": 4, "starts_on_month": 11, "starts_on_year": 2024}
        page = text_of(desk.post(address, {"teacher": zoe.pk, "note": "Ring first.", **days}))
        assert "Those days have passed." in page
        assert "Ring first." in page
        assert not Cover.objects.exists()


@pytest.mark.parametrize("what", ["reassign", "cover"])
def test_too_late_is_said_with_what_was_typed(council, desk, what):
    row = support.assigned(council.early_years)
    returning.ask(referral=row, question="Which mornings?", by=council.people[Role.S2S_COORDINATOR], at=AT)
    label = {"reassign": Action.REASSIGN, "cover": Action.COVER}[what].label
    pages = [text_of(desk.get(page_of(row, what))), text_of(desk.post(page_of(row, what), {"note": "Ring first."}))]
    for page in pages:
        assert f"{row.reference} cannot be {label} now." in page
        assert "More information needed" in page
    assert ["Ring first." in page for page in pages] == [False, True]  # nothing that was typed is lost


class TestJourney:
    def test_minutes_that_somebody_knows_better(self, council, desk):
        row, zoe = placed(council.early_years), teacher("Zoe Near", km=5)
        address = reverse("referrals:desk_journey", args=[row.reference, zoe.pk])
        assert address in text_of(desk.get(page_of(row, "assign")))
        assert "From Zoe Near School to Bulrush Nursery" in text_of(desk.get(address))
        assert "Enter minutes" in text_of(desk.post(address, {"minutes": ""}))
        desk.post(address, {"minutes": "55", "note": "Round the estuary"})
        assert JourneyTime.objects.get().minutes == 55
        assert "6 km from Zoe Near School, 55 minutes." in hints_of(desk.get(page_of(row, "assign")))["Zoe Near"]
        answer = desk.post(address, {"forget": "yes"}, follow=True)
        assert "The journey is estimated again." in text_of(answer)
        assert not JourneyTime.objects.exists()

    def test_a_teacher_without_a_school_has_no_journey(self, council, desk):
        address = reverse("referrals:desk_journey", args=[council.early_years.reference, teacher("Zoe Near").pk])
        assert desk.get(address).status_code == 404
