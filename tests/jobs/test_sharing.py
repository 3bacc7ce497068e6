"""How the time of a round is shared out, and what a clock that goes back may not hold up."""

import time as real_time
import tracemalloc
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from s2s_portal.jobs.actions import ask, claim_requests, claim_run, failed
from s2s_portal.jobs.models import Heartbeat, JobRequest, JobRun
from s2s_portal.jobs.queries import waiting_subjects
from s2s_portal.jobs.registry import Job
from s2s_portal.jobs.rules import Daily, Every
from s2s_portal.jobs.tick import tick
from tests.moments import AN_ORDINARY_TUESDAY, LONDON

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=300)
NIGHT = Daily(time(0, 10))
FIVE = Every(timedelta(minutes=5))


def made(name, work, timetable=None):
    return Job(name=name, label=name, timetable=timetable, on_request=timetable is None, every_round=False, work=work)


@pytest.fixture
def diary():
    return []


@pytest.fixture
def real():
    with time_machine.travel(REAL, tick=False) as travel:
        yield travel


def asked(number, job="move"):
    JobRequest.objects.bulk_create(
        [JobRequest(job=job, subject=str(one), asked_at=REAL) for one in range(number)], batch_size=90
    )


def note(diary, name, *, takes=lambda: None):
    def work(run):
        diary.append((name, *run.subjects))
        takes()
        return ""

    return work


@pytest.fixture
def a_moment(monkeypatch):
    """Lets 20 ms of a round's time go by; nothing else takes any, however busy the machine."""
    began, moments = real_time.monotonic(), []
    monkeypatch.setattr("s2s_portal.jobs.tick.monotonic", lambda: began + sum(moments))
    return lambda: moments.append(0.02)


def test_much_that_was_asked_for_leaves_room_for_days_and_messages(diary, a_moment):
    asked(60)
    jobs = [
        made("move", note(diary, "move", takes=a_moment)),
        made("lapse", note(diary, "lapse"), NIGHT),
        made("deliver", note(diary, "deliver"), FIVE),
    ]
    tick(jobs, seconds=0.6)
    moved = diary.index(("lapse",))
    assert 1 <= moved < 20  # 0.2 s of 0.02 s each
    assert diary[moved:] == [("lapse",), ("deliver",)]
    assert diary[:moved] == [("move", str(one)) for one in range(moved)]
    tick(jobs, seconds=None)
    assert [one for one in diary if one[0] == "move"] == [("move", str(one)) for one in range(60)]
    assert not JobRequest.objects.filter(done_at=None).exists()


def test_days_to_make_up_for_leave_room_for_messages(diary, a_moment):
    day = timedelta(days=1)
    begun = datetime.now(UTC) - 60 * day
    JobRun.objects.create(job="lapse", slot=begun, done_at=begun)
    jobs = [made("lapse", note(diary, "lapse", takes=a_moment), NIGHT), made("deliver", note(diary, "deliver"), FIVE)]
    tick(jobs, seconds=0.6)
    assert 1 <= diary.index(("deliver",)) < 20
    assert diary[-1] == ("deliver",)
    assert JobRun.objects.filter(job="lapse", done_at=None).count() == 0  # the others have not begun


def test_a_long_piece_of_work_is_told_when_the_round_is_over(diary):
    def work(run):
        while not run.stopping():
            real_time.sleep(0.01)
        diary.append("stopped")
        return "half of it"

    asked(1)
    began = real_time.monotonic()
    tick([made("move", work), made("deliver", note(diary, "deliver"), FIVE)], seconds=3)
    assert diary == ["stopped", ("deliver",)]
    assert 3 <= real_time.monotonic() - began < 10
    left = JobRequest.objects.get()
    assert (left.done_at, left.claimed_until, left.attempts) == (None, None, 0)


def test_what_asks_again_for_itself_is_done_once_a_round(diary):
    def work(run):
        diary.append(run.subjects)
        ask(job="move", subject="7", at=run.at)
        return ""

    ask(job="move", subject="7", at=REAL)
    for rounds in (1, 2):
        tick([made("move", work)])
        assert len(diary) == rounds


def test_five_thousand_that_wait_are_read_a_hundred_at_a_time():
    asked(5_000)
    diary = []
    jobs = [made("move", note(diary, "move"))]
    done_long_ago = [JobRequest(job="old", asked_at=REAL, done_at=REAL) for _ in range(2_000)]
    JobRequest.objects.bulk_create(done_long_ago, batch_size=90)
    tracemalloc.start()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tick(jobs, stopping=lambda: len(diary) == 120, seconds=None)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert JobRequest.objects.filter(job="move", done_at__isnull=False).count() == 120
    assert most < 5_000_000
    reads = [one["sql"] for one in queries.captured_queries if "LIMIT 100" in one["sql"]]
    assert len(reads) == 2


def test_two_workers_do_not_take_the_same():
    asked(3)
    first = waiting_subjects(["move"], REAL)
    claim_requests(job="move", subject="0", real=REAL)
    assert [subject for _id, _job, subject in first] == ["0", "1", "2"]
    assert [subject for _id, _job, subject in waiting_subjects(["move"], REAL)] == ["1", "2"]
    assert [subject for _id, _job, subject in waiting_subjects(["move"], REAL, after=first[1][0])] == ["2"]
    assert [subject for _id, _job, subject in waiting_subjects(["move"], REAL, most=1)] == ["1"]


