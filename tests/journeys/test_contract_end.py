"""A contract ends: looked at, decided, asked about, approved by a second person, run, killed and resumed, undone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction

from quotas.models import Contract
from referrals.choices import Fate, LineState, Status
from referrals.models import Referral, Rollover
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories import contract_ends, support
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import sent_request
from tests.journeys.scenes import an_adviser
from tests.journeys.steps import (
    PHONE,
    given_signed_in,
    given_the_clock_stands_at,
    then_page_does_not_say,
    then_page_is,
    then_page_says,
    until,
    when_choosing,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.server import ROOT, Site, database_url

MOVED = 24
BEFORE_THE_KILL = 8
ASKED = "More information is awaited: is support still wanted?"


@dataclass(frozen=True)
class Scene:
    """A contract on its last day: requests without a visit, and two about which more information is awaited."""

    adviser: User
    first: User
    second: User
    contract: Contract
    successor: Contract
    unwanted: Referral
    wanted: Referral

    @property
    def rollover(self) -> Rollover:
        """The end of the contract, as it is now."""
        return Rollover.objects.get(source=self.contract)

    @property
    def done(self) -> int:
        """How many requests have been done."""
        return self.rollover.lines.filter(state=LineState.DONE).count()


@pytest.fixture
def scene(live_site: Site) -> Scene:
    """The scene, on the morning of 31 March."""
    start = an_adviser(places_left=MOVED + 2)
    sent = [sent_request(EstablishmentFactory(zone=start.zone), by=start.adviser) for _ in range(MOVED + 2)]
    contract = start.period.contract
    successor = contract_ends.successor(contract)
    first, second = contract_ends.commissioners()
    returned = [support.in_status(one, Status.RETURNED) for one in sent[:2]]
    given_the_clock_stands_at(contract_ends.LAST_DAY)
    return Scene(start.adviser, first, second, contract, successor, *returned)


@pytest.fixture
def worker(live_site: Site) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts the background process of an installation without workers; what it has in hand is free again soon."""
    environment = {"DATABASE_URL": database_url(), "BASE_URL": live_site.url, "JOB_LEASE_SECONDS": "2"}
    command = [sys.executable, "manage.py", "run_jobs", "--every", "0.5"]
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(30)


@contextmanager
def stuck_after(scene: Scene, number: int) -> Iterator[None]:
    """Hold the request of the line after so many, so that whoever moves requests comes no further."""
    line = scene.rollover.lines.order_by("pk")[number]
    with transaction.atomic():
        Referral.objects.select_for_update().get(pk=line.referral_id)
        yield


