"""Settings on screen: each lever is found on one page, asked, checked before it is saved, and kept in a history."""

import re
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotas.actions import extending
from quotas.models import FeeRule
from quotas.queries import fee_for
from referrals.actions import codes
from referrals.models import DraftReferral, IndesSection, NeedType
from s2s_portal.organisations.actions.texts import set_text
from s2s_portal.organisations.choices import Eligibility, Role, Source, Stream
from s2s_portal.organisations.documents import DEFAULT_TEXTS
from s2s_portal.organisations.models import ComingMeaning, EditableText, EstablishmentKind, ReferenceChange, Zone
from s2s_portal.organisations.queries.texts import text
from tests.factories.calendar import TermFactory
from tests.factories.organisations import EstablishmentKindFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("referrals:lever_list")
TEXTS = reverse("referrals:lever_texts")
TEXT = reverse("referrals:lever_text", args=["start-schools-route"])
FEES = reverse("referrals:lever_fees")
FEE = reverse("referrals:lever_fee_add")
ZONES = reverse("referrals:lever_zones")
KINDS = reverse("referrals:lever_kinds")
NEEDS = reverse("referrals:lever_codes", args=["types-of-need"])
INDES = reverse("referrals:lever_codes", args=["indes"])
WHY = {"reason": "The council decided so."}
MOST_QUERIES = 15


@pytest.fixture
def who():
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


@pytest.fixture
def administrator(client_for):
    return client_for(person(Role.ADMINISTRATOR))


@pytest.fixture
def viewer(who, client_for):
    return client_for(who)


def day(name, of):
    return {f"{name}_day": of.day, f"{name}_month": of.month, f"{name}_year": of.year}


def hidden(page):
    """What the page's form carries on, by name."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def checked(viewer, address, **typed):
    """The page before saving. `seen` comes from the page of questions, as in a browser."""
    asked = text_of(viewer.get(address))
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', asked)
    return text_of(viewer.post(address, {"seen": seen[1] if seen else ""} | WHY | typed))


def confirmed(viewer, address, page):
    return text_of(viewer.post(address, hidden(page) | {"step": "confirm"}, follow=True))


def cells_of(page, column):
    """What stands in a column of the page's table."""
    return {one.strip() for one in re.findall(rf">{column}</span><span[^>]*>([^<]*)<", page)}


def statements(viewer, address):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert viewer.get(address).status_code == 200
    return len(found)


# --- The page that lists them all ---------------------------------------------------------------------------------
def test_a_commissioner_finds_every_lever_with_what_it_is_and_who_set_it(viewer, who):
    codes.load()
    period_with_places(by=who)
    TermFactory()
    ZoneFactory()
    set_text(key="START_SCHOOLS_ROUTE", body="Ring us.", from_day=None, reason="So.", seen=0, by=who, at=AT)
    page = text_of(viewer.get(LIST))
    for words in (
        *("Contracts, periods and their dates", "requests close on 13 December 2024"),
        *("Places", "50 places for early years; 85 places for mainstream"),
        *("Standards and caps of visits", "Contact in 5 working days"),
        *("Fees", "Nothing: fully funded (early years)"),
        *("Terms, bank holidays and closed days", "1 stretch of term entered", "An administrator changes them"),
        *("Texts", "1 of 4 in the council’s own words"),
        *("Types of need", "13 can be chosen today"),
        *("Sections of INDES", "7 can be chosen today"),
        *("Kinds of school and setting", "Zones", "1 in all", "Merle Ketteringham", "Nobody yet"),
    ):
        assert words in page
    for route in ("contract_list", "standards", "lever_fees", "lever_texts"):
        assert f'href="{reverse(f"referrals:{route}")}"' in page
    assert f'href="{reverse("quotas:quota_list")}"' in page
    assert f'href="{NEEDS}"' in page
    assert f'href="{ZONES}"' not in page
    assert f'href="{KINDS}"' not in page


def test_an_empty_portal_says_what_is_missing(viewer):
    page = text_of(viewer.get(LIST))
    for words in ("No period yet", "No places yet", "No fee today: no request can be sent", "0 in all"):
        assert words in page


def test_whoever_moved_a_date_last_is_named(viewer, who):
    period = period_with_places(by=who)
    other = person(Role.COMMISSIONER, full_name="Ida Mautby")
    later = {"ends_on": date(2025, 7, 31), "run_off_ends_on": date(2025, 7, 31)}
    told = {"reason": "More time", "key": uuid.uuid4(), "by": other, "at": AT}
    assert "Ida Mautby" not in text_of(viewer.get(LIST))
    extending.extend_contract(contract=period.contract, **later, **told)
    assert "Ida Mautby" in text_of(viewer.get(LIST))


