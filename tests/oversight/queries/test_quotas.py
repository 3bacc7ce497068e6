"""The days of a ledger, as its dashboard reads them: every line once, on its London day, and none that is later."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from quotas import queries as quota_queries
from quotas.actions import levers, moves, places
from quotas.choices import EntryKind
from quotas.models import Period
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.oversight.queries.ledger import ledgers_of
from s2s_portal.oversight.queries.quotas import places_of
from s2s_portal.oversight.rules.pace import NOTHING, DayOfPlaces, Prospect
from tests.factories import contract_ends as ends
from tests.factories.contract_end_scene import Scene
from tests.factories.quotas import SET_UP_AT, commissioner, period_with_places, quota_of, use_places
from tests.factories.support import somebody
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EARLY_YEARS, MAINSTREAM = Stream.EARLY_YEARS, Stream.MAINSTREAM


def draw(quota, count, at, *, by=None):
    """Places drawn at a moment for requests that are not there; the lines."""
    by = by or somebody(Role.COMMISSIONER)
    with transaction.atomic():
        locked = places.locked(quota)
        start = 1 + (locked.last.seq if locked.last else 0)
        return [
            places.draw(locked=locked, reference=f"{quota.stream[:2]}-{start + number:04d}", by=by, at=at)
            for number in range(count)
        ]


def give_back(quota, line, at):
    with transaction.atomic():
        places.release(
            locked=places.locked(quota), draw=line, reason="Moved away.", by=somebody(Role.COMMISSIONER), at=at
        )


def by_stream(asked):
    return {one.stream: one.days for one in ledgers_of(asked.scope)}


def test_ledgers_of_a_council(council):
    """Three early years requests, of which one was withdrawn, and one mainstream one, all on one Tuesday."""
    today = date(2024, 11, 26)
    assert by_stream(readings(council.period)) == {
        EARLY_YEARS: {date(2024, 8, 12): DayOfPlaces(granted=50), today: DayOfPlaces(drawn=4 - 1, released=1)},
        MAINSTREAM: {date(2024, 8, 12): DayOfPlaces(granted=85), today: DayOfPlaces(drawn=1)},
    }


def test_ledgers_of_one_stream(council):
    assert list(by_stream(readings(council.period, stream=MAINSTREAM))) == [MAINSTREAM]


def test_ledgers_of_leaves_other_periods_out(council):
    other = period_with_places(
        opens_on=date(2025, 4, 7),
        requests_close_on=date(2025, 7, 1),
        allocation_deadline_on=date(2025, 7, 8),
        delivery_ends_on=date(2025, 7, 31),
    )
    use_places(quota_of(other), 3, by=somebody(Role.COMMISSIONER))
    found = by_stream(readings(council.period))[EARLY_YEARS]
    assert sum(found.values(), NOTHING).left == quota_queries.places_left(quota_of(council.period)) == 48


def test_ledgers_of_a_quota_without_lines():
    period = period_with_places(early_years=0, mainstream=2)
    found = by_stream(readings(period))
    assert found[EARLY_YEARS] == {}
    assert found[MAINSTREAM] != {}


def test_ledgers_of_a_period_without_quotas():
    period = period_with_places()
    bare = Period.objects.create(
        contract=period.contract,
        name="To come",
        opens_on=date(2025, 1, 7),
        requests_close_on=date(2025, 2, 1),
        allocation_deadline_on=date(2025, 2, 1),
        delivery_ends_on=date(2025, 2, 1),
        set_by=period.set_by,
        set_at=SET_UP_AT,
    )
    assert ledgers_of(readings(bare).scope) == []
    assert places_of(readings(bare)).streams == []


def test_ledgers_of_counts_the_london_day():
    """23:30 in UTC is the next day in London in summer, and the same day in winter."""
    period = period_with_places(early_years=5)
    quota = quota_of(period)
    draw(quota, 1, datetime(2024, 9, 10, 23, 30, tzinfo=UTC))
    draw(quota, 1, datetime(2024, 11, 5, 23, 30, tzinfo=UTC))
    found = by_stream(readings(period))[EARLY_YEARS]
    assert {date(2024, 9, 11), date(2024, 11, 5)} < set(found)


def test_ledgers_of_as_at_any_moment():
    """At each moment the days add up to what the quota's own page says for it, moves and all."""
    period = period_with_places(early_years=6, mainstream=4)
    quota, by, other = quota_of(period), somebody(Role.COMMISSIONER), commissioner()
    first, *_ = draw(quota, 4, AT - timedelta(days=40))
    give_back(quota, first, AT - timedelta(days=30))
    levers.adjust(quota=quota, places=-5, reason="Money.", by=by, at=AT - timedelta(days=20))
    moved = moves.propose(
        source=quota_of(period, MAINSTREAM),
        target=quota,
        places=3,
        reason="Nurseries need them.",
        by=by,
        at=AT - timedelta(days=10),
    )
    moves.approve(change=moved, note="", by=other, at=AT - timedelta(days=9))
    draw(quota, 1, AT)
    moments = [AT - timedelta(days=days, minutes=minute) for days in range(45) for minute in (0, 1)]
    for at in [*moments, SET_UP_AT, SET_UP_AT - timedelta(days=1)]:
        for stream, days in by_stream(readings(period, at=at)).items():
            standing = quota_queries.standing_in(stream=stream, period=period, until=at)
            total = sum(days.values(), NOTHING)
            found = (total.granted, total.adjusted, total.drawn, total.released, total.left)
            balance = standing.balance
            assert found == (balance.granted, balance.adjusted, balance.drawn, balance.released, balance.left), at


