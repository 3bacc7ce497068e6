"""Advisers who send cohorts at the same second for the last places: each wholly or not at all (R4, R5)."""

from collections import Counter
from functools import partial

import pytest

from quotas.models import LedgerEntry
from quotas.queries import places_left
from referrals.choices import Plan, Status
from referrals.models import Cohort, CohortSchool, Referral, ReferralEvent
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.cohorts import planned, ready_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.harness import Call, most_at_once, statuses, together, visitor
from tests.races.presses import plan_and_send_cohort, send_cohort
from tests.races.processes import at_once
from tests.races.reckoning import check_exact

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4  # a forgotten lock shows in most rounds, not in every one


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


def adviser_with_cohort(zone, schools: int):
    """A SEND Adviser, and a cohort of theirs of which every school is to be sent now."""
    adviser = person(Role.SEND_ADVISER, zones=[zone])
    cohort = ready_cohort([EstablishmentFactory(school=True, zone=zone) for _ in range(schools)], by=adviser)
    return adviser, planned(cohort, *[Plan.NOW] * schools, by=adviser)


def press(adviser, cohort):
    return partial(send_cohort, cohort.pk, cohort.edition, adviser.pk)


def check_whole(sendings, cohorts) -> None:
    """Each cohort was sent with all its schools, or with none and a sentence."""
    for (sent, waiting, changed), cohort in zip(sendings, cohorts, strict=True):
        schools = CohortSchool.objects.filter(cohort=cohort)
        assert (len(sent), waiting) == (0 if changed else schools.count(), [])
        assert set(cohort.requests.values_list("reference", flat=True)) == set(sent)
        assert schools.filter(sent_edition=None).count() == (schools.count() if changed else 0)
        assert (Cohort.objects.get(pk=cohort.pk).sent_at is None) == bool(changed)
        assert not changed or "free" in changed


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_two_cohorts_for_the_last_places_one_goes_and_one_is_asked_again(zone, round_number):
    quota = quota_of(period_with_places(mainstream=6), Stream.MAINSTREAM)
    pairs = [adviser_with_cohort(zone, schools) for schools in (5, 4)]
    cohorts = [cohort for _, cohort in pairs]

    sendings = at_once([press(*pair) for pair in pairs])

    check_whole(sendings, cohorts)
    assert sorted(bool(changed) for _, _, changed in sendings) == [False, True]
    check_exact(quota)
    [loser] = [pair for pair, (_, _, changed) in zip(pairs, sendings, strict=True) if changed]
    free = places_left(quota)
    sent, waiting, changed = plan_and_send_cohort(loser[1].pk, loser[0].pk)
    assert (len(sent), len(sent + waiting), changed) == (free, loser[1].schools.count(), "")
    assert places_left(quota) == 0
    check_exact(quota)


def test_ten_cohorts_of_three_for_twelve_places(zone):
    quota = quota_of(period_with_places(mainstream=12), Stream.MAINSTREAM)
    pairs = [adviser_with_cohort(zone, 3) for _ in range(10)]

    sendings = at_once([press(*pair) for pair in pairs])

    check_whole(sendings, [cohort for _, cohort in pairs])
    assert sum(not changed for _, _, changed in sendings) == 4
    assert (places_left(quota), Referral.objects.filter(status=Status.SUBMITTED).count()) == (0, 12)
    assert LedgerEntry.objects.filter(kind="DRAWN").count() == ReferralEvent.objects.count() == 12
    assert Notification.objects.count() == 12 + 4
    check_exact(quota)


def test_the_losers_plan_again_at_once_until_every_school_has_a_place_or_a_turn(zone):
    quota = quota_of(period_with_places(mainstream=10), Stream.MAINSTREAM)
    waiting = {cohort: adviser for adviser, cohort in (adviser_with_cohort(zone, 4) for _ in range(6))}
    rounds = 0
    while waiting:
        rounds += 1
        assert rounds <= 6  # one of them is the first every time
        sendings = at_once([partial(plan_and_send_cohort, one.pk, by.pk) for one, by in waiting.items()])
        waiting = {one: waiting[one] for one, (_, _, changed) in zip(list(waiting), sendings, strict=True) if changed}
    assert places_left(quota) == 0
    assert Referral.objects.filter(status=Status.SUBMITTED).count() == 10
    turns = Referral.objects.filter(status=Status.WAITING).order_by("turn").values_list("turn", flat=True)
    assert list(turns) == list(range(1, 15))
    check_exact(quota)


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_the_same_press_from_two_processes_is_one_sending(zone, round_number):
    quota = quota_of(period_with_places(mainstream=9), Stream.MAINSTREAM)
    adviser, cohort = adviser_with_cohort(zone, 5)

    first, second = at_once([press(adviser, cohort)] * 2)

    assert first == second
    assert (len(first[0]), first[1:]) == (5, ([], ""))
    assert (Referral.objects.count(), places_left(quota)) == (5, 4)
    assert Notification.objects.filter(kind="COHORT_SENT").count() == 1
    check_exact(quota)


def test_two_cohorts_for_the_last_places_over_http(racing_site, practice_date, zone):
    """Each pressed from three tabs: one cohort's tabs all lead to its confirmation, the other's to its plan."""
    practice_date(AT)
    quota = quota_of(period_with_places(mainstream=6), Stream.MAINSTREAM)
    pairs = [adviser_with_cohort(zone, schools) for schools in (5, 4)]
    calls = [
        Call(visitor(racing_site, adviser), "POST", f"/cohorts/{cohort}/send/", {"edition": str(cohort.edition)})
        for adviser, cohort in pairs * 3
    ]

    answers = together(calls)

    assert statuses(answers) == {302: 6}
    assert most_at_once(answers) > 1
    [(_, winner), (_, loser)] = sorted(pairs, key=lambda pair: not pair[1].requests.exists())
    led_to = Counter(answer.headers["location"] for answer in answers)
    assert led_to == {f"/cohorts/{winner}/sent/{winner.edition}/": 3, f"/cohorts/{loser}/plan/": 3}
    assert winner.requests.count() == winner.schools.count()
    assert not loser.requests.exists()
    assert places_left(quota) == 6 - winner.schools.count()
    check_exact(quota)