def test_an_administrator_reads_whose_the_other_levers_are(client_for, who):
    period_with_places(by=who)
    page = text_of(client_for(person(Role.ADMINISTRATOR)).get(LIST))
    assert "A commissioner sets this" in page
    assert f'href="{FEES}"' not in page
    assert f'href="{ZONES}"' in page
    assert f'href="{KINDS}"' in page
    assert "An administrator changes them" not in page


# --- Texts --------------------------------------------------------------------------------------------------------
def test_a_text_is_changed_after_a_look_at_how_it_reads(viewer):
    assert DEFAULT_TEXTS["START_SCHOOLS_ROUTE"] in text_of(viewer.get(TEXTS))
    page = checked(viewer, TEXT, body="Write to help@council.invalid.\nOr ring.")
    assert "Change this text now?" in page
    assert 'href="mailto:help@council.invalid"' in page
    assert "On the start page, which anybody can read" in page
    assert not EditableText.objects.exists()
    page = confirmed(viewer, TEXT, page)
    assert "The text has been changed." in page
    row = EditableText.objects.get()
    assert (row.body, row.reason) == ("Write to help@council.invalid.\nOr ring.", WHY["reason"])
    assert "Set by" in page
    assert "Merle Ketteringham" in page
    assert "help@council.invalid</a>.<br>Or ring." in text_of(viewer.get(reverse("start")))
    history = text_of(viewer.get(TEXT))
    assert WHY["reason"] in history
    assert DEFAULT_TEXTS["START_SCHOOLS_ROUTE"] in history


def test_a_text_that_follows_is_shown_before_and_after(viewer):
    later = day("from_day", date(2025, 4, 1))
    page = checked(viewer, TEXT, body="In April.", **later)
    assert "Change this text from the beginning of 1 April 2025?" in page
    page = confirmed(viewer, TEXT, page)
    assert "From 1 April 2025, 00:00, set by Merle Ketteringham" in page
    assert text("START_SCHOOLS_ROUTE", AT) == DEFAULT_TEXTS["START_SCHOOLS_ROUTE"]
    page = checked(viewer, TEXT, body="In between.")
    assert "On 1 April 2025, 00:00 the wording that Merle Ketteringham has set takes its place." in page
    assert "1 change to come" in text_of(viewer.get(LIST))


def test_going_back_keeps_what_was_typed(viewer):
    page = checked(viewer, TEXT, body="Typed words.")
    again = text_of(viewer.post(TEXT, hidden(page) | {"step": "ask"}))
    assert "Typed words.</textarea>" in again
    assert WHY["reason"] in again


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"body": ""}, "Enter the text"),
        ({"body": "x" * 2001}, "2,000"),
        ({"body": "x", "reason": ""}, "Enter the reason"),
        ({"body": DEFAULT_TEXTS["START_SCHOOLS_ROUTE"]}, "It reads like this already at that time"),
        ({"body": "x"} | day("from_day", date(2024, 11, 26)), "The day must be later than today"),
        ({"body": "x\x00"}, "Error:"),
    ],
)
def test_a_text_that_cannot_be_is_said_at_its_question(viewer, typed, words):
    page = checked(viewer, TEXT, **typed)
    assert "Error:" in page
    assert words in page or words.replace(",", "") in page
    assert not EditableText.objects.exists()


def test_of_two_people_the_second_is_told_and_can_go_on(viewer, client_for):
    page = checked(viewer, TEXT, body="Mine.")
    other = person(Role.ADMINISTRATOR, full_name="Ida Mautby")
    set_text(key="START_SCHOOLS_ROUTE", body="Theirs.", from_day=None, reason="So.", seen=0, by=other, at=AT)
    again = confirmed(viewer, TEXT, page)
    assert "Ida Mautby has set another wording" in again
    assert "Mine.</textarea>" in again
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', again)[1]
    page = text_of(viewer.post(TEXT, WHY | {"body": "Mine.", "seen": seen}))
    confirmed(viewer, TEXT, page)
    assert text("START_SCHOOLS_ROUTE", AT) == "Mine."


def test_no_such_text(viewer):
    assert viewer.get(reverse("referrals:lever_text", args=["no-text"])).status_code == 404


# --- Fees ---------------------------------------------------------------------------------------------------------
APRIL = day("starts_on", date(2025, 4, 1))
NEW_FEE = {"stream": "MAINSTREAM", "basis": "PER_REQUEST", "pounds": "112.50"} | APRIL


