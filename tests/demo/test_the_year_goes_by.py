"""The demo's practice date goes by day by day to the contract's end (issue of reminders, deadlines and rollover).

One test, because the days depend on each other: 26 November, the cut-off, the allocation deadline, and the last day.
"""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from quotas import queries as quota_queries
from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Quota
from referrals.actions import rollover_approving, rollover_deciding
from referrals.choices import Fate, Plan, RolloverStage, Status
from referrals.models import Cohort, Referral, Reminder, Rollover
from referrals.queries import contract_ends
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.core import clock
from s2s_portal.core.calendar import LONDON
from s2s_portal.demo.actions import cohorts
from s2s_portal.demo.actions.successor import CONTRACT as SUCCESSOR
from s2s_portal.demo.documents.cohorts import READY
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.tick import tick
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from tests.factories.contract_ends import commissioners, key_of

#: Once is enough, on the database that the demo itself lives in: these are a hundred and twenty-five days.
pytestmark = [pytest.mark.sqlite, pytest.mark.own_database, pytest.mark.django_db]
DAY = timedelta(days=1)
CUT_OFF, DEADLINE, LAST_DAY = date(2024, 12, 13), date(2024, 12, 20), date(2025, 3, 31)


def in_the_evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, 0, tzinfo=LONDON)


def pass_days_until(day: date) -> None:
    """Move the practice date day by day and let the background work catch up on each."""
    today = clock.now().astimezone(LONDON).date()
    while today < day:
        today += DAY
        clock.move_to(moment=in_the_evening(today))
        catch_up()


def catch_up() -> None:
    """Ticks until nothing waits: what one round writes, the next may do."""
    for _ in range(50):
        outcome = tick(jobs(), seconds=None, between_slots=True)
        assert not outcome.failed, outcome.failed
        if not JobRequest.objects.filter(done_at=None).exists():
            return
    raise AssertionError("The background work never came to an end.")


def told(kind: Kind) -> int:
    return Notification.objects.filter(kind=kind).count()


def test_the_year_goes_by(demo):
    contract = contract_ends.contracts().get(ends_on=LAST_DAY)
    _send_the_cohort_that_is_ready()
    pass_days_until(CUT_OFF)
    assert told(Kind.CUT_OFF_PASSED) == 0
    pass_days_until(CUT_OFF + DAY)
    assert told(Kind.CUT_OFF_PASSED) > 0
    waited = Referral.objects.filter(status=Status.WAITING, period__contract=contract).count()
    pass_days_until(DEADLINE)
    assert Referral.objects.filter(status=Status.LAPSED, period__contract=contract).count() == 0
    pass_days_until(DEADLINE + DAY)
    lapsed = Referral.objects.filter(status=Status.LAPSED, period__contract=contract).count()
    assert lapsed == waited == 1
    assert not Referral.objects.filter(status=Status.WAITING, period__contract=contract).exists()
    clock.move_to(moment=in_the_evening(LAST_DAY))  # at once: the days between are run in order all the same
    catch_up()
    kinds = set(Reminder.objects.values_list("kind", flat=True))
    assert {"NOT_ASSIGNED", "FIRST_CONTACT", "VISIT_AHEAD", "DRAFT_UNSENT", "CONTRACT_END"} <= kinds
    _slots_ran_once_each_day()
    rollover = Rollover.objects.get(source=contract)
    assert (rollover.stage, rollover.target.name) == (RolloverStage.DECIDING, SUCCESSOR)
    _end(rollover)
    assert Referral.objects.filter(status=Status.TRANSFERRED, period__contract=contract).exists()
    for quota in Quota.objects.all():
        assert quota_queries.balance_of(quota).left == quota_queries.places_left(quota)


def _send_the_cohort_that_is_ready() -> None:
    """Seven schools for six places: the last one waits, for a place that nobody gives back."""
    cohort = Cohort.objects.get(title=READY.title)
    plans = [*[Plan.NOW] * 6, Plan.WAIT]
    sent = cohorts.send(cohort, plans, by=cohort.started_by, at=clock.now())
    assert [one.status for one in sent] == [Status.SUBMITTED] * 6 + [Status.WAITING]


def _slots_ran_once_each_day() -> None:
    """Every daily job ran once for each day since the demo began, whatever the days were."""
    daily = JobRun.objects.filter(job="send_reminders", done_at__isnull=False).order_by("slot")
    days = [slot.astimezone(LONDON).date() for slot in daily.values_list("slot", flat=True)]
    assert len(days) == len(set(days)) == (LAST_DAY - days[0]).days + 1


def _end(rollover: Rollover) -> None:
    """Two commissioners decide the exceptions, approve, and the portal carries it out: the account comes out right."""
    one, other = commissioners()
    at = clock.now()
    before = contract_ends.open_under(rollover.source).count()
    fates = Counter(rollover.lines.values_list("fate", flat=True))
    assert fates[Fate.MOVE] > 0  # cohorts go on
    assert fates[Fate.ASK] > 0  # single requests are asked about
    for group in contract_ends.groups_of(rollover):
        if group.fate == Fate.ASK:
            rollover_deciding.decide_group(
                rollover=rollover, reason=group.reason, fate=Fate.FINISH, note="", by=one, at=at
            )
    assert not rollover_approving.propose(rollover=rollover, reason="It ends.", by=one, at=at).refusal
    outcome = rollover_approving.approve(
        rollover=rollover, change=key_of(rollover), typed=rollover.source.name, by=other, at=at
    )
    assert not outcome.refusal, outcome.refusal
    catch_up()
    done = Rollover.objects.get(pk=rollover.pk)
    account = contract_ends.account_of(done)
    assert (done.stage, account.open_before, account.difference) == (RolloverStage.DONE, before, 0)
    still_open = Referral.objects.filter(period__contract=rollover.source, status__in=OPEN_WITH_S2S).count()
    assert still_open == account.finishing
    carried = LedgerEntry.objects.filter(kind=EntryKind.CARRIED, quota__period__contract=rollover.target)
    assert carried.count() == account.moved == Referral.objects.filter(continues__isnull=False).count()