# --- a worker is there ----------------------------------------------------------------------------------------------
def test_each_round_says_that_a_worker_is_there(real):
    for minutes in (0, 1, 2):
        moment = REAL + timedelta(minutes=minutes)
        real.move_to(moment)
        tick([])
        assert Heartbeat.objects.get().seen_at == moment


def test_workers_whose_clocks_differ_a_little_mend_nothing(real):
    tick([])
    claim_run(job="lapse", slot=REAL, real=REAL)
    real.move_to(REAL - timedelta(minutes=1))
    tick([])
    assert JobRun.objects.get().claimed_until == REAL + LEASE


# --- the real clock goes back an hour -------------------------------------------------------------------------------
def test_messages_do_not_wait_for_the_hour_to_pass_again(real, diary):
    jobs = [made("deliver", note(diary, "deliver"), FIVE)]
    for minutes in (0, 30, 60):
        real.move_to(REAL + timedelta(minutes=minutes))
        tick(jobs)
    assert len(diary) == 3
    for minutes in (1, 4, 5, 9, 10, 30, 60):
        real.move_to(REAL + timedelta(minutes=minutes))
        tick(jobs)
    assert len(diary) == 3 + 4  # at 5, 10, 30 and 60 minutes; the slot of 10:00 had run


def test_no_day_runs_twice_when_its_moment_comes_again(real, diary):
    jobs = [made("lapse", note(diary, "lapse"), NIGHT)]
    tick(jobs)
    midnight = datetime(2026, 1, 16, 0, 10, tzinfo=LONDON)
    real.move_to(midnight + timedelta(minutes=5))
    tick(jobs)
    assert len(diary) == 2
    for minutes in (-55, -1, 0, 5, 60):
        real.move_to(midnight + timedelta(minutes=minutes))
        tick(jobs)
    assert len(diary) == 2
    real.move_to(midnight + timedelta(days=1))
    tick(jobs)
    assert len(diary) == 3


@pytest.mark.parametrize("kind", ["slot", "request"])
def test_what_a_killed_worker_had_is_free_a_lease_after_the_clock_went_back(real, diary, kind):
    tick([])
    if kind == "slot":
        jobs = [made("lapse", note(diary, "lapse"), NIGHT)]
        claim_run(job="lapse", slot=datetime(2026, 1, 15, 0, 10, tzinfo=LONDON), real=REAL)
    else:
        jobs = [made("lapse", note(diary, "lapse"))]
        ask(job="lapse", subject="", at=AN_ORDINARY_TUESDAY)
        claim_requests(job="lapse", subject="", real=REAL)
    for moment, times in ((REAL - HOUR, 0), (REAL - HOUR + LEASE - timedelta(seconds=1), 0), (REAL - HOUR + LEASE, 1)):
        real.move_to(moment)
        tick(jobs)
        assert len(diary) == times


def test_what_failed_is_tried_again_at_once_when_the_clock_went_back(real, diary):
    tick([])
    ask(job="lapse", subject="", at=AN_ORDINARY_TUESDAY)
    failed(claim_requests(job="lapse", subject="", real=REAL), error="no", real=REAL)
    real.move_to(REAL - HOUR)
    tick([made("lapse", note(diary, "lapse"))])
    assert diary == [("lapse",)]


# --- both clock changes ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "wall", "slot"),
    [
        pytest.param((2025, 3, 30), time(0, 10), (0, 10), id="spring: before the change"),
        pytest.param((2025, 3, 30), time(1, 0), (1, 0), id="spring: the first moment that is left out"),
        pytest.param((2025, 3, 30), time(1, 30), (1, 30), id="spring: left out, so as long after midnight"),
        pytest.param((2025, 3, 30), time(3, 50), (2, 50), id="spring: after the change"),
        pytest.param((2025, 10, 26), time(0, 10), (-1, 10), id="autumn: before the change"),
        pytest.param((2025, 10, 26), time(1, 30), (0, 30), id="autumn: shown twice, the first"),
        pytest.param((2025, 10, 26), time(3, 50), (3, 50), id="autumn: after the change"),
    ],
)
def test_a_day_on_which_the_clocks_change_is_run_once_at_its_moment(real, diary, day, wall, slot):
    """`slot` is hours and minutes after midnight UTC of that day. The round comes every ten minutes."""
    midnight = datetime(*day, tzinfo=UTC)
    begun = midnight - timedelta(hours=12)
    JobRun.objects.create(job="lapse", slot=begun, done_at=begun)
    ran = []

    def work(run):
        ran.append(run.at)
        return ""

    jobs = [made("lapse", work, Daily(wall))]
    for minutes in range(-60, 23 * 60, 10):
        real.move_to(midnight + timedelta(minutes=minutes))
        tick(jobs)
    hours, minutes = slot
    assert ran == [midnight + timedelta(hours=hours, minutes=minutes)]
