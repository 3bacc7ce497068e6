"""An uploaded file of a register on its way: recognised by content, checked, approved, imported, checked again."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from referrals.actions.attachments import forget_strays
from s2s_portal.core import clock, files
from s2s_portal.jobs import actions as jobs
from s2s_portal.jobs.queries import is_asked
from s2s_portal.jobs.registry import Run
from s2s_portal.organisations.choices import READ_REGISTER, RegisterPart, Role, Source, UploadState
from s2s_portal.organisations.importers import uploads
from s2s_portal.organisations.importers.checking import BATCH
from s2s_portal.organisations.importers.reading import NotARegister
from s2s_portal.organisations.importers.uploads import NotNow
from s2s_portal.organisations.models import AuditEvent, Establishment, ImportRun, RegisterUpload
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.tasks import KEPT, LINES_KEPT, read_register, tidy_registers
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.organisations.importers import files as registers

pytestmark = pytest.mark.django_db
SHUT = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    """A folder of this test's own for what is stored."""
    options = settings.STORAGES["files"]["OPTIONS"] | {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"files": settings.STORAGES["files"] | {"OPTIONS": options}}


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def give(administrator):
    """Upload rows as a file of GIAS, or `text` as it is."""

    def give(*rows, text=None, key=None, la="", name="schools.csv", by=administrator):
        text = registers.gias_text(rows, header=registers.GIAS_FULL) if text is None else text
        data = text if isinstance(text, bytes) else text.encode("cp1252")
        return uploads.receive(key=key or uuid.uuid4(), name=name, data=data, la=la, by=by, at=AT)

    return give


@pytest.fixture
def approve(administrator):
    """Approve an upload as its newest check said."""
    return lambda upload: uploads.approve(upload=upload, seen=upload.reviews, by=administrator, at=AT)


def work(upload, *, stopping=lambda: False):
    """One run of the job for the upload; gives the upload as it is then."""
    read_register(Run(at=AT, subjects=(str(upload.key),), stopping=stopping))
    return RegisterUpload.objects.get(pk=upload.pk)


def lines(upload, part):
    """The lines of a part, as (line, urn, name)."""
    return list(upload.lines.filter(part=part).order_by("pk").values_list("line", "urn", "name"))


def stored():
    return list(files.stored_until(clock.real_now() + timedelta(days=1)))


def test_a_file_that_is_no_text_is_told_so_and_not_that_its_header_is_missing(give):
    text = registers.gias_text([registers.school()], header=registers.GIAS_FULL).encode("cp1252")
    with pytest.raises(NotARegister, match="is neither UTF-8 nor Windows-1252 text"):
        give(text=text + b'"\xff\x81\x8d"\r\n')
    assert not RegisterUpload.objects.exists()


