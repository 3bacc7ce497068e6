"""Nobody did the background work for three days of real time: on return all is caught up with, once."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from referrals.actions import requests
from referrals.choices import EventKind, Status
from referrals.models import Referral, ReferralEvent
from s2s_portal.core import clock
from s2s_portal.core.calendar import london_date
from s2s_portal.core.models import RehearsalClock
from s2s_portal.jobs.actions import LEFT
from s2s_portal.jobs.models import JobRun
from s2s_portal.jobs.registry import Job, jobs
from s2s_portal.jobs.rules import Daily, daily_slots
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import filled_draft
from tests.real_time import wait_until_none_is_near, walls
from tests.survival.company import Company
from tests.survival.outbox import check_nothing_lost, put, surplus, waiting

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

DAYS = 3
WAITING = 4


def day(today: date, number: int) -> date:
    """So many days from today."""
    return today + timedelta(days=number)


def daily_jobs() -> list[Job]:
    """The jobs that run each day."""
    return [job for job in jobs() if isinstance(job.timetable, Daily)]


def runs_of(job: Job) -> list[JobRun]:
    """All runs of a job, in order of their slots."""
    return list(JobRun.objects.filter(job=job.name).order_by("slot"))


def begun_and_ended() -> bool:
    """Whether each daily job has been run and none is unfinished."""
    unfinished = JobRun.objects.filter(done_at__isnull=True)
    return all(runs_of(job) for job in daily_jobs()) and not unfinished.exists()


@pytest.fixture
def waiting_list(transactional_db):
    """Requests that wait for a place of a period whose allocation deadline passed while nobody worked."""
    wait_until_none_is_near(walls(), seconds=120)  # a slot that passed meanwhile would be a fourth one
    today = london_date(clock.real_now())
    zone = ZoneFactory(name="Reedham Reach")
    by = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    period = period_with_places(
        early_years=0,
        opens_on=day(today, -90),
        requests_close_on=day(today, -10),
        allocation_deadline_on=day(today, -2),
        delivery_ends_on=day(today, 60),
    )
    at = clock.real_now() - timedelta(days=20)
    for _ in range(WAITING):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=by, at=at, date_of_birth=day(today, -3 * 365))
        assert requests.submit(key=draft.key, by=by, at=at, or_wait=True).referral.status == Status.WAITING
    return quota_of(period)


def check_caught_up(job: Job, first: datetime, until: datetime) -> None:
    """Each slot that was missed has its row, which was run once, or left to the newest if that is this job's way."""
    missed = daily_slots(job.timetable.wall, after=first, until=until)
    runs = [run for run in runs_of(job) if run.slot > first]
    assert [run.slot for run in runs] == missed
    assert len(missed) == DAYS
    assert all(run.done_at and run.failures == 0 for run in runs)
    if job.newest_only:
        assert [(run.attempts, run.line) for run in runs[:-1]] == [(0, LEFT)] * (DAYS - 1)
        assert runs[-1].attempts == 1
    else:
        assert {run.attempts for run in runs} == {1}


def test_stopped_for_three_days(waiting_list, server, tmp_path):
    assert not RehearsalClock.objects.exists()
    days_ago = tmp_path / "clock"
    days_ago.write_text(str(-DAYS * 24 * 3600))
    with Company(tmp_path, EMAIL_URL=server.url, JOB_LEASE_SECONDS="120", MAIL_LEASE_SECONDS="120") as company:
        then = company.embedded("--clock", days_ago)
        company.until(begun_and_ended)
        company.until(lambda: not waiting())
        company.kill(then)
        JobRun.objects.exclude(job__in=[job.name for job in daily_jobs()]).delete()
        first = {job.name: runs_of(job)[-1].slot for job in daily_jobs()}
        assert Referral.objects.filter(status=Status.WAITING).count() == WAITING
        before = len(server.accepted)
        put(3)
        now = clock.real_now()
        company.embedded()
        company.until(lambda: all(runs_of(job)[-1].slot > now - timedelta(days=1) for job in daily_jobs()))
        company.until(lambda: begun_and_ended() and not waiting())
        caught_up = list(JobRun.objects.filter(job__in=first).order_by("pk").values())
        received = len(server.accepted)
        put(3, name="later")
        company.until(lambda: len(server.accepted) == received + 3 and not waiting())
    assert list(JobRun.objects.filter(job__in=first).order_by("pk").values()) == caught_up
    for job in daily_jobs():
        check_caught_up(job, first[job.name], now)
    assert Counter(Referral.objects.values_list("status", flat=True)) == {Status.LAPSED: WAITING}
    lapses = ReferralEvent.objects.filter(kind=EventKind.LAPSED)
    assert lapses.count() == lapses.values("referral").distinct().count() == WAITING
    assert len({event.at for event in lapses}) == 1
    check_nothing_lost(server.ids())
    assert surplus(server.ids()) == {}
    assert received > before + 3, "nobody was told of what lapsed"
