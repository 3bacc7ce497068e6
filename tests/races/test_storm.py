"""Five thousand mixed operations from eight processes: no deadlock, no lock waited for in vain, every place exact.

5,000 on PostgreSQL, where transactions run side by side; 1,600 on SQLite, which lets one write at a time and so can
only be late, not locked in a circle.
"""

from collections import Counter
from functools import partial

import pytest
from django.db import connection

from quotas.models import Quota
from quotas.queries import places_left
from referrals.actions import waiting
from referrals.queries.waiting import how_many_wait
from s2s_portal.organisations.models import User
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once
from tests.races.reckoning import check_exact, check_moves, check_steps
from tests.races.storm import WEIGHTS, gathered, weather

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES = 8
OPERATIONS = {"postgresql": 5_000, "sqlite": 1_600}


def deadlocks() -> int:
    """How many deadlocks the database server has broken in this database so far."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def check_it_was_a_storm(seen: Counter[str]) -> None:
    """Everything happened, in every way that matters: a storm in which all is refused would prove nothing."""
    assert {what.partition(":")[0] for what in seen} == {one.__name__ for one in WEIGHTS}
    for what in (
        *("submit_early_years: SUBMITTED", "submit_early_years: refused", "submit_mainstream: refused"),
        *("join: WAITING", "withdraw: 1", "withdraw: 0", "submit_mainstream: SUBMITTED"),
        *("send_cohort: changed", "send_cohort: now", "send_cohort: later", "send_cohort: again"),
        *("fill: gave some", "give: given", "lapse: 0"),
        *("raise_or_lower: raised", "raise_or_lower: lowered", "decide: APPROVED"),
    ):
        assert seen[what], f"{what} never happened in {seen}"


def test_a_storm_of_mixed_operations():
    total = OPERATIONS[connection.vendor]
    material = gathered(drafts=total // 5, cohorts=total // 20)
    before = deadlocks()
    reports = at_once([partial(weather, seed, PROCESSES, total // PROCESSES, material) for seed in range(PROCESSES)])

    failures = [failure for report in reports for failure in report.failures]
    assert failures == [], f"{len(failures)} failures, such as\n{failures[0]}"
    assert deadlocks() == before
    seen = sum((report.seen for report in reports), Counter())
    assert sum(seen.values()) == total // PROCESSES * PROCESSES
    check_it_was_a_storm(seen)
    quotas = list(Quota.objects.select_related("period__contract").order_by("pk"))
    for quota in quotas:
        waiting.fill(quota=quota, by=User.objects.get(pk=material.portal), at=AT)
        assert places_left(quota) <= 0 or not how_many_wait(quota)
    check_exact(*quotas)
    check_steps()
    check_moves()
