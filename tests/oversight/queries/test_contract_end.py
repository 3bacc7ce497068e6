"""What is due at a contract's end: judged as its own pages would, and once it has begun, what they say."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction

from referrals.choices import Fate, FateReason, LineState, Status
from referrals.models import Referral
from referrals.queries import contract_ends as queries
from referrals.queries.standards import standards_at
from referrals.rules.rollover import proposal
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.oversight.documents.contract_end import Outcome
from s2s_portal.oversight.queries.contract_end import contract_end_of, contract_end_requests
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.calendar import TermFactory
from tests.factories.contract_end_scene import Scene
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request, start_draft
from tests.factories.support import somebody
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def scene_of_the_module(django_db_setup, django_db_blocker):
    """The scene, set once for all tests of this module, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield scene_set()
        transaction.set_rollback(True)


@pytest.fixture
def scene(scene_of_the_module, db):
    """What a test does to its rows, no other test sees."""
    return scene_of_the_module


def scene_set():
    """One request in each open status, one more whose visit has no record, and two schools' with a visit."""
    found = Scene()
    found.visited()
    send = person(Role.SEND_ADVISER, zones=[found.zone])
    school = EstablishmentFactory(school=True, zone=found.zone)
    support.held(support.booked(sent_request(school, by=send, at=AT), teacher=person(Role.S2S_TEACHER)))
    support.assigned(sent_request(EstablishmentFactory(school=True, zone=found.zone), by=send, at=AT))
    TermFactory(name="Spring", starts_on=date(2025, 1, 6), ends_on=date(2025, 4, 4))
    TermFactory()
    return found


def own_judgement(scene, at, target):
    """The fates and reasons that the pages of a contract's end would begin with, by request."""
    source = scene.period.contract
    judging = queries.Judging(
        at=at,
        days=readings(scene.period).days,
        standards=standards_at(at),
        successor=queries.successor_of(target),
        run_off_ends_on=source.run_off_ends_on,
    )
    requests = list(queries.open_under(source))
    found = {
        pk: proposal(one, judging.successor, run_off_ends_on=source.run_off_ends_on, today=judging.today)
        for pk, one in judging.open_of(requests).items()
    }
    return {pk: (one.fate, one.reason) for pk, one in found.items()}


def counted(asked):
    """What becomes of how many requests: one by one, and as the database counts those that are alike."""
    one_by_one = Counter(Outcome(one.stream, *one[2:]) for one in asked.endings)
    return one_by_one, asked.outcomes


def judged(scene, at, **asked):
    return {one.pk: (one.fate, one.reason) for one in readings(scene.period, at=at, **asked).endings}


MOMENTS = [AT, AT + timedelta(days=3), LAST_DAY - timedelta(days=60), LAST_DAY, LAST_DAY + timedelta(days=2)]


@pytest.mark.parametrize(
    "follows",
    [
        pytest.param(None, id="nothing follows"),
        pytest.param({}, id="a successor for both streams"),
        pytest.param({"streams": (Stream.MAINSTREAM,)}, id="for one stream"),
        pytest.param({"unit": "COHORTS", "referrers": "SEND_ADVISERS"}, id="for cohorts"),
    ],
)
def test_endings_before_it_has_begun(scene, follows):
    """Exactly what `rollover_deciding.begin` would propose at each moment."""
    target = None if follows is None else ends.successor(scene.period.contract, **follows)
    for at in MOMENTS:
        assert judged(scene, at) == own_judgement(scene, at, target), at
        one_by_one, grouped = counted(readings(scene.period, at=at))
        assert grouped == one_by_one, at
    assert len(judged(scene, AT)) == Referral.objects.filter(status__in=queries.OPEN_WITH_S2S).count() == 9


def test_endings_of_one_stream(scene):
    mainstream = set(Referral.objects.filter(stream=Stream.MAINSTREAM).values_list("pk", flat=True))
    assert set(judged(scene, AT, stream=Stream.MAINSTREAM)) == mainstream
    assert len(mainstream) == 2


