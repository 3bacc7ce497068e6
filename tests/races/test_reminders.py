"""Reminders sent by several processes at once, and by processes that are killed: each goes once, none is lost."""

from functools import partial

import pytest

from referrals.choices import ReminderState
from referrals.models import Referral, Reminder
from referrals.reminders import sending
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.races.processes import at_once, killed_after

pytestmark = [pytest.mark.race, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

MORNING = AT.replace(day=29, hour=8, minute=0, tzinfo=LONDON)


@pytest.fixture
def requests() -> list[Referral]:
    """Six requests that a teacher has, and two drafts of their adviser."""
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    for role in (Role.S2S_COORDINATOR, Role.S2S_TEACHER, Role.COMMISSIONER):
        person(role)
    period_with_places()
    settings = [EstablishmentFactory(zone=zone) for _ in range(6)]
    for setting in settings[:2]:
        filled_draft(setting, by=adviser, at=AT.replace(day=1))
    return [support.assigned(sent_request(setting, by=adviser, at=AT)) for setting in settings]


def send() -> int:
    """A morning's reminders, in a process of its own."""
    return sending.send(at=MORNING)


def written() -> tuple[list[str], list[str]]:
    """What the ledger and the outbox say, without the requests' own messages."""
    lines = Reminder.objects.order_by("key").values_list("key", flat=True)
    messages = Notification.objects.filter(key__startswith="remind:").order_by("key").values_list("key", flat=True)
    return list(lines), list(messages)


def test_four_scans_at_once_send_each_once(requests):
    sent = at_once([send] * 4)
    lines, messages = written()
    assert len(set(lines)) == len(lines)
    assert Reminder.objects.filter(subject__in=[one.reference for one in requests]).count() == len(requests)
    people = Reminder.objects.filter(state=ReminderState.SENT).exclude(subject__regex="^(period|everyone)")
    assert sum(sent) == people.count() == len(messages)
    assert send() == 0
    assert written() == (lines, messages)


def test_a_scan_that_is_killed_anywhere_is_gone_on_with(requests):
    """One killed after each of its statements in turn, on what the last has left, until one comes to its end."""
    number, kills = 4, 0
    while killed_after(number, partial(send)):
        kills += 1
        number += 3
    lines, messages = written()
    assert kills > 5
    assert len([key for key in lines if key.startswith("FIRST_CONTACT")]) == len(requests)
    assert len([key for key in messages if "FIRST_CONTACT" in key]) == len(requests)
    assert len([key for key in messages if "DRAFT_UNSENT" in key]) == 2
    assert send() == 0
    assert written() == (lines, messages)
