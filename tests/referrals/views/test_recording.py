"""The outcome of a visit, and writing its record: saved as one types, checked, finalised."""

import re
import uuid
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from referrals.choices import ActionResult, Status, VisitOutcome
from referrals.forms.recording import was
from referrals.models import Attachment, RecordAnswer, Referral, Visit, VisitRecord
from referrals.queries import records
from s2s_portal.core import files
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import records as made
from tests.factories import support
from tests.factories.organisations import PASSWORD, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHILD = ("Wilf", "Tasburgh")


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def teacher(council) -> Client:
    return signed_in(council.people[Role.S2S_TEACHER])


@pytest.fixture
def begun(council):
    """A visit that is going on."""
    return support.booked(council.early_years, at=AT - DAY / 2, starts_at=AT - HOUR / 2)


@pytest.fixture
def visit(begun):
    """A visit of today that was held."""
    return made.fresh(support.held(begun, at=AT))


def url(page, about):
    key = about.booking.key if isinstance(about, Visit) else about.key
    return reverse(f"referrals:{page}", args=[key])


def typed(visit, **answers):
    """What the page posts for these answers, over what is saved now."""
    there = records.answers_of(visit.draft)
    return answers | {f"was_{name}": was(there.get(name)) for name in answers}


def title_of(response) -> str:
    return unescape(re.search(r"<title>(.*?)</title>", response.content.decode()).group(1))


# --- The outcome -------------------------------------------------------------------------------------------------
def test_a_held_visit_leads_straight_to_its_record(teacher, begun):
    page = teacher.get(url("visit_outcome", begun))
    assert "4 March 2021" in text_of(page)  # two identifiers, before anything is told
    assert not any(name in title_of(page) for name in CHILD)
    answer = teacher.post(url("visit_outcome", begun), {"outcome": "HELD_LATE", "minutes_late": "20", "reason": ""})
    assert answer.url == url("record_write", begun)
    told = Visit.objects.get()
    assert (told.outcome, told.minutes_late, told.reason) == (VisitOutcome.HELD_LATE, 20, "")
    assert Referral.objects.get(pk=begun.referral_id).status == Status.SUPPORTING


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Select whether the visit was held"),
        ({"outcome": "HELD_LATE"}, "Enter by how many minutes it began late"),
        ({"outcome": "HELD_LATE", "minutes_late": "0"}, "1 or more"),
        ({"outcome": "NOT_HELD"}, "Choose why the visit was not held"),
    ],
)
def test_an_outcome_says_what_belongs_to_it(teacher, begun, sent, sentence):
    page = teacher.post(url("visit_outcome", begun), sent)
    assert sentence in text_of(page)
    assert not Visit.objects.exists()


def test_what_belongs_to_another_outcome_is_not_kept(teacher, begun):
    sent = {"outcome": "NOT_HELD", "reason": "TRAVEL", "minutes_late": "x", "note": "Snow"}
    answer = teacher.post(url("visit_outcome", begun), sent, follow=True)
    assert answer.redirect_chain[0][0] == reverse("referrals:referral_detail", args=[begun.referral.reference])
    assert "the visit was not held" in text_of(answer)
    told = Visit.objects.get()
    assert (told.outcome, told.minutes_late, told.reason, told.note) == ("NOT_HELD", None, "TRAVEL", "Snow")


def test_told_twice_the_first_stays(teacher, begun, council):
    sent = {"outcome": "HELD"}
    for _ in range(2):
        assert teacher.post(url("visit_outcome", begun), sent).url == url("record_write", begun)
    teacher.post(url("visit_outcome", begun), {"outcome": "NOT_HELD", "reason": "TRAVEL"})
    assert Visit.objects.get().outcome == "HELD"
    assert teacher.get(url("visit_outcome", begun)).url == url("record_write", begun)


