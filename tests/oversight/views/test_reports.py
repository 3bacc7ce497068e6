"""Reports to commissioners: issued with one button, kept byte for byte, and no child in them."""

import hashlib
import re
import uuid
from datetime import timedelta
from html import unescape

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from pdfua import Severity, validate

from referrals.permissions import Asking
from s2s_portal.core.models import RehearsalClock
from s2s_portal.core.svg import Series, Spreads
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.oversight.actions.issuing import issue
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Column, Figure, Line
from s2s_portal.oversight.documents.report import Report, report_document
from s2s_portal.oversight.models import IssuedReport
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.views.pages import PAGES
from s2s_portal.oversight.views.reports import IN_FULL, figures_of
from tests.core import pdf_text
from tests.factories import support
from tests.factories.organisations import MembershipFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.exports.reading import body_of
from tests.oversight.views.test_dashboards import CHILD
from tests.referrals.queries.test_unmet import Town
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("oversight:report_list")
CHART = re.compile(r'class="app-svg".*?<title[^>]*>(.*?)</title>', re.DOTALL)


def test_a_report_is_issued_read_and_stays_as_it_is(council, client_for):
    support.in_contact(council.far)
    by = council.people[Role.COMMISSIONER]
    client = client_for(by)
    assert "No report has been issued yet" in text_of(client.get(LIST))
    assert client.post(LIST + "?stream=EARLY_YEARS").status_code == 302
    [one] = IssuedReport.objects.all()
    url = reverse("oversight:report_file", args=[one.pk])
    page = client.get(LIST)
    assert f'href="{url}"' in page.content.decode()
    assert "Report 1" in text_of(page)
    first = body_of(client.get(url))
    assert (len(first), hashlib.sha256(first).hexdigest()) == (one.size, one.sha256)
    words = " ".join(pdf_text.content(pdf_text.opened(first)))
    for part in ("Report to commissioners", "How many of the", "26 November 2024, 09:30", "What is counted", "Zones"):
        assert part in words
    assert [name for name in CHILD if name in words] == []
    support.assigned(council.mainstream)
    client.post(LIST)
    assert body_of(client.get(url)) == first
    assert list(IssuedReport.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]
    lines = AuditEvent.objects.filter(reference=f"report {one.pk}").order_by("pk")
    assert [(line.kind, line.user_id) for line in lines] == [(AuditKind.WRITE, by.pk), *[(AuditKind.READ, by.pk)] * 2]


def test_the_report_is_tagged_and_hides_small_numbers(client_for, tmp_path):
    town = Town()
    town.refused()
    client_for(town.commissioner).post(LIST)
    content = bytes(IssuedReport.objects.get().content)
    assert "fewer than 6" in " ".join(pdf_text.content(pdf_text.opened(content)))
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    found = validate(str(file)).findings
    assert [one for one in found if one.severity in (Severity.ERROR, Severity.WARNING)] == []
    with pikepdf.open(file) as opened:
        assert opened.Root.MarkInfo.Marked


def test_two_presses_make_one_report(council, client_for):
    client = client_for(council.people[Role.COMMISSIONER])
    [key] = re.findall(r'name="key" value="([^"]+)"', client.get(LIST).content.decode())
    for _ in range(2):
        assert "Report 1 was issued" in text_of(client.post(LIST, {"key": key}, follow=True))
    assert [str(one.key) for one in IssuedReport.objects.all()] == [key]


@pytest.mark.parametrize("period", ["424242", "x", "-1"])
def test_a_period_that_is_not_offered_has_no_report(council, client_for, period):
    client = client_for(council.people[Role.COMMISSIONER])
    assert client.post(f"{LIST}?period={period}").status_code == 404
    assert not IssuedReport.objects.exists()


def test_a_report_whose_number_was_taken_meanwhile_is_made_again(council):
    by = council.people[Role.COMMISSIONER]
    numbers = []

    def made(number):
        numbers.append(number)
        if len(numbers) == 1:
            told = {"key": uuid.uuid4(), "by": by, "at": AT}
            issue(period=council.period, made=lambda other: b"%PDF other", **told)
        return f"%PDF {number}".encode()

    one = issue(period=council.period, made=made, key=uuid.uuid4(), by=by, at=AT)
    assert (numbers, one.number, bytes(one.content)) == ([1, 2], 2, b"%PDF 2")


def test_each_chart_of_its_pages_stands_in_the_report_with_words(council, client_for):
    support.in_contact(council.far)
    client = client_for(council.people[Role.COMMISSIONER])
    pages = [client.get(reverse("oversight:dashboard", args=[one.value])).content.decode() for one in IN_FULL]
    client.post(LIST)
    report = pdf_text.opened(bytes(IssuedReport.objects.get().content))
    figures = [element for _, name, element in pdf_text.tags(report) if name == "Figure"]
    titles = [unescape(title) for page in pages for title in CHART.findall(page)]
    assert len(titles) > 5
    assert [str(figure.Alt).startswith(f"Chart: {title}. ") for figure, title in zip(figures, titles, strict=True)] == [
        True
    ] * len(titles)
    names = [name for _, name, _ in pdf_text.tags(report) if name in {"Figure", "Table"}]
    assert "Figure Figure" not in " ".join(names), "each has its table under it"