def test_from_upload_to_import(give, approve, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload = give(registers.school(), registers.school(URN="900002", EstablishmentName="Tern Primary"))
        assert (upload.state, upload.source, upload.file_name) == (UploadState.CHECKING, Source.GIAS, "schools.csv")
        assert is_asked(job=READ_REGISTER, subject=str(upload.key))
        upload = work(upload)
        assert (upload.state, upload.reviews) == (UploadState.REVIEW, 1)
        assert upload.counts == {"new": 2}
        assert lines(upload, RegisterPart.NEW) == [
            (2, "900001", "Saltmarsh Primary School"),
            (3, "900002", "Tern Primary"),
        ]
        assert not Establishment.objects.exists()
        assert approve(upload).state == UploadState.IMPORTING
        upload = work(upload)
    assert (upload.state, upload.finished_at, upload.run) == (UploadState.DONE, AT, ImportRun.objects.get())
    assert Establishment.objects.count() == 2
    assert upload.run.file_name == "schools.csv"
    said = AuditEvent.objects.order_by("pk").values_list("what", flat=True)
    assert list(said) == ["gave a file of a register", "approved a file of a register"]
    assert (upload.stored_as, stored()) == ("", [])


def test_each_list_of_the_check(give, approve):
    before = [registers.school(), *(registers.school(URN=f"90000{n}") for n in (2, 3, 4))]
    work(approve(work(give(*before))))
    EstablishmentFactory(school=True, urn="900009", name="Gone Before", closed=True)
    upload = work(
        give(
            registers.school(EstablishmentName="Saltmarsh Academy", Town="Staithe"),
            registers.school(URN="900002", **SHUT),
            registers.school(URN="900003"),
            registers.school(URN="900005"),
            registers.school(URN="900006", OpenDate="2007-09-01"),
        )
    )
    assert upload.counts == {
        "new": 1,
        "changed": 1,
        "closed": 1,
        "missing": 1,
        "errors": 1,
        "unchanged": 1,
        "closed_missing": 1,
    }
    [changed] = upload.lines.filter(part=RegisterPart.CHANGED)
    assert changed.changes == [
        ["Name", "Saltmarsh Primary School", "Saltmarsh Academy"],
        ["Town", "Market Staithe", "Staithe"],
    ]
    [closed] = upload.lines.filter(part=RegisterPart.CLOSED)
    assert closed.changes == [["Status", "Open", "Closed"], ["Closed", "", "31 August 2024"]]
    assert lines(upload, RegisterPart.MISSING) == [(None, "900004", "Saltmarsh Primary School")]
    [error] = upload.lines.filter(part=RegisterPart.ERRORS)
    assert (error.line, error.urn, error.column) == (6, "900006", "OpenDate")
    assert error.reason == '"2007-09-01" is not a date such as 01-09-2024.'


def test_only_one_authority(give):
    upload = work(
        give(
            registers.school(), registers.school(URN="900002", **{"LA (code)": "935", "LA (name)": "Suffolk"}), la="926"
        )
    )
    assert upload.counts == {"new": 1, "others": 1}


def test_the_same_file_in_another_layout_changes_nothing(give, approve):
    work(approve(work(give(registers.school()))))
    upload = work(give(text=registers.gias_text([registers.school()])))
    assert upload.counts == {"unchanged": 1}


def test_settings_whose_names_are_withheld(give):
    upload = work(
        give(text=registers.ofsted_text([registers.childminder(), registers.setting(**{"Provider URN": "EY900002"})]))
    )
    assert upload.source == Source.OFSTED
    assert lines(upload, RegisterPart.NEW) == [(2, "EY900001", ""), (3, "EY900002", "Puddle Lane Pre-school")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"PK\x03\x04\0\0", "schools.csv is not a text file"),
        (b"", "schools.csv is empty"),
        (
            "URN,LinkURN,LinkName\r\n900001,900002,Tern",
            "schools.csv is neither a GIAS establishment download nor Ofsted's",
        ),
        (b"%PDF-1.7 \x81\x8d", "is neither"),
        ("a" * 1_100_000, "is not a CSV file|is neither"),
    ],
)
def test_anything_else_is_refused_by_its_content(give, text, says):
    with pytest.raises(NotARegister, match=says):
        give(text=text)
    assert not RegisterUpload.objects.exists()
    assert stored() == []


def test_a_file_that_is_damaged_further_down_is_refused_by_the_check(give, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload = work(give(text=registers.gias_text([registers.school()]) + '\r\n900002,"926"'))
    assert upload.state == UploadState.REFUSED
    assert upload.refusal == "schools.csv is cut off: line 3, its last, is not complete."
    assert not Establishment.objects.exists()
    assert stored() == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\files\\schools.csv", "", ".", "..", "a" * 300, "x\0y.csv", "dir/", "à" * 150]
)
def test_names_of_files_lead_nowhere(give, name):
    upload = work(give(registers.school(), name=name))
    assert upload.state == UploadState.REVIEW
    assert "/" not in upload.file_name
    assert len(upload.file_name) <= 100


def test_a_second_press_is_the_same_upload(give):
    key = uuid.uuid4()
    assert give(registers.school(), key=key) == give(registers.school(), key=key)
    assert RegisterUpload.objects.count() == 1
    assert len(stored()) == 1


def test_approving_twice_imports_once(give, approve):
    upload = work(give(registers.school()))
    assert approve(upload).state == approve(upload).state == UploadState.IMPORTING
    work(upload)
    assert approve(upload).state == UploadState.DONE
    work(upload)
    assert ImportRun.objects.count() == 1


