"""Dates that move while others lapse, extend or ask again: nobody is lost, and nobody is there twice (DESIGN §8)."""

import uuid
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction

from quotas.actions import extending
from quotas.models import Contract, DatesChange, Period, Quota
from referrals import tasks
from referrals.actions import bringing_back, requests, waiting
from referrals.choices import Status
from referrals.models import DraftReferral, Referral
from s2s_portal.jobs.registry import Run
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft, sent_request, waiting_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.races.processes import Turn, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DEADLINE_PASSED = FIRST_MOMENT_TOO_LATE.replace(day=21)
IN_JANUARY = DEADLINE_PASSED + timedelta(days=17)
LATER = {"requests_close_on": date(2025, 1, 17), "allocation_deadline_on": date(2025, 1, 24)}


@pytest.fixture
def by(transactional_db):
    return commissioner()


@pytest.fixture
def adviser(by):
    return person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory(name="Reedham Reach")])


@pytest.fixture
def queue(by, adviser) -> list[Referral]:
    """Three requests that wait behind the one that has the only place."""
    period_with_places(early_years=1, by=by)
    zone = adviser.memberships.get().zones.get()
    sent_request(EstablishmentFactory(zone=zone), by=adviser)
    ensure_system_user()
    minutes = [AT + timedelta(minutes=number) for number in (1, 2, 3)]
    return [waiting_request(EstablishmentFactory(zone=zone), by=adviser, at=at) for at in minutes]


def nothing() -> None:
    """Neither waits nor is waited for."""


def move(by, at, *, key=None, after=nothing, holding=nothing):
    """Move the only period's cut-off: call `after` before the locks are taken, and `holding` while they are held."""
    period, who = Period.objects.select_related("contract").get(), User.objects.get(pk=by)
    after()
    with transaction.atomic():
        told = {"delivery_ends_on": period.delivery_ends_on, "reason": "More time", "key": key or uuid.uuid4()}
        done = extending.move_cut_off(period=period, **LATER, **told, by=who, at=at)
        holding()
    return done.refusal


def lapse(quota, at, *, after=nothing, holding=nothing):
    """End what waits, with the quota and its period read before the wait, as the job does."""
    row = Quota.objects.select_related("period__contract").get(pk=quota)
    portal = ensure_system_user()
    after()
    with transaction.atomic():
        ended = waiting.lapse(quota=row, by=portal, at=at)
        holding()
    return ended


def standing(queue) -> list[str]:
    rows = Referral.objects.filter(pk__in=[one.pk for one in queue]).order_by("turn")
    assert [one.pk for one in rows] == [one.pk for one in queue]
    return [one.status for one in rows]


def test_whoever_lapses_behind_a_moved_cut_off_ends_nothing(queue, by):
    quota = quota_of(queue[0].period)
    turn = Turn()
    first = partial(move, by.pk, DEADLINE_PASSED, holding=turn.first)
    second = partial(lapse, quota.pk, DEADLINE_PASSED, after=turn.second)
    assert at_once([first, second]) == ["", 0]
    assert standing(queue) == [Status.WAITING] * 3


def test_what_lapsed_before_the_cut_off_moved_is_brought_back(queue, by):
    quota = quota_of(queue[0].period)
    turn = Turn()
    first = partial(lapse, quota.pk, DEADLINE_PASSED, holding=turn.first)
    second = partial(move, by.pk, DEADLINE_PASSED, after=turn.second)
    assert at_once([first, second]) == [3, ""]
    assert standing(queue) == [Status.LAPSED] * 3
    run = Run(at=DEADLINE_PASSED, subjects=(str(queue[0].period_id),))
    assert tasks.cut_off_moved(run) == "3 back on a waiting list, 0 told"
    assert standing(queue) == [Status.WAITING] * 3


def extend(by, key, ends_on):
    contract, who = Contract.objects.get(), User.objects.get(pk=by)
    told = {"reason": "More time", "key": key, "by": who, "at": AT}
    done = extending.extend_contract(contract=contract, ends_on=ends_on, run_off_ends_on=ends_on, **told)
    return done.change.pk if done.change else done.refusal