def test_a_contract_ends_and_everything_is_accounted_for(page, live_site, another_browser, scene, worker):
    # Given a commissioner with a phone
    page.set_viewport_size({"width": PHONE, "height": 844})
    given_signed_in(page, live_site, scene.first)
    end, heading = scene.contract.name, f"End of {scene.contract.name}"

    # When they begin its end, the page says before that nothing happens, and then what was found
    when_opening(page, live_site, "/contract-ends/")
    then_page_is(page, "Contract ends")
    when_following(page, f"Begin the end of {end}")
    then_page_is(page, f"Begin the end of {end}")
    then_page_says(page, "Nothing happens to any request yet, and nobody is told.", "It has places for early years and")
    when_choosing(page, scene.successor.name)
    when_pressing(page, "Look at every open request")
    then_page_is(page, heading)
    then_page_says(
        page,
        f"{MOVED + 2} open requests = 0 to finish + {MOVED} to move + 0 to close + 2 to be asked about or decided.",
        "It cannot be proposed yet. 2 requests are still to be asked about or decided.",
        "No request waits for a place",
    )

    # And decide one by hand, and ask the adviser of the other
    when_following(page, ASKED)
    then_page_is(page, ASKED.rstrip("."))
    when_following(page, scene.unwanted.reference)
    then_page_is(page, f"{scene.unwanted.reference} at the end of the contract")
    then_page_does_not_say(page, "Wilf", "Tasburgh")
    when_choosing(page, "Close")
    when_filling(page, {"Why, or anything to add": "No answer for four months."})
    when_pressing(page, "Save this decision")
    then_page_says(page, f"Decided for {scene.unwanted.reference}: close.")
    line = scene.rollover.lines.get(referral=scene.wanted)
    when_opening(page, live_site, f"/contract-ends/{scene.rollover.key}/requests/{line.pk}/")
    when_choosing(page, "Ask the adviser")
    when_pressing(page, "Save this decision")
    then_page_says(page, f"The adviser of {scene.wanted.reference} is asked")

    # Then its adviser answers
    adviser = another_browser()
    given_signed_in(adviser, live_site, scene.adviser)
    when_opening(adviser, live_site, f"/requests/{scene.wanted.reference}/")
    then_page_is(adviser, f"Request {scene.wanted.reference}")
    when_following(adviser, "Say what is still wanted")
    then_page_is(adviser, f"What is still wanted for {scene.wanted.reference}?")
    when_choosing(adviser, "Go on under the new contract")
    when_filling(adviser, {"What the commissioner should know": "The setting asked again last week."})
    when_pressing(adviser, "Check your answer")
    then_page_is(adviser, "Check your answer")
    when_pressing(adviser, "Give this answer")
    then_page_is(adviser, f"What is still wanted for {scene.wanted.reference}?")
    then_page_says(adviser, "Your answer has been recorded.", "A second commissioner approves")

    # When it is proposed, and a second commissioner reads it again and types the contract's name
    when_opening(page, live_site, f"/contract-ends/{scene.rollover.key}/")
    when_pressing(page, "Check and propose")
    then_page_is(page, "Check before proposing")
    when_filling(page, {"Why now?": "The contract ends tonight."})
    when_pressing(page, "Propose this to a second commissioner")
    then_page_is(page, heading)
    then_page_says(page, "You proposed it, so you cannot approve it yourself")
    other = another_browser()
    given_signed_in(other, live_site, scene.second)
    when_opening(other, live_site, f"/contract-ends/{scene.rollover.key}/")
    when_following(other, "Approve or refuse it")
    then_page_is(other, "Approve or refuse it")
    then_page_says(
        other, "The contract ends tonight.", f"{MOVED + 2} open requests = 0 to finish + {MOVED + 1} to move"
    )
    when_choosing(other, "Approve: it runs now")
    when_filling(other, {"To approve, type the contract’s name": end})
    when_pressing(other, "Record this decision")
    then_page_is(other, heading)
    then_page_says(other, f"0 of {MOVED + 2} requests are done", "Update this page")

    # Then it runs, and the page says how far it is, with and without scripts; its worker is killed in the middle
    plain = another_browser(java_script_enabled=False, viewport={"width": PHONE, "height": 844})
    given_signed_in(plain, live_site, scene.first)
    with stuck_after(scene, BEFORE_THE_KILL):
        doomed = worker()
        until(lambda: scene.done == BEFORE_THE_KILL, seconds=40)
        doomed.kill()
        doomed.wait(30)
    then_page_says(other, f"{BEFORE_THE_KILL} of {MOVED + 2} requests are done")
    when_opening(plain, live_site, f"/contract-ends/{scene.rollover.key}/")
    when_following(plain, "Update this page")
    then_page_says(plain, f"{BEFORE_THE_KILL} of {MOVED + 2} requests are done", "As of 09:0")

    # When another worker starts, it goes on where it was; nothing is lost or done twice
    worker()
    when_following(other, "See the account")
    then_page_is(other, heading)
    then_page_says(other, f"{MOVED + 2} open before = 0 finishing + {MOVED + 1} moved + 1 closed. Difference 0.")
    assert Referral.objects.filter(continues__isnull=False).count() == MOVED + 1
    assert scene.rollover.lines.filter(outcome=Fate.MOVE, successor__continues__isnull=False).count() == MOVED + 1
    when_following(other, "List of requests: Moved")
    then_page_is(other, "Requests moved")
    scene.wanted.refresh_from_db()
    new = Referral.objects.get(continues=scene.wanted)
    then_page_says(other, new.reference)
    when_opening(adviser, live_site, f"/requests/{scene.wanted.reference}/")
    then_page_is(adviser, f"Request {scene.wanted.reference}")
    adviser.get_by_text("Moved: goes on as").get_by_role("link", name=new.reference).click()
    then_page_is(adviser, f"Request {new.reference}")
    then_page_says(adviser, f"Carried over from {scene.wanted.reference}")

    # And while nothing has happened to them, all of them can be moved back
    when_opening(page, live_site, f"/contract-ends/{scene.rollover.key}/")
    when_pressing(page, "Undo the moving")
    then_page_is(page, "Undo the moving?")
    when_pressing(page, "Move them all back")
    then_page_says(page, "It is being undone")
    when_following(page, "See the account")
    then_page_is(page, heading)
    then_page_says(page, f"0 finishing + 0 moved + 1 closed + {MOVED + 1} moved back. Difference 0.")
    assert Referral.objects.get(pk=scene.wanted.pk).status == Status.RETURNED


def test_visits_that_go_on_in_the_run_off(page, live_site):
    start = an_adviser()
    risky = sent_request(start.setting, by=start.adviser)
    support.assigned(risky)
    given_the_clock_stands_at(contract_ends.LAST_DAY)
    given_signed_in(page, live_site, person(Role.S2S_COORDINATOR))
    when_opening(page, live_site, "/home/")
    page.set_viewport_size({"width": 1280, "height": 900})
    when_following(page, "Contract’s end")
    when_following(page, "Run-off")
    then_page_is(page, "Run-off: visits that go on while requests are closed")
    then_page_says(page, "At risk: 1", risky.reference, "No visit is planned.")
    then_page_does_not_say(page, "Wilf", "Tasburgh")