def test_a_report_lists_its_parts_with_their_pages(council, client_for):
    client_for(council.people[Role.COMMISSIONER]).post(LIST)
    words = " ".join(pdf_text.content(pdf_text.opened(bytes(IssuedReport.objects.get().content))))
    listed = words[words.index("Contents") : words.index("Figures as at")]
    for part in ("In short", *(one.label for one in IN_FULL), "What is counted"):
        assert part in listed


def test_a_report_has_no_single_request_and_says_once_what_is_empty(council):
    by = council.people[Role.COMMISSIONER]
    readings = Readings(Scope(Asking(by, today=AT.date()), council.period, AT + timedelta(days=30)))
    for page in (PAGES[one] for one in IN_FULL):
        figures = figures_of(page, readings)
        assert not [line.url for figure in figures for line in figure.lines if "/requests/" in line.url]
        empty = [figure.sentence for figure in figures if not figure.lines]
        assert len(empty) == len(set(empty))
    assert "longest" in {figure.key for figure in PAGES[Dashboard.STUCK].figures(readings)}


@pytest.mark.parametrize("in_practice", [True, False])
def test_a_report_of_a_practice_says_so_on_its_first_page_and_on_every_other(in_practice):
    made = report_document(Report("Autumn", 1, AT, "Somebody", (), (), in_practice))
    assert made.footer.startswith("Invented data of a practice.") == in_practice
    assert ("Practice" in dict(made.sections[0].rows)) == in_practice


def test_whoever_issues_one_in_a_practice_has_one_that_says_so(council, client_for):
    RehearsalClock.objects.create(pk=1, practice_at=AT, beat_at=AT)
    client_for(council.people[Role.COMMISSIONER]).post(LIST)
    words = " ".join(pdf_text.content(pdf_text.opened(bytes(IssuedReport.objects.get().content))))
    assert "Invented data of a practice: the moment above is no real one" in " ".join(words.split())


@pytest.mark.parametrize("groups", [8, 9])
def test_dots_of_very_many_groups_are_left_to_their_table(council, groups):
    values = tuple(range(1, groups + 1))
    names = tuple(f"School {value}" for value in values)
    chart = Spreads("Waits", "Of schools.", names, Series("Median", values), Series("Far", values), "days")
    columns, lines = (Column("School"), Column("Median", Unit.DAYS)), zip(names, values, strict=True)
    figure = Figure("waits", "Waits", "Long.", "Days.", columns, tuple(map(Line, lines)), chart)
    made = report_document(Report("Autumn", 1, AT, "Somebody", (), [("Waits", [figure])]))
    [section] = [one for one in made.sections if one.table]
    assert len(section.table.rows) == groups
    assert (section.picture is not None) == (groups == 8)


def test_each_definition_stands_once_at_the_end_and_numbers_at_the_right(council):
    by = council.people[Role.COMMISSIONER]
    readings = Readings(Scope(Asking(by, today=AT.date()), council.period, AT))
    pages = [(page.dashboard.label, page.figures(readings)) for page in PAGES.values() if page.dashboard in IN_FULL]
    answers = [answer for page in PAGES.values() for answer in page.answers(readings)]
    made = report_document(Report(str(council.period), 1, AT, str(by), answers, pages))
    figures = [(page, figure) for page, figures in pages for figure in figures]
    definitions = {figure.definition for _, figure in figures}
    assert len(definitions) < len(figures), "some tables count the same"
    at = [section.heading for section in made.sections].index("What is counted")
    defined = made.sections[at + 1 :]
    assert [len(section.paragraphs) for section in defined] == [1] * len(definitions)
    assert {section.paragraphs[0] for section in defined} == definitions
    for page, figure in figures:
        [section] = [one for one in defined if one.paragraphs == (figure.definition,)]
        assert f"{page}: {figure.caption}" in section.heading.split("; ")
    assert [one.question for one in made.sections[1].headlines] == [one.question for one in answers]
    tables = [section.table for section in made.sections if section.table]
    assert all(0 not in table.numeric for table in tables)
    assert any(table.numeric for table in tables)


def test_the_database_keeps_it(council, client_for):
    client_for(council.people[Role.COMMISSIONER]).post(LIST)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        IssuedReport.objects.update(content=b"%PDF")


@pytest.mark.parametrize("role", [Role.S2S_COORDINATOR, Role.EARLY_YEARS_ADVISER])
def test_who_sees_more_than_a_commissioner_issues_none(council, client_for, role):
    by = council.people[Role.COMMISSIONER]
    MembershipFactory(user=by, role=role)
    assert client_for(by).post(LIST).status_code == 403
    assert not IssuedReport.objects.exists()


def test_before_the_first_period_there_is_nothing_to_report(client_for):
    client = client_for(person(Role.COMMISSIONER))
    assert "Issue a report" not in text_of(client.get(LIST))
    assert client.post(LIST).status_code == 200
    assert not IssuedReport.objects.exists()


def test_the_overview_leads_to_the_reports_of_those_who_issue_them(council, client_for):
    shown = [
        LIST in client_for(council.people[role]).get(reverse("oversight:overview")).content.decode()
        for role in (Role.COMMISSIONER, Role.S2S_COORDINATOR)
    ]
    assert shown == [True, False]
