"""A process that is killed in the middle leaves all of what it did or nothing, and the next one ends it (R5, R7, R8).

Killed after each of its statements, one after the other; the last is after the last row and before the COMMIT. Nothing
left means nothing: every row of every table is as it was.
"""

import time
from functools import partial

import pytest

from quotas.actions import levers
from quotas.models import LedgerEntry, Quota
from quotas.queries import places_left
from referrals.actions import waiting, withdrawing
from referrals.choices import Plan, Status, WithdrawReason
from referrals.models import Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.presses import send_cohort
from tests.races.processes import at_once, everything, killed_after, killed_within
from tests.races.reckoning import check_exact

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


def cohort_of(zone, adviser, *plans):
    schools = [EstablishmentFactory(school=True, zone=zone) for _ in plans]
    return planned(ready_cohort(schools, by=adviser), *plans, by=adviser)


def fill(quota: int, by: int) -> None:
    waiting.fill(quota=Quota.objects.get(pk=quota), by=User.objects.get(pk=by), at=AT)


def withdraw_all(cohort: int, by: int) -> None:
    withdrawing.withdraw_all(
        referrals=list(Referral.objects.filter(cohort=cohort)),
        reason=WithdrawReason.NO_LONGER_NEEDED,
        note="",
        by=User.objects.get(pk=by),
        at=AT,
    )


def kills_that_left_nothing(work) -> int:
    """Kill `work` after its first statement, its second and so on, until one of them has left something.

    What was left is then final: every later kill, and `work` that is let end, must leave just that.
    """
    before, done, number, kills = everything(), None, 1, 0
    while killed_after(number, work):
        now = everything()
        if done is None and now == before:
            kills += 1
        elif done is None:
            done = now
        else:
            assert now == done, f"statement {number} of work that was done already left something more"
        number += 1
    assert done in (None, everything())
    return kills


def test_a_cohort_of_twelve_schools_is_never_half_sent(zone, adviser):
    quota = quota_of(period_with_places(mainstream=9), Stream.MAINSTREAM)
    cohort = cohort_of(zone, adviser, *[Plan.NOW] * 9, *[Plan.WAIT] * 3)
    press = partial(send_cohort, cohort.pk, cohort.edition, adviser.pk)

    kills = kills_that_left_nothing(press)  # the last press was let end

    assert kills >= 25
    assert Referral.objects.filter(status=Status.SUBMITTED, cohort=cohort).count() == 9
    assert Referral.objects.filter(status=Status.WAITING, cohort=cohort).count() == 3
    assert places_left(quota) == 0
    check_exact(quota)
    done = everything()
    [(sent, waits, changed)] = at_once([press])
    assert (len(sent), len(waits), changed) == (9, 3, "")
    assert everything() == done


def test_a_cohort_killed_at_any_moment_is_not_half_sent_either(zone, adviser):
    """Inside a statement too, and inside the COMMIT: by the clock."""
    quota = quota_of(period_with_places(mainstream=60), Stream.MAINSTREAM)
    [*cohorts, first] = [cohort_of(zone, adviser, *[Plan.NOW] * 4) for _ in range(13)]
    started = time.monotonic()
    at_once([partial(send_cohort, first.pk, first.edition, adviser.pk)])
    whole = time.monotonic() - started
    for number, cohort in enumerate(cohorts):
        press = partial(send_cohort, cohort.pk, cohort.edition, adviser.pk)
        killed_within(whole * (number + 1) / len(cohorts), press)
        assert Referral.objects.filter(cohort=cohort).count() in (0, 4)
        at_once([press])
        assert Referral.objects.filter(cohort=cohort).count() == 4
    assert places_left(quota) == 60 - 13 * 4
    check_exact(quota)


def test_places_that_come_free_are_given_whole_or_not_at_all(zone, adviser):
    by = commissioner()
    quota = quota_of(period_with_places(mainstream=1, by=by), Stream.MAINSTREAM)
    send(cohort_of(zone, adviser, Plan.NOW, *[Plan.WAIT] * 4), by=adviser)
    levers.adjust(quota=quota, places=3, reason="More need", by=by, at=AT)

    kills = kills_that_left_nothing(partial(fill, quota.pk, ensure_system_user().pk))

    assert kills >= 25
    assert Referral.objects.filter(turn__in=[1, 2, 3], status=Status.SUBMITTED).count() == 3
    assert Referral.objects.get(turn=4).status == Status.WAITING
    check_exact(quota)


def test_withdrawing_a_cohort_gives_back_all_its_places_or_none(zone, adviser):
    quota = quota_of(period_with_places(mainstream=2), Stream.MAINSTREAM)
    cohort = cohort_of(zone, adviser, Plan.NOW, Plan.NOW, Plan.WAIT)
    send(cohort, by=adviser)
    work = partial(withdraw_all, cohort.pk, adviser.pk)

    kills = kills_that_left_nothing(work)

    assert kills >= 20
    assert set(Referral.objects.values_list("status", flat=True)) == {Status.WITHDRAWN}
    assert (places_left(quota), LedgerEntry.objects.filter(kind="RELEASED").count()) == (2, 2)
    check_exact(quota)
    done = everything()
    at_once([work])
    assert everything() == done
