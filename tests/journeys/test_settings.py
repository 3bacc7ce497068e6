"""What staff set themselves: a fee, a list and a text; people, registers and zones; and the report they issue."""

import re

from playwright.sync_api import Page, expect

from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, use_places
from tests.factories.referrals import filled_draft
from tests.journeys.scenes import an_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_errors_are,
    then_heading_is,
    then_page_is,
    then_page_says,
    when_choosing,
    when_dating,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY
from tests.organisations.importers import files

WHY = {"Why?": "The council decided so in November."}
REFUSED = "This request was not accepted: all places are used"
LISTS = {
    "New": ("Teasel Primary School", "Community school, Open"),
    "Changed": ("Harnser Primary School", "Name: Harnser Infant School → Harnser Primary School"),
    "Closed": ("Bittern Lodge School", "Status: Open → Closed"),
    "Not in the file": ("Pochard Lodge School", "900104"),
    "In error": ("Row 5", '"soon" is not a date', "OpenDate"),
}


def when_looking(page: Page, heading: str, *texts: str) -> None:
    """Say why, and look at the page that says what it would do."""
    when_filling(page, WHY)
    when_pressing(page, "See what it would do")
    then_page_is(page, heading)
    then_page_says(page, *WHY.values(), *texts)


def when_sending(page: Page, name: str, data: bytes) -> None:
    """Upload a file as the register's."""
    page.get_by_label("File of a register").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    when_pressing(page, "Upload and check")


def test_a_commissioner_changes_a_fee_a_list_and_a_text(page, live_site, another_browser):
    # Given a service whose places are used but one, and a draft that is ready
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = an_adviser(places_left=1)
    draft = filled_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, person(Role.COMMISSIONER, full_name="Ida Mautby"))
    when_opening(page, live_site, "/settings/")
    then_page_is(page, "Settings")

    # When a fee is set from a day to come, with a mistake on the way
    when_following(page, "Fees")
    then_page_is(page, "Fees")
    when_pressing(page, "Set a fee from a day on")
    when_choosing(page, "Early years")
    when_choosing(page, "A fee for each request")
    when_dating(page, "From which day?", "1", "4", "2025")
    when_filling(page, WHY | {"Fee for each request": "a hundred"})
    when_pressing(page, "See what it would do")
    then_errors_are(page, "Set a fee from a day on", "Enter the fee in pounds and pence, like 100 or 112.50")
    when_filling(page, {"Fee for each request": "112.50"})
    when_looking(page, "Set the early years fee from 1 April 2025?", "cost £112.50 for each request", "keep their fee")
    when_pressing(page, "Set the fee")

    # Then the table has it, and the history says who set it and why
    then_page_is(page, "Fees")
    row = page.get_by_role("table", name="Every fee as it was set").get_by_role("row").nth(1)
    expect(row).to_contain_text("£112.50 for each request")
    expect(row).to_contain_text("Ida Mautby")
    expect(row).to_contain_text(WHY["Why?"])

    # When a type of need is added and another ends
    when_opening(page, live_site, "/settings/")
    when_following(page, "Types of need")
    then_page_is(page, "Types of need")
    when_pressing(page, "Add a type of need")
    when_filling(page, {"Code": "DLD", "What is it called?": "Developmental language disorder"})
    when_dating(page, "First day on which it can be chosen", "1", "1", "2025")
    when_looking(page, "Add this type of need?", "From 1 January 2025 every draft")
    when_pressing(page, "Add it")
    then_page_is(page, "Types of need")
    page.get_by_role("link", name=re.compile("Set its end.*Developmental")).click()
    then_page_is(page, "When does this type of need end?")
    when_dating(page, "Last day on which it can be chosen", "31", "8", "2025")
    when_looking(page, "End this type of need?", "After 31 August 2025 no request can name it.")
    when_pressing(page, "Set its last day")
    then_page_says(page, "Developmental language disorder (DLD): the last day is 31 August 2025.")
    changes = page.get_by_role("table", name="What was changed").get_by_role("rowheader")
    expect(changes).to_have_text([re.compile("Ended"), re.compile("Added")])

    # When the help that refusals name is worded anew
    when_opening(page, live_site, "/settings/texts/")
    then_page_is(page, "Texts")
    page.get_by_role("link", name=re.compile("Change this text.*Early years: what else")).click()
    then_page_is(page, "Early years: what else can help now, and whom to ask")
    when_filling(page, {"How should it read?": "Ring the Early Years Team.\nOr write to early@council.invalid."})
    when_looking(page, "Change this text now?", "Refusals that were given")
    expect(page.get_by_role("link", name="early@council.invalid")).to_be_visible()
    when_pressing(page, "Change the text")
    then_page_is(page, "Texts")

    # Then the next refusal reads so
    adviser = another_browser()
    given_signed_in(adviser, live_site, scene.adviser)
    when_opening(adviser, live_site, f"/drafts/{draft.key}/check/")
    use_places(scene.quota, 1, by=scene.adviser)
    when_pressing(adviser, "Send the request")
    then_heading_is(adviser, REFUSED)
    then_page_says(adviser, "Ring the Early Years Team.")


