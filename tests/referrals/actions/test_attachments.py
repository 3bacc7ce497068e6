"""Files of records of visits: attached once, removed while the record is written, gone from disk with their rows."""

import hashlib
import os
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages

from referrals import tasks
from referrals.actions import attachments
from referrals.actions.recording import NotOpen
from referrals.actions.steps import USED_ELSEWHERE
from referrals.models import Attachment
from s2s_portal.core import clock, files
from s2s_portal.jobs.registry import Run
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import records as made
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def visit(council):
    return made.visit_of(council.early_years, at=AT, starts_at=AT + 2 * DAY)


def stored() -> set[str]:
    """The names of every file that is kept."""
    storage = storages["files"]
    folders = storage.listdir("")[0] if storage.exists("") else []
    return {f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1]}


def attach(visit, **changes):
    visit = made.fresh(visit)
    given = {"key": uuid.uuid4(), "name": "plan.pdf", "data": made.PDF, "at": visit.booking.ends_at}
    return attachments.attach(visit=visit, **{**given, "by": visit.referral.teacher} | changes)


def remove(file, by=None):
    visit = made.fresh(file.visit)
    attachments.remove(
        file=Attachment.objects.select_related("visit__referral").get(pk=file.pk),
        by=by or visit.referral.teacher,
        at=visit.booking.ends_at,
    )


def test_a_file_is_kept_with_what_it_is(visit):
    AuditEvent.objects.all().delete()
    row = attach(visit, name="C:\\Wilf\\plan.exe.pdf").file
    assert (row.name, row.content_type, row.size) == ("plan.pdf", "application/pdf", len(made.PDF))
    assert row.sha256 == hashlib.sha256(made.PDF).hexdigest()
    with files.open_stored(row.stored_as) as kept:
        assert kept.read() == made.PDF
    assert AuditEvent.objects.get().what == "attached a file to a record of visit"


def test_who_handed_the_request_over_meanwhile_neither_attaches_nor_removes(visit):
    row, stale = attach(visit).file, made.fresh(visit)  # as a page that came before the hand-over has read them
    row.visit, was, before = stale, stale.referral.teacher, stored()
    support.handed_over(visit.referral, at=visit.booking.ends_at)
    given = {"by": was, "at": visit.booking.ends_at}
    with pytest.raises(NotAllowed):
        attachments.attach(visit=stale, key=uuid.uuid4(), name="plan.pdf", data=made.PDF, **given)
    with pytest.raises(NotAllowed):
        attachments.remove(file=row, **given)
    assert (Attachment.objects.get(), stored()) == (row, before)


def test_the_same_press_is_one_file(visit):
    key, before = uuid.uuid4(), stored()
    first, again = attach(visit, key=key), attach(visit, key=key)
    assert first.file == again.file
    assert len(stored() - before) == 1


def test_what_is_no_such_file_is_refused_in_a_sentence(visit):
    before = stored()
    refused = attach(visit, data=b"MZ\x90\x00 a program")
    assert refused.file is None
    assert refused.refusal
    assert (stored(), Attachment.objects.count()) == (before, 0)


def test_a_record_has_at_most_ten_files(visit):
    for _ in range(10):
        made.attached(visit)
    before = stored()
    assert attach(visit).refusal == "A record has at most 10 files. Remove one first."
    assert (stored(), Attachment.objects.count()) == (before, 10)


def test_a_file_without_a_row_is_not_left_behind(visit):
    one, before = made.attached(visit), stored()
    other = made.visit_of(visit.referral, at=visit.booking.ends_at, starts_at=visit.booking.ends_at + 7 * DAY)
    assert attach(other, key=one.key).refusal == USED_ELSEWHERE
    assert stored() == before


def test_a_file_is_removed_from_disk_once_its_row_is_gone(visit, django_capture_on_commit_callbacks):
    file = made.attached(visit)
    with django_capture_on_commit_callbacks(execute=True):
        remove(file)
    assert not Attachment.objects.exists()
    assert file.stored_as not in stored()


def test_a_file_that_is_being_removed_is_still_there_until_the_end(visit):
    file = made.attached(visit)
    remove(file)
    assert file.stored_as in stored()


def test_removed_twice_changes_nothing(visit, django_capture_on_commit_callbacks):
    file = made.attached(visit)
    row = Attachment.objects.select_related("visit__referral").get(pk=file.pk)
    at, by = visit.booking.ends_at, visit.referral.teacher
    attachments.remove(file=row, by=by, at=at)
    AuditEvent.objects.all().delete()
    with django_capture_on_commit_callbacks() as callbacks:
        attachments.remove(file=row, by=by, at=at)
    assert (callbacks, AuditEvent.objects.count()) == ([], 0)


def test_files_of_a_finalised_record_stay(visit):
    file = made.attached(visit)
    record = made.recorded(visit)
    for change in (lambda: remove(file), lambda: attach(visit)):
        with pytest.raises(NotOpen, match="its files stay as they are"):
            change()
    made.retracted(record)
    with pytest.raises(NotOpen):  # the replacement has files of its own
        remove(file)
    assert attach(visit).file.edition == 2
    assert file.stored_as in stored()


def test_only_who_has_the_request_removes_a_file(visit, council):
    with pytest.raises(NotAllowed):
        remove(made.attached(visit), by=council.people[Role.S2S_COORDINATOR])


def test_only_files_that_no_row_names_are_strays(visit):
    known, stray = made.attached(visit), files.store(made.PDF)
    assert attachments.forget_strays(before=clock.real_now() - DAY) == 0  # it may be one that is being attached
    assert stray in stored()
    others = len(stored() - {known.stored_as})
    assert attachments.forget_strays(before=clock.real_now() + DAY) == others
    assert stored() == {known.stored_as}


def test_the_job_forgets_strays_by_their_real_dates():
    stray = files.store(made.PDF)
    assert tasks.forget_strays(Run(at=AT + 900 * DAY)) == ""
    path = storages["files"].path(stray)
    long_ago = (clock.real_now() - 2 * DAY).timestamp()
    os.utime(path, (long_ago, long_ago))
    assert tasks.forget_strays(Run(at=AT)) == "1 deleted"
    assert stray not in stored()
