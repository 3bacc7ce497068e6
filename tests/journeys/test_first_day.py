"""A council's first day: from an empty database to the first request, in the browser alone but for one command."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from os import environ
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from s2s_portal.core import clock
from s2s_portal.core.calendar import academic_year, london_date
from s2s_portal.core.references import PATTERN
from tests.journeys import sections
from tests.journeys.steps import (
    then_heading_is,
    then_page_is,
    then_page_is_accessible,
    then_page_says,
    until,
    when_choosing,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.organisations.importers import files
from tests.real_time import MIDNIGHT, wait_until_none_is_near
from tests.server import ROOT, Site, background_process, collect_static, database_url
from tests.test_architecture import our_models

PASSWORD = "quiet-reeds-at-low-water"
BOSS, BOSS_NAME = "gerda.tills@council.invalid", "Gerda Tills"
LINK = re.compile(r"http://\S+/link/\S+")
ZONES = ("Reedham Reach", "Saltings")
_SPECIAL = {"EstablishmentName": "Alder Carr School", "TypeOfEstablishment (name)": "Community special school"}
REGISTERS = {
    "edubasealldata.csv": files.gias_text(
        [
            files.school(),
            files.school(URN="900002", Postcode="NR30 1ZZ", EstablishmentName="Harnser Primary School"),
            files.school(URN="900003", **_SPECIAL),
        ]
    ),
    "childcare_providers.csv": files.ofsted_text(
        [
            files.setting(**{"Provider name": "Bulrush Nursery"}),
            files.setting(**{"Provider URN": "EY900002", "Provider name": "Marram Pre-school", "Postcode": "NR30 1ZY"}),
        ]
    ),
}
TERMS = {
    "Autumn": (lambda year: date(year, 9, 3), lambda year: date(year, 12, 19)),
    "Spring": (lambda year: date(year + 1, 1, 5), lambda year: date(year + 1, 4, 1)),
    "Summer": (lambda year: date(year + 1, 4, 16), lambda year: date(year + 1, 7, 21)),
}
"""The first and last day of each term of the academic year that begins in a year."""
WORK = 60_000
"""Milliseconds that background work may take on a busy machine."""
LISTS = (
    (
        "Types of need",
        "Add a type of need",
        {"Code": "SLCN", "What is it called?": "Speech, language and communication needs"},
    ),
    (
        "Sections of INDES",
        "Add a section of INDES",
        {
            "Version of INDES": "2026",
            "Number of the section": "1",
            "What is it called?": "Communication",
            "Highest level of its scale": "5",
        },
    ),
)
ADVISER, BUYER = "Sorrel Khan", "Helen Denny"
PEOPLE = {
    "Early Years Adviser": ADVISER,
    "SEND Adviser": "Bryony Catton",
    "S2S co-ordinator": "Maud Hickling",
    "S2S teacher": "Edda Rushmere",
    "Commissioner": BUYER,
}
ZONED = ("Early Years Adviser", "SEND Adviser")
SECTIONS = {
    "Needs": sections.answer_needs,
    "What has been tried": sections.answer_tried,
    "Support wanted and goals": sections.answer_support,
    "Parental agreement": sections.answer_agreement,
    "Contact and availability": sections.answer_contact,
}
IN_LISTS = {"Why?": "The first day."}


def address_of(name: str) -> str:
    """Somebody's e-mail address."""
    return f"{name.lower().replace(' ', '.')}@council.invalid"


@dataclass(frozen=True)
class Installation:
    """A running portal without demo and practice date, its background process, and the e-mails that left it."""

    site: Site
    environment: dict[str, str]
    mail: Path

    def command(self, *words: str) -> str:
        """What a `manage.py` command of this installation says."""
        command = [sys.executable, "manage.py", *words]
        environment = environ | self.environment | {"BASE_URL": self.site.url}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    def link_for(self, address: str) -> str:
        """The link in the e-mail to this address, once that has left."""
        until(lambda: bool(self._links(address)), seconds=WORK / 1000)
        return self._links(address)[-1]

    def _links(self, address: str) -> list[str]:
        found = []
        for file in sorted(self.mail.glob("*.log")):
            for part in file.read_bytes().split(b"-" * 79):
                letter = message_from_bytes(part.strip(), policy=policy.default)
                if address in (letter["To"] or ""):
                    found += LINK.findall(letter.get_body(("plain",)).get_content())
        return found