def test_the_register_moved_before_the_approval(give, approve, save):
    upload = work(give(registers.school(EstablishmentName="Saltmarsh Academy")))
    call_command(
        "import_gias",
        str(save(registers.gias_text([registers.school()], header=registers.GIAS_FULL))),
        stdout=StringIO(),
    )
    again = approve(upload)
    assert (again.state, again.moved, again.decided_by) == (UploadState.CHECKING, True, None)
    again = work(again)
    assert (again.state, again.reviews, again.counts) == (UploadState.REVIEW, 2, {"changed": 1})
    with pytest.raises(NotNow, match="checked again since you looked"):
        approve(upload)
    work(approve(again))
    assert Establishment.objects.get().name == "Saltmarsh Academy"


def test_the_register_moved_between_approval_and_import(give, approve):
    upload = approve(work(give(registers.school())))
    EstablishmentFactory(school=True, urn="900001")
    upload = work(upload)
    assert (upload.state, upload.moved, upload.began_at) == (UploadState.CHECKING, True, None)
    assert not ImportRun.objects.exists()
    assert work(upload).state == UploadState.REVIEW


def test_an_import_that_was_killed_is_carried_on_and_not_checked_again(give, approve):
    rows = [registers.school(URN=str(900_000 + number)) for number in range(BATCH + 1)]
    upload = approve(work(give(*rows)))
    began = ImportRun.objects.create(
        source=Source.GIAS, file_name="schools.csv", file_sha256=upload.sha256, started_at=AT, counts={"la": ""}
    )
    RegisterUpload.objects.filter(pk=upload.pk).update(began_at=AT)
    EstablishmentFactory(school=True, urn="900000")
    upload = work(upload)
    assert (upload.state, upload.run) == (UploadState.DONE, began)
    assert Establishment.objects.count() == BATCH + 1


def test_one_file_of_a_register_is_imported_at_a_time(give, approve):
    first, second = work(give(registers.school())), work(give(registers.school(URN="900002")))
    approve(first)
    with pytest.raises(NotNow, match="Another file of this register is being imported"):
        approve(second)
    work(first)
    assert approve(second).state == UploadState.CHECKING


def test_a_check_that_is_stopped_begins_again(give):
    upload = work(give(registers.school()), stopping=lambda: True)
    assert (upload.state, upload.rows_done) == (UploadState.CHECKING, 1)
    assert work(upload).state == UploadState.REVIEW


def test_what_is_not_wanted_goes(give, administrator, django_capture_on_commit_callbacks):
    upload = work(give(registers.school()))
    with django_capture_on_commit_callbacks(execute=True):
        upload = uploads.discard(upload=upload, by=administrator, at=AT, real=clock.real_now())
    assert (upload.state, upload.decided_by, stored()) == (UploadState.DISCARDED, administrator, [])
    assert not upload.lines.exists()
    assert upload.counts == {"new": 1}
    with pytest.raises(NotNow):
        uploads.approve(upload=upload, seen=1, by=administrator, at=AT)


def test_what_is_left_lying_goes_and_what_is_needed_stays(give, django_capture_on_commit_callbacks):
    upload = work(give(registers.school()))
    assert forget_strays(before=clock.real_now() + timedelta(days=1)) == 0
    assert tidy_registers(Run(at=AT + KEPT)) == ""
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy_registers(Run(at=AT + KEPT + timedelta(seconds=1))) == "1 deleted"
    assert RegisterUpload.objects.get(pk=upload.pk).state == UploadState.DISCARDED
    assert stored() == []


def test_what_was_imported_keeps_its_lines_for_a_term(give, approve):
    upload = work(approve(work(give(registers.school()))))
    tidy_registers(Run(at=AT + LINES_KEPT))
    assert lines(upload, RegisterPart.NEW)
    tidy_registers(Run(at=AT + LINES_KEPT + timedelta(seconds=1)))
    assert not upload.lines.exists()
    assert RegisterUpload.objects.get().counts == {"new": 1}


# --- Work that fails ----------------------------------------------------------------------------------------------
def damaged(monkeypatch):
    """Every file of a register makes the work on it fail."""

    def fail(**_):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(uploads, "checked", fail)
    monkeypatch.setattr(uploads, "import_register", fail)


