"""Drafts that nobody touches: announced twice, deleted with an audit row, and kept as long as they may be sent."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from referrals import tasks
from referrals.actions import drafts, purging
from referrals.choices import Section
from referrals.models import DraftReferral
from referrals.queries.purging import deletion_days
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places
from tests.factories.referrals import start_draft
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MORNING = FIRST_MOMENT_TOO_LATE.replace(hour=7, minute=40)


@pytest.fixture
def giver():
    return commissioner()


@pytest.fixture
def adviser(giver):
    period_with_places(by=giver)
    return person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])


@pytest.fixture
def draft(adviser):
    return start_draft(EstablishmentFactory(zone=adviser.memberships.get().zones.get()), by=adviser)


def days(number, *, first=0):
    """Run the job on each of these mornings from the day after the cut-off; what it said, by day, where it did."""
    said = {}
    for day in range(first, number):
        at = MORNING + timedelta(days=day)
        line = tasks.purge_drafts(Run(at=at))
        if line:
            said[london_date(at)] = line
    return said


def test_a_draft_is_announced_twice_and_then_deleted(draft, adviser):
    said = days(40)
    assert list(said.values()) == ["1 announced, 0 deleted", "1 announced, 0 deleted", "0 announced, 1 deleted"]
    *_told, gone = said
    assert gone == date(2025, 1, 10)
    assert not DraftReferral.objects.exists()
    messages = Notification.objects.filter(kind=Kind.DRAFT_PURGE_NEAR)
    assert {one.context["deleted_on"] for one in messages} == {"2025-01-10"}
    assert {one.to_email for one in messages} == {adviser.email}
    assert messages.count() == 2
    row = AuditEvent.objects.get(what="deleted an untouched draft")
    assert row.reference == draft.audit_reference


def test_saving_it_keeps_it_and_it_is_announced_anew(draft, adviser):
    said = days(27)
    assert len(said) == 2
    saved_at = MORNING + timedelta(days=26)
    drafts.save_section(
        draft=draft, section=Section.TRIED, answers={"strategies_tried": "x"}, version=0, by=adviser, at=saved_at
    )
    again = days(70, first=27)
    assert list(again.values()) == ["1 announced, 0 deleted", "1 announced, 0 deleted", "0 announced, 1 deleted"]
    assert max(again) == london_date(saved_at) + timedelta(days=28)
    assert Notification.objects.filter(kind=Kind.DRAFT_PURGE_NEAR).count() == 4


def next_period(giver, opens_on):
    closes = opens_on + timedelta(days=60)
    period_with_places(
        by=giver,
        opens_on=opens_on,
        requests_close_on=closes,
        allocation_deadline_on=closes + timedelta(days=7),
        delivery_ends_on=closes + timedelta(days=90),
    )


def test_it_is_kept_while_a_next_period_takes_requests_or_soon_will(draft, giver):
    next_period(giver, date(2025, 1, 6))
    assert days(80) == {}
    assert DraftReferral.objects.exists()
    said = days(130, first=80)
    assert max(said) == date(2025, 1, 6) + timedelta(days=60 + 28)
    assert Notification.objects.filter(kind=Kind.DRAFT_PURGE_NEAR).count() == 2


def test_it_is_announced_anew_where_a_period_came_between(draft, giver):
    assert len(days(27)) == 2
    next_period(giver, date(2025, 1, 10))
    assert days(80, first=27) == {}
    assert len(days(130, first=80)) == 3
    assert Notification.objects.filter(kind=Kind.DRAFT_PURGE_NEAR).count() == 4


@pytest.mark.usefixtures("draft")
def test_a_period_far_ahead_does_not_keep_it(giver):
    next_period(giver, date(2025, 9, 1))
    assert len(days(40)) == 3


def test_where_no_period_was_ever_entered_nothing_is_deleted():
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
    start_draft(EstablishmentFactory(zone=adviser.memberships.get().zones.get()), by=adviser)
    assert days(40) == {}


def test_only_the_portal_deletes_what_nobody_touches(giver):
    with pytest.raises(NotAllowed):
        purging.purge(by=giver, at=MORNING)


def test_it_may_be_stopped_and_goes_on_the_next_time(draft, adviser):
    start_draft(EstablishmentFactory(zone=adviser.memberships.get().zones.get()), by=adviser)
    at = MORNING + timedelta(days=20)
    assert tasks.purge_drafts(Run(at=at, stopping=lambda: True)) == ""
    asked = iter([False, True])
    assert tasks.purge_drafts(Run(at=at, stopping=lambda: next(asked))) == "1 announced, 0 deleted"
    assert tasks.purge_drafts(Run(at=at)) == "1 announced, 0 deleted"
    assert tasks.purge_drafts(Run(at=at)) == ""


def test_the_day_is_known_to_the_pages(draft):
    assert deletion_days([draft], date(2024, 12, 13)) == {}
    assert deletion_days([draft], date(2024, 12, 14)) == {draft.pk: date(2025, 1, 10)}


def test_the_drafts_pages_say_when_it_goes(draft, adviser, client):
    pages = [reverse("referrals:draft_list"), reverse("referrals:draft_detail", args=[draft.key])]
    for moment, shown in ((LAST_SECOND, False), (MORNING, True)):
        with time_machine.travel(moment, tick=False):
            client.force_login(adviser)
            for page in pages:
                assert ("deleted on 10 January 2025" in client.get(page).content.decode()) is shown


def test_a_draft_that_went_in_the_meantime_is_passed_over(draft):
    """It was sent, or deleted by hand, after the job had looked which there are."""

    def stopping():
        DraftReferral.objects.filter(pk=draft.pk).delete()
        return False

    at = MORNING + timedelta(days=60)
    done = purging.purge(by=ensure_system_user(), at=at, stopping=stopping)
    assert (done.announced, done.deleted) == (0, 0)
    assert not DraftReferral.objects.exists()


def test_a_draft_that_was_saved_in_the_meantime_is_left_alone(draft):
    at = MORNING + timedelta(days=60)

    def stopping():
        DraftReferral.objects.filter(pk=draft.pk).update(changed_at=at)
        return False

    done = purging.purge(by=ensure_system_user(), at=at, stopping=stopping)
    assert (done.announced, done.deleted) == (0, 0)
    assert DraftReferral.objects.get() == draft
