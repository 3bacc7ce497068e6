"""Contracts on screen: set up without a developer, extended, their cut-off moved, and who changed which date."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from quotas import queries
from quotas.actions import contracts as actions
from quotas.actions import fees
from quotas.choices import Referrers, Unit
from quotas.models import Contract, DatesChange, Period
from referrals import tasks
from referrals.actions import requests, waiting
from referrals.models import Booking, Referral
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft, sent_request, waiting_request
from tests.factories.support import booked
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST, NEW = reverse("referrals:contract_list"), reverse("referrals:contract_new")
JUNE = pytest.mark.moment(datetime(2024, 6, 11, 10, 0, tzinfo=LONDON))
JANUARY = pytest.mark.moment(datetime(2025, 1, 7, 10, 0, tzinfo=LONDON))


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def viewer(by, client_for):
    return client_for(by)


@pytest.fixture
def contract(by) -> Contract:
    """As it was before: to the end of July 2024."""
    return actions.create(
        name="S2S 2023/24",
        provider="The Ferrymead Learning Trust",
        starts_on=date(2023, 9, 1),
        ends_on=date(2024, 7, 31),
        run_off_ends_on=date(2024, 7, 31),
        successor_name="",
        by=by,
        at=datetime(2023, 7, 3, 10, 0, tzinfo=LONDON),
    )


def parts(**days: date) -> dict[str, str]:
    """Dates as the form sends them."""
    return {
        f"{name}_{part}": str(getattr(day, part)) for name, day in days.items() for part in ("day", "month", "year")
    }


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


MARCH = parts(ends_on=date(2025, 3, 31), run_off_ends_on=date(2025, 3, 31)) | {"reason": "Two more terms"}


def extend(contract) -> str:
    return reverse("referrals:contract_extend", args=[contract.pk])


class TestExtending:
    @JUNE
    def test_july_2024_to_march_2025(self, viewer, contract):
        assert f'href="{extend(contract)}"' in text_of(viewer.get(LIST))
        form = text_of(viewer.get(extend(contract)))
        assert 'value="2024"' in form  # the dates as they are
        check = text_of(viewer.post(extend(contract), MARCH))
        for words in ("Extend this contract?", "31 July 2024", "31 March 2025", "Two more terms", "a new period"):
            assert words in check
        assert Contract.objects.get().ends_on == date(2024, 7, 31)
        done = viewer.post(extend(contract), hidden(check) | {"step": "confirm"}, follow=True)
        assert "The contract has been extended" in text_of(done)
        assert Contract.objects.get().ends_on == date(2025, 3, 31)
        lines = text_of(viewer.get(LIST))
        for words in ("31 July 2024 → 31 March 2025", "Two more terms", "Merle Ketteringham"):
            assert words in lines

    @JUNE
    def test_confirmed_twice_it_is_one_change(self, viewer, contract):
        sent = hidden(text_of(viewer.post(extend(contract), MARCH))) | {"step": "confirm"}
        first, second = (viewer.post(extend(contract), sent).url for _ in range(2))
        assert first == second
        assert DatesChange.objects.count() == 1

    @JUNE
    def test_somebody_else_was_first_and_nothing_typed_is_lost(self, viewer, contract):
        sent = hidden(text_of(viewer.post(extend(contract), MARCH))) | {"step": "confirm"}
        Contract.objects.update(ends_on=date(2025, 4, 30), run_off_ends_on=date(2025, 4, 30))
        page = text_of(viewer.post(extend(contract), sent))
        assert "It can only be made to end later." in page
        assert "Two more terms" in page
        assert not DatesChange.objects.exists()

    @JUNE
    def test_back_to_the_form_with_what_was_typed(self, viewer, contract):
        page = text_of(viewer.post(extend(contract), MARCH | {"step": "ask"}))
        assert "Two more terms" in page
        assert "See what it would do" in page

    @JUNE
    def test_what_is_missing_is_asked_for(self, viewer, contract):
        assert "Enter the reason" in text_of(viewer.post(extend(contract), MARCH | {"reason": " "}))

    def test_whom_a_planned_visit_concerns_is_told_once(self, viewer, by):
        zone = ZoneFactory()
        period = period_with_places(by=by)
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
        visited = booked(sent_request(EstablishmentFactory(zone=zone), by=adviser)).referral
        sent_request(EstablishmentFactory(zone=zone), by=adviser)
        july = parts(ends_on=date(2025, 7, 31), run_off_ends_on=date(2025, 7, 31)) | {"reason": "More time"}
        check = text_of(viewer.post(extend(period.contract), july))
        assert "2 open requests can be supported" in check
        assert "1 planned visit stays and is looked at again" in check
        viewer.post(extend(period.contract), hidden(check) | {"step": "confirm"})
        before = set(Notification.objects.values_list("pk", flat=True))
        run = Run(at=AT, subjects=(str(DatesChange.objects.get().pk), "x"))
        assert [tasks.contract_extended(run) for _ in range(2)] == ["1 told"] * 2
        told = Notification.objects.exclude(pk__in=before)
        kinds = {Kind.REQUEST_STATUS_ADVISER, Kind.REQUEST_STATUS_CONTACT, Kind.REQUEST_STATUS_TEACHER}
        assert {one.kind for one in told} == kinds
        assert len(told) == 3
        for one in told:
            assert one.context["reference"] == visited.reference
            assert "visits may be held until 31 July 2025. The visit on" in one.context["sentence"]
            assert "More time" not in str(one.context)


def test_visits_that_have_been_concern_nobody(viewer, by):
    zone = ZoneFactory()
    period = period_with_places(by=by)
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    booked(sent_request(EstablishmentFactory(zone=zone), by=adviser))
    Booking.objects.update(starts_at=AT - timedelta(hours=2), ends_at=AT - timedelta(hours=1))
    july = parts(ends_on=date(2025, 7, 31), run_off_ends_on=date(2025, 7, 31)) | {"reason": "More time"}
    check = text_of(viewer.post(extend(period.contract), july))
    assert "1 open request can be supported" in check
    assert "no request has a visit ahead, so nobody is told" in check
    assert "looked at again" not in check


def test_an_end_that_was_begun_is_said(viewer, by):
    period = period_with_places(by=by)
    july = parts(ends_on=date(2025, 7, 31), run_off_ends_on=date(2025, 7, 31)) | {"reason": "More time"}
    assert "has been begun" not in text_of(viewer.post(extend(period.contract), july))
    contract_ends.begun(period, None)
    assert "The end of this contract has been begun." in text_of(viewer.post(extend(period.contract), july))


def test_an_end_that_was_run_is_said(viewer, by):
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
    period = period_with_places(by=by)
    sent_request(EstablishmentFactory(zone=adviser.memberships.get().zones.get()), by=adviser)
    rollover = contract_ends.begun(period, contract_ends.successor(period.contract))
    contract_ends.ran(contract_ends.approved(rollover))
    july = parts(ends_on=date(2025, 7, 31), run_off_ends_on=date(2025, 7, 31)) | {"reason": "More time"}
    check = text_of(viewer.post(extend(period.contract), july))
    assert "The end of this contract has been run: what was moved or closed stays so" in check
    assert "has been begun" not in check


class TestMovingTheCutOff:
    @JANUARY
    def test_what_comes_back_and_who_is_told_is_said_before(self, viewer, by):
        zone = ZoneFactory()
        period = period_with_places(early_years=1, by=by)
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
        sent_request(EstablishmentFactory(zone=zone), by=adviser)
        for minutes in (1, 2):
            waiting_request(EstablishmentFactory(zone=zone), by=adviser, at=AT + timedelta(minutes=minutes))
        late = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        requests.submit(key=late.key, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        waiting.lapse(quota=quota_of(period), by=ensure_system_user(), at=FIRST_MOMENT_TOO_LATE.replace(day=21))
        url = reverse("referrals:cut_off_move", args=[period.pk])
        assert "those for which no place came free wait again" in text_of(viewer.get(url))
        dates = parts(
            requests_close_on=date(2025, 1, 17),
            allocation_deadline_on=date(2025, 1, 24),
            delivery_ends_on=date(2025, 3, 31),
        )
        check = text_of(viewer.post(url, dates | {"reason": "More time"}))
        assert "2 requests for which no place came free wait again, in their old order" in check
        assert "1 adviser whom the cut-off refused is told" in check
        assert "As before" in check
        done = text_of(viewer.post(url, hidden(check) | {"step": "confirm"}, follow=True))
        assert "The cut-off has been moved" in done
        assert "2 requests for which no place came free wait again" in done
        assert "1 adviser whom the cut-off refused gets an e-mail" in done
        run = Run(at=datetime(2025, 1, 7, 10, 1, tzinfo=LONDON), subjects=(str(period.pk),))
        assert tasks.cut_off_moved(run) == "2 back on a waiting list, 1 told"
        assert Referral.objects.filter(status="WAITING").count() == 2

    @JANUARY
    def test_where_nobody_was_refused_and_nobody_waits_nobody_is_said_to_be_told(self, viewer, by):
        period = period_with_places(by=by)
        url = reverse("referrals:cut_off_move", args=[period.pk])
        dates = parts(
            requests_close_on=date(2025, 1, 17),
            allocation_deadline_on=date(2025, 1, 24),
            delivery_ends_on=date(2025, 3, 31),
        )
        check = text_of(viewer.post(url, dates | {"reason": "More time"}))
        done = text_of(viewer.post(url, hidden(check) | {"step": "confirm"}, follow=True))
        assert "Requests are taken until the end of Friday 17 January 2025." in done
        assert "e-mail" not in done[done.index("What happens next") : done.index("All contracts")]

    @JANUARY
    def test_it_is_offered_only_where_a_later_day_is_possible(self, viewer, by):
        period = period_with_places(by=by)
        url = reverse("referrals:cut_off_move", args=[period.pk])
        assert url in text_of(viewer.get(LIST))
        Contract.objects.update(ends_on=date(2024, 12, 31), run_off_ends_on=date(2024, 12, 31))
        page = text_of(viewer.get(LIST))
        assert url not in page
        assert "The cut-off cannot be moved" in page

    @JANUARY
    def test_wrong_dates_are_said_beside_the_form(self, viewer, by):
        period = period_with_places(by=by)
        url = reverse("referrals:cut_off_move", args=[period.pk])
        dates = parts(
            requests_close_on=date(2024, 12, 13),
            allocation_deadline_on=date(2025, 1, 24),
            delivery_ends_on=date(2025, 3, 31),
        )
        page = text_of(viewer.post(url, dates | {"reason": "More time"}))
        assert "It can only be moved to a later day." in page
        sent = dates | {"reason": "More time", "step": "confirm"}
        assert "It can only be moved to a later day." in text_of(viewer.post(url, sent))
        assert not DatesChange.objects.exists()

    @pytest.mark.parametrize("route", ["contract_extend", "cut_off_move", "period_new"])
    def test_what_is_not_there_is_404(self, viewer, route):
        assert viewer.get(reverse(f"referrals:{route}", args=[99])).status_code == 404

    def test_a_change_that_is_not_there_is_404(self, viewer):
        key = "b0a7dd3c-3f2b-4a52-9e19-0f4a9c1d8a01"
        assert viewer.get(reverse("referrals:dates_changed", args=[key])).status_code == 404


class TestSettingUp:
    NAMED = {"name": "The partnership", "provider": "Reedmace Trust", "unit": "COHORTS", "referrers": "SEND_ADVISERS"}
    DAYS = parts(starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31), run_off_ends_on=date(2026, 4, 30))
    PERIOD = parts(
        opens_on=date(2025, 4, 22),
        requests_close_on=date(2025, 12, 12),
        allocation_deadline_on=date(2025, 12, 19),
        delivery_ends_on=date(2026, 3, 31),
    ) | {"name": "The first year", "early_years": "0", "mainstream": "40"}

    def test_a_successor_with_its_period_and_places(self, viewer, by):
        period_with_places(by=by)
        answer = viewer.post(NEW, self.NAMED | self.DAYS)
        contract = Contract.objects.get(name="The partnership")
        assert (contract.unit, contract.referrers) == (Unit.COHORTS, Referrers.SEND_ADVISERS)
        assert answer.url == reverse("referrals:period_new", args=[contract.pk])
        assert "What is the period called?" in text_of(viewer.get(answer.url))
        page = text_of(viewer.post(answer.url, self.PERIOD, follow=True))
        for words in ("The first year has been set up", "Cohorts only", "SEND Advisers only", "22 April 2025"):
            assert words in page
        period = contract.periods.get()
        assert [(one.stream, queries.places_left(one)) for one in period.quotas.all()] == [("MAINSTREAM", 40)]

    def test_a_name_is_taken_once(self, viewer, by):
        for _ in range(2):
            page = viewer.post(NEW, self.NAMED | self.DAYS)
        assert "There is a contract called “The partnership” already." in text_of(page)
        assert Contract.objects.count() == 1

    def test_dates_in_the_wrong_order(self, viewer):
        wrong = parts(starts_on=date(2025, 4, 1), ends_on=date(2025, 3, 31), run_off_ends_on=date(2025, 3, 1))
        page = text_of(viewer.post(NEW, self.NAMED | wrong))
        assert "The last day must not be before the first" in page
        assert "The last day of visits must not be before" in page
        assert not Contract.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (parts(opens_on=date(2025, 3, 31)), "The contract starts on 1 April 2025"),
            (parts(delivery_ends_on=date(2026, 5, 1)), "Visits may be held until 30 April 2026: extend the contract"),
            (
                parts(requests_close_on=date(2025, 12, 20)),
                "last day on which places are given (19 December 2025) is before",
            ),
            ({"mainstream": "-1"}, "The number of mainstream places must be 0 or more"),
        ],
    )
    def test_a_period_that_cannot_be(self, viewer, by, changes, words):
        period_with_places(by=by)
        viewer.post(NEW, self.NAMED | self.DAYS)
        contract = Contract.objects.get(name="The partnership")
        url = reverse("referrals:period_new", args=[contract.pk])
        assert words in text_of(viewer.post(url, self.PERIOD | changes))
        assert not contract.periods.exists()

    def test_a_period_is_called_so_once_and_needs_a_fee(self, viewer, by):
        viewer.post(NEW, self.NAMED | self.DAYS)
        url = reverse("referrals:period_new", args=[Contract.objects.get().pk])
        assert "The fee table has no row for MAINSTREAM" in text_of(viewer.post(url, self.PERIOD))
        assert not Period.objects.exists()
        fees.load(stream="MAINSTREAM", starts_on=date(2024, 9, 1), basis="FUNDED", pence=0, reason="So.", by=by, at=AT)
        viewer.post(url, self.PERIOD)
        assert "This contract has a period called “The first year” already." in text_of(viewer.post(url, self.PERIOD))


def test_the_list_asks_the_same_for_one_contract_and_for_three(viewer, by, django_assert_max_num_queries):
    period_with_places(by=by)
    with django_assert_max_num_queries(15) as one:
        viewer.get(LIST)
    for year in (2025, 2026):
        period_with_places(
            by=by,
            opens_on=date(year, 9, 1),
            requests_close_on=date(year, 12, 1),
            allocation_deadline_on=date(year, 12, 2),
            delivery_ends_on=date(year + 1, 3, 1),
        )
    with django_assert_max_num_queries(15) as three:
        viewer.get(LIST)
    assert len(one) == len(three)


def test_without_a_contract_there_is_a_way_to_one(viewer):
    page = text_of(viewer.get(LIST))
    assert "No contract has been set up yet" in page
    assert f'href="{NEW}"' in page
