"""A place that is given back over HTTP reaches the first who waits within seconds, by processes of their own (R7)."""

import time
from contextlib import ExitStack

import pytest

from quotas.queries import places_left
from referrals.choices import EventKind, Plan, Status, WithdrawReason
from referrals.models import Referral, ReferralEvent
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import Role, Stream
from tests import moments
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.notifications.test_delivery import worker
from tests.races.harness import Call, statuses, together, visitor
from tests.races.harness import send as send_call
from tests.races.reckoning import check_exact

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SECONDS = 5  # from the answer to the place


@pytest.fixture
def zone(practice_date):
    practice_date(moments.AN_ORDINARY_TUESDAY)
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


def sent(zone, adviser, *plans):
    schools = [EstablishmentFactory(school=True, zone=zone) for _ in plans]
    return send(planned(ready_cohort(schools, by=adviser), *plans, by=adviser), by=adviser)


def withdrawal(site, referral, adviser):
    fields = {"reason": WithdrawReason.NO_LONGER_NEEDED, "note": ""}
    return Call(visitor(site, adviser), "POST", f"/requests/{referral.reference}/withdraw/", fields)


def seconds_until(true) -> float:
    """How long it took until `true()` held."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < 60, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - started


def begun(worker_process, subject="") -> None:
    """Wait until a worker has started and done what was asked for before."""
    JobRequest.objects.create(job="fill_places", subject=subject, asked_at=moments.AN_ORDINARY_TUESDAY)
    seconds_until(lambda: not JobRequest.objects.filter(done_at=None).exists())
    assert worker_process.poll() is None


def gifts():
    return ReferralEvent.objects.filter(kind=EventKind.PLACE_GIVEN)


def test_a_withdrawal_over_http_gives_the_first_who_waits_its_place_within_five_seconds(racing_site, zone, adviser):
    quota = quota_of(period_with_places(mainstream=4), Stream.MAINSTREAM)
    made = sent(zone, adviser, *[Plan.NOW] * 4, *[Plan.WAIT] * 2)
    with worker() as process:  # as `make demo` starts it, with its pause of two seconds
        begun(process)
        for number, one in enumerate(made.sent[:2]):
            answer = send_call(withdrawal(racing_site, one, adviser))
            assert (answer.status, answer.headers["location"]) == (302, f"/requests/{one.reference}/")
            assert seconds_until(lambda: gifts().filter(referral=made.waiting[number]).exists()) < SECONDS  # noqa: B023
            assert gifts().count() == number + 1
    assert places_left(quota) == 0
    assert set(Referral.objects.filter(turn__isnull=False).values_list("status", flat=True)) == {Status.SUBMITTED}
    check_exact(quota)


def test_two_workers_at_once_promote_each_once(racing_site, zone, adviser):
    quota = quota_of(period_with_places(mainstream=12), Stream.MAINSTREAM)
    made = sent(zone, adviser, *[Plan.NOW] * 12, *[Plan.WAIT] * 8)
    with ExitStack() as both:
        processes = [both.enter_context(worker("--every", "0.05")) for _ in range(2)]
        for process in processes:
            begun(process)
        for number in range(3):
            some = made.sent[number * 4 : number * 4 + 4]
            answers = together([withdrawal(racing_site, one, adviser) for one in some])
            assert statuses(answers) == {302: 4}
            given = min(4 * (number + 1), 8)
            assert seconds_until(lambda: gifts().count() == given) < SECONDS  # noqa: B023
        begun(processes[0])
        assert all(process.poll() is None for process in processes)
    assert (gifts().count(), places_left(quota)) == (8, 4)
    check_exact(quota)
