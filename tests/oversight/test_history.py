"""Each figure of each dashboard on a generated history of 5,000 requests, counted once more from its events.

The history is drawn from a seed: another one is `S2S_HISTORY_SEED=7`. Nothing in it happens after `now`; figures are
read at drawn moments from then on, and the ledger's at any moment.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from quotas.actions import places
from referrals.actions import assigning
from referrals.models import Referral
from referrals.queries import reconciling
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.views.pages import PAGES
from tests.factories.history.generated import History, generated
from tests.factories.history.walks import Walk, rng_of
from tests.oversight.history import demand, support, work
from tests.oversight.history.answers import answers, last_days
from tests.oversight.history.comparing import as_hidden, shown, whose
from tests.oversight.history.counting import ALL, EARLY, MAIN, Count, Everything
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]
SEED = int(os.environ.get("S2S_HISTORY_SEED", "20241126"))
REQUESTS = int(os.environ.get("S2S_HISTORY_REQUESTS", "5000"))
DRAWN = rng_of(SEED)
DAYS = [0, *sorted(DRAWN.sample(range(1, 110), 3)), 125]
STREAMS = ["", EARLY, MAIN]
QUESTIONS = [("period", STREAMS[at % 3], days) for at, days in enumerate(DAYS)]
QUESTIONS += [("before", "", DAYS[1])]


@dataclass(frozen=True)
class Made:
    """The history and what its events tell."""

    history: History
    everything: Everything


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> Iterator[Made]:
    """The history, made once for the tests of this module, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        history = generated(SEED, requests=REQUESTS)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as on any morning; without it PostgreSQL takes the tables for empty ones
        connection.check_constraints()  # here, or else Django does it after each test, and that is rolled back
        yield Made(history, Everything())
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Question:
    """The same question to the dashboards and to the recount."""

    asked: Readings
    count: Count


@pytest.fixture(params=QUESTIONS, ids=lambda one: "-".join(map(str, one)), scope="module")
def question(request, made) -> Question:
    """A period, a stream or both, and a drawn moment after all that happened."""
    period, stream, days = request.param
    at: datetime = made.history.now + timedelta(days=days, minutes=7 * days)
    of = getattr(made.history, period)
    asked = readings(of, at=at, stream=stream, by=made.history.council.coordinator)
    return Question(asked, Count(made.everything, of, stream, at))


def test_the_history_is_honest(made):
    """Five thousand requests whose ledger and requests agree; `made` has had their rows checked by the database."""
    assert reconciling.differences() == set()
    assert Referral.objects.filter(period=made.history.period).count() == REQUESTS
    rows = Referral.objects.values_list("reference", "status", "end_state", "place")
    for reference, status, end_state, place in rows:
        life = made.everything.lives[reference]
        assert (life.status, life.end_state, life.has_place) == (status, end_state, place is not None), reference


def compare(question: Question, dashboard: Dashboard, counted) -> None:
    """Every line of every figure that was counted, and who is behind each."""
    tables, behind = counted(question.count)
    page = PAGES[dashboard]
    figures = {figure.key: figure for figure in page.figures(question.asked)}
    assert tables.keys() == figures.keys()
    for key, table in tables.items():
        said = shown(figures[key])
        assert said == as_hidden(table, said), key
    for (key, line), references in _some(behind):
        assert whose(page, question.asked, key, line) == references, (key, line)


def _some(behind: dict) -> list:
    """At most eight lines of a figure: hundreds of teachers are each a question of its own."""
    by_figure: dict[str, list] = {}
    for one in sorted(behind.items(), key=lambda one: one[0]):
        by_figure.setdefault(one[0][0], []).append(one)
    return [one for some in by_figure.values() for one in rng_of(SEED).sample(some, min(8, len(some)))]