def test_a_visit_that_has_not_begun_has_no_outcome(teacher, council):
    ahead = support.booked(council.early_years, at=AT - HOUR, starts_at=AT + HOUR)
    page = teacher.get(url("visit_outcome", ahead))
    assert "The visit begins on 26 November 2024, 10:30." in text_of(page)
    assert b'name="outcome"' not in page.content
    teacher.post(url("visit_outcome", ahead), {"outcome": "HELD"})
    assert not Visit.objects.exists()
    assert teacher.get(url("record_write", ahead)).url == url("visit_outcome", ahead)


def test_a_cancelled_visit_says_why_nothing_can_be_told(teacher, begun):
    type(begun).objects.filter(pk=begun.pk).update(state="CANCELLED")
    page = teacher.post(url("visit_outcome", begun), {"outcome": "HELD"}, follow=True)
    assert "no longer planned" in text_of(page)


# --- Saving as one types -------------------------------------------------------------------------------------------
def test_each_answer_is_saved_as_one_types(teacher, visit):
    told = teacher.post(url("record_save", visit), typed(visit, seen="Sand\r\nand water")).json()
    row = RecordAnswer.objects.get()
    assert row.value == "Sand\nand water"
    assert told == {"saved_at": "09:30", "answers": {"seen": {"version": 1, "was": was(row), "saved_at": "09:30"}}}
    page = text_of(teacher.get(url("record_write", visit)))
    assert "Sand\nand water" in page
    assert "Saved at 09:30" in page


def test_a_date_is_kept_as_it_was_typed(teacher, visit):
    boxes = {"action_1_due_day": "31", "action_1_due_month": "feb", "action_1_due_year": ""}
    teacher.post(url("record_save", visit), boxes | {"was_action_1_due": was(None)})
    assert RecordAnswer.objects.get().value == "31 feb "
    page = text_of(teacher.get(url("record_write", visit)))
    assert re.search(r'name="action_1_due_month"[^>]*value="feb"', page)


def test_an_answer_that_nobody_touched_is_not_sent_over_another(teacher, visit, council):
    shown = typed(visit, seen="", works="")
    made.type_in(visit, {"seen": "Theirs"}, at=AT)
    told = teacher.post(url("record_save", visit), shown | {"works": "Mine"}).json()
    assert list(told["answers"]) == ["works"]
    assert dict(RecordAnswer.objects.values_list("name", "value")) == {"seen": "Theirs", "works": "Mine"}


def test_two_people_at_once_see_both_texts(teacher, visit, council):
    shown = typed(visit, next_step="")
    colleague = person(Role.S2S_TEACHER, full_name="S. Khan")
    Referral.objects.filter(pk=visit.referral_id).update(teacher=colleague)
    made.type_in(visit, {"next_step": "Theirs"}, by=colleague, at=AT)
    Referral.objects.filter(pk=visit.referral_id).update(teacher=council.people[Role.S2S_TEACHER])
    told = teacher.post(url("record_save", visit), shown | {"next_step": "Mine"}).json()["answers"]["next_step"]
    assert told["conflict"] == "Theirs"
    assert told["yours"] == "Mine"
    assert told["sentence"] == "S. Khan changed “Next step” at 09:30 while you were writing"
    assert RecordAnswer.objects.get().value == "Theirs"


def test_the_script_is_told_what_is_too_long(teacher, visit):
    told = teacher.post(url("record_save", visit), typed(visit, seen="x" * 4001)).json()
    assert told["answers"]["seen"] == {"problem": "Shorten this by 1 character: it may have 4,000"}


def test_the_script_is_told_when_the_record_is_finalised(teacher, visit):
    sent = typed(visit, seen="More")
    made.recorded(visit)
    answer = teacher.post(url("record_save", visit), sent)
    assert (answer.status_code, "finalised" in answer.json()["problem"]) == (409, True)


def test_what_was_saved_on_another_day_says_on_which(teacher, visit):
    teacher.post(url("record_save", visit), typed(visit, seen="Snack."))
    assert "Saved at 09:30" in text_of(teacher.get(url("record_write", visit)))
    with time_machine.travel(AT + DAY, tick=False):
        teacher.force_login(visit.by)
        assert "Saved on 26 November at 09:30" in text_of(teacher.get(url("record_write", visit)))


