"""Requests that a contract's end moved: what was done before counts once, under the contract it was done under."""

import pytest

from referrals.choices import Status
from referrals.models import Referral
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.oversight.documents.waits import Measure
from s2s_portal.oversight.queries.flow import flow_of
from s2s_portal.oversight.rules.flow import Left
from s2s_portal.oversight.rules.spread import WaitState
from tests.factories import contract_ends as ends
from tests.factories.contract_end_scene import Scene
from tests.factories.contract_ends import LAST_DAY
from tests.oversight.queries.asking import each_wait, readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CONTACT, VISIT, RECORD = Measure


def over(asked, measure):
    """The references of the requests whose waits are over."""
    return {case.reference for case, wait in each_wait(asked, measure) if wait.state == WaitState.OVER}


def test_waits_count_where_what_was_waited_for_happened(db):
    scene = Scene()
    target = scene.ran(ends.successor(scene.period.contract)).target.periods.get()
    old, new = readings(scene.period, at=LAST_DAY), readings(target, at=LAST_DAY)
    moved = Referral.objects.filter(status=Status.TRANSFERRED)
    assert moved.filter(first_contact_at__isnull=False).exists()
    assert moved.filter(first_contact_at__isnull=True).exists()
    rows = Referral.objects.filter(period=scene.period)
    assert over(old, CONTACT) == set(rows.exclude(first_contact_at=None).values_list("reference", flat=True))
    assert over(old, VISIT) == set(rows.exclude(first_held_at=None).values_list("reference", flat=True))
    assert over(new, CONTACT) | over(new, VISIT) | over(new, RECORD) == set()
    # Whom nobody has reached waits on under the new contract alone.
    waits = {measure: {case.pk: wait.state for case, wait in each_wait(old, measure)} for measure in (CONTACT, VISIT)}
    for row in moved:
        reached, visited = row.first_contact_at is not None, row.first_held_at is not None
        assert waits[CONTACT][row.pk] == (WaitState.OVER if reached else WaitState.ENDED)
        if reached:
            assert waits[VISIT][row.pk] == (WaitState.OVER if visited else WaitState.ENDED)
    going_on = {case.continues_id: wait.state for case, wait in each_wait(new, CONTACT)}
    assert going_on == {row.pk: WaitState.GOING_ON for row in moved if row.first_contact_at is None}


def test_carried_over_requests_move_and_come_in_and_back(db):
    """What moves leaves one contract and comes into the other in the same week; undone, it does the opposite."""
    scene = Scene()
    rollover = scene.ran(ends.successor(scene.period.contract))
    target = rollover.target.periods.get()
    carried = Referral.objects.filter(status=Status.TRANSFERRED).count()
    old, new = (flow_of(readings(period, at=LAST_DAY)).weeks[-1] for period in (scene.period, target))
    assert carried
    assert len(old.left[Left.MOVED]) == len(new.came) == len(new.open) == carried
    ends.undone(rollover)
    old, new = (flow_of(readings(period, at=LAST_DAY)).weeks[-1] for period in (scene.period, target))
    assert old.gone == []
    assert (len(new.came), len(new.left[Left.MOVED]), len(new.open)) == (carried, carried, 0)
    assert old.open == set(
        Referral.objects.filter(period=scene.period, status__in=OPEN_WITH_S2S).values_list("pk", flat=True)
    )