def schools_file() -> bytes:
    """A file of GIAS with a row for each of `LISTS` but the one that is not in it."""
    kind = {"TypeOfEstablishment (name)": "Community school"}
    closed = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"}
    rows = [
        files.school(URN="900101", EstablishmentName="Teasel Primary School", **kind),
        files.school(URN="900102", EstablishmentName="Harnser Primary School", **kind),
        files.school(URN="900103", EstablishmentName="Bittern Lodge School", **kind | closed),
        files.school(URN="900105", EstablishmentName="Whin Infant School", OpenDate="soon"),
    ]
    return files.gias_text(rows).encode("cp1252")


def given_schools() -> None:
    """Three schools that the register had, in a zone, and another zone."""
    kind, zone = EstablishmentKindFactory(school=True, name="Community school"), ZoneFactory(name="Reedham Reach")
    ZoneFactory(name="Saltings")
    names = {"900102": "Harnser Infant School", "900103": "Bittern Lodge School", "900104": "Pochard Lodge School"}
    for urn, name in names.items():
        EstablishmentFactory(school=True, urn=urn, name=name, kind=kind, zone=zone)


def test_an_administrator_looks_after_registers_zones_and_people(page, live_site, background):
    # Given an administrator, schools of an older register, and a teacher
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    given_schools()
    person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    given_signed_in(page, live_site, person(Role.ADMINISTRATOR, full_name="Tom Bielby"))

    # When a file that is no register is given, then the right one
    when_opening(page, live_site, "/registers/")
    when_sending(page, "names.csv", b"Name,Town\r\nTern,Staithe\r\n")
    expect(page.get_by_role("alert")).to_contain_text("names.csv is neither a GIAS establishment download nor Ofsted")
    then_page_is(page, "Registers")
    when_sending(page, "schools.csv", schools_file())

    # Then each list says what the file would do
    then_heading_is(page, "schools.csv")
    expect(page.get_by_role("button", name="Approve and import")).to_be_visible()
    then_page_is(page, "schools.csv")
    for heading, texts in LISTS.items():
        when_following(page, f"List {heading.lower()}")
        then_page_is(page, heading)
        then_page_says(page, *texts)
        when_following(page, "The file")
    when_pressing(page, "Approve and import")
    when_following(page, "Put new schools and settings in zones")

    # When the new school is put in a zone, after pressing too soon
    then_page_is(page, "Put schools and settings in zones")
    when_pressing(page, "Check the ticked ones")
    then_errors_are(page, "Put schools and settings in zones", "Tick at least one school or setting", "Select the zone")
    page.get_by_role("link", name="Tick at least one school or setting").click()
    expect(page.get_by_role("checkbox", name="Teasel Primary School")).to_be_focused()
    when_choosing(page, "Teasel Primary School")
    page.get_by_label("Zone to put them in").select_option(label="Saltings")
    when_pressing(page, "Check the ticked ones")
    then_page_is(page, "Put this school or setting in Saltings?")
    when_filling(page, WHY)
    when_pressing(page, "Put them in this zone")
    then_page_says(page, "Every school and setting that needs a zone has one")
    when_opening(page, live_site, "/zones/")
    then_page_is(page, "Zones")

    # When somebody is added without saying what they do, and then with it
    when_opening(page, live_site, "/people/")
    then_page_is(page, "People")
    when_pressing(page, "Add a person")
    when_filling(page, {"Name": "Jo Reeve", "E-mail address": "jo.reeve@council.invalid"})
    when_pressing(page, "Add and send the invitation")
    then_errors_are(page, "Add a person", "Select at least one role")
    when_choosing(page, "SEND Adviser")
    when_pressing(page, "Add and send the invitation")
    then_page_is(page, "Jo Reeve")
    then_page_says(page, "No zone yet", "Invited today, not yet signed in")

    # And given a zone; and somebody leaves
    when_pressing(page, "Change roles and zones")
    page.get_by_role("group", name="Zones as SEND Adviser").get_by_label("Saltings").check()
    when_filling(page, WHY)
    when_pressing(page, "Save roles and zones")
    then_page_says(page, "Zones: Saltings")
    page.get_by_role("main").get_by_role("link", name="People").click()
    when_following(page, "Edda Rushmere")
    when_pressing(page, "Deactivate")
    then_page_is(page, "Deactivate this person?")
    when_filling(page, {"Reason": "Left in November."})
    when_pressing(page, "Deactivate this person")
    then_page_is(page, "Edda Rushmere")
    then_page_says(page, "This person was deactivated and cannot sign in.", "Left in November.", "Tom Bielby")
    when_opening(page, live_site, "/set-up/")
    then_page_is(page, "Set-up")


def test_a_commissioner_issues_a_report_and_opens_it(page, live_site):
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    period_with_places()
    given_signed_in(page, live_site, person(Role.COMMISSIONER, full_name="Ida Mautby"))
    when_opening(page, live_site, "/dashboards/")
    page.get_by_role("main").get_by_role("link", name="Reports to commissioners").click()
    then_page_is(page, "Reports to commissioners")
    then_page_says(page, "No report has been issued yet")
    page.get_by_role("button", name="Issue a report for").click()
    then_page_is(page, "Reports to commissioners")
    then_page_says(page, "Report 1 was issued.", "26 November 2024, 09:30", "Ida Mautby")
    address = page.get_by_role("link", name="Report 1").get_attribute("href")
    answer = page.request.get(live_site.url + address)
    assert answer.ok
    assert answer.body().startswith(b"%PDF-")
