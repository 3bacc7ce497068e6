"""The job that watches quotas: found by the registry, quiet when there is nothing to tell."""

from datetime import date

import pytest

from quotas.tasks import watch_quotas, watch_quotas_daily
from s2s_portal.jobs.registry import Run, jobs
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Stream
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LAST_SECOND

pytestmark = pytest.mark.django_db


def test_the_job_is_declared():
    assert {"watch_quotas", "watch_quotas_daily"} <= {one.name for one in jobs()}


def test_the_end_of_each_day_is_looked_at_also_where_the_practice_date_passes_it_over():
    by = commissioner()
    use_places(quota_of(period_with_places(mainstream=10, by=by), Stream.MAINSTREAM), 10, by=by)
    assert watch_quotas_daily(Run(at=LAST_SECOND)).endswith(": 100 %")


def test_it_watches_every_quota_of_the_period_that_counts_and_no_other():
    by = commissioner()
    later = {"opens_on": date(2025, 4, 7), "requests_close_on": date(2025, 5, 1)}
    later |= {"allocation_deadline_on": date(2025, 6, 1), "delivery_ends_on": date(2025, 7, 1)}
    use_places(quota_of(period_with_places(early_years=10, mainstream=10, by=by), Stream.MAINSTREAM), 10, by=by)
    assert watch_quotas(Run(at=AT)).endswith(": 100 %")
    assert watch_quotas(Run(at=AT)) == ""
    period_with_places(early_years=1, by=by, **later)
    assert watch_quotas(Run(at=AT)) == ""
    assert Notification.objects.count() == 1


def test_without_a_period_there_is_nothing_to_watch():
    assert watch_quotas(Run(at=AT)) == ""
