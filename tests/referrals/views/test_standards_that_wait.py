"""A change of R10's settings that waits for its day, as commissioners and everybody's reminders meet it."""

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from referrals import tasks
from referrals.actions.standards import set_standards, take_back
from referrals.models import Referral, ServiceStandards, StandardsTakenBack
from referrals.queries.standards import standards_at
from referrals.reminders import sending
from referrals.rules.standards import DEFAULTS
from s2s_portal.jobs.registry import Run
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PAGE = "/standards/"
DAY = date(2024, 12, 2)
MIDNIGHT = datetime(2024, 12, 2, tzinfo=LONDON)
SLOWER = replace(DEFAULTS, contact_working_days=7)
WAITS = "A change from 2 December 2024 is already waiting. Take it back first"


@pytest.fixture
def who():
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


@pytest.fixture
def viewer(who, client_for):
    return client_for(who)


def typed(day=2, month=12, seen=0, **other):
    numbers = {name: str(number) for name, number in vars(SLOWER).items()}
    day_parts = {"from_day_day": str(day), "from_day_month": str(month), "from_day_year": "2024"}
    return numbers | day_parts | {"reason": "Snow.", "seen": str(seen)} | other


def waiting(by, standards=SLOWER):
    put = {"standards": standards, "reason": "Snow.", "seen": 0, "from_day": DAY}
    return set_standards(**put, by=by, at=AT).in_force


def back_page(one):
    return reverse("referrals:standards_take_back", args=[one.number])


def test_a_day_to_come_waits_and_takes_its_place(viewer, who, client_for):
    today = re.findall(r'name="from_day_\w+"[^>]*value="(\d+)"', viewer.get(PAGE).content.decode())
    assert today == ["26", "11", "2024"]
    before = text_of(viewer.post(PAGE, typed()))
    for words in ("Set these standards from 2 December 2024?", "5 working days", "7 working days", "As now"):
        assert words in before
    assert "As things stand today, no request waits for first contact." in before
    page = text_of(viewer.post(PAGE, typed(step="confirm"), follow=True))
    for words in (
        *("These settings apply from 2 December 2024.", "In force now", "within 5 working days of the place"),
        *("In force from 2 December 2024", "within 7 working days of the place", "They wait for the beginning"),
        *("Take this change back", "Reach the school or setting: 7, was 5"),
    ):
        assert words in page
    assert "Set other standards" not in page
    with time_machine.travel(MIDNIGHT, tick=False):
        begun = text_of(client_for(who).get(PAGE))
    assert "In force since 2 December 2024" in begun
    assert "within 5 working days of the place" not in begun
    assert "Take this change back" not in begun
    assert "Set other standards" in begun


def test_what_is_past_is_refused_and_nothing_typed_is_lost(viewer):
    page = text_of(viewer.post(PAGE, typed(day=25, month=11)))
    assert "The day must be today or later" in page
    assert "Snow." in page
    assert not ServiceStandards.objects.exists()


def test_a_page_from_before_the_change_is_told_and_then_refused(viewer):
    one = waiting(person(Role.COMMISSIONER, full_name="Ida Mautby"), replace(DEFAULTS, review_weeks=8))
    moved = text_of(viewer.post(PAGE, typed(day=26, month=11)))
    assert "Ida Mautby has set other settings from 2 December 2024 while you were writing" in moved
    assert "Snow." in moved
    assert WAITS in text_of(viewer.post(PAGE, typed(seen=one.number)))
    take_back(number=one.number, reason="No.", by=one.row.set_by, at=AT)
    gone = text_of(viewer.post(PAGE, typed(seen=one.number)))
    assert "The change that was waiting has been taken back while you were writing" in gone
    assert "apply from 2 December 2024" in text_of(viewer.post(PAGE, typed(step="confirm"), follow=True))
    assert standards_at(MIDNIGHT) == SLOWER


