"""`manage.py load_norfolk_calendar`, and whether its dates are those of the collected facts."""

import json
import uuid
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from s2s_portal.organisations.actions import norfolk
from s2s_portal.organisations.actions.calendar import change_term, remove_bank_holiday
from s2s_portal.organisations.choices import ClosureKind, Role
from s2s_portal.organisations.models import AuditEvent, BankHoliday, Closure, Term
from s2s_portal.organisations.queries import calendar
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.organisations.importers.files import SHARED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
ALL = len(norfolk.TERMS) + len(norfolk.TRAINING_DAYS) + len(norfolk.BANK_HOLIDAYS)
MISSING = "Dates for 2026 to 2027 are not entered.\n"


def load(by: str = "ada@council.invalid") -> str:
    said = StringIO()
    call_command("load_norfolk_calendar", "--by", by, stdout=said)
    return said.getvalue()


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR, email="ada@council.invalid")


def test_it_loads_once_in_an_administrators_name(administrator):
    assert load("Ada@council.invalid") == f"Terms, training days and bank holidays added: {ALL}. {MISSING}"
    assert load() == f"Terms, training days and bank holidays added: 0. {MISSING}"
    assert (Term.objects.count(), BankHoliday.objects.count(), Closure.objects.count()) == (12, 24, 2)
    assert AuditEvent.objects.get().user_id == administrator.pk
    assert set(Closure.objects.values_list("establishment", "kind")) == {(None, ClosureKind.STAFF_ONLY)}
    assert not Term.objects.filter(ends_on__gt=date(2026, 8, 31)).exists()


def test_what_somebody_has_changed_stays_and_what_is_gone_comes_back(administrator):
    load()
    first = Term.objects.earliest("starts_on")
    dates = {"starts_on": date(2024, 9, 5), "ends_on": date(2024, 10, 24)}
    change_term(term=first, name="Ours", support="", **dates, reason="So.", key=uuid.uuid4(), by=administrator, at=AT)
    remove_bank_holiday(
        holiday=BankHoliday.objects.get(day=date(2026, 12, 28)), reason="So.", key=uuid.uuid4(), by=administrator, at=AT
    )
    assert load().startswith("Terms, training days and bank holidays added: 1.")
    assert (Term.objects.count(), Term.objects.earliest("starts_on").name) == (12, "Ours")


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nobody@council.invalid", "Nobody active has the e-mail address nobody@council.invalid"),
        ("gone@council.invalid", "Nobody active has the e-mail address gone@council.invalid"),
        ("merle@council.invalid", "Your role does not let you change term dates"),
    ],
)
def test_nobody_else_may_and_nothing_is_loaded(email, sentence):
    person(Role.COMMISSIONER, email="merle@council.invalid")
    person(Role.ADMINISTRATOR, email="gone@council.invalid", is_active=False)
    with pytest.raises(CommandError, match=sentence):
        load(email)
    assert not Term.objects.exists()


def test_a_visit_within_four_weeks_of_term_skips_christmas(administrator):
    load()
    assert calendar.days().add_term_weeks(date(2024, 12, 2), 4) == date(2025, 1, 13)
    assert calendar.days().add_working_days(date(2024, 12, 18), 10) == date(2025, 1, 6)


# --- The collected facts, where they are at hand ---
@pytest.fixture(scope="module")
def facts():
    if not SHARED.is_dir():
        pytest.skip("The collected facts are not here.")
    return json.loads((SHARED / "norfolk_term_dates.json").read_text())


def halves(year: dict) -> list[tuple[date, date]]:
    """The stretches of an academic year as the facts tell them: each term, without its half-term."""
    found = []
    for name in ("autumn", "spring", "summer"):
        term = year[name]
        first = date.fromisoformat(term.get("start") or term["pupils_from"])
        begins, ends = (date.fromisoformat(day) for day in term["half_term"])
        back = term.get("pupils_back")
        found += [
            (first, begins - timedelta(days=3)),
            (date.fromisoformat(back) if back else ends + timedelta(days=3), date.fromisoformat(term["end"])),
        ]
    return found


def test_terms_are_those_of_the_facts(facts):
    ours = [(first, last) for _, first, last, _ in norfolk.TERMS]
    assert ours == halves(facts["2024-25"]) + halves(facts["2025-26"])


def test_how_well_supported_is_what_the_facts_say(facts):
    assert facts["2024-25"]["status"].startswith("two independent Norfolk sources agree")
    assert facts["2025-26"]["status"].startswith("one source")
    assert facts["2026-27"]["status"].startswith("NOT FOUND")
    said = {first.year + (first.month > 8): support for _, first, _, support in norfolk.TERMS}
    assert said == {2025: norfolk.TWO_SOURCES, 2026: norfolk.ONE_SOURCE}


def test_training_days_are_those_of_the_facts(facts):
    assert [day.isoformat() for day in norfolk.TRAINING_DAYS] == facts["2025-26"]["staff_training"]


def test_bank_holidays_are_those_of_england_and_wales(facts):
    published = json.loads((SHARED / "bank-holidays.json").read_text())["england-and-wales"]["events"]
    wanted = [(one["date"], one["title"]) for one in published if one["date"][:4] in ("2024", "2025", "2026")]
    assert [(day.isoformat(), name) for day, name in norfolk.BANK_HOLIDAYS] == wanted
