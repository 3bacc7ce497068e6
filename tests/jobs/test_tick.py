"""One round on the real database: what runs, in which order, as of when, and what a failure stops and does not."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection

from s2s_portal.core.models import RehearsalClock
from s2s_portal.jobs.actions import LEFT, LOST, ask, claim_run, done
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.registry import Job
from s2s_portal.jobs.rules import MOST_ATTEMPTS, PAUSES, Daily, Every
from s2s_portal.jobs.tick import Outcome, tick
from tests.moments import AN_ORDINARY_TUESDAY, LONDON

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
LEASE = timedelta(seconds=300)


class Diary:
    """What ran: (job, moment, subjects) in order. A job named in `failing` raises its error instead."""

    def __init__(self):
        self.runs = []
        self.failing = {}

    def job(self, name, timetable=None, *, line="", **options):
        def work(run):
            self.runs.append((name, run.at, run.subjects))
            if name in self.failing:
                raise self.failing[name]
            return line

        values = {"label": name, "on_request": timetable is None, "every_round": False} | options
        return Job(name=name, timetable=timetable, work=work, **values)

    def taken(self):
        """What ran since this was last asked."""
        runs, self.runs = self.runs, []
        return runs


@pytest.fixture
def diary():
    return Diary()


@pytest.fixture
def real():
    """The real clock, stopped at REAL until it is moved."""
    with time_machine.travel(REAL, tick=False) as travel:
        yield travel


def practice(moment):
    """Set the practice date; it does not run on in the stopped test clock."""
    RehearsalClock.objects.update_or_create(pk=1, defaults={"practice_at": moment, "beat_at": REAL})


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


FIVE = Every(timedelta(minutes=5))
NIGHT = Daily(time(0, 10))


def test_an_interval_runs_once_in_each_slot_and_makes_up_for_none(real, diary):
    jobs = [diary.job("fill", FIVE, line="2 given")]
    assert tick(jobs) == Outcome(lines=["fill: 2 given"])
    assert tick(jobs) == Outcome()
    real.move_to(REAL + timedelta(minutes=5, microseconds=-1))
    tick(jobs)
    assert diary.taken() == [("fill", REAL, ())]
    real.move_to(REAL + timedelta(hours=3))
    tick(jobs)
    tick(jobs)
    assert diary.taken() == [("fill", REAL + timedelta(hours=3), ())]
    slots = JobRun.objects.order_by("pk").values_list("slot", "line", "attempts")
    assert list(slots) == [(REAL, "2 given", 1), (REAL + timedelta(hours=3), "2 given", 1)]


def test_intervals_are_real_and_days_are_practice(real, diary):
    practice(AN_ORDINARY_TUESDAY)
    tick([diary.job("fill", FIVE), diary.job("lapse", NIGHT)])
    assert diary.taken() == [("lapse", london(2024, 11, 26, 0, 10), ()), ("fill", AN_ORDINARY_TUESDAY, ())]
    assert JobRun.objects.get(job="fill").slot == REAL


@pytest.mark.usefixtures("real")
def test_a_jump_of_18_days_runs_each_missed_day_in_order_of_time_across_jobs(diary):
    jobs = [diary.job("late", Daily(time(23, 0))), diary.job("early", NIGHT)]
    practice(AN_ORDINARY_TUESDAY)
    tick(jobs)
    assert diary.taken() == [("late", london(2024, 11, 25, 23), ()), ("early", london(2024, 11, 26, 0, 10), ())]
    practice(AN_ORDINARY_TUESDAY + timedelta(days=18))
    tick(jobs)
    expected = []
    for number in range(18):
        day = AN_ORDINARY_TUESDAY + timedelta(days=number)
        expected.append(("late", day.replace(hour=23, minute=0), ()))
        expected.append(("early", (day + timedelta(days=1)).replace(hour=0, minute=10), ()))
    assert diary.taken() == expected
    assert not JobRun.objects.filter(done_at=None).exists()
    tick(jobs)
    assert diary.taken() == []


def test_what_was_missed_is_left_to_the_newest_which_runs_as_of_now(real, diary):
    jobs = [diary.job("digest", NIGHT, newest_only=True), diary.job("lapse", NIGHT)]
    tick(jobs)
    diary.taken()
    back = REAL + timedelta(days=3)
    real.move_to(back)
    tick(jobs)
    days = [london(2026, 1, day, 0, 10) for day in (16, 17, 18)]
    assert diary.taken() == [*(("lapse", day, ()) for day in days[:2]), ("digest", back, ()), ("lapse", days[2], ())]
    runs = JobRun.objects.filter(job="digest").order_by("slot")
    assert list(runs.values_list("slot", "line", "attempts")[1:]) == [
        (days[0], LEFT, 0),
        (days[1], LEFT, 0),
        (days[2], "", 1),
    ]
    assert not JobRun.objects.filter(done_at=None).exists()
    tick(jobs)
    assert diary.taken() == []


@pytest.mark.parametrize("ended", ["failed", "lost"])
def test_a_slot_that_came_to_nothing_is_left_to_the_next_days(real, diary, ended):
    jobs = [diary.job("digest", NIGHT, newest_only=True)]
    if ended == "failed":
        diary.failing = {"digest": ValueError("no")}
        tick(jobs)
        diary.failing = {}
        diary.taken()
    else:
        claim_run(job="digest", slot=london(2026, 1, 15, 0, 10), real=REAL)
    later = london(2026, 1, 16, 0, 10)
    real.move_to(later)
    tick(jobs)
    assert diary.taken() == [("digest", later, ())]
    left = JobRun.objects.get(slot=london(2026, 1, 15, 0, 10))
    assert (left.line, left.failures, left.claimed_until) == (LEFT, 1, None)


def test_what_a_worker_has_in_hand_is_not_left_to_the_newest(real, diary):
    jobs = [diary.job("digest", NIGHT, newest_only=True)]
    slot, later = london(2026, 1, 15, 23, 59), london(2026, 1, 16, 0, 10)
    real.move_to(later)
    held = claim_run(job="digest", slot=slot - timedelta(days=1), real=later)
    tick(jobs)
    assert diary.taken() == []
    done(held, line="", real=later)
    tick(jobs)
    assert diary.taken() == [("digest", later, ())]


@pytest.mark.usefixtures("real")
def test_in_practice_every_day_between_runs_in_order_whatever_is_left_in_earnest(diary):
    jobs = [diary.job("digest", NIGHT, newest_only=True)]
    practice(AN_ORDINARY_TUESDAY)
    tick(jobs)
    practice(AN_ORDINARY_TUESDAY + timedelta(days=2))
    tick(jobs)
    assert diary.taken() == [("digest", london(2024, 11, day, 0, 10), ()) for day in (26, 27, 28)]


@pytest.mark.usefixtures("real")
def test_runs_from_before_the_practice_date_was_set_do_not_count(diary):
    jobs = [diary.job("lapse", NIGHT)]
    tick(jobs)
    practice(AN_ORDINARY_TUESDAY)
    tick(jobs)
    assert [at for _name, at, _subjects in diary.taken()] == [
        london(2026, 1, 15, 0, 10),
        london(2024, 11, 26, 0, 10),
    ]


def test_a_failing_job_stops_no_other(real, diary):
    diary.failing = {name: ValueError("Ada Smith, born 2 May 2019") for name in ("a_asked", "a_daily", "a_every")}
    ask(job="a_asked", subject="7", at=REAL)
    ask(job="b_asked", subject="8", at=REAL)
    jobs = [
        *(diary.job("a_every", FIVE), diary.job("b_every", FIVE)),
        *(diary.job("a_daily", NIGHT), diary.job("b_daily", NIGHT)),
        *(diary.job("a_asked"), diary.job("b_asked")),
    ]
    outcome = tick(jobs)
    assert outcome.failed == ["a_asked", "a_daily", "a_every"]
    assert [name for name, _at, _subjects in diary.taken()] == [
        *("a_asked", "b_asked", "a_daily", "b_daily", "a_every", "b_every")
    ]


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("Ada Smith, born 2 May 2019"), "ValueError"),
        (KeyError("Ada"), "KeyError"),
        (OperationalError("database is locked\nDETAIL: Ada Smith"), "OperationalError: database is locked"),
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError: [Errno 111] Connection refused"),
        (OSError("x" * 400), f"OSError: {'x' * 200}"),
    ],
)
def test_only_errors_of_machines_are_quoted(diary, caplog, error, told):
    diary.failing = {"fill": error}
    caplog.set_level("WARNING")
    tick([diary.job("fill", FIVE)])
    assert JobRun.objects.get().error == told
    assert told in caplog.text
    assert "Ada" not in caplog.text


def test_an_interval_that_failed_waits_for_its_next_slot(real, diary):
    jobs = [diary.job("fill", FIVE)]
    diary.failing = {"fill": ValueError()}
    tick(jobs)
    tick(jobs)
    assert len(diary.taken()) == 1
    diary.failing = {}
    real.shift(timedelta(minutes=5))
    tick(jobs)
    assert len(diary.taken()) == 1
    first, second = JobRun.objects.order_by("pk")
    assert (first.given_up_at, first.error) == (REAL, "ValueError")
    assert second.done_at == REAL + timedelta(minutes=5)


def test_later_days_of_a_failing_job_wait_until_it_is_given_up_and_others_go_on(real, diary):
    jobs = [diary.job("lapse", NIGHT), diary.job("other", NIGHT)]
    practice(AN_ORDINARY_TUESDAY)
    diary.failing = {"lapse": ValueError()}
    first, second = london(2024, 11, 26, 0, 10), london(2024, 11, 27, 0, 10)
    tick(jobs)
    assert diary.taken() == [("lapse", first, ()), ("other", first, ())]
    practice(AN_ORDINARY_TUESDAY + timedelta(days=1))
    tick(jobs)
    assert diary.taken() == [("other", second, ())]
    for pause in PAUSES:
        real.shift(pause - timedelta(seconds=1))
        tick(jobs)
        assert diary.taken() == []
        real.shift(timedelta(seconds=1))
        tick(jobs)
        assert diary.taken() == [("lapse", first, ())]
    given_up = JobRun.objects.get(job="lapse")
    assert (given_up.attempts, given_up.failures) == (MOST_ATTEMPTS, MOST_ATTEMPTS)
    assert given_up.given_up_at is not None
    diary.failing = {}
    practice(AN_ORDINARY_TUESDAY + timedelta(days=1))
    tick(jobs)
    assert diary.taken() == [("lapse", second, ())]


def test_a_day_that_succeeds_in_a_second_try_lets_the_next_one_run(real, diary):
    jobs = [diary.job("lapse", NIGHT)]
    practice(AN_ORDINARY_TUESDAY)
    diary.failing = {"lapse": ValueError()}
    tick(jobs)
    diary.failing = {}
    practice(AN_ORDINARY_TUESDAY + timedelta(days=2))
    real.shift(PAUSES[0])
    tick(jobs)
    assert [at.day for _name, at, _subjects in diary.taken()] == [26, 26, 27, 28]
    first = JobRun.objects.order_by("pk").first()
    assert (first.attempts, first.failures, first.error) == (2, 1, "ValueError")


@pytest.mark.usefixtures("real")
def test_no_day_overtakes_one_that_another_worker_has_in_hand(diary):
    jobs = [diary.job("early", NIGHT), diary.job("late", Daily(time(0, 20)))]
    practice(AN_ORDINARY_TUESDAY)
    claim_run(job="early", slot=london(2024, 11, 26, 0, 10), real=REAL)
    tick(jobs)
    assert diary.taken() == []


@pytest.mark.usefixtures("real")
def test_a_day_that_another_worker_ends_while_we_look_is_not_run_again(diary):
    """The other worker does the first day between our looking what is due and our claim of it."""
    jobs = [diary.job("early", NIGHT)]
    practice(AN_ORDINARY_TUESDAY)
    tick(jobs)
    practice(AN_ORDINARY_TUESDAY + timedelta(days=2))
    first = london(2024, 11, 27, 0, 10)

    def meanwhile():
        if not JobRun.objects.filter(slot=first).exists():
            done(claim_run(job="early", slot=first, real=REAL), line="", real=REAL)
        return False

    diary.taken()
    tick(jobs, stopping=meanwhile)
    assert diary.taken() == [("early", london(2024, 11, 28, 0, 10), ())]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_loses_the_database_is_written_down_all_the_same(diary):
    """Its connection is gone, as after a restart of the database; the failure is written down over another."""

    def work(run):
        JobRun.objects.count()
        connection.connection.close()
        return str(JobRun.objects.count())

    broken = Job(name="a", label="", timetable=FIVE, on_request=False, every_round=False, work=work)
    outcome = tick([broken, diary.job("b", FIVE)])
    assert outcome.failed == ["a"]
    assert [name for name, _at, _subjects in diary.taken()] == ["b"]
    assert JobRun.objects.get(job="a").given_up_at is not None


def test_a_lost_day_is_taken_over_with_its_own_moment(real, diary):
    jobs = [diary.job("early", NIGHT)]
    slot = london(2026, 1, 15, 0, 10)
    claim_run(job="early", slot=slot, real=REAL)
    real.shift(LEASE)
    tick(jobs)
    assert diary.taken() == [("early", slot, ())]
    run = JobRun.objects.get()
    assert (run.attempts, run.failures, run.error) == (2, 1, LOST)
    assert run.done_at is not None


def test_a_lost_interval_is_taken_over_in_its_slot_and_closed_after_it(real, diary):
    hour = Every(timedelta(hours=1))
    jobs = [diary.job("hourly", hour), diary.job("fill", FIVE)]
    for name in ("hourly", "fill"):
        claim_run(job=name, slot=REAL, real=REAL, most_attempts=1)
    tick(jobs)
    assert diary.taken() == []
    real.shift(LEASE)
    tick(jobs)
    assert [name for name, _at, _subjects in diary.taken()] == ["fill", "hourly"]
    hourly, closed = JobRun.objects.get(job="hourly"), JobRun.objects.get(job="fill", slot=REAL)
    assert (hourly.attempts, hourly.failures) == (2, 1)
    assert hourly.done_at is not None
    assert (closed.given_up_at, closed.failures, closed.error) == (REAL + LEASE, 1, LOST)


@pytest.mark.usefixtures("real")
def test_requests_are_worked_once_by_subject_in_the_order_they_came(diary):
    jobs = [diary.job("fill", FIVE, on_request=True, line="1 given")]
    for subject in ("8", "7", "8", ""):
        ask(job="fill", subject=subject, at=REAL)
    outcome = tick(jobs)
    assert [subjects for _name, _at, subjects in diary.taken()] == [("8",), ("7",), (), ()]
    assert outcome.lines == ["fill: 1 given"] * 4
    assert not JobRequest.objects.filter(done_at=None).exists()
    tick(jobs)
    assert diary.taken() == []


def test_a_request_that_fails_is_tried_again_after_a_pause_and_holds_up_no_other_subject(real, diary):
    jobs = [diary.job("fill")]
    diary.failing = {"fill": ValueError()}
    ask(job="fill", subject="7", at=REAL)
    tick(jobs)
    diary.failing = {}
    ask(job="fill", subject="8", at=REAL)
    tick(jobs)
    assert [subjects for _name, _at, subjects in diary.taken()] == [("7",), ("8",)]
    real.shift(PAUSES[0])
    tick(jobs)
    assert [subjects for _name, _at, subjects in diary.taken()] == [("7",)]


@pytest.mark.usefixtures("real")
def test_what_nobody_here_knows_waits_for_a_worker_that_does(diary):
    ask(job="of_the_next_release", subject="7", at=REAL)
    ask(job="silent", subject="7", at=REAL)
    tick([diary.job("silent", FIVE)])
    assert diary.taken() == [("silent", REAL, ())]
    assert JobRequest.objects.filter(done_at=None, attempts=0).count() == 2


def test_a_request_that_another_worker_takes_while_we_look_is_theirs(real, diary):
    """The first job's work is the moment in which another worker takes the second subject."""
    jobs = [diary.job("fill")]
    ask(job="fill", subject="7", at=REAL)
    ask(job="fill", subject="8", at=REAL)

    def meanwhile():
        JobRequest.objects.filter(subject="8").update(claimed_until=REAL + LEASE)
        return False

    tick(jobs, stopping=meanwhile)
    assert [subjects for _name, _at, subjects in diary.taken()] == [("7",)]