@pytest.fixture
def installation(transactional_db, tmp_path) -> Iterator[Installation]:
    """What the README's first commands leave: tables and not a row in them. Nothing here is a demo."""
    assert {model._meta.label for model in our_models() if model.objects.exists()} == set()
    mail = tmp_path / "mail"
    environment = {
        "DATABASE_URL": database_url(),
        "S2S_DEMO": "0",
        "S2S_REHEARSAL_CLOCK": "0",
        "EMAIL_URL": f"filemail:///{mail}",
        "FILES_DIR": str(tmp_path / "files"),
    }
    collect_static()
    site = Site(url_of_database=environment["DATABASE_URL"], environment=environment)
    with background_process(environment | {"BASE_URL": site.url}):
        yield Installation(site, environment, mail)
    site.stop()


@dataclass(frozen=True)
class Plan:
    """The days of the contract that is set up, around the day on which the test runs."""

    today: date

    @property
    def closes_on(self) -> date:
        """The cut-off."""
        return self.today + timedelta(days=60)

    @property
    def ends_on(self) -> date:
        """The last day of delivery, of visits and of the contract."""
        return self.today + timedelta(days=150)

    @property
    def years(self) -> range:
        """The academic years that the period reaches into, each by the calendar year in which it begins."""
        return range(academic_year(self.today), academic_year(self.ends_on) + 1)


def when_entering(page: Page, question: str, day: date) -> None:
    """Fill the date that is asked for with exactly these words."""
    boxes = page.get_by_role("group", name=question, exact=True)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label, exact=True).fill(str(number))


def arrival(number: int) -> Callable[[Page, str], None]:
    """Whether a page is the right one; axe looks at it the first time (`number` 0) that the journey comes by."""
    return then_heading_is if number else then_page_is


def when_choosing_a_password(page: Page, link: str, name: str, email: str) -> None:
    """Open the link of an invitation, choose a password, and sign in with it."""
    then_one = arrival(name != BOSS_NAME)
    page.goto(link)
    then_one(page, "Choose your password")
    then_page_says(page, name)
    when_filling(page, {"Choose a password": PASSWORD, "Type it again": PASSWORD})
    when_pressing(page, "Set this password")
    then_one(page, "Sign in")
    then_page_says(page, "real")
    when_filling(page, {"E-mail address": email, "Password": PASSWORD})
    when_pressing(page, "Sign in")
    then_page_is(page, "Home")


def when_pulling(page: Page, confirm: str) -> None:
    """Say why, look at what it would do, and do it."""
    when_filling(page, IN_LISTS)
    when_pressing(page, "See what it would do")
    expect(page.get_by_role("heading", level=2, name="What it changes")).to_be_visible()
    when_pressing(page, confirm)


def when_going_to(page: Page, step: str) -> None:
    """Open the checklist from the menu, and from there a step."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("navigation", name="In this section").get_by_role("link", name="Set-up").click()
    then_heading_is(page, "Set-up")
    page.get_by_role("main").get_by_role("link", name=step, exact=True).click()


def then_step_says(page: Page, step: str, *texts: str) -> None:
    """The checklist says this of a step."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{re.escape(step)}")))
    for text in texts:
        expect(row).to_contain_text(text)


def when_making_zones(page: Page) -> None:
    """Zones of the county."""
    for number, zone in enumerate(ZONES):
        when_going_to(page, "Zones")
        arrival(number)(page, "Zones")
        when_pressing(page, "Add a zone")
        arrival(number)(page, "Add a zone")
        when_filling(page, {"Name of the zone": zone})
        when_pulling(page, "Add the zone")
        then_page_says(page, f"{zone} has been added.")


def when_loading_registers(page: Page, folder: Path) -> None:
    """Schools and settings, from the registers' own files."""
    for number, (name, text) in enumerate(REGISTERS.items()):
        when_going_to(page, "Schools and settings")
        arrival(number)(page, "Registers")
        file = folder / name
        file.write_bytes(text.encode("cp1252"))
        page.get_by_label("File of a register").set_input_files(file)
        when_pressing(page, "Upload and check")
        then_heading_is(page, name)
        expect(page.get_by_role("heading", name="To be looked at")).to_be_visible(timeout=WORK)
        arrival(number)(page, name)
        when_pressing(page, "Approve and import")
        expect(page.get_by_text("The file was imported as the check said.")).to_be_visible(timeout=WORK)
        arrival(number)(page, name)


def when_putting_places_in_zones(page: Page) -> None:
    """Which of them is in which zone, many at once."""
    then_page_is(page, "Put schools and settings in zones")
    for district, zone in zip(("NR29", "NR30"), ZONES, strict=True):
        when_filling(page, {"Postcode districts": district})
        when_pressing(page, "Show")
        page.get_by_label("Zone to put them in").select_option(label=zone)
        page.get_by_role("button", name=re.compile("^Check all")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"in {zone}?")
        when_filling(page, {"Why?": "The county’s map."})
        when_pressing(page, "Put them in this zone")
        then_page_says(page, f"{zone} was")


