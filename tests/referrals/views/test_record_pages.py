"""A finalised record: who sees how much of it, its PDF, what is added, and what is left of it once retracted."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from pdfua import Severity, validate

from referrals.models import Addendum, Attachment, RecordDraft, Retraction
from s2s_portal.core import clock
from s2s_portal.organisations.actions.audit import give_reason
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.core import pdf_text
from tests.factories import records as made
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHILD = ("Wilf", "Tasburgh", "4 March 2021")
S2S = [Role.S2S_COORDINATOR, Role.S2S_TEACHER]
FULL = [Role.EARLY_YEARS_ADVISER, *S2S]


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def browsers(council):
    """A browser for each role."""
    return {role: signed_in(user) for role, user in council.people.items()}


@pytest.fixture
def visit(council):
    return made.fresh(support.held(support.booked(council.early_years, at=AT - DAY, starts_at=AT - 2 * HOUR), at=AT))


@pytest.fixture
def file(visit):
    return made.attached(visit, at=AT)


@pytest.fixture
def record(visit, file):
    made.type_in(visit, {"confidence_before": "2", "confidence_after": "4"}, at=AT)
    return made.recorded(visit)


def url(page, record):
    return reverse(f"referrals:record_{page}", args=[record.visit.referral.reference, 1])


# --- The page ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", FULL)
def test_those_who_see_the_child_read_everything(browsers, record, role):
    AuditEvent.objects.all().delete()
    answer = browsers[role].get(url("detail", record))
    page = text_of(answer)
    for words in (*CHILD, *made.WORDS.values(), "Use the picture timetable", "13 December 2024", "timetable.pdf"):
        assert words in page
    for words in ("2, a little confident", "4, confident", "Version 1.", record.reference):
        assert words in page
    title = re.search(r"<title>(.*?)</title>", answer.content.decode()).group(1)
    assert not any(name in title + url("detail", record) for name in CHILD)
    [row] = AuditEvent.objects.all()
    assert (row.kind, row.what, row.reference) == (AuditKind.READ, "record of visit", record.visit.referral.reference)


def test_a_commissioner_sees_that_there_is_a_record_and_nothing_of_it(browsers, record, file):
    page = text_of(browsers[Role.COMMISSIONER].get(url("detail", record)))
    assert record.reference in page
    assert "Visit on 26 November 2024" in page
    assert "What was written is not shown to your role." in page
    for words in (*CHILD, *made.WORDS.values(), "Use the picture timetable", "timetable.pdf", record.by.full_name):
        assert words not in page
    refused = browsers[Role.COMMISSIONER].get(url("download", record))
    assert (refused.status_code, "not shown to your role" in text_of(refused)) == (403, True)
    assert browsers[Role.COMMISSIONER].get(reverse("referrals:file_download", args=[file.key])).status_code == 404


@pytest.mark.parametrize("role", [Role.SEND_ADVISER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_for_others_it_is_not_there(browsers, record, file, role):
    for page in ("detail", "download", "add", "retract"):
        assert browsers[role].get(url(page, record)).status_code == 404
    assert browsers[role].get(reverse("referrals:file_download", args=[file.key])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_for_one_and_three(council, visit, django_assert_num_queries, count):
    actions = {}
    for position in range(1, count + 1):
        actions |= made.action(position)
        made.attached(visit, at=AT)
    record = made.recorded(visit, **actions)
    browser = signed_in(council.people[Role.S2S_TEACHER])
    for _ in range(count):
        browser.post(url("add", record), {"key": str(uuid.uuid4()), "text": "More"})
    browser.get(url("detail", record))  # the messages
    with django_assert_num_queries(11):
        browser.get(url("detail", record))


# --- Adding ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", S2S)
def test_an_addition_is_shown_below_with_who_and_when(browsers, record, role, council):
    sent = {"key": str(uuid.uuid4()), "text": "It was the blue room."}
    for _ in range(2):
        assert browsers[role].post(url("add", record), sent).url == url("detail", record)
    assert Addendum.objects.count() == 1
    page = text_of(browsers[role].get(url("detail", record)))
    assert f"Added on 26 November 2024, 09:30 by {council.people[role]}" in page
    assert page.index("He plays beside") < page.index("It was the blue room.")
    assert "Version 2." in page


def test_an_addition_says_something(browsers, record):
    page = browsers[Role.S2S_TEACHER].post(url("add", record), {"key": str(uuid.uuid4()), "text": " "})
    assert "Enter what you want to add" in text_of(page)
    assert not Addendum.objects.exists()


def test_an_adviser_adds_nothing(browsers, record):
    assert "Add to this record" not in text_of(browsers[Role.EARLY_YEARS_ADVISER].get(url("detail", record)))
    assert browsers[Role.EARLY_YEARS_ADVISER].get(url("add", record)).status_code == 403


# --- The PDF -----------------------------------------------------------------------------------------------------
@pytest.fixture
def pdf_answer(browsers, record):
    browsers[Role.S2S_TEACHER].post(url("add", record), {"key": str(uuid.uuid4()), "text": "It was the blue room."})
    return browsers[Role.S2S_TEACHER].get(url("download", record))


def test_the_pdf_says_everything_and_names_the_child_inside_only(pdf_answer, record):
    pdf = pdf_text.opened(pdf_answer.content)
    text = " ".join(" ".join(pdf_text.content(pdf)).split())
    for words in ("Wilf Tasburgh", "4 March 2021", *made.WORDS.values(), "Use the picture timetable", "blue room"):
        assert words in text
    reference = record.reference
    assert f"{reference}, version 2" in pdf_text.running(pdf.pages[0])
    assert pdf.docinfo.Title == f"Record of visit {reference}"
    assert pdf_answer["Content-Type"] == "application/pdf"
    name = f"record-{reference.replace('/', '-')}-v2.pdf"
    assert pdf_answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert AuditEvent.objects.filter(kind=AuditKind.READ, what="PDF of a record of visit").count() == 1


def test_the_pdf_passes_the_checks_of_its_structure(pdf_answer, tmp_path):
    path = tmp_path / "record.pdf"
    path.write_bytes(pdf_answer.content)
    found = [one for one in validate(str(path)).findings if one.severity in (Severity.ERROR, Severity.WARNING)]
    assert found == []
    names = {name for _, name, _ in pdf_text.tags(pdf_text.opened(pdf_answer.content))}
    assert {"Title", "H1", "L", "Lbl", "LBody", "Table", "TH", "TD", "P"} <= names


def test_a_pdf_says_what_became_of_earlier_actions(browsers, visit, record, council):
    later = made.visit_of(visit.referral, at=AT - HOUR, starts_at=AT - HOUR + timedelta(minutes=5))
    second = made.recorded(later)
    address = reverse("referrals:record_download", args=[second.visit.referral.reference, 2])
    text = " ".join(pdf_text.content(pdf_text.opened(browsers[Role.S2S_TEACHER].get(address).content)))
    assert "What was agreed before" in text
    assert record.reference in text


# --- Retracting --------------------------------------------------------------------------------------------------
WHY = {"reason": "About his brother", "breach_note": "Nobody had opened it."}


def retract(browser, record, **changes):
    return browser.post(url("retract", record), WHY | {"typed": record.reference} | changes, follow=True)


@pytest.mark.parametrize("role", S2S)
def test_a_retracted_record_is_gone_for_everybody(browsers, record, file, role):
    page = text_of(retract(browsers[role], record, typed=f" {record.reference.lower()} "))
    assert f"Record {record.reference} is retracted, and a new one is begun." in page
    assert RecordDraft.objects.get().edition == 2
    for browser in browsers.values():
        for one in ("detail", "download", "add", "retract"):
            assert browser.get(url(one, record)).status_code == 404
        assert browser.get(reverse("referrals:file_download", args=[file.key])).status_code == 404
        assert browser.get(reverse("referrals:file_remove", args=[file.key])).status_code == 404


def test_an_auditor_with_a_reason_sees_a_retracted_record_its_pdf_and_its_files(browsers, council, record, file):
    retract(browsers[Role.S2S_TEACHER], record)
    auditor = council.people[Role.AUDITOR]
    reference = record.visit.referral.reference
    give_reason(reference=reference, reason="A breach was reported", by=auditor, real_at=clock.real_now())
    of_the_request = reverse("referrals:referral_detail", args=[reference])
    link = f'href="{url("detail", record)}">{record.reference}</a>, retracted on'
    assert link in text_of(browsers[Role.AUDITOR].get(of_the_request))
    assert link not in text_of(browsers[Role.S2S_TEACHER].get(of_the_request))
    page = text_of(browsers[Role.AUDITOR].get(url("detail", record)))
    for words in ("This record was retracted", *WHY.values(), *made.WORDS.values()):
        assert words in page
    assert "Retract this record" not in page
    assert browsers[Role.AUDITOR].get(url("download", record)).status_code == 200
    assert browsers[Role.AUDITOR].get(reverse("referrals:file_download", args=[file.key])).status_code == 200


@pytest.mark.parametrize("role", FULL)
def test_a_later_record_does_not_say_what_a_retracted_one_had_agreed(browsers, council, visit, role):
    first = made.recorded(visit, **made.action(text="Ask his brother"))
    booking = support.book(made.fresh(visit).referral, AT, at=AT)
    later = made.recorded(support.held(booking, at=AT + HOUR))
    page, file = (
        reverse(f"referrals:record_{one}", args=[visit.referral.reference, 2]) for one in ("detail", "download")
    )

    def printed():
        pdf = pdf_text.opened(browsers[role].get(file).content)
        return " ".join(" ".join(pdf_text.content(pdf)).split())

    assert "Ask his brother" in text_of(browsers[role].get(page))
    assert "Ask his brother" in printed()
    made.retracted(first, at=AT + HOUR)
    assert "Agreed in a record that was retracted" in text_of(browsers[role].get(page))
    assert "Ask his brother" not in text_of(browsers[role].get(page)) + printed()
    auditor, reference = council.people[Role.AUDITOR], visit.referral.reference
    give_reason(reference=reference, reason="A breach was reported", by=auditor, real_at=clock.real_now())
    assert "Ask his brother" in text_of(browsers[Role.AUDITOR].get(page))
    assert later.content["results"][0]["text"] == "Ask his brother"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"typed": "EY-0000-00/1"}, "Type the record’s reference: "),
        ({"typed": ""}, "Enter the record’s reference"),
        ({"reason": ""}, "Enter how it was found out"),
        ({"breach_note": ""}, "Enter who may have seen it"),
    ],
)
def test_retracting_asks_for_reasons_and_the_reference(browsers, record, changes, sentence):
    page = text_of(retract(browsers[Role.S2S_TEACHER], record, **changes))
    assert sentence in page
    assert not Retraction.objects.exists()


def test_files_of_a_draft_are_shown_to_those_who_read_the_draft(browsers, visit, file):
    got = {
        role: browser.get(reverse("referrals:file_download", args=[file.key])).status_code
        for role, browser in browsers.items()
    }
    assert {role for role, status in got.items() if status == 200} == set(S2S)
    assert {status for role, status in got.items() if role not in S2S} == {404}
    assert Attachment.objects.count() == 1