def test_nothing_is_saved_before_the_outcome_is_told(teacher, begun):
    assert teacher.post(url("record_save", begun), {"seen": "x", "was_seen": was(None)}).status_code == 409


def test_a_script_that_was_signed_out_is_sent_to_sign_in_and_saves_nothing(client, visit):
    answer = client.post(url("record_save", visit), typed(visit, seen="Sand"))
    assert answer.status_code == 302
    assert not RecordAnswer.objects.exists()


# --- Without a script ------------------------------------------------------------------------------------------------
def test_the_button_saves_what_was_typed(teacher, visit):
    sent = typed(visit, **made.WORDS, confidence_before="2")
    page = teacher.post(url("record_write", visit), sent | {"action": "save"}, follow=True)
    assert "Saved at 09:30." in text_of(page)
    assert RecordAnswer.objects.count() == 6
    for action, where in (("check", "record_check"), ("attach", "record_attach")):
        answer = teacher.post(url("record_write", visit), typed(visit, seen=action) | {"action": action})
        assert answer.url == url(where, visit)
        assert RecordAnswer.objects.get(name="seen").value == action


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "Theirs"), ("1", "Mine"), ("", "Theirs")])
def test_without_a_script_one_chooses_between_two_texts(teacher, visit, choice, kept):
    sent = typed(visit, seen="", works="") | {"seen": "Mine", "works": "Pictures"}
    made.type_in(visit, {"seen": "Theirs"}, at=AT)
    page = text_of(teacher.post(url("record_write", visit), sent))
    for words in ("You changed “What was seen” at 09:30 in another window", "Mine", "Theirs: ", "Keep yours"):
        assert words in page
    assert RecordAnswer.objects.get(name="works").value == "Pictures"
    sent |= {"was_works": was(RecordAnswer.objects.get(name="works"))} | ({"keep_seen": choice} if choice else {})
    again = teacher.post(url("record_write", visit), sent)
    assert RecordAnswer.objects.get(name="seen").value == kept
    assert again.status_code == (302 if choice else 200)
    if not choice:
        assert "Mine" in text_of(again)


def test_what_is_too_long_stays_on_the_page(teacher, visit):
    page = text_of(teacher.post(url("record_write", visit), typed(visit, seen="x" * 4001, works="Pictures")))
    assert "Shorten this by 1 character" in page
    assert "x" * 4001 in page
    assert RecordAnswer.objects.get().name == "works"


def test_text_typed_while_signed_out_is_offered_again(teacher, visit, council):
    teacher.logout()
    to_sign_in = teacher.post(url("record_write", visit), typed(visit, seen="Not lost"))
    assert to_sign_in.status_code == 302
    teacher.post(to_sign_in.url, {"login": council.people[Role.S2S_TEACHER].email, "password": PASSWORD})
    page = text_of(teacher.get(url("record_write", visit)))
    assert "You were signed out. What you typed is below" in page
    assert "Not lost" in page
    assert not RecordAnswer.objects.exists()


def test_what_was_typed_into_a_finalised_record_is_shown_to_copy(teacher, visit):
    sent = typed(visit, seen="Not lost")
    made.recorded(visit)
    answer = teacher.post(url("record_write", visit), sent)
    assert answer.status_code == 409
    assert "Not lost" in text_of(answer)


def test_a_visit_that_was_not_held_has_no_record_to_write(teacher, begun):
    support.held(begun, outcome="NOT_HELD", reason="TRAVEL")
    page = teacher.get(url("record_write", begun), follow=True)
    assert "was not held, so it has no record" in text_of(page)


def later_page(council, moment, page, about) -> HttpResponse:
    """The page as the teacher sees it on a later day."""
    with time_machine.travel(moment, tick=False):
        return signed_in(council.people[Role.S2S_TEACHER]).get(url(page, about))