def when_entering_school_years(page: Page, plan: Plan) -> None:
    """Term dates and bank holidays."""
    for year in plan.years:
        for part, (first, last) in TERMS.items():
            when_going_to(page, "Term dates")
            when_pressing(page, "Add a term")
            when_filling(page, {"Name": f"{part} {year}"})
            when_entering(page, "First day on which pupils attend", first(year))
            when_entering(page, "Last day on which pupils attend", last(year))
            when_pulling(page, "Save")
            then_page_says(page, "The term has been added.")
        when_going_to(page, "Bank holidays")
        when_pressing(page, "Add a bank holiday")
        when_filling(page, {"Name": "Christmas Day"})
        when_entering(page, "Day", date(year, 12, 25))
        when_pulling(page, "Save")
        then_page_says(page, "The bank holiday has been added.")


def when_filling_lists(page: Page, plan: Plan) -> None:
    """What the request form offers."""
    for number, (list_, words, answers) in enumerate(LISTS):
        when_going_to(page, "Lists of the request form")
        arrival(number)(page, "Settings")
        when_following(page, list_)
        then_page_is(page, list_)
        when_pressing(page, words)
        then_page_is(page, words)
        when_filling(page, answers)
        when_entering(page, "First day on which it can be chosen", plan.today)
        when_pulling(page, "Add it")
        then_page_says(page, "has been added.")


def when_inviting_everybody(page: Page, site: Site) -> None:
    """Each gets an e-mail with a link of their own."""
    when_going_to(page, "People for every role")
    then_page_is(page, "People")
    for number, (role, name) in enumerate(PEOPLE.items()):
        when_opening(page, site, "/people/")
        when_pressing(page, "Add a person")
        then_heading_is(page, "Add a person")
        when_filling(page, {"Name": name, "E-mail address": address_of(name)})
        when_choosing(page, role)
        for zone in ZONES if role in ZONED else ():
            page.get_by_role("group", name=f"Zones as {role}").get_by_label(zone, exact=True).check()
        if role == "S2S teacher":
            page.get_by_label("A teacher’s own school").select_option(label="Alder Carr School")
        arrival(number)(page, "Add a person")
        when_pressing(page, "Add and send the invitation")
        arrival(number)(page, name)
        then_page_says(page, f"{name} has been added, and is invited by e-mail.")


def when_buying_places(page: Page, plan: Plan) -> None:
    """Fees, a contract, a period and its places."""
    for number, stream in enumerate(("Early years", "Mainstream")):
        when_going_to(page, "Fees")
        arrival(number)(page, "Fees")
        when_pressing(page, "Set a fee from a day on")
        then_heading_is(page, "Set a fee from a day on")
        when_choosing(page, stream)
        when_entering(page, "From which day?", plan.today)
        when_choosing(page, "Fully funded")
        arrival(number)(page, "Set a fee from a day on")
        when_pulling(page, "Set the fee")
    when_going_to(page, "Contract and period")
    then_page_is(page, "Contracts")
    when_pressing(page, "Set up a contract")
    when_filling(page, {"What is the contract called?": "S2S 1", "Who provides S2S under it?": "Alder Carr School"})
    when_entering(page, "First day", plan.today)
    when_entering(page, "Last day", plan.ends_on)
    when_entering(page, "Last day of visits", plan.ends_on)
    then_page_is(page, "Set up a contract")
    when_pressing(page, "Set up this contract")
    then_heading_is(page, "Set up a period")
    when_filling(page, {"What is the period called?": "The first two terms"})
    when_entering(page, "From which day are requests taken?", plan.today)
    when_entering(page, "What is the cut-off, the last day for requests?", plan.closes_on)
    when_entering(page, "Until which day are places given?", plan.closes_on)
    when_entering(page, "When does delivery end?", plan.ends_on)
    when_filling(page, {"How many early years places?": "50", "How many mainstream places?": "85"})
    then_page_is(page, "Set up a period")
    when_pressing(page, "Set up this period")
    then_page_is(page, "Contracts")


