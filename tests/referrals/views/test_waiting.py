"""The page of the waiting list, giving a place by hand, and where home pages speak of it (R7)."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from quotas.models import Quota
from referrals.actions import waiting, withdrawing
from referrals.choices import Status
from referrals.models import Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.factories.referrals import sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND
from tests.referrals.views.desk import listed, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("referrals:waiting_list")
DEADLINE_PASSED = FIRST_MOMENT_TOO_LATE.replace(day=21)
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet")


@dataclass
class Scene:
    """One early years place, held; three wait: near, far, near. One mainstream place, used; nobody waits."""

    quota: Quota
    adviser: User
    far_adviser: User
    giver: User
    holder: Referral
    near: Referral
    far: Referral
    last: Referral

    @property
    def waiting(self) -> list[str]:
        return [self.near.reference, self.far.reference, self.last.reference]

    def frees_a_place(self, at=AT) -> None:
        withdrawing.withdraw(referral=self.holder, reason="OTHER", note="", by=self.adviser, at=at)


@pytest.fixture
def scene():
    giver = commissioner()
    period = period_with_places(early_years=1, mainstream=1, by=giver)
    zone, far_zone = ZoneFactory(name="Reedham Reach"), ZoneFactory(name="Saltings")
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Sorrel Khan")
    far_adviser = person(Role.EARLY_YEARS_ADVISER, zones=[far_zone], full_name="Ida Mautby")
    near, far = EstablishmentFactory(zone=zone, name="Bulrush Nursery"), EstablishmentFactory(zone=far_zone)
    use_places(quota_of(period, Stream.MAINSTREAM), 1, by=giver)
    return Scene(
        quota_of(period),
        *(adviser, far_adviser, giver),
        sent_request(near, by=adviser),
        waiting_request(near, by=adviser),
        waiting_request(far, by=far_adviser),
        waiting_request(EstablishmentFactory(zone=zone), by=adviser),
    )


def give_address(referral) -> str:
    return reverse("referrals:waiting_give", args=[referral.reference])


def numbers_of(page) -> list[str]:
    """The numbers of the rows, in their order."""
    return re.findall(r'>Number</span><span class="app-stacked__value">(\d+)<', page.content.decode())


class TestList:
    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.S2S_COORDINATOR])
    def test_those_who_see_every_request_see_the_whole_list_in_order_without_a_child(self, scene, role):
        page = signed_in(person(role)).get(LIST)
        assert listed(page) == scene.waiting
        assert numbers_of(page) == ["1", "2", "3"]
        words = text_of(page)
        for shown in (
            "Early years: 3 requests are waiting",
            "Mainstream: nobody is waiting",
            "All 1 early years places are used.",
            "A place that comes free goes to the first who waits, by itself, until the end of Friday 13 December 2024.",
            *("Bulrush Nursery", "Reedham Reach", "Saltings", "Sorrel Khan", "Ida Mautby", "26 November 2024, 09:30"),
            "The list is empty",
        ):
            assert shown in words
        assert [name for name in CHILD if name in words] == []
        assert "belong to other zones" not in words

    def test_an_adviser_sees_their_zones_with_the_true_numbers(self, scene):
        page = signed_in(scene.adviser).get(LIST)
        assert listed(page) == [scene.near.reference, scene.last.reference]
        assert numbers_of(page) == ["1", "3"]
        words = text_of(page)
        assert "2 of the 3 are of your zones. The numbers that you do not see here belong to other zones." in words
        assert "Ida Mautby" not in words
        assert "Mainstream" not in words
        far = signed_in(scene.far_adviser).get(LIST)
        assert numbers_of(far) == ["2"]
        assert "1 of the 3 is of your zones." in text_of(far)

    def test_an_adviser_none_of_whose_requests_wait(self, scene):
        page = text_of(signed_in(person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])).get(LIST))
        assert "Early years: 3 requests are waiting" in page
        assert "None of them is of your zones" in page

    def test_a_send_adviser_sees_the_other_list(self, scene):
        page = signed_in(person(Role.SEND_ADVISER, zones=[scene.near.zone])).get(LIST)
        assert listed(page) == []
        assert "Mainstream: nobody is waiting" in text_of(page)

    def test_a_teacher_sees_no_list(self, scene):
        page = signed_in(person(Role.S2S_TEACHER)).get(LIST)
        assert listed(page) == []
        assert "There is no waiting list to see" in text_of(page)

    def test_before_any_period(self):
        assert "There is no waiting list to see" in text_of(signed_in(person(Role.COMMISSIONER)).get(LIST))

    @pytest.mark.parametrize(
        ("at", "words"),
        [
            (LAST_SECOND, "by itself, until the end of Friday 13 December 2024. Joining closes then too."),
            (FIRST_MOMENT_TOO_LATE, "given by the commissioner, in order, until the end of Friday 20 December 2024."),
            (DEADLINE_PASSED, "Friday 20 December 2024: nobody gets a place from this list any more."),
            (AT.replace(month=8, day=20), "Requests open on Monday 2 September 2024"),
        ],
    )
    def test_it_says_how_places_are_given_now(self, scene, at, words):
        with time_machine.travel(at, tick=False):
            assert words in text_of(signed_in(scene.giver).get(LIST))

    def test_an_older_list_stays_until_it_has_ended(self, scene):
        with time_machine.travel(AT.replace(year=2025, month=1, day=7), tick=False):
            period_with_places(
                opens_on=date(2025, 1, 6),
                requests_close_on=date(2025, 3, 1),
                allocation_deadline_on=date(2025, 3, 8),
                delivery_ends_on=date(2025, 7, 1),
                by=scene.giver,
            )
            page = signed_in(scene.giver).get(LIST)
            assert listed(page) == scene.waiting
            assert text_of(page).count("nobody is waiting") == 2
            waiting.lapse(quota=scene.quota, by=ensure_system_user(), at=AT.replace(year=2025, month=1, day=7))
            assert "Early years: 3" not in text_of(signed_in(scene.giver).get(LIST))

    def test_pages_of_25_keep_their_numbers(self, scene, monkeypatch):
        monkeypatch.setattr("referrals.views.waiting.ROWS_A_PAGE", 2)
        browser = signed_in(scene.giver)
        first = browser.get(LIST)
        assert numbers_of(first) == ["1", "2"]
        parameter = f"page_{scene.quota.pk}"
        assert f"?{parameter}=2" in text_of(first)
        assert numbers_of(browser.get(LIST, {parameter: "2"})) == ["3"]
        for nonsense in ("x", "-1", "\x00", "9" * 4000):
            assert browser.get(LIST, {parameter: nonsense}).status_code == 200

    @pytest.mark.parametrize("more", [0, 2])
    @pytest.mark.parametrize(("role", "queries"), [(Role.COMMISSIONER, 10), (Role.EARLY_YEARS_ADVISER, 10)])
    def test_it_takes_the_same_queries_for_more_rows(self, scene, more, role, queries, django_assert_num_queries):
        for _ in range(more):
            waiting_request(scene.near.establishment, by=scene.adviser)
        browser = signed_in(person(role, zones=[scene.near.zone]))
        with django_assert_num_queries(queries):
            assert len(listed(browser.get(LIST))) == more + (3 if role == Role.COMMISSIONER else 2)


class TestGive:
    @pytest.fixture
    def by_hand(self, scene):
        """After the cut-off a place comes free."""
        with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
            scene.frees_a_place(FIRST_MOMENT_TOO_LATE)
            yield scene

    def test_the_list_offers_the_first_to_the_commissioner_only(self, by_hand):
        offer = f"Give a place to {by_hand.near.reference}, the first who waits"
        page = text_of(signed_in(by_hand.giver).get(LIST))
        assert offer in page
        assert f'href="{give_address(by_hand.near)}"' in page
        assert "1 of 1 early years places is left." in page
        for other in (by_hand.adviser, person(Role.S2S_COORDINATOR)):
            assert "Give a place" not in text_of(signed_in(other).get(LIST))

    def test_nothing_is_offered_where_no_place_is_free_or_before_the_cut_off(self, scene):
        browser = signed_in(scene.giver)
        with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
            assert "Give a place" not in text_of(browser.get(LIST))
        scene.frees_a_place()
        assert "Give a place" not in text_of(browser.get(LIST))

    def test_it_asks_first_and_says_what_it_means(self, by_hand):
        page = text_of(signed_in(by_hand.giver).get(give_address(by_hand.near)))
        for words in (
            f"Give a place to {by_hand.near.reference}",
            "It is the first who waits",
            "one early years place is used, and 0 are left",
            "getting a place this way is not a new request",
            "put there by Sorrel Khan",
        ):
            assert words in page
        assert [name for name in CHILD if name in page] == []
        assert Referral.objects.get(pk=by_hand.near.pk).status == Status.WAITING

    def test_a_press_gives_it(self, by_hand):
        answer = signed_in(by_hand.giver).post(give_address(by_hand.near), follow=True)
        assert answer.redirect_chain == [(LIST, 302)]
        page = text_of(answer)
        assert f"{by_hand.near.reference} has a place now and has been sent to S2S." in page
        assert numbers_of(answer) == ["1", "2"]
        assert "All 1 early years places are used." in page
        given = Referral.objects.get(pk=by_hand.near.pk)
        assert (given.status, given.place.by) == (Status.SUBMITTED, by_hand.giver)

    def test_pressed_twice_it_is_given_once(self, by_hand):
        browser = signed_in(by_hand.giver)
        for _ in range(2):
            page = text_of(browser.post(give_address(by_hand.near), follow=True))
            assert f"{by_hand.near.reference} has a place now" in page
        assert by_hand.quota.entries.filter(reference=by_hand.near.reference).count() == 1
        page = text_of(browser.get(give_address(by_hand.near)))
        assert "It has a place already." in page
        assert "<form" not in page.split("<main")[1]

    def test_a_stale_page_is_answered_with_a_sentence(self, by_hand):
        browser = signed_in(by_hand.giver)
        withdrawing.withdraw(
            referral=by_hand.near, reason="OTHER", note="", by=by_hand.adviser, at=FIRST_MOMENT_TOO_LATE
        )
        page = text_of(browser.post(give_address(by_hand.near), follow=True))
        assert f"{by_hand.near.reference} was not given a place. It no longer waits. Its status is: Withdrawn." in page
        assert "It no longer waits" in text_of(browser.get(give_address(by_hand.near)))

    def test_not_the_first(self, by_hand):
        browser, sentence = signed_in(by_hand.giver), "It is not the first that waits, and places are given in order."
        assert sentence in text_of(browser.get(give_address(by_hand.last)))
        assert sentence in text_of(browser.post(give_address(by_hand.last), follow=True))
        assert Referral.objects.get(pk=by_hand.last.pk).status == Status.WAITING

    @pytest.mark.parametrize(
        ("at", "sentence"),
        [
            (LAST_SECOND, "Until the cut-off the portal gives places by itself, in order."),
            (DEADLINE_PASSED, "The last day on which places are given has passed: nobody gets a place any more."),
        ],
    )
    def test_neither_before_nor_after(self, scene, at, sentence):
        scene.frees_a_place()
        with time_machine.travel(at, tick=False):
            browser = signed_in(scene.giver)
            assert sentence in text_of(browser.get(give_address(scene.near)))
            assert sentence in text_of(browser.post(give_address(scene.near), follow=True))
        assert Referral.objects.get(pk=scene.near.pk).status == Status.WAITING

    def test_no_place_is_free_any_more(self, scene):
        with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
            browser = signed_in(scene.giver)
            assert "No place is free any more." in text_of(browser.get(give_address(scene.near)))
            assert "No place is free any more." in text_of(browser.post(give_address(scene.near), follow=True))

    def test_one_that_never_waited_is_not_found(self, by_hand):
        for address in (give_address(by_hand.holder), "/waiting-list/EY-2222-22/give/", "/waiting-list/x/give/"):
            assert signed_in(by_hand.giver).get(address).status_code == 404
            assert signed_in(by_hand.giver).post(address).status_code == 404

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
    def test_nobody_else_gives(self, by_hand, role):
        browser = signed_in(person(role, zones=[by_hand.near.zone]))
        assert browser.get(give_address(by_hand.near)).status_code == 403
        assert browser.post(give_address(by_hand.near)).status_code == 403
        assert Referral.objects.get(pk=by_hand.near.pk).status == Status.WAITING


class TestHome:
    def test_a_commissioner_reads_who_waits(self, scene):
        page = text_of(signed_in(scene.giver).get("/home/"))
        assert "Early years: <strong>3 requests are waiting</strong>" in page
        assert "Mainstream: nobody is waiting" in page
        assert "to the first who wait" not in page

    def test_and_after_the_cut_off_that_a_place_is_free_for_them(self, scene):
        with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
            scene.frees_a_place(FIRST_MOMENT_TOO_LATE)
            browser = signed_in(scene.giver)
            page = text_of(browser.get("/home/"))
            assert "1 early years place is free and 3 requests wait." in page
            assert f'href="{LIST}">Give the place to the first who waits' in page
            browser.post(give_address(scene.near))
            assert "place is free and" not in text_of(browser.get("/home/"))

    def test_an_adviser_finds_the_numbers_of_their_own(self, scene):
        page = text_of(signed_in(scene.adviser).get("/home/"))
        assert "Your requests on the waiting list" in page
        assert "1 of 3" in page
        assert "3 of 3" in page
        assert "2 of 3" not in page

    def test_without_any_nothing_is_said(self, scene):
        other = person(Role.EARLY_YEARS_ADVISER, zones=[scene.near.zone])
        assert "Your requests on the waiting list" not in text_of(signed_in(other).get("/home/"))

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries_for_more_that_wait(self, scene, count, django_assert_num_queries):
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[scene.near.zone])
        for _ in range(count):
            waiting_request(EstablishmentFactory(zone=scene.near.zone), by=adviser)
        browser = signed_in(adviser)
        with django_assert_num_queries(14):
            browser.get("/home/")