def test_every_round_runs_between_slots_only_where_it_may(real, diary):
    jobs = [diary.job("deliver", FIVE, every_round=True), diary.job("fill", FIVE)]
    tick(jobs, between_slots=True)
    assert [name for name, _at, _subjects in diary.taken()] == ["fill", "deliver"]
    tick(jobs)
    assert diary.taken() == []
    real.shift(timedelta(seconds=2))
    tick(jobs, between_slots=True)
    assert [name for name, _at, _subjects in diary.taken()] == ["deliver"]
    assert JobRun.objects.get(job="deliver").done_at == REAL


def test_every_round_waits_for_its_slot_after_a_failure(real, diary):
    jobs = [diary.job("deliver", FIVE, every_round=True)]
    tick(jobs, between_slots=True)
    diary.failing = {"deliver": OSError("out")}
    tick(jobs, between_slots=True)
    tick(jobs, between_slots=True)
    assert len(diary.taken()) == 2
    run = JobRun.objects.get()
    assert (run.failures, run.error, run.given_up_at) == (1, "OSError: out", REAL)
    diary.failing = {}
    real.shift(timedelta(minutes=5))
    tick(jobs, between_slots=True)
    assert len(diary.taken()) == 1


@pytest.mark.usefixtures("real")
def test_every_round_runs_beside_a_slot_that_another_worker_has_in_hand(diary):
    claim_run(job="deliver", slot=REAL, real=REAL, most_attempts=1)
    tick([diary.job("deliver", FIVE, every_round=True, line="sent 1")], between_slots=True)
    assert len(diary.taken()) == 1
    assert JobRun.objects.get().done_at is None


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("allowed", range(4))
def test_stopping_ends_the_round_before_the_next_piece_of_work(diary, allowed):
    ask(job="asked", subject="7", at=REAL)
    ask(job="asked", subject="8", at=REAL)
    jobs = [diary.job("asked"), diary.job("lapse", NIGHT), diary.job("fill", FIVE)]
    tick(jobs, stopping=lambda: len(diary.runs) >= allowed)
    assert [name for name, _at, _subjects in diary.taken()] == ["asked", "asked", "lapse"][:allowed]


