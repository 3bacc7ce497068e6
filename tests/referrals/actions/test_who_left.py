"""Somebody has left the portal: who is told of what was theirs, and who is asked about it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from referrals.actions import purging, rollover_asking, rollover_deciding
from referrals.actions.rollover_asking import Asked
from referrals.choices import FateReason, Status
from referrals.models import DraftReferral
from s2s_portal.core import calendar
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership
from tests.factories import contract_ends as ends
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import DATES
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def left(scene):
    """The adviser of every request of the scene, who has left."""
    scene.adviser.is_active = False
    scene.adviser.save()
    return scene.adviser


def colleagues(scene):
    """Two who file for its zone now, and three who do not: another stream, another zone, gone themselves."""
    person(Role.SEND_ADVISER, zones=[scene.zone])
    person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
    person(Role.EARLY_YEARS_ADVISER, zones=[scene.zone], is_active=False)
    return {person(Role.EARLY_YEARS_ADVISER, zones=[scene.zone]).email for _ in range(2)}


def messages(kind):
    return {(one.to_email, one.context["instead_of"]) for one in Notification.objects.filter(kind=kind)}


def test_the_advisers_of_the_zone_are_asked_for_one_who_left(scene, left):
    emails = colleagues(scene)
    rollover = ends.begun(scene.period, None)
    asked = rollover_asking.ask_group(rollover=rollover, reason=FateReason.NO_SUCCESSOR, by=scene.one, at=LAST_DAY)
    assert asked == Asked(asked=3, nobody=0)
    assert messages(Kind.CONTRACT_END_QUESTION) == {(email, left.full_name) for email in emails}
    assert Notification.objects.filter(kind=Kind.CONTRACT_END_QUESTION).count() == 6
    assert deliver_waiting().failed == 0


def test_where_nobody_is_left_the_commissioner_hears_that_nobody_was_asked(scene, left):
    rollover = ends.begun(scene.period, None)
    given = {"rollover": rollover, "reason": FateReason.NO_SUCCESSOR, "by": scene.one, "at": LAST_DAY}
    assert rollover_asking.ask_group(**given) == Asked(asked=0, nobody=3)
    line = ends.line_of(rollover, scene.of(Status.SUBMITTED))
    decided = rollover_deciding.ask(line=line, by=scene.one, at=LAST_DAY)
    assert decided.refusal == rollover_deciding.NOBODY
    line.refresh_from_db()
    assert line.asked_at is None
    assert not messages(Kind.CONTRACT_END_QUESTION)
    emails = colleagues(scene)
    assert rollover_asking.ask_group(**given).asked == 3  # on the same day: nobody was asked before
    assert {email for email, _ in messages(Kind.CONTRACT_END_QUESTION)} == emails


def test_who_files_for_another_zone_now_is_not_asked_about_what_they_cannot_open(scene):
    emails = colleagues(scene)
    Membership.objects.get(user=scene.adviser).zones.set([ZoneFactory()])
    rollover = ends.begun(scene.period, None)
    line = ends.line_of(rollover, scene.of(Status.SUBMITTED))
    assert not rollover_deciding.ask(line=line, by=scene.one, at=LAST_DAY).refusal
    assert messages(Kind.CONTRACT_END_QUESTION) == {(email, scene.adviser.full_name) for email in emails}


@pytest.fixture
def draft(scene):
    return filled_draft(EstablishmentFactory(zone=scene.zone), by=scene.adviser, at=AT)


def purged(scene):
    """The mornings after the cut-off, until it is gone."""
    closed = calendar.starts_at(DATES["requests_close_on"])
    for day in range(1, 60):
        purging.purge(by=scene.portal, at=closed + day * DAY)
    assert not DraftReferral.objects.exists()


@pytest.mark.usefixtures("draft")
def test_a_draft_of_one_who_left_is_announced_to_the_advisers_of_the_zone(scene, left):
    emails = colleagues(scene)
    purged(scene)
    assert messages(Kind.DRAFT_PURGE_NEAR) == {(email, left.full_name) for email in emails}
    assert Notification.objects.filter(kind=Kind.DRAFT_PURGE_NEAR).count() == 4


@pytest.mark.usefixtures("draft", "left")
def test_a_draft_that_nobody_can_open_is_announced_to_the_commissioners(scene, mailoutbox):
    purged(scene)
    assert {email for email, _ in messages(Kind.DRAFT_PURGE_NEAR)} == {scene.one.email, scene.other.email}
    deliver_waiting(limit=1000)
    told = [one.body for one in mailoutbox if "nobody can open it" in one.body]
    assert len(told) == 4
    assert "Open the draft" not in told[0]


@pytest.mark.usefixtures("draft")
def test_a_draft_of_somebody_who_is_here_is_announced_to_them_alone(scene):
    colleagues(scene)
    purged(scene)
    assert messages(Kind.DRAFT_PURGE_NEAR) == {(scene.adviser.email, "")}


@pytest.mark.usefixtures("left")
def test_the_page_says_for_how_many_nobody_can_be_asked(scene):
    rollover = ends.begun(scene.period, None)
    group = reverse("referrals:contract_end_group", args=[rollover.key, FateReason.NO_SUCCESSOR.value])
    with time_machine.travel(LAST_DAY, tick=False):
        answer = signed_in(scene.one).post(group, {"fate": "ASK"}, follow=True)
    assert "Nobody can be asked about 3 requests" in text_of(answer)
    assert "The advisers of 0 requests are asked" in text_of(answer)