def test_two_commissioners_at_once_write_one_story(by):
    period_with_places(by=by)
    other = person(Role.COMMISSIONER)
    june, july = date(2025, 6, 30), date(2025, 7, 31)
    at_once([partial(extend, by.pk, uuid.uuid4(), june), partial(extend, other.pk, uuid.uuid4(), july)])
    changes = list(DatesChange.objects.order_by("pk"))
    assert Contract.objects.get().ends_on == july
    stands = date(2025, 3, 31).isoformat()
    for change in changes:  # each begins where the one before it ended
        assert change.was["ends_on"] == stands
        stands = change.now["ends_on"]
    assert stands == july.isoformat()
    assert len(changes) in (1, 2)  # one where July was first: June is no later day than that


def test_one_press_sent_twice_at_once_is_one_change(by):
    period_with_places(by=by)
    press = partial(extend, by.pk, uuid.uuid4(), date(2025, 7, 31))
    first, second = at_once([press, press])
    assert first == second == DatesChange.objects.get().pk


def test_two_commissioners_move_a_cut_off_once(queue, by):
    other = person(Role.COMMISSIONER)
    answers = at_once([partial(move, who.pk, IN_JANUARY) for who in (by, other)])
    assert sorted(map(bool, answers)) == [False, True]
    assert DatesChange.objects.count() == 1


def ask(referral, by, *, after=nothing, holding=nothing):
    row, who = Referral.objects.get(pk=referral), User.objects.get(pk=by)
    after()
    with transaction.atomic():
        draft = bringing_back.ask_again(referral=row, by=who, at=IN_JANUARY + timedelta(days=15))
        holding()
    return bool(draft)


def bring(quota, *, after=nothing, holding=nothing):
    row, portal = Quota.objects.get(pk=quota), ensure_system_user()
    after()
    with transaction.atomic():
        back = bringing_back.bring_back(quota=row, by=portal, at=IN_JANUARY)
        holding()
    return back


@pytest.mark.parametrize("asks_first", [True, False])
def test_a_request_is_asked_for_again_or_brought_back_never_both(queue, by, adviser, asks_first):
    period = queue[0].period
    quota = quota_of(period)
    lapse(quota.pk, DEADLINE_PASSED)
    dates = {"opens_on": date(2025, 1, 20), "requests_close_on": date(2025, 2, 14)}
    period_with_places(by=by, **dates | {"allocation_deadline_on": date(2025, 2, 21)})
    Period.objects.filter(pk=period.pk).update(**LATER)
    turn = Turn()
    late, long = {"after": turn.second}, {"holding": turn.first}
    asking = partial(ask, queue[0].pk, adviser.pk, **(long if asks_first else late))
    bringing = partial(bring, quota.pk, **(late if asks_first else long))
    asked, back = at_once([asking, bringing])
    assert (asked, back) == ((True, 2) if asks_first else (False, 3))
    assert DraftReferral.objects.filter(continues=queue[0]).exists() == asks_first
    assert standing(queue)[0] == (Status.LAPSED if asks_first else Status.WAITING)


def submit(draft, by, at, *, after):
    who = User.objects.get(pk=by)
    after()
    with meanwhile("quotas_quota", nothing):  # its period is read, and then the lock is waited for
        outcome = requests.submit(key=draft, by=who, at=at)
    return outcome.decision.rule if outcome.decision else ""


def test_a_request_that_waits_behind_a_moved_cut_off_is_in_time(by, adviser):
    period_with_places(early_years=5, by=by)
    zone = adviser.memberships.get().zones.get()
    draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
    turn = Turn()
    first = partial(move, by.pk, DEADLINE_PASSED, holding=turn.first)
    second = partial(submit, draft.key, adviser.pk, DEADLINE_PASSED, after=turn.second)
    assert at_once([first, second]) == ["", ""]
