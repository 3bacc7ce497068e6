"""R15's sum is of the requests themselves: what is lost, by whatever mistake, shows as a difference and is named."""

from datetime import timedelta

import pytest

from quotas.models import LedgerEntry
from referrals.actions import closing, rollover_sweeping, rollover_undoing
from referrals.choices import Fate, RolloverStage, Status
from referrals.models import Referral
from referrals.queries import contract_ends
from referrals.queries.reconciling import differences
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.referrals.test_reconciling import tampered

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER = LAST_DAY + MINUTE


@pytest.fixture
def rollover(scene):
    """Run: one closed, three moved, two finishing under the old contract."""
    begun = ends.begun(scene.period, ends.successor(scene.period.contract))
    scene.decide(scene.line(begun, Status.SUBMITTED), Fate.CLOSE)
    scene.decide(scene.line(begun, Status.BOOKED), Fate.MOVE)
    return ends.ran(ends.approved(begun))


def terms(rollover):
    account = contract_ends.account_of(rollover)
    return account.finishing, account.moved, account.closed, account.undone, account.difference


def named():
    return {(one.reference, one.words) for one in differences()}


def test_what_real_actions_made_comes_out_and_reconciliation_is_quiet(scene, rollover):
    assert (terms(rollover), named()) == ((2, 3, 1, 0, 0), set())


def test_a_request_that_was_moved_nowhere_is_lost(scene, rollover):
    one = scene.of(Status.SUPPORTING)
    Referral.objects.filter(pk=one.pk).update(status=Status.TRANSFERRED, ended_at=LATER, ended_by=scene.one)
    account = contract_ends.account_of(rollover)
    assert account.in_words == "6 open before = 1 finishing + 3 moved + 1 closed. Difference 1."
    words = (
        f"is “{Status.TRANSFERRED.label}”, and the end of {rollover.source.name} has "
        "another account of it: done, finish under the old contract."
    )
    assert named() == {(one.reference, words)}


def test_a_request_that_goes_on_in_two_places_is_lost(scene, rollover):
    one = scene.of(Status.ASSIGNED)
    Referral.objects.filter(pk=one.pk).update(status=Status.ASSIGNED, ended_at=None, ended_by=None)
    assert terms(rollover) == (2, 2, 1, 0, 1)
    assert {reference for reference, _ in named()} == {one.reference}


def test_a_moved_request_without_its_line_in_the_new_ledger_is_lost(scene, rollover):
    new = scene.line(rollover, Status.ASSIGNED).successor
    tampered(LedgerEntry, new.place_id, reference="EY-9ZZZ-9Z")
    assert terms(rollover) == (2, 2, 1, 0, 1)
    assert {scene.of(Status.ASSIGNED).reference, new.reference} == {reference for reference, _ in named()}


def test_a_moved_request_that_nothing_continues_is_lost(scene, rollover):
    new = scene.line(rollover, Status.ASSIGNED).successor
    Referral.objects.filter(pk=new.pk).update(continues=None)
    assert terms(rollover) == (2, 2, 1, 0, 1)


def test_a_line_that_is_lost_shows(scene, rollover):
    scene.line(rollover, Status.RETURNED).delete()
    assert terms(rollover) == (1, 3, 1, 0, 1)
    said = "has an end that does not come out: 6 requests were open before, and 5 are listed."
    assert named() == {(rollover.source.name, said)}


def test_what_finishes_has_finished_and_what_is_reopened_finishes(scene, rollover):
    coordinator = support.somebody(Role.S2S_COORDINATOR)
    rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LAST_DAY + DAY)
    scene.decide(scene.line(rollover, Status.SUPPORTING), Fate.CLOSE, at=LAST_DAY + DAY)
    assert contract_ends.account_of(rollover).to_do == 2
    ends.ran(rollover, at=LAST_DAY + DAY)
    assert terms(rollover) == (0, 3, 2, 0, 0)
    closed = scene.of(Status.SUPPORTING)
    reopened = closing.reopen(referral=closed, reason="In error.", by=coordinator, at=LATER)
    assert (reopened.refusal, terms(rollover), named()) == ("", (1, 3, 1, 0, 0), set())


def test_what_was_to_finish_and_has_ended_has_finished(scene, rollover):
    one = scene.of(Status.RETURNED)
    support.in_status(one, Status.DECLINED, at=LATER)
    assert (terms(rollover), named()) == ((2, 3, 1, 0, 0), set())


def test_moved_back_alone_is_a_term_and_an_undone_end_keeps_its_account_when_a_later_one_moves_the_request(
    scene, rollover
):
    line = scene.line(rollover, Status.ASSIGNED)
    rollover_undoing.undo_one(line=line, by=scene.one, at=LATER)
    assert terms(rollover) == (2, 3, 1, 0, 0)
    rollover_undoing.undo_line(pk=line.pk, by=scene.portal, at=LATER)
    assert (terms(rollover), named()) == ((2, 2, 1, 1, 0), set())
    undone = ends.undone(rollover, at=LATER)
    assert (undone.stage, terms(undone)) == (RolloverStage.UNDONE, (2, 0, 1, 3, 0))
    again = ends.begun(scene.period, rollover.target, at=LATER)
    scene.decide(scene.line(again, Status.SUPPORTING), Fate.MOVE, at=LATER)
    again = ends.ran(ends.approved(again, at=LATER), at=LATER)
    assert (terms(undone), terms(again), named()) == ((2, 0, 1, 3, 0), (2, 3, 0, 0, 0), set())