def test_the_burn_down_is_what_the_ledger_left_each_day(db, question):
    """The chart has a step for each day of which the table has the weeks, and none after today."""
    figures = {figure.key: figure for figure in PAGES[Dashboard.QUOTAS].figures(question.asked)}
    for stream in question.count.streams:
        chart = figures[stream.lower().replace("_", "-")].chart
        assert dict(zip(chart.days, chart.series[0].values, strict=True)) == demand.by_day(question.count, stream)


@pytest.mark.parametrize(
    ("dashboard", "counted"),
    [
        (Dashboard.QUOTAS, demand.places),
        (Dashboard.WAITING, demand.waiting),
        (Dashboard.UNMET, demand.unmet),
        (Dashboard.WAITS, work.waits),
        (Dashboard.STUCK, work.stuck),
        (Dashboard.FLOW, work.flow),
        (Dashboard.TEAM, work.team),
        (Dashboard.ZONES, support.zones),
        (Dashboard.NEEDS, support.needs),
        (Dashboard.OUTCOMES, support.outcomes),
        (Dashboard.CONTRACT_END, support.contract_end),
    ],
)
def test_each_figure_is_what_events_add_up_to(db, question, dashboard, counted):
    compare(question, dashboard, counted)


def test_the_ten_answers_are_what_events_add_up_to(question):
    """Each answer of the overview; that about the pace names the days between which the last place goes."""
    said = [one for page in PAGES.values() for one in page.answers(question.asked)]
    pace = said.pop(1)
    assert [(one.page, one.figure) for one in said] == answers(question.count)
    for label, (first, last) in last_days(question.count).items():
        sentence = next(one for one in pace.sentence.split(". ") if label.lower() in one)
        assert ("between" in sentence) == (last is not None), sentence
        if last is not None:
            assert f"between {first:%-d}" in sentence
            assert f"and {last:%-d %B %Y}" in sentence
        elif first is not None:
            assert f" {first:%-d %B %Y}" in sentence


def sums(made: Made, stream: str = "") -> dict[tuple[str, str], dict]:
    """Every figure of the later period as tables, an hour later: what is done now is in all of them."""
    at = made.history.now + timedelta(hours=1)
    asked = readings(made.history.period, at=at, stream=stream, by=made.history.council.coordinator)
    return {
        (dashboard.value, figure.key): shown(figure)
        for dashboard, page in PAGES.items()
        for figure in page.figures(asked)
        if figure.key not in ("longest", "days")
    }


COUNTS = {"contact": (0, 1, 4, 5, 6, 7), "visit": (0, 1, 5, 6, 7), "record": (1, 5, 6, 7)}
"""Columns of waits that add up: all but the middle and the shares. One request may have visits of two schools."""


def test_zones_and_streams_add_up_to_all(made, db):
    """A request that was handed over, moved or opened again is in one zone, one stream and one school."""
    both, early, main = (sums(made, stream) for stream in STREAMS)
    for measure, some in COUNTS.items():
        columns = [column for column in some if column != 4]
        whole = both["waits", f"{measure}-stream"]["all"]
        for by in ("stream", "zone", "school"):
            groups = [row for key, row in both["waits", f"{measure}-{by}"].items() if key != "all"]
            assert [sum(row[column] for row in groups) for column in columns] == [whole[column] for column in columns]
        parts = [one["waits", f"{measure}-stream"]["all"] for one in (early, main)]
        assert [sum(row[column] for row in parts) for column in columns] == [whole[column] for column in columns]
    for dashboard, figure in (("stuck", "with"), ("flow", "ages"), ("needs", "given"), ("outcomes", "goals")):
        parts = [next(reversed(one[dashboard, figure].values())) for one in (early, main)]
        whole = both[dashboard, figure][ALL]
        assert [sum(pair) for pair in zip(parts[0][:3], parts[1][:3], strict=True)] == list(whole[:3])
    assert both["quotas", "used"][ALL][1] == 0  # what was moved from one stream to the other is nothing together


# --- What one action changes, and what it leaves ---
def changed(before: dict, after: dict) -> set[str]:
    """The dashboards of which some figure says something else."""
    assert before.keys() == after.keys()
    return {dashboard for dashboard, figure in before if before[dashboard, figure] != after[dashboard, figure]}