def test_the_last_visits_actions_come_first_with_how_old_they_are(council, visit):
    made.recorded(visit)
    later = made.visit_of(visit.referral, at=AT + DAY, starts_at=AT + 7 * DAY)
    page = text_of(later_page(council, AT + 8 * DAY, "record_write", later))
    assert page.index("Agreed: Use the picture timetable") < page.index("What was seen")
    assert "Perran Oxnead, by 13 December 2024. Agreed on 26 November 2024." in page
    made.recorded(later, **made.told(records.rolled_into(later)[0].action.pk, ActionResult.PARTLY))
    third = made.visit_of(visit.referral, at=AT + 9 * DAY, starts_at=AT + 14 * DAY)
    page = text_of(later_page(council, AT + 15 * DAY, "record_write", third))
    assert "On 3 December 2024: partly done, There was no time." in page


# --- Who may -----------------------------------------------------------------------------------------------------
def test_a_co_ordinator_reads_what_is_being_written(visit, council):
    made.type_in(visit, made.WORDS, at=AT)
    AuditEvent.objects.all().delete()
    page = text_of(signed_in(council.people[Role.S2S_COORDINATOR]).get(url("record_write", visit)))
    assert made.WORDS["seen"] in page
    assert "<textarea" not in page
    [row] = AuditEvent.objects.all()
    assert (row.kind, row.what, row.reference) == (
        AuditKind.READ,
        "draft of a record of visit",
        visit.referral.reference,
    )


def test_the_teacher_who_covers_writes(visit, council):
    cover = person(Role.S2S_TEACHER)
    days = {"starts_on": AT.date(), "ends_on": AT.date()}
    visit.referral.covers.create(teacher=cover, **days, by=council.people[Role.S2S_COORDINATOR], at=AT)
    signed_in(cover).post(url("record_save", visit), typed(visit, seen="Sand"))
    assert RecordAnswer.objects.get().saved_by == cover


# --- Checking and finalising ---------------------------------------------------------------------------------------
def test_the_check_says_what_is_missing_and_where(teacher, visit):
    made.type_in(visit, made.WORDS | {"seen": ""} | made.action(1, due="1 1 2024"), at=AT)
    page = text_of(teacher.get(url("record_check", visit)))
    assert "Still needed before you can finalise it" in page
    assert f'href="{url("record_write", visit)}#answer-seen"' in page
    assert "must be the day of the visit, 26 November 2024, or later" in page
    assert "Finalise the record</button>" not in page
    assert 'id="answer-seen"' in text_of(teacher.get(url("record_write", visit)))


def test_what_was_checked_is_finalised_once(teacher, visit):
    made.type_in(visit, made.WORDS | made.action(), at=AT)
    page = text_of(teacher.get(url("record_check", visit)))
    assert made.WORDS["needs_now"] in page
    sent = {"edition": re.search(r'name="edition" value="(\w+)"', page).group(1)}
    answers = [teacher.post(url("record_finalise", visit), sent) for _ in range(2)]
    assert VisitRecord.objects.count() == 1
    reference = visit.referral.reference
    assert {answer.url for answer in answers} == {f"/requests/{reference}/records/1/"}
    for page in ("record_write", "record_check"):
        assert teacher.get(url(page, visit)).url == f"/requests/{reference}/records/1/"


def test_what_changed_after_the_check_is_looked_at_again(teacher, visit):
    made.type_in(visit, made.WORDS, at=AT)
    checked = made.edition(visit)
    made.type_in(visit, {"works": "Something else"}, at=AT)
    page = teacher.post(url("record_finalise", visit), {"edition": checked}, follow=True)
    assert "Somebody has changed this record" in text_of(page)
    assert not VisitRecord.objects.exists()


def test_a_colleague_who_was_first_is_named(teacher, visit, council):
    record = made.recorded(visit)
    VisitRecord.objects.filter(pk=record.pk)
    with time_machine.travel(AT + DAY, tick=False):
        cover = person(Role.S2S_TEACHER)
        Referral.objects.filter(pk=visit.referral_id).update(teacher=cover)
        page = signed_in(cover).post(url("record_finalise", visit), {"edition": "x"}, follow=True)
    assert f"{record.by} had just finalised this record." in text_of(page)


# --- Files -------------------------------------------------------------------------------------------------------
def upload(data=made.PDF, name="timetable.pdf"):
    return {"key": str(uuid.uuid4()), "file": SimpleUploadedFile(name, data)}