def test_the_table_of_fees_says_what_counts_today(viewer, who):
    assert "No fee has been set yet" in text_of(viewer.get(FEES))
    period_with_places(by=who)
    page = text_of(viewer.get(FEES))
    for words in ("£100.00 for each request", "1 April 2019 to 31 August 2024", "Counts today", "Traded hours"):
        assert words in page
    assert "none can be sent" not in page


def test_a_fee_is_set_from_a_day_on(viewer, who):
    period_with_places(by=who)
    page = checked(viewer, FEE, **NEW_FEE)
    for words in (
        "Set the mainstream fee from 1 April 2025?",
        "Mainstream requests sent from 1 April 2025 on cost £112.50 for each request.",
        "Requests already sent keep their fee.",
        "Nothing: fully funded",
    ):
        assert words in page
    assert FeeRule.objects.count() == 4
    page = confirmed(viewer, FEE, page)
    assert "From 1 April 2025 this fee counts." in page
    assert fee_for(stream=Stream.MAINSTREAM, day=date(2025, 4, 1)).pence == 112_50
    assert WHY["reason"] in page


def test_a_fee_before_another_one_and_one_put_right(viewer, who):
    period_with_places(by=who)
    confirmed(viewer, FEE, checked(viewer, FEE, **NEW_FEE))
    page = checked(viewer, FEE, **NEW_FEE | {"pounds": "120"})
    assert "The fee that was to begin on that day (£112.50 for each request) does not." in page
    page = checked(viewer, FEE, **NEW_FEE | day("starts_on", date(2025, 1, 1)) | {"pounds": "120"})
    assert "Mainstream requests sent 1 January to 31 March 2025 cost £120.00 for each request." in page
    assert "On 1 April 2025 the next fee begins." in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pounds": "1.5"}, "Enter the fee in pounds and pence, like 100 or 112.50"),
        ({"pounds": ""}, "The fee must be between £0.01 and £10,000"),
        ({"basis": "FUNDED"}, "Enter an amount only for a fee for each request"),
        ({"basis": ""}, "Select how a request is paid for"),
        ({"stream": "OTHER"}, "Error:"),
        (day("starts_on", date(2024, 11, 25)), "The day must be today or later"),
        (day("starts_on", date(2025, 4, 1)) | {"starts_on_day": ""}, "must include a day"),
    ],
)
def test_a_fee_that_cannot_be(viewer, who, typed, words):
    period_with_places(by=who)
    assert words in checked(viewer, FEE, **NEW_FEE | typed)
    assert FeeRule.objects.count() == 4


def test_the_first_fee_of_a_new_council(viewer):
    page = checked(viewer, FEE, **NEW_FEE | {"basis": "FUNDED", "pounds": ""})
    assert "No fee: no request can be sent" in page
    confirmed(viewer, FEE, page)
    page = text_of(viewer.get(FEES))
    assert "There is no fee for early years requests today" in page


# --- Lists of codes -----------------------------------------------------------------------------------------------
def code_url(page, code, slug="types-of-need"):
    return reverse(f"referrals:lever_code_{page}", args=[slug, code.pk])


def test_a_type_of_need_is_called_otherwise(viewer, council):
    code = NeedType.objects.get(code="SLCN")
    drafts = DraftReferral.objects.filter(primary_need=code).count()
    assert drafts == 2
    page = text_of(viewer.get(NEEDS))
    assert "Speech, language and communication needs (SLCN)" in page
    assert "From 1 January 2025" in page
    assert "Not yet" in page
    address = code_url("label", code)
    page = checked(viewer, address, label="Speech and language", **day("from_day", date(2025, 4, 1)))
    assert "Open drafts may name it: what is not sent before 1 April 2025 needs another choice" in page
    assert "Requests that were sent keep the words they were sent with." in page
    page = confirmed(viewer, address, page)
    assert "Speech and language (SLCN)" in page
    assert "Called otherwise" in page
    assert NeedType.objects.filter(code="SLCN").count() == 2


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ADMINISTRATOR])
@pytest.mark.parametrize(("address", "column"), [(NEEDS, "primary_need"), (INDES, "indes_section")])
def test_few_drafts_are_few_children_and_are_not_counted_out(client_for, council, role, address, column):
    one, other = (NeedType if column == "primary_need" else IndesSection).objects.order_by("pk")[:2]
    DraftReferral.objects.update(primary_need=None, secondary_need=None, indes_section=None)
    draft = DraftReferral.objects.first()
    DraftReferral.objects.filter(pk=draft.pk).update(**{column: one})
    page = text_of(client_for(person(role)).get(address))
    assert cells_of(page, "Open drafts") == {"fewer than 6"}
    for number in range(6):
        draft.pk, draft.key = None, uuid.UUID(int=number)
        setattr(draft, column, other)
        draft.save(force_insert=True)
    page = text_of(client_for(person(role)).get(address))
    assert cells_of(page, "Open drafts") == {"fewer than 6", "6"}


