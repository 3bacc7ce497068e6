"""What a contract never takes, whatever its dates and places: every unit, referrer, stream and way of asking."""

import pytest

from quotas.choices import Referrers, Unit
from referrals.choices import RefusalRule
from referrals.rules.lifecycle import MAY_JOIN, not_taken
from s2s_portal.organisations.choices import Stream

TABLE = [
    (Unit.REQUESTS, Referrers.ADVISERS, Stream.EARLY_YEARS, False, None),
    (Unit.REQUESTS, Referrers.ADVISERS, Stream.MAINSTREAM, False, None),
    (Unit.REQUESTS, Referrers.ADVISERS, Stream.MAINSTREAM, True, None),
    (Unit.REQUESTS, Referrers.SEND_ADVISERS, Stream.EARLY_YEARS, False, RefusalRule.OTHER_REFERRERS),
    (Unit.REQUESTS, Referrers.SEND_ADVISERS, Stream.MAINSTREAM, False, None),
    (Unit.REQUESTS, Referrers.SEND_ADVISERS, Stream.MAINSTREAM, True, None),
    (Unit.COHORTS, Referrers.ADVISERS, Stream.EARLY_YEARS, False, RefusalRule.OTHER_REFERRERS),
    (Unit.COHORTS, Referrers.ADVISERS, Stream.MAINSTREAM, False, RefusalRule.COHORTS_ONLY),
    (Unit.COHORTS, Referrers.ADVISERS, Stream.MAINSTREAM, True, None),
    (Unit.COHORTS, Referrers.SEND_ADVISERS, Stream.EARLY_YEARS, False, RefusalRule.OTHER_REFERRERS),
    (Unit.COHORTS, Referrers.SEND_ADVISERS, Stream.MAINSTREAM, False, RefusalRule.COHORTS_ONLY),
    (Unit.COHORTS, Referrers.SEND_ADVISERS, Stream.MAINSTREAM, True, None),
]


@pytest.mark.parametrize(("unit", "referrers", "stream", "in_cohort", "rule"), TABLE)
def test_not_taken(unit, referrers, stream, in_cohort, rule):
    assert not_taken(unit=unit, referrers=referrers, stream=stream, in_cohort=in_cohort) == rule
    assert rule not in MAY_JOIN
