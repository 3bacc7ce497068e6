"""The case list: who the children are, for those who see the whole case, with a reason, and a line for each request."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from referrals.models import Referral
from referrals.permissions import Asking
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.oversight.actions.taking import take_case_list
from s2s_portal.oversight.documents.case_list import READS
from s2s_portal.oversight.queries.case_list import Narrowing, by_parts, listed
from tests.factories import support
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.exports.reading import below, body_of, csv_rows, xlsx_cells
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
URL = reverse("oversight:case_list")
WHY = "Hand-over to Marram Fen School on 1 December"
GIVEN = {"reason": WHY, "file_format": "csv"}
LABELS = [read.column.label for read in READS]


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


def taken(client, url: str = URL, **given: str) -> list[list]:
    """The rows of the file that the page answers with."""
    answer = client.post(url, GIVEN | given)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="case-list-2024-11-26.'), text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    body = body_of(answer)
    return xlsx_cells(body) if given.get("file_format") == "xlsx" else csv_rows(body)


def cases(rows: list[list]) -> dict[str, dict[str, object]]:
    """The requests of a file by their references."""
    return {row[0]: dict(zip(LABELS, row, strict=True)) for row in below(rows, "Reference")}


def facts(rows: list[list]) -> dict[str, object]:
    """What stands above the table."""
    return {row[0]: row[1] for row in rows[: next(at for at, row in enumerate(rows) if not any(row))]}


def coordinator(council, client_for):
    return client_for(council.people[Role.S2S_COORDINATOR])


def test_the_page_says_what_the_file_will_have_and_asks_why(council, client_for):
    answer = coordinator(council, client_for).get(URL)
    page = text_of(answer)
    assert "<strong>4 requests.</strong>" in page
    assert f"{council.period}, both streams, as at 26 November 2024, 09:30, every status, every zone." in page
    for label in LABELS:
        assert label.casefold() in page.casefold()
    assert "The portal cannot protect it once it has been downloaded" in page
    assert "Wilf" not in page
    assert "no-store" in answer["Cache-Control"]
    assert 'method="post"' in page
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_file_says_who_the_children_are_and_where_their_requests_stand(council, client_for, file_format):
    booking = support.booked(council.early_years, starts_at=AT + timedelta(hours=2))
    support.recorded(support.held(booking, at=AT + timedelta(hours=3)), at=AT + timedelta(hours=4))
    asked = Referral.objects.get(pk=council.early_years.pk)
    rows = taken(coordinator(council, client_for), file_format=file_format)
    assert set(cases(rows)) == council.requests
    one = cases(rows)[council.early_years.reference]

    def day(value: object) -> str:
        return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value)

    assert (one["First name"], one["Last name"], day(one["Date of birth"])) == ("Wilf", "Tasburgh", "2021-03-04")
    assert (one["School or setting"], one["Zone"]) == (council.setting.display_name, council.zone.name)
    school = asked.provider_school.display_name if asked.provider_school else ""
    assert (one["S2S teacher"], one["Teacher’s school"]) == (asked.teacher.full_name, school)
    assert (one["SEN status"], one["Main type of need"]) == ("SEN support", "Speech, language and communication needs")
    assert (one["Stream"], one["Contact’s e-mail"]) == ("Early years", "perran@setting.invalid")
    for label in ("Sent or joined the waiting list", "Got its place", "First contact", "First visit", "Last visit"):
        assert day(one[label]) == "2024-11-26", label
    assert day(one["Last record of visit"]) == "2024-11-26"
    assert (str(one["Visits held"]), str(one["Records of visits"])) == ("1", "1")
    told = facts(rows)
    assert told["Reason"] == WHY
    assert told["Filter"].endswith("every status, every zone")
    assert str(told["Rows"]) == "4"
    assert told["Made by"] == str(council.people[Role.S2S_COORDINATOR])
    assert {"Table", "What is counted", "Keep it safe", "As at", "Made at"} <= set(told)
    assert not any("Few words yet" in str(cell) for row in rows for cell in row), "what was written is not in it"


def test_a_visit_ahead_and_an_end_are_told(council, client_for):
    support.booked(council.far, starts_at=AT + timedelta(days=2))
    found = cases(taken(coordinator(council, client_for)))
    assert found[council.far.reference]["Next planned visit"] == "2024-11-28 09:30"
    ended = found[council.withdrawn.reference]
    assert (ended["Status"], ended["Ended"], ended["Got its place"]) == ("Withdrawn", "2024-11-26", "2024-11-26")
    assert ended["S2S teacher"] == ""


def test_a_retracted_or_missing_record_and_a_visit_that_was_not_held_do_not_count(council, client_for):
    support.booked(council.far, starts_at=AT + timedelta(hours=1))
    one = cases(taken(coordinator(council, client_for)))[council.far.reference]
    assert (one["Last visit"], one["Records of visits"], one["Last record of visit"]) == ("", "0", "")


def test_it_is_narrowed_as_the_address_says(council, client_for):
    client = coordinator(council, client_for)

    def references(query: str) -> set[str]:
        count = int(re.search(r"<strong>(\d+) request", text_of(client.get(f"{URL}?{query}")))[1])
        rows = taken(client, f"{URL}?{query}")
        assert int(str(facts(rows)["Rows"])) == count
        return set(cases(rows))

    assert references("stream=MAINSTREAM") == {council.mainstream.reference}
    assert references("status=WITHDRAWN") == {council.withdrawn.reference}
    assert references("status=open") == council.requests - {council.withdrawn.reference}
    assert references(f"zone={council.far_zone.pk}") == {council.far.reference}
    assert references("period=all") == council.requests
    rows = taken(client, f"{URL}?status=open&zone={council.far_zone.pk}&period=all&stream=EARLY_YEARS")
    assert facts(rows)["Filter"] == (
        f"All periods, early years, as at 26 November 2024, 09:30, Open with S2S, {council.far_zone.name}"
    )


@pytest.mark.parametrize("query", ["stream=BOTH", "status=GONE", "period=0", "zone=0"])
def test_an_answer_that_is_not_offered_gives_no_file(council, client_for, query):
    before = AuditEvent.objects.count()
    answer = coordinator(council, client_for).post(f"{URL}?{query}", GIVEN)
    assert "text/html" in answer["Content-Type"]
    assert "<title>Error: Case list" in text_of(answer)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": ""}, "Enter the reason"),
        ({"reason": "\u200b" * 12}, "Enter the reason"),
        ({"reason": "too short"}, "The reason must be 10 characters or more"),
        ({"reason": "long " * 61}, "The reason must be 300 characters or fewer"),
        ({"file_format": ""}, "Select a format"),
        ({"file_format": "pdf"}, "Select a format, using one of the answers on this page"),
    ],
)
def test_without_a_reason_or_format_there_is_no_file_and_what_was_typed_is_kept(council, client_for, given, said):
    before = AuditEvent.objects.count()
    answer = coordinator(council, client_for).post(f"{URL}?stream=EARLY_YEARS", GIVEN | given)
    page = text_of(answer)
    assert "text/html" in answer["Content-Type"]
    assert said in page
    assert "<title>Error: Case list" in page
    assert (GIVEN | given)["reason"].strip() in page
    assert "early years, as at" in page
    assert AuditEvent.objects.count() == before


def test_each_file_leaves_its_line_and_one_for_each_request(council, client_for):
    by = council.people[Role.S2S_COORDINATOR]
    before = AuditEvent.objects.latest("pk").pk
    taken(client_for(by), f"{URL}?status=open")
    *lines, file = AuditEvent.objects.filter(pk__gt=before).order_by("pk")
    assert {line.reference for line in lines} == council.requests - {council.withdrawn.reference}
    assert {(line.kind, line.user_id, line.what, line.reason) for line in lines} == {
        (AuditKind.READ, by.pk, "downloaded in a case list, as csv", WHY)
    }
    assert (file.kind, file.user_id, file.reference) == (AuditKind.READ, by.pk, "case list")
    assert file.what == "downloaded a case list with who the children are, as csv, rows: 3"
    assert file.reason == (
        f"{WHY} (Filter: {council.period}, both streams, as at 26 November 2024, 09:30, Open with S2S, every zone)"
    )
    log = text_of(
        client_for(council.people[Role.AUDITOR]).get(reverse("organisations:access_log") + "?email=" + by.email)
    )
    assert f"“{file.reason}”" in log
    assert f"“{WHY}”" in log


def test_the_longest_reason_and_filter_have_room(council):
    by = council.people[Role.S2S_COORDINATOR]
    take_case_list(references=["EY-2222-22"] * 2_001, ending="xlsx", narrowed="z" * 400, reason="y" * 300, by=by)
    line = AuditEvent.objects.latest("pk")
    assert (len(line.reason), line.what.endswith("rows: 2001")) == (500, True)
    assert AuditEvent.objects.filter(reference="EY-2222-22").count() == 2_001


@pytest.mark.parametrize("role", [role for role in Role if role != Role.S2S_COORDINATOR])
def test_nobody_else_gets_a_file(council, client_for, role):
    before = AuditEvent.objects.count()
    assert client_for(council.people[role]).post(URL, GIVEN).status_code == 403
    with pytest.raises(NotAllowed):
        take_case_list(references=[], ending="csv", narrowed="", reason=WHY, by=council.people[role])
    assert AuditEvent.objects.count() == before


def test_a_forged_post_gets_no_file(council):
    client = Client(enforce_csrf_checks=True)
    client.force_login(council.people[Role.S2S_COORDINATOR])
    before = AuditEvent.objects.count()
    assert client.post(URL, GIVEN).status_code == 403
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("typed", ['=HYPERLINK("http://x.invalid","y")', "+1+1", "@SUM(A1)", "-2+3", "\t=1"])
def test_nothing_that_was_typed_is_calculated(council, client_for, typed):
    Referral.objects.filter(pk=council.far.pk).update(child_first_name=typed, contact_name=typed)
    client = coordinator(council, client_for)
    row = cases(taken(client, reason=f"{typed} and some words"))[council.far.reference]
    assert (row["First name"], row["Contact"]) == (f"'{typed}", f"'{typed}")
    rows = taken(client, file_format="xlsx")  # its cells are texts, or reading it fails
    assert cases(rows)[council.far.reference]["First name"].strip() == typed.strip()


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries(council, client_for, django_assert_num_queries, count):
    for _ in range(count):
        support.assigned(sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER]))
    client = coordinator(council, client_for)
    with django_assert_num_queries(14):
        taken(client)
    with django_assert_num_queries(9):
        client.get(URL)


def test_a_long_list_is_read_in_parts(council, django_assert_num_queries):
    who = Asking(council.people[Role.S2S_COORDINATOR], today=london_date(AT))
    chosen = listed(who, Narrowing())
    with django_assert_num_queries(2):
        assert [one.reference for one in by_parts(who, chosen, AT, at_a_time=2)] == [one.reference for one in chosen]


def test_who_lost_the_right_meanwhile_gets_no_more_of_it(council):
    who = Asking(council.people[Role.S2S_COORDINATOR], today=london_date(AT))
    chosen = listed(who, Narrowing())
    assert list(by_parts(Asking(council.people[Role.COMMISSIONER]), chosen, AT)) == []


def test_links_lead_to_it_and_take_the_filters_along(council, client_for):
    client = coordinator(council, client_for)
    page = text_of(client.get(reverse("referrals:referral_list") + "?status=SUBMITTED&text=&page=1"))
    assert f'href="{URL}?status=SUBMITTED"' in page
    assert f'href="{URL}"' in text_of(client.get(reverse("referrals:referral_list")))
    assert f'href="{URL}?stream=EARLY_YEARS"' in text_of(
        client.get(reverse("oversight:overview") + "?stream=EARLY_YEARS")
    )
    commissioner = client_for(council.people[Role.COMMISSIONER])
    for route in ("referrals:referral_list", "oversight:overview"):
        assert URL not in text_of(commissioner.get(reverse(route)))
