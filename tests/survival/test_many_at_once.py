"""Two beats and three workers at once, where one of each would do: no slot, no request and no message twice."""

from datetime import timedelta

import pytest
from django.db.models import Count

from s2s_portal.core import clock
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.rules import Daily, daily_slots
from tests.moments import AN_ORDINARY_TUESDAY
from tests.survival.company import Company, asked_for
from tests.survival.outbox import check_nothing_lost, put, repeats, surplus, waiting

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 3
MESSAGES = 40
ASKED = [str(number) for number in range(30)]
NOBODY_IS_LOST = {"JOB_LEASE_SECONDS": "120", "MAIL_LEASE_SECONDS": "120"}
"""However busy the machine is: whoever has something in hand keeps it."""


def daily() -> dict[str, Daily]:
    """The timetables of the daily jobs, by name."""
    return {job.name: job.timetable for job in jobs() if isinstance(job.timetable, Daily)}


def ended(job: str) -> list:
    """The slots of a job that have been run, in order."""
    return list(JobRun.objects.filter(job=job, done_at__isnull=False).order_by("slot").values_list("slot", flat=True))


def test_two_beats_and_three_workers(redis, server, tmp_path, practice_date):
    practice_date(AN_ORDINARY_TUESDAY)
    with Company(tmp_path, EMAIL_URL=server.url, REDIS_URL=f"{redis.connection_url}/0", **NOBODY_IS_LOST) as company:
        for start in (company.beat, company.beat, company.worker, company.worker, company.worker):
            start()
        company.until(lambda: all(ended(job) for job in daily()))  # each once, before the days begin to pass
        first = {job: ended(job) for job in daily()}
        put(MESSAGES)
        company.ask(*ASKED)
        clock.move_to(moment=AN_ORDINARY_TUESDAY + timedelta(days=DAYS))
        due = {
            job: daily_slots(timetable.wall, after=first[job][0], until=clock.now())
            for job, timetable in daily().items()
        }
        company.until(lambda: all(ended(job) == first[job] + due[job] for job in due))
        company.until(lambda: not asked_for() and not waiting())
    assert all(len(first[job]) == 1 and len(due[job]) == DAYS for job in due)
    in_order = JobRun.objects.filter(job__in=due, slot__gt=AN_ORDINARY_TUESDAY).order_by("started_at")
    slots = list(in_order.values_list("slot", flat=True))
    assert slots == sorted(slots)
    # Each began once: intervals that nobody else had to run again, too.
    assert set(JobRun.objects.values_list("attempts", "failures")) == {(1, 0)}
    assert not JobRun.objects.values("job", "slot").annotate(rows=Count("pk")).filter(rows__gt=1).exists()
    assert sorted(company.noted()) == sorted(ASKED)
    assert set(JobRequest.objects.filter(subject__in=ASKED).values_list("attempts", "failures")) == {(1, 0)}
    check_nothing_lost(server.ids())
    assert surplus(server.ids()) == repeats() == {}