def test_a_section_of_indes_is_called_otherwise_and_added(viewer):
    codes.load()
    section = IndesSection.objects.get(number=2)
    address = code_url("label", section, "indes")
    page = checked(viewer, address, label="Hearing", **day("from_day", date(2025, 4, 1)))
    assert "Teachers who know it well" not in page
    confirmed(viewer, address, page)
    add = reverse("referrals:lever_code_add", args=["indes"])
    new = {"version": "2026", "number": "8", "title": "Senses", "top_level": "5"}
    page = checked(viewer, add, **new, **day("valid_from", date(2026, 9, 1)))
    assert "2026, levels 1 to 5" in page
    page = confirmed(viewer, add, page)
    assert "The section of INDES has been added." in page
    assert "8. Senses (2026, levels 1 to 5)" in page


def test_a_type_of_need_is_added_and_ends(viewer, council):
    add = reverse("referrals:lever_code_add", args=["types-of-need"])
    new = {"code": "DLD", "label": "Developmental language disorder"} | day("valid_from", date(2025, 4, 1))
    page = checked(viewer, add, **new | {"code": "dld1"})
    assert "Code must be 2 to 5 capital letters" in page
    page = checked(viewer, add, **new | {"code": "HI"})
    assert "“Hearing impairment (HI)” is valid on some of these days already" in page
    page = confirmed(viewer, add, checked(viewer, add, **new))
    assert "Developmental language disorder (DLD)" in page
    code = NeedType.objects.get(code="SLCN")
    address = code_url("end", code)
    page = checked(viewer, address, **day("last_day", date(2025, 3, 31)))
    assert "End this type of need?" in page
    assert "Open drafts may name it: what is not sent by then needs another choice" in page
    assert "the last day is" in confirmed(viewer, address, page)
    page = checked(viewer, address)
    assert "Let this type of need have no end?" in page
    assert "has no end now." in confirmed(viewer, address, page)


def test_a_label_that_is_too_long_and_codes_that_are_not_there(viewer):
    codes.load()
    address = code_url("label", NeedType.objects.get(code="HI"))
    page = checked(viewer, address, label="x" * 101, **day("from_day", date(2025, 4, 1)))
    assert "must be 100 characters or fewer" in page
    assert viewer.get(reverse("referrals:lever_code_end", args=["indes", 0])).status_code == 404
    assert viewer.get("/settings/lists/other/").status_code == 404


def test_an_empty_list_and_an_empty_history(viewer):
    page = text_of(viewer.get(INDES))
    assert "The list is empty" in page
    assert "Nothing has been changed here yet." in page


# --- Kinds and zones ----------------------------------------------------------------------------------------------
def test_a_kind_means_something_else(administrator, council):
    kind = EstablishmentKind.objects.get(eligibility=Eligibility.EARLY_YEARS)
    page = text_of(administrator.get(KINDS))
    assert Source.OFSTED.label in page
    assert kind.name in page
    address = reverse("referrals:lever_kind", args=[kind.pk])
    page = checked(administrator, address, eligibility="NOT_ELIGIBLE")
    for words in (
        "no new request can be made for them",
        "2 open early years drafts can no longer be sent",
        "Requests keep the stream they were sent under: 2 open requests of this kind.",
    ):
        assert words in page
    page = confirmed(administrator, address, page)
    kind.refresh_from_db()
    assert kind.eligibility == Eligibility.NOT_ELIGIBLE
    assert "Early years" in page
    assert "Means something else" in page
    page = checked(administrator, address, eligibility="EARLY_YEARS")
    assert "new requests use early years places" in page
    assert "2 open early years drafts can be sent again." in page


