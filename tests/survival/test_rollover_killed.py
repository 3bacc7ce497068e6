"""Workers killed again and again while requests are moved at a contract's end, and while they are moved back."""

from collections import Counter

import pytest

from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Quota
from referrals.actions import rollover_deciding, rollover_undoing
from referrals.choices import EventKind, Fate, FateReason, LineState, RolloverStage, Status
from referrals.models import Referral, ReferralEvent, Rollover
from referrals.queries import contract_ends
from s2s_portal.organisations.choices import Role, Stream
from tests.factories import contract_ends as ends
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.survival.company import Company, asked_for
from tests.survival.interrupted import killed_again_and_again
from tests.survival.outbox import check_nothing_lost, waiting

pytestmark = pytest.mark.django_db(transaction=True)

REQUESTS, CLOSED = 40, 4
KILLS = 6


@pytest.fixture
def rollover(practice_date) -> Rollover:
    """The end of a contract with forty open requests, approved; four of them are to close, the others to move."""
    practice_date(LAST_DAY)
    zone = ZoneFactory()
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    period = period_with_places()
    for _ in range(REQUESTS):
        sent_request(EstablishmentFactory(zone=zone), by=adviser)
    begun = ends.begun(period, ends.successor(period.contract))
    for line in begun.lines.select_related("rollover__source", "rollover__target").order_by("pk")[:CLOSED]:
        rollover_deciding.decide(line=line, fate=Fate.CLOSE, note="", by=ends.commissioners()[0], at=LAST_DAY)
    assert set(begun.lines.values_list("reason", flat=True)) == {FateReason.NO_VISIT_YET}
    return ends.approved(begun)


def moved() -> int:
    """How many requests have been moved so far."""
    return Referral.objects.filter(status=Status.TRANSFERRED).count()


def through(stage: RolloverStage) -> bool:
    """Whether the portal has written down that it is done, nothing is asked for and every message has gone."""
    return Rollover.objects.get().stage == stage and not asked_for() and not waiting()


def check(rollover: Rollover, *, back: bool) -> None:
    """Each request is in one place and has been told once; ledgers and history agree."""
    account = contract_ends.account_of(rollover)
    gone = REQUESTS - CLOSED
    assert (account.open_before, account.closed, account.difference, account.to_do) == (REQUESTS, CLOSED, 0, 0)
    assert (account.moved, account.undone) == ((0, gone) if back else (gone, 0))
    carried = LedgerEntry.objects.filter(kind=EntryKind.CARRIED)
    assert sorted(carried.values_list("reference", flat=True)) == sorted(
        Referral.objects.filter(continues__isnull=False).values_list("reference", flat=True)
    )
    assert carried.count() == gone
    for quota in Quota.objects.all():
        lines = list(quota.entries.order_by("seq").values_list("seq", "places", "left_after"))
        assert [seq for seq, _, _ in lines] == list(range(1, len(lines) + 1))
        assert lines[-1][2] == sum(places for _, places, _ in lines)
    target = Quota.objects.get(period__contract=rollover.target, stream=Stream.EARLY_YEARS)
    assert target.entries.order_by("-seq").first().left_after == 10
    kinds = Counter(ReferralEvent.objects.values_list("kind", flat=True))
    assert kinds[EventKind.TRANSFERRED] == kinds[EventKind.CARRIED_OVER] == gone
    assert kinds[EventKind.MOVED_BACK] == kinds[EventKind.CARRY_UNDONE] == (gone if back else 0)
    assert kinds[EventKind.CLOSED] == CLOSED


@pytest.mark.sqlite
def test_killed_in_the_middle_of_a_rollover_and_of_its_undoing(rollover, server, tmp_path):
    with Company(tmp_path, EMAIL_URL=server.url) as company:
        kills = killed_again_and_again(company, progress=moved, ended=lambda: through(RolloverStage.DONE), most=KILLS)
        check(rollover, back=False)
        outcome = rollover_undoing.undo(rollover=rollover, by=ends.commissioners()[0], at=LAST_DAY)
        assert outcome.refusal == ""
        undone = rollover.lines.filter(state=LineState.UNDONE)
        kills += killed_again_and_again(
            company, progress=undone.count, ended=lambda: through(RolloverStage.UNDONE), most=KILLS
        )
    assert kills > KILLS  # it was worth the name
    check(rollover, back=True)
    assert Referral.objects.filter(status=Status.SUBMITTED).count() == REQUESTS - CLOSED
    check_nothing_lost(server.ids())