def test_ledgers_of_requests_that_were_carried_over_use_no_place():
    scene = Scene()
    target = ends.successor(scene.period.contract)
    scene.ran(target)
    following = target.periods.get()
    assert quota_of(following).entries.filter(kind=EntryKind.CARRIED).exists()
    at = ends.LAST_DAY + timedelta(days=9)
    assert list(by_stream(readings(following, at=at))[EARLY_YEARS].values()) == [DayOfPlaces(granted=10)]


@pytest.mark.parametrize("count", [1, 3])
def test_ledgers_of_is_one_statement(django_assert_num_queries, count):
    period = period_with_places(early_years=9)
    for number in range(count):
        draw(quota_of(period), 1, AT - timedelta(days=number))
    asked = readings(period)
    with django_assert_num_queries(1):
        ledgers_of(asked.scope)


@pytest.mark.parametrize("count", [1, 3])
def test_places_of_is_two_statements(django_assert_num_queries, count):
    """The ledgers and the calendar."""
    period = period_with_places(early_years=9)
    for number in range(count):
        draw(quota_of(period), 1, AT - timedelta(days=number))
    asked = readings(period)
    with django_assert_num_queries(2):
        places_of(asked)
    with django_assert_num_queries(0):
        places_of(asked)


def test_places_of_after_the_cut_off(council):
    """A place given back in January: the days go on to it, and it is left unused."""
    later = datetime(2025, 1, 15, 10, 0, tzinfo=LONDON)
    quota = quota_of(council.period)
    give_back(quota, quota.entries.filter(kind=EntryKind.DRAWN, answered_by=None).first(), later)
    found = places_of(readings(council.period, at=later)).streams[0]
    assert found.days[-1] == (date(2025, 1, 15), 49)
    assert found.outlook.prospect == Prospect.CLOSED
    assert found.weeks[-1].monday == date(2025, 1, 13)
    assert places_of(readings(council.period, at=FIRST_MOMENT_TOO_LATE)).streams[0].days[-1] == (date(2024, 12, 13), 48)


def test_places_of_on_the_first_day(council):
    """As at the opening morning nothing of what came later is known."""
    found = places_of(readings(council.period, at=datetime(2024, 9, 2, 9, 0, tzinfo=LONDON))).streams[0]
    assert found.balance.left == 50
    assert found.outlook.prospect == Prospect.NO_PACE
    assert (found.days[0], found.days[-1]) == ((date(2024, 9, 2), 50), (date(2024, 12, 13), 50))