def failing(upload):
    """A worker takes what was asked for, fails, and puts it off; gives the upload as it is then."""
    claim = jobs.claim_requests(job=READ_REGISTER, subject=str(upload.key), real=clock.real_now())
    with pytest.raises(RuntimeError):
        work(upload)
    jobs.failed(claim, error="The disk is full.", real=clock.real_now())
    return RegisterUpload.objects.get(pk=upload.pk)


def discard(upload, by):
    return uploads.discard(upload=upload, by=by, at=AT, real=clock.real_now())


def test_a_check_that_fails_can_be_given_up(give, administrator, monkeypatch, django_capture_on_commit_callbacks):
    upload = give(registers.school())
    damaged(monkeypatch)
    upload = failing(upload)
    assert upload.state == UploadState.CHECKING
    with django_capture_on_commit_callbacks(execute=True):
        assert discard(upload, administrator).state == UploadState.DISCARDED
    assert stored() == []
    monkeypatch.undo()
    assert work(upload).state == UploadState.DISCARDED


def test_an_import_that_fails_can_be_given_up_and_frees_its_register(give, approve, administrator, monkeypatch):
    upload, other = work(give(registers.school())), work(give(registers.school(URN="900002")))
    approve(upload)
    damaged(monkeypatch)
    upload = failing(upload)
    assert (upload.state, upload.began_at) == (UploadState.IMPORTING, AT)
    assert discard(upload, administrator).state == UploadState.DISCARDED
    monkeypatch.undo()
    assert work(upload).state == UploadState.DISCARDED
    assert not Establishment.objects.exists()
    assert work(approve(other)).state == UploadState.DONE


def test_an_import_in_a_workers_hands_is_not_pulled_away(give, approve, administrator):
    upload = approve(work(give(registers.school())))
    claim = jobs.claim_requests(job=READ_REGISTER, subject=str(upload.key), real=clock.real_now())
    with pytest.raises(NotNow, match="It is being imported"):
        discard(upload, administrator)
    jobs.put_back(claim, line="", real=clock.real_now())
    RegisterUpload.objects.update(began_at=AT)
    with pytest.raises(NotNow, match="carried on to its end"):
        discard(upload, administrator)
    assert not uploads.forget(upload=upload, before=AT + KEPT, at=AT + KEPT, real=clock.real_now())
    assert work(upload).state == UploadState.DONE


def test_an_import_that_has_not_begun_may_be_given_up(give, approve, administrator):
    upload = approve(work(give(registers.school())))
    assert discard(upload, administrator).state == UploadState.DISCARDED
    EstablishmentFactory(school=True, urn="900001")  # otherwise than when it was checked: still no reason to check it
    assert work(upload).state == UploadState.DISCARDED


@pytest.mark.parametrize("approved", [False, True])
def test_work_that_fails_for_a_month_is_tidied_away(give, approve, monkeypatch, approved):
    upload = give(registers.school())
    upload = approve(work(upload)) if approved else upload
    damaged(monkeypatch)
    failing(upload)
    assert tidy_registers(Run(at=AT + KEPT)) == ""
    assert tidy_registers(Run(at=AT + KEPT + timedelta(seconds=1))) == "1 deleted"
    assert RegisterUpload.objects.get().state == UploadState.DISCARDED


@pytest.mark.parametrize("approved", [False, True])
def test_a_file_that_is_gone_is_refused_with_a_sentence(give, approve, approved):
    upload = give(registers.school())
    upload = approve(work(upload)) if approved else upload
    files.delete_stored(upload.stored_as)
    upload = work(upload)
    assert upload.state == UploadState.REFUSED
    assert upload.refusal == "schools.csv is no longer stored, so it cannot be read. Upload it again."
    assert not upload.lines.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_may(give, role):
    other = person(role)
    with pytest.raises(NotAllowed):
        give(registers.school(), by=other)
    upload = work(give(registers.school()))
    for act in (
        lambda: uploads.discard(upload=upload, by=other, at=AT, real=clock.real_now()),
        lambda: uploads.approve(upload=upload, seen=1, by=other, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