def when_writing_the_request(page: Page, today: date) -> None:
    """Every section of the request for Bulrush Nursery, about a child of three."""
    when_pressing(page, "Go on with the next section")
    then_heading_is(page, "Your conversation with the setting")
    when_entering(page, "When did you speak with the setting?", today)
    page.get_by_label("Who did you speak to?").fill("Perran Oxnead, manager")
    page.get_by_label("What was agreed?").fill("An observation in the mornings.")
    sections.save_and_continue(page)
    then_heading_is(page, "The child or group")
    when_choosing(page, "One child")
    page.get_by_label("Child’s first name").fill(sections.CHILD[0])
    page.get_by_label("Child’s last name").fill(sections.CHILD[1])
    when_entering(page, "Child’s date of birth", date(academic_year(today) - 3, 1, 15))
    sections.save_and_continue(page)
    for title, answer in SECTIONS.items():
        then_heading_is(page, title)
        answer(page)
        if title == "Parental agreement":
            when_entering(page, "When did they agree?", today)
        then_page_is(page, title)
        sections.save_and_continue(page)


def when_having_work_done_again(page: Page) -> None:
    """Behind the other pages, in Repairs: the check of a register is asked for again, with a reason."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Repairs", exact=True).click()
    then_page_is(page, "Repairs")
    when_following(page, "Background work that was asked for")
    then_page_is(page, "Background work that was asked for")
    page.get_by_role("searchbox", name="Search").fill("read_register")
    when_pressing(page, "Search")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("read_register")
    then_page_is_accessible(page)
    when_pressing(page, "Have this done again")
    then_page_is(page, "Have this done again?")
    when_filling(page, {"Why?": "To see that it does no harm."})
    when_pressing(page, "Have it done again")
    then_page_says(page, "It will be done again within a minute")


def test_a_council_sets_itself_up_and_sends_its_first_request(page, installation, another_browser, tmp_path):
    wait_until_none_is_near([MIDNIGHT], seconds=300)  # one day for all of it
    plan = Plan(london_date(clock.real_now()))
    # Given the one command, and a link that opens the portal
    said = installation.command("create_administrator", BOSS, "--name", BOSS_NAME)
    when_choosing_a_password(page, LINK.search(said).group(), BOSS_NAME, BOSS)

    # When the administrator follows the checklist, which knows what is missing
    then_page_says(page, "The portal is not fully set up.")
    when_following(page, "See what is still missing")
    then_page_is(page, "Set-up")
    then_page_says(page, "12 of 12 steps are not done yet.")
    then_step_says(page, "Zones", "1 still missing", "You")
    when_making_zones(page)
    when_loading_registers(page, tmp_path)
    when_following(page, "Put new schools and settings in zones")
    when_putting_places_in_zones(page)
    when_entering_school_years(page, plan)
    when_filling_lists(page, plan)
    when_inviting_everybody(page, installation.site)

    # Then the rest is the commissioner's, who buys places
    when_opening(page, installation.site, "/set-up/")
    then_page_says(page, "3 of 12 steps are not done yet.")
    then_step_says(page, "Places bought", "2 still missing", "Commissioner")
    buyer = another_browser()
    when_choosing_a_password(buyer, installation.link_for(address_of(BUYER)), BUYER, address_of(BUYER))
    when_buying_places(buyer, plan)
    when_opening(page, installation.site, "/set-up/")
    then_page_is(page, "Set-up")
    then_page_says(page, "Ready: requests can be sent until")
    expect(page.get_by_text("still missing")).to_have_count(0)

    # When the Early Years Adviser opens their invitation, and writes the first request
    adviser = another_browser()
    when_choosing_a_password(adviser, installation.link_for(address_of(ADVISER)), ADVISER, address_of(ADVISER))
    then_page_says(adviser, "50 of 50 early years places are left.")
    when_pressing(adviser, "Start a request")
    then_page_is(adviser, "Which school or setting is it for?")
    adviser.get_by_role("combobox").fill("bulrush")
    when_pressing(adviser, "Search")
    when_pressing(adviser, "Start a request for Bulrush Nursery")
    then_page_is(adviser, "Bulrush Nursery")
    when_writing_the_request(adviser, plan.today)

    # Then it is sent, with a reference, and has used the first place
    then_page_is(adviser, "Check your answers before sending")
    then_page_says(adviser, "This will use one early years place. 50 of 50 are left now.")
    when_pressing(adviser, "Send the request")
    then_page_is(adviser, "Request sent")
    then_page_says(adviser, "This used one early years place. 49 of 50 are left.")
    reference = re.search(PATTERN, adviser.locator("main").inner_text()).group()
    assert reference.startswith("EY-")

    # And the commissioner's quota counts it
    when_opening(buyer, installation.site, "/quotas/early-years/")
    then_page_is(buyer, "Early years quota, line by line")
    then_page_says(buyer, "50 − 1 = 49 left", reference)

    # And the administrator can look behind the pages
    when_having_work_done_again(page)