@pytest.mark.usefixtures("real")
def test_a_job_that_was_told_to_stop_begins_again():
    told = []

    def work(run):
        told.append(run.stopping())
        return "half" if told[-1] else "whole"

    job = Job(name="lapse", label="", timetable=NIGHT, on_request=False, every_round=False, work=work)
    assert tick([job], stopping=lambda: bool(told) or bool(JobRun.objects.count())).lines == ["lapse: half"]
    assert JobRun.objects.get().done_at is None
    told.clear()
    assert tick([job]).lines == ["lapse: whole"]
    run = JobRun.objects.get()
    assert (run.line, run.attempts) == ("whole", 1)
    assert told == [False]


@pytest.mark.usefixtures("real")
def test_a_quiet_round_takes_as_many_queries_after_many_runs_as_after_one(diary, django_assert_num_queries):
    practice(AN_ORDINARY_TUESDAY)
    jobs = [diary.job("a", NIGHT), diary.job("b", NIGHT), diary.job("fill", FIVE, on_request=True)]
    tick(jobs)
    with django_assert_num_queries(7):
        tick(jobs)
    practice(AN_ORDINARY_TUESDAY + timedelta(days=30))
    tick(jobs)
    assert len(diary.taken()) == 3 + 2 * 30
    with django_assert_num_queries(7):
        tick(jobs)
