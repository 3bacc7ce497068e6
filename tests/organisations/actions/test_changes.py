"""What needs a second person: proposed once, decided once, never by the same person; the database says so too."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from s2s_portal.organisations.actions import changes
from s2s_portal.organisations.choices import ChangeKind, ChangeOutcome, Role
from s2s_portal.organisations.models import ProposedChange
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries import changes as queries
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import CUT_OFF_DAY_MORNING as LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposer():
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


@pytest.fixture
def second():
    return person(Role.COMMISSIONER)


def propose(by, key=None, **changed):
    given = {"subject": "period 3", "version": 1, "facts": {"places": 2}, "reason": "More early years need"}
    return changes.propose(key=key or uuid.uuid4(), kind=ChangeKind.MOVE_PLACES, by=by, at=AT, **(given | changed))


@pytest.fixture
def change(proposer):
    return propose(proposer)[0]


def decide(change, outcome, by, note=""):
    with transaction.atomic():
        return changes.decide(change=changes.locked(change), outcome=outcome, note=note, by=by, at=LATER)


def test_a_proposal_waits(change, proposer):
    change.refresh_from_db()
    assert (change.outcome, change.decided_by, change.decided_at) == (ChangeOutcome.WAITING, None, None)
    assert (change.proposed_by, change.proposed_at, change.facts) == (proposer, AT, {"places": 2})
    assert list(queries.waiting(ChangeKind.MOVE_PLACES)) == [change]
    assert not queries.decided(ChangeKind.MOVE_PLACES)


def test_the_same_key_again_is_the_same_proposal(proposer):
    key = uuid.uuid4()
    first, is_new = propose(proposer, key)
    again, is_new_again = propose(proposer, key, reason="Pressed twice")
    assert (first, is_new, is_new_again) == (again, True, False)
    assert again.reason == "More early years need"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_only_whoever_may_do_it_proposes_or_decides(change, role):
    who = person(role)
    with pytest.raises(NotAllowed):
        propose(who)
    for outcome in (ChangeOutcome.APPROVED, ChangeOutcome.REFUSED, ChangeOutcome.CANCELLED):
        with pytest.raises(NotAllowed):
            decide(change, outcome, who)
    assert ProposedChange.objects.get().outcome == ChangeOutcome.WAITING


@pytest.mark.parametrize("outcome", [ChangeOutcome.APPROVED, ChangeOutcome.REFUSED])
def test_a_second_person_decides(change, proposer, second, outcome):
    with pytest.raises(NotAllowed, match="a second person has to decide"):
        decide(change, outcome, proposer)
    decided = decide(change, outcome, second, note="Agreed by telephone")
    assert (decided.outcome, decided.decided_by, decided.decided_at) == (outcome, second, LATER)
    assert queries.find(ChangeKind.MOVE_PLACES, change.key).note == "Agreed by telephone"
    assert list(queries.decided(ChangeKind.MOVE_PLACES)) == [change]


def test_only_the_proposer_cancels(change, proposer, second):
    with pytest.raises(NotAllowed, match="Only Merle Ketteringham"):
        decide(change, ChangeOutcome.CANCELLED, second)
    assert decide(change, ChangeOutcome.CANCELLED, proposer).outcome == ChangeOutcome.CANCELLED


def test_what_is_decided_stays(change, proposer, second):
    decide(change, ChangeOutcome.REFUSED, second, note="Not now")
    third = person(Role.COMMISSIONER)
    assert decide(change, ChangeOutcome.APPROVED, third).outcome == ChangeOutcome.REFUSED
    assert decide(change, ChangeOutcome.CANCELLED, proposer).decided_by == second
    assert ProposedChange.objects.get().note == "Not now"


def test_no_change_has_a_key_that_nobody_gave(change):
    assert queries.find(ChangeKind.MOVE_PLACES, uuid.uuid4()) is None


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"kind": "SOMETHING"}, "kind_known"),
        ({"outcome": "MAYBE", "decided": "second"}, "outcome_known"),
        ({"outcome": ChangeOutcome.APPROVED}, "decided_at_and_by"),
        ({"decided": "second"}, "decided_at_and_by"),
        ({"outcome": ChangeOutcome.REFUSED, "decided_at": AT}, "decided_at_and_by"),
        ({"outcome": ChangeOutcome.APPROVED, "decided": "proposer"}, "second_person"),
        ({"outcome": ChangeOutcome.REFUSED, "decided": "proposer"}, "second_person"),
        ({"outcome": ChangeOutcome.CANCELLED, "decided": "second"}, "second_person"),
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(change, proposer, second, wrong, constraint):
    values = dict(wrong)
    if who := values.pop("decided", ""):
        values |= {"decided_by": {"proposer": proposer, "second": second}[who], "decided_at": AT}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProposedChange.objects.filter(pk=change.pk).update(**values)
