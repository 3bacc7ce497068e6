"""Needs, zones and outcomes across a contract's end: what moves is counted once in each contract, and undone in one."""

import pytest

from referrals.choices import Fate, Status
from referrals.models import Referral
from s2s_portal.oversight.queries.needs import needs_of
from s2s_portal.oversight.queries.outcomes import outcomes_of
from s2s_portal.oversight.queries.zones import zones_of
from tests.factories import contract_ends as ends
from tests.factories.contract_end_scene import Scene
from tests.factories.contract_ends import LAST_DAY
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def counted(period) -> tuple[int, int, int]:
    """Requests by need, requests by zone, and visits held."""
    asked = readings(period, at=LAST_DAY)
    needs, zones = needs_of(asked), zones_of(asked)
    return sum(needs.totals), sum(one.all.requests for one in zones.streams), needs.visits


def test_what_moves_counts_once_in_each_contract(db):
    scene = Scene()
    kept = Referral.objects.filter(period=scene.period, place__isnull=False)
    requests, in_zones, visits = counted(scene.period)
    assert requests == in_zones == kept.count()
    rollover = scene.ran(ends.successor(scene.period.contract))
    target = rollover.target.periods.get()
    carried = Referral.objects.filter(status=Status.TRANSFERRED).count()
    assert carried
    assert counted(scene.period) == (kept.count(), kept.count(), visits)
    assert counted(target) == (carried, carried, 0)
    ends.undone(rollover)
    assert counted(scene.period) == (kept.count(), kept.count(), visits)
    assert counted(target) == (0, 0, 0)


def test_nobody_was_asked_about_the_goals_of_what_its_contract_closed(db):
    scene = Scene()
    rollover = ends.begun(scene.period, None)
    scene.decide(ends.line_of(rollover, scene.of(Status.SUPPORTING)), Fate.CLOSE)
    ends.ran(ends.approved(rollover))
    assert scene.of(Status.SUPPORTING).status == Status.CLOSED
    outcomes = outcomes_of(readings(scene.period, at=LAST_DAY))
    goals = outcomes.whole.goals
    assert (goals.closed, goals.asked, goals.count) == (1, 0, 0)
    assert outcomes.goals_sentence == "1 request was closed after a visit, without an outcome of any goal."