def test_a_kind_that_means_something_else_from_a_day_to_come_is_taken_back(administrator, council):
    kind = EstablishmentKind.objects.get(eligibility=Eligibility.EARLY_YEARS)
    address = reverse("referrals:lever_kind", args=[kind.pk])
    page = checked(administrator, address, eligibility="NOT_ELIGIBLE", **day("from_day", date(2025, 1, 1)))
    assert "means from 1 January 2025?" in page
    assert "What it changes, as things stand today" in page
    page = confirmed(administrator, address, page)
    assert f"{kind.name}: not eligible from 1 January 2025." in page
    assert "From 1 January 2025: not eligible" in page
    page = text_of(administrator.get(address))
    assert "The change waits for the beginning of 1 January 2025. Set by" in page
    assert "See what it would do" not in page
    back = reverse("referrals:lever_kind_take_back", args=[ComingMeaning.objects.get().pk])
    assert back in page
    page = checked(administrator, back)
    assert f"“{kind.name}” was to mean" in page
    assert "The change from 1 January 2025 has been taken back." in confirmed(administrator, back, page)
    assert "See what it would do" in text_of(administrator.get(address))
    again = text_of(administrator.post(back, hidden(page) | {"step": "confirm"}, follow=True))
    assert "That change has been taken back, or has come into force." in again


def test_no_kind_yet(administrator):
    assert "No kind is known yet" in text_of(administrator.get(KINDS))


def test_a_zone_is_added_renamed_and_removed(administrator):
    assert "There is no zone yet" in text_of(administrator.get(ZONES))
    add = reverse("referrals:lever_zone_add")
    page = confirmed(administrator, add, checked(administrator, add, name="Broads"))
    assert "Broads has been added. Nothing is in it yet." in page
    zone = Zone.objects.get()
    rename = reverse("referrals:lever_zone", args=[zone.pk])
    page = checked(administrator, rename, name="Fens")
    assert "A zones file that is imported must use the new name" in page
    assert "The zone is called Fens now." in confirmed(administrator, rename, page)
    remove = reverse("referrals:lever_zone_remove", args=[zone.pk])
    page = confirmed(administrator, remove, checked(administrator, remove))
    assert "Fens has been removed." in page
    assert not Zone.objects.exists()
    assert [one.what for one in ReferenceChange.objects.order_by("pk")] == ["added", "renamed", "removed"]
    assert "Removed" in page


def test_a_zone_in_use_says_so(administrator, council):
    page = text_of(administrator.get(ZONES))
    assert "In use" in page
    remove = reverse("referrals:lever_zone_remove", args=[council.zone.pk])
    assert "Only one that nothing was ever in can be removed" in checked(administrator, remove)
    assert administrator.get(reverse("referrals:lever_zone", args=[0])).status_code == 404


# --- What it costs ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", [LIST, TEXTS, TEXT, FEES, FEE, ZONES, KINDS, NEEDS, INDES])
def test_few_statements_whatever_there_is(viewer, administrator, who, council, address):
    viewer = administrator if address in (ZONES, KINDS) else viewer
    few = statements(viewer, address)
    for number in range(3):
        zone, kind = ZoneFactory(), EstablishmentKindFactory(name=f"Kind {number}")
        for row in (zone, kind):
            ReferenceChange.objects.create(
                key=uuid.uuid4(),
                kind="ZONE" if row is zone else "KIND",
                subject=str(row),
                what="added",
                reason="So.",
                by=person(),
                at=AT,
            )
    for number in range(3):
        newest = EditableText.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        told = {"from_day": None, "reason": "So.", "by": who, "at": AT, "seen": newest}
        set_text(key="START_SCHOOLS_ROUTE", body=f"Wording {number}", **told)
    assert statements(viewer, address) <= min(few + 1, MOST_QUERIES)  # the list of changes, once there are any


def test_checking_takes_few_statements(administrator, viewer, council):
    kind = EstablishmentKind.objects.get(eligibility=Eligibility.EARLY_YEARS)
    need = NeedType.objects.get(code="SLCN")
    for browser, address, typed in (
        (administrator, reverse("referrals:lever_kind", args=[kind.pk]), {"eligibility": "NOT_ELIGIBLE"}),
        (administrator, reverse("referrals:lever_zone", args=[council.zone.pk]), {"name": "Teasel Fen"}),
        (
            viewer,
            reverse("referrals:lever_code_end", args=["types-of-need", need.pk]),
            day("last_day", date(2025, 4, 1)),
        ),
        (viewer, TEXT, {"body": "Ring us."}),
    ):
        seen = re.search(r'name="seen"[^>]*value="([^"]*)"', text_of(browser.get(address)))[1]
        with CaptureQueriesContext(connection) as found:
            assert "What it changes" in text_of(browser.post(address, WHY | typed | {"seen": seen}))
        assert len([one for one in found if "SAVEPOINT" not in one["sql"]]) <= MOST_QUERIES, address