def test_endings_leave_other_contracts_out(scene):
    other = period_with_places(
        opens_on=date(2025, 4, 7),
        requests_close_on=date(2025, 7, 1),
        allocation_deadline_on=date(2025, 7, 8),
        delivery_ends_on=date(2025, 7, 31),
    )
    assert readings(other).endings == []
    assert len(readings(scene.period).endings) == 9


def test_contract_end_of_names_what_follows(scene):
    assert contract_end_of(readings(scene.period)).next_name == ""
    target = ends.successor(scene.period.contract)
    found = contract_end_of(readings(scene.period))
    assert (found.next_name, found.key, found.stage) == (target.name, "", "")


def test_contract_end_of_once_begun(scene):
    """The fates are those of its lines, whatever was decided about them."""
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    scene.decide(ends.line_of(rollover, scene.requests[Status.RETURNED]), Fate.CLOSE, note="Not wanted.")
    found = contract_end_of(readings(scene.period, at=LAST_DAY))
    groups = Counter()
    for group in queries.groups_of(rollover):
        groups[group.fate] += group.count
    assert found.counted(lambda one: one.fate) == groups
    assert groups[Fate.CLOSE] == 1
    assert (found.key, found.stage) == (str(rollover.key), "DECIDING")


def test_contract_end_of_beside_is_what_its_page_says(scene):
    start_draft(EstablishmentFactory(zone=scene.zone), by=scene.adviser)
    found, page = contract_end_of(readings(scene.period)), queries.beside(scene.period.contract)
    assert (found.waiting, found.lapsed, found.drafts) == (page.waiting, page.lapsed, page.drafts) == (0, 0, 1)
    assert contract_end_of(readings(scene.period, stream=Stream.MAINSTREAM)).drafts == 0


def test_contract_end_requests_are_those_counted(scene):
    ends.successor(scene.period.contract)
    asked = readings(scene.period, at=LAST_DAY)
    counted = Counter(one.fate for one in asked.endings)
    for fate in Fate:
        behind = contract_end_requests(asked, "fate", fate.lower()) or []
        assert {case.pk for case in behind} == {one.pk for one in asked.endings if one.fate == fate}
        assert len(behind) == counted[fate]
    behind = contract_end_requests(asked, "why", "record-missing")
    assert {case.pk for case in behind} == {one.pk for one in asked.endings if one.reason == FateReason.RECORD_MISSING}
    assert contract_end_requests(asked, "why", "late") is None
    assert contract_end_requests(asked, "days", "finish") is None


@pytest.mark.parametrize("stream", ["", Stream.EARLY_YEARS])
def test_contract_end_of_is_four_statements(scene, stream, django_assert_num_queries):
    """The contract, its requests, the calendar and R10's numbers, whatever the number of requests."""
    by = somebody(Role.COMMISSIONER)
    contract_end_of(readings(scene.period, by=by))  # what `by` may see is known from here on
    asked = readings(scene.period, by=by, stream=stream)
    with django_assert_num_queries(4):
        contract_end_of(asked)


def test_nobody_has_a_line_that_is_done_before_it_ran(scene):
    assert {one.state for one in readings(scene.period).endings} == {LineState.PENDING}


def test_contract_end_of_once_it_ran(scene):
    """R15's sum, to the digit, as its own page has it; and what was moved counts once."""
    rollover = scene.ran(ends.successor(scene.period.contract))
    found = contract_end_of(readings(scene.period, at=LAST_DAY))
    assert found.account == queries.account_of(rollover)
    assert found.account.moved > 0
    assert found.account.difference == 0
    moved = contract_end_requests(readings(scene.period, at=LAST_DAY), "fate", "moved")
    assert len(moved) == found.account.moved
    one_by_one, grouped = counted(readings(scene.period, at=LAST_DAY))
    assert grouped == one_by_one