def test_a_file_is_attached_given_back_and_removed(teacher, visit, django_capture_on_commit_callbacks):
    page = teacher.post(url("record_attach", visit), upload(), follow=True)
    assert "The file is attached." in text_of(page)
    [file] = Attachment.objects.all()
    given = teacher.get(url("file_download", file))
    assert b"".join(given.streaming_content) == made.PDF
    assert given["Content-Disposition"] == 'attachment; filename="timetable.pdf"'
    assert AuditEvent.objects.filter(what="file of a record of visit", kind=AuditKind.READ).count() == 1
    assert "timetable.pdf" in text_of(teacher.get(url("file_remove", file)))
    with django_capture_on_commit_callbacks(execute=True):
        page = teacher.post(url("file_remove", file), follow=True)
    assert "is removed" in text_of(page)
    assert teacher.get(url("file_download", file)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (lambda: upload(b"MZ a program"), "attach"),
        (lambda: upload(b""), "The file is empty"),
        (lambda: upload(b"%PDF" + bytes(10 * 1024 * 1024)), "larger than 10 MB"),
        (lambda: {"key": str(uuid.uuid4())}, "Select a file"),
    ],
    ids=["a program", "an empty file", "too large", "no file"],
)
def test_what_cannot_be_attached_is_refused_in_a_sentence(teacher, visit, sent, sentence):
    page = text_of(teacher.post(url("record_attach", visit), sent()))
    assert sentence in page
    assert "Error: " in page
    assert not Attachment.objects.exists()


def test_no_file_comes_to_a_finalised_record_nor_goes(teacher, visit):
    file = made.attached(visit)
    made.recorded(visit)
    assert "its files stay as they are" in text_of(teacher.post(url("record_attach", visit), upload()))
    page = teacher.post(url("file_remove", file), follow=True)
    assert "its files stay as they are" in text_of(page)


def test_a_file_that_is_gone_from_the_disk_or_is_another_now_is_404(teacher, visit):
    gone, changed = made.attached(visit), made.attached(visit)
    files.delete_stored(gone.stored_as)
    with files.open_stored(changed.stored_as) as kept:
        Path(kept.name).write_bytes(made.PDF + b" ")
    for file in (gone, changed):
        assert teacher.get(url("file_download", file)).status_code == 404


def test_nothing_is_attached_before_the_outcome_is_told(teacher, begun):
    assert teacher.get(url("record_attach", begun)).url == url("visit_outcome", begun)


# --- Budgets -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["record_write", "record_check"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_for_one_action_and_three(council, visit, django_assert_max_num_queries, page, count):
    actions = {}
    for position in range(1, count + 1):
        actions |= made.action(position)
    made.recorded(visit, **actions)
    later = made.visit_of(visit.referral, at=AT + DAY, starts_at=AT + 7 * DAY)
    for _ in range(count):
        made.attached(later)
    with time_machine.travel(AT + 8 * DAY, tick=False):
        browser = signed_in(council.people[Role.S2S_TEACHER])
        with django_assert_max_num_queries(30) as counted:
            browser.get(url(page, later))
    assert len(counted) == 13


# --- Short on a phone --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("written", "folded"), [(0, "2 3 4 5"), (1, "3 4 5"), (3, "5"), (4, ""), (5, "")])
def test_actions_beyond_the_next_are_folded_until_something_is_written(teacher, visit, written, folded):
    for position in range(1, written + 1):
        made.type_in(visit, made.action(position))
    page = text_of(teacher.get(url("record_write", visit)))
    inside = page.partition("<details")[2].partition("</details>")[0]
    assert re.findall(r">Action (\d)</h2>", page) == list("12345")
    assert re.findall(r">Action (\d)</h2>", inside) == folded.split()


def test_an_action_that_has_only_a_day_is_not_folded(teacher, visit):
    made.type_in(visit, {"action_4_due": "31 2 2025"})
    page = text_of(teacher.get(url("record_write", visit)))
    assert "<details" not in page