def test_it_is_taken_back_with_a_reason(viewer, who):
    one = waiting(who)
    page = back_page(one)
    assert "Take back the change from 2 December 2024" in text_of(viewer.get(page))
    assert "Enter the reason" in text_of(viewer.post(page, {"reason": ""}))
    before = text_of(viewer.post(page, {"reason": "Too soon."}))
    for words in ("Take back the change from 2 December 2024?", "7 working days", "What it changes", "Too soon."):
        assert words in before
    assert standards_at(MIDNIGHT) == SLOWER
    again = text_of(viewer.post(page, {"reason": "Too soon.", "step": "ask"}))
    assert "Too soon." in again
    assert "What it changes" not in again
    after = text_of(viewer.post(page, {"reason": "Too soon.", "step": "confirm"}, follow=True))
    assert "The change from 2 December 2024 has been taken back." in after
    assert "Taken back by Merle Ketteringham on 26 November 2024, 09:30: Too soon." in after
    assert "Set other standards" in after
    assert standards_at(MIDNIGHT) == DEFAULTS


def test_too_late_to_take_back(viewer, who, client_for):
    one = waiting(who)
    with time_machine.travel(MIDNIGHT, tick=False):
        later = client_for(who)
        assert "These settings are in force already" in text_of(later.get(back_page(one)))
        late = text_of(later.post(back_page(one), {"reason": "Too soon."}))
    assert "These settings are in force already. Set other ones instead" in late
    assert "Too soon." in late
    assert not StandardsTakenBack.objects.exists()
    take_back(number=one.number, reason="No.", by=who, at=AT)
    assert "Merle Ketteringham has taken this change back already" in text_of(viewer.get(back_page(one)))


def test_no_such_change(viewer):
    for number in (1, 10**30):
        assert viewer.get(f"{PAGE}{number}/take-back/").status_code == 404


def test_the_list_of_levers_says_what_waits(viewer, who):
    one = waiting(who)
    page = text_of(viewer.get(reverse("referrals:lever_list")))
    assert "Contact in 5 working days" in page
    assert "A change from 2 December 2024 is waiting" in page
    take_back(number=one.number, reason="No.", by=who, at=AT)
    assert "is waiting" not in text_of(viewer.get(reverse("referrals:lever_list")))


@pytest.mark.parametrize("times", [1, 3])
def test_what_was_taken_back_costs_the_same_however_often(viewer, who, times, django_assert_num_queries):
    for number in range(times):
        one = waiting(who, replace(DEFAULTS, contact_working_days=6 + number))
        take_back(number=one.number, reason="No.", by=who, at=AT)
    waiting(who)
    with django_assert_num_queries(7):
        viewer.get(PAGE)


def test_on_its_day_every_request_is_looked_at_again_and_on_no_other(shared_council, who):
    """The reminder of an unreached setting moves from the old standard's day to the new one's."""
    one = support.assigned(shared_council.early_years)
    waiting(who)
    Referral.objects.filter(pk=one.pk).update(remind_at=MIDNIGHT.replace(day=20))
    for at in (MIDNIGHT.replace(day=1, minute=15), MIDNIGHT.replace(day=3, minute=15)):
        assert tasks.look_again(Run(at=at)) == ""
    one.refresh_from_db()
    assert one.remind_at == MIDNIGHT.replace(day=20)
    night = MIDNIGHT.replace(minute=15)
    assert tasks.look_again(Run(at=night)).endswith("to look at again")
    one.refresh_from_db()
    assert one.remind_at == night
    sending.send(at=MIDNIGHT.replace(hour=8))
    one.refresh_from_db()
    assert one.remind_at > night


def test_what_was_taken_back_has_nothing_looked_at(shared_council, who):
    support.assigned(shared_council.early_years)
    take_back(number=waiting(who).number, reason="No.", by=who, at=AT)
    assert tasks.look_again(Run(at=MIDNIGHT.replace(minute=15))) == ""