def walk(made: Made, **which) -> Walk:
    """The first request of the later period with these columns."""
    row = Referral.objects.filter(period=made.history.period, **which).order_by("pk").first()
    return Walk(made.history.council, row, made.history.now)


def test_another_time_for_a_visit_changes_no_count(made, db):
    booked = walk(made, status="IN_CONTACT")
    while booked.row.status != "BOOKED":
        booked.book(booked.row)
    before = sums(made)
    booked.move(booked.row)
    booked.move(booked.row)
    assert booked.row.bookings.get(state="PLANNED").sequence == 2
    assert changed(before, sums(made)) <= {"team"}  # it may be more than four weeks ahead now


def test_a_request_that_is_opened_and_closed_again_counts_once(made, db):
    closed = walk(made, status="CLOSED", visits_held__gt=0, bookings__state="HELD")
    before = sums(made)
    closed.reopen(closed.row)
    opened = sums(made)
    assert changed(before, opened) <= {"flow", "outcomes", "team", "stuck", "contract-end"}
    assert opened["outcomes", "goals"][ALL][0] == before["outcomes", "goals"][ALL][0] - 1
    closed.at += timedelta(minutes=5)
    closed.close(closed.row)
    after = sums(made)
    assert changed(before, after) <= {"flow", "outcomes"}
    assert after["outcomes", "goals"][ALL][:2] == before["outcomes", "goals"][ALL][:2]
    assert after["flow", "ages"] == before["flow", "ages"]


def test_a_record_that_is_written_anew_is_one_record(made, db):
    supported = walk(made, status="SUPPORTING", visits__records__isnull=False, visits__records__retraction=None)
    before = sums(made)["waits", "record-stream"]["all"]
    supported.retract(supported.row)
    now = sums(made)["waits", "record-stream"]["all"]
    assert (now[0], now[1], now[5]) == (before[0], before[1] - 1, before[5] + 1)
    while supported.row.visits.filter(draft__isnull=False).exists():
        supported.record(supported.row)
    after = sums(made)["waits", "record-stream"]["all"]
    assert (after[0], after[1] + after[5]) == (before[0], before[1] + before[5])


def test_withdrawn_and_reinstated_at_once_it_counts_once(made, db):
    """A place given back and drawn again: used as before, in the zone as before, and neither in nor out this week."""
    sent = walk(made, status="SUBMITTED", continues=None)
    for quota in made.history.period.quotas.all():  # enough for those who wait, too
        places.grant(quota=quota, places=1_000, reason="More bought", by=made.history.by, at=sent.at)
    before = sums(made)
    sent.withdraw(sent.row)
    gone = sums(made)
    assert {"quotas", "zones", "needs", "flow"} <= changed(before, gone)
    sent.at += timedelta(minutes=5)
    sent.reinstate(sent.row)
    after = sums(made)
    for figure in (
        ("zones", "early-years"),
        ("zones", "mainstream"),
        ("needs", "need"),
        ("flow", "weeks"),
        ("flow", "left"),
    ):
        assert after[figure] == before[figure]
    granted, adjusted, drawn, released, used, left = before["quotas", "used"][ALL]
    assert after["quotas", "used"][ALL] == (granted, adjusted, drawn + 1, released + 1, used, left)


def test_handed_over_it_is_with_one_teacher(made, db):
    given = walk(made, status="IN_CONTACT")
    before = sums(made)
    teacher = next(one for one in made.history.council.teachers if one.pk != given.row.teacher_id)
    assigning.reassign(referral=given.row, teacher=teacher, note="", by=made.history.council.coordinator, at=given.at)
    after = sums(made)
    assert changed(before, after) <= {"team", "stuck", "waits"}  # whoever waits does so for another school
    assert after["team", "teachers"][ALL][0] == before["team", "teachers"][ALL][0]
    assert after["waits", "contact-stream"] == before["waits", "contact-stream"]
