"""Thresholds: told once, the highest only, armed again when use falls back (DESIGN §7)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from quotas.actions import alerts, levers, places
from quotas.models import LedgerEntry, QuotaAlert
from quotas.queries import open_alerts
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.organisations import person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND, TERM_STARTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def quota(by):
    return quota_of(period_with_places(early_years=20, by=by), Stream.EARLY_YEARS)


def release(quota, count, by):
    live = LedgerEntry.objects.filter(quota=quota, kind="DRAWN", answered_by=None).order_by("-seq")[:count]
    with transaction.atomic():
        locked = places.locked(quota)
        for line in live:
            places.release(locked=locked, draw=line, reason="Withdrawn", by=by, at=AT)


def use(quota, count, by):
    with transaction.atomic():
        locked = places.locked(quota)
        for _ in range(count):
            places.draw(locked=locked, reference=f"EY-{locked.last.seq:04d}", by=by, at=AT)


def told():
    """The thresholds that were told, oldest first, once for each message."""
    return [int(one.context["threshold"]) for one in Notification.objects.order_by("pk")]


def open_thresholds(quota):
    return sorted(open_alerts(quota).values_list("threshold", flat=True))


def test_below_the_first_threshold_nothing_happens(quota, by):
    use(quota, 15, by)
    assert alerts.watch(quota=quota, at=AT) == 0
    assert not QuotaAlert.objects.exists()
    assert not Notification.objects.exists()


def test_a_threshold_is_told_once(quota, by):
    use(quota, 16, by)
    assert alerts.watch(quota=quota, at=AT) == 80
    assert alerts.watch(quota=quota, at=AT + timedelta(minutes=1)) == 0
    use(quota, 1, by)
    assert alerts.watch(quota=quota, at=AT + timedelta(minutes=2)) == 0
    alert = QuotaAlert.objects.get()
    assert (alert.threshold, alert.opened_at, alert.opened_seq, alert.closed_at) == (80, AT, 17, None)
    assert told() == [80]


def test_what_a_message_says(quota, by):
    use(quota, 19, by)
    alerts.watch(quota=quota, at=AT)
    message = Notification.objects.get()
    assert (message.kind, message.to_email, message.queued_at) == (Kind.QUOTA_THRESHOLD, by.email, AT)
    assert message.key == f"quota-threshold:{quota.pk}:95:20:{by.pk}"
    assert message.context == {
        "stream_label": "early years",
        "threshold": 95,
        "places_used": 19,
        "places_granted": 20,
        "places_left": 1,
        "cut_off_on": "2024-12-13",
    }


def test_a_leap_is_told_as_the_highest_threshold_only(quota, by):
    use(quota, 20, by)
    assert alerts.watch(quota=quota, at=AT) == 100
    assert told() == [100]
    assert open_thresholds(quota) == [80, 95, 100]


def test_a_fall_arms_it_again(quota, by):
    use(quota, 20, by)
    alerts.watch(quota=quota, at=AT)
    release(quota, 2, by)
    later = AT + timedelta(hours=1)
    assert alerts.watch(quota=quota, at=later) == 0
    assert open_thresholds(quota) == [80]
    assert set(QuotaAlert.objects.exclude(closed_at=None).values_list("closed_at", flat=True)) == {later}
    use(quota, 1, by)
    assert alerts.watch(quota=quota, at=later) == 95
    use(quota, 1, by)
    assert alerts.watch(quota=quota, at=later) == 100
    assert told() == [100, 95, 100]


def test_raising_arms_it_again_and_lowering_sets_it_off(quota, by):
    use(quota, 16, by)
    alerts.watch(quota=quota, at=AT)
    levers.adjust(quota=quota, places=5, reason="More", by=by, at=AT)
    alerts.watch(quota=quota, at=AT)
    assert open_thresholds(quota) == []
    levers.adjust(quota=quota, places=-10, reason="Fewer", by=by, at=AT)
    assert alerts.watch(quota=quota, at=AT) == 100
    assert Notification.objects.order_by("-pk")[0].context["places_left"] == -1


def test_a_quota_of_nothing_has_no_thresholds(quota, by):
    use(quota, 3, by)
    alerts.watch(quota=quota, at=AT)
    levers.adjust(quota=quota, places=-20, reason="None", by=by, at=AT)
    assert alerts.watch(quota=quota, at=AT) == 0
    empty = quota_of(quota.period, Stream.MAINSTREAM)
    assert alerts.watch(quota=empty, at=AT) == 0
    assert not QuotaAlert.objects.exists()


def test_commissioners_and_the_streams_advisers_are_told_once_each(quota, by):
    both = person(Role.COMMISSIONER, Role.EARLY_YEARS_ADVISER)
    adviser = person(Role.EARLY_YEARS_ADVISER)
    for role in (Role.SEND_ADVISER, Role.S2S_COORDINATOR, Role.S2S_TEACHER, Role.ADMINISTRATOR, Role.AUDITOR):
        person(role)
    person(Role.EARLY_YEARS_ADVISER, is_active=False)
    use(quota, 16, by)
    alerts.watch(quota=quota, at=AT)
    assert sorted(Notification.objects.values_list("to_email", flat=True)) == sorted(
        [by.email, both.email, adviser.email]
    )


@pytest.mark.parametrize(("at", "count"), [(TERM_STARTS, 1), (LAST_SECOND, 1), (FIRST_MOMENT_TOO_LATE, 0)])
def test_people_are_told_of_what_was_reached_while_requests_were_taken(quota, by, at, count):
    use_places(quota, 16, by=by, at=at)
    assert alerts.watch(quota=quota, at=at) == (80 if count else 0)
    assert len(told()) == count
    assert open_thresholds(quota) == [80]


def test_a_quota_that_the_last_minute_filled_is_told_days_later(quota, by):
    use_places(quota, 19, by=by)
    assert alerts.watch(quota=quota, at=AT) == 95
    use_places(quota, 1, by=by, at=LAST_SECOND)
    assert alerts.watch(quota=quota, at=LAST_SECOND + timedelta(days=6)) == 100
    assert told() == [95, 100]


def test_a_threshold_reached_after_the_cut_off_is_not_told(quota, by):
    use_places(quota, 16, by=by)
    alerts.watch(quota=quota, at=AT)
    levers.adjust(quota=quota, places=-10, reason="Fewer", by=by, at=FIRST_MOMENT_TOO_LATE)
    assert alerts.watch(quota=quota, at=FIRST_MOMENT_TOO_LATE) == 0
    assert (told(), open_thresholds(quota)) == ([80], [80, 95, 100])


def test_the_database_refuses_a_second_open_alert_and_other_thresholds(quota):
    alert = {"quota": quota, "opened_at": AT, "opened_seq": 1}
    QuotaAlert.objects.create(threshold=80, closed_at=AT, **alert)
    QuotaAlert.objects.create(threshold=80, **alert)
    with pytest.raises(IntegrityError, match="one_open|quota_id"), transaction.atomic():
        QuotaAlert.objects.create(threshold=80, **alert)
    with pytest.raises(IntegrityError, match="threshold_known"), transaction.atomic():
        QuotaAlert.objects.create(threshold=90, **alert)
