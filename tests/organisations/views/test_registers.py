"""The registers' pages, from the upload to the history."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from s2s_portal.core import clock
from s2s_portal.jobs.actions import claim_requests, failed
from s2s_portal.jobs.registry import Run
from s2s_portal.organisations.choices import READ_REGISTER, RegisterPart, Role, UploadState
from s2s_portal.organisations.forms import registers as forms
from s2s_portal.organisations.models import Establishment, RegisterChange, RegisterUpload
from s2s_portal.organisations.tasks import read_register
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.registers import RegisterUploadFactory
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.organisations.importers import files
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("organisations:register_list")


@pytest.fixture
def viewer(client_for):
    return client_for(person(Role.ADMINISTRATOR))


def sent(text, name="schools.csv", **given):
    data = text if isinstance(text, bytes) else text.encode("cp1252")
    return {"key": uuid.uuid4(), "la": "", "file": SimpleUploadedFile(name, data)} | given


def work():
    read_register(Run(at=AT, subjects=tuple(str(one.key) for one in RegisterUpload.objects.all())))


def test_upload_check_approve_and_history(viewer):
    rows = [files.school(), files.school(URN="900002", OpenDate="soon")]
    address = viewer.post(LIST, sent(files.gias_text(rows))).url
    page = viewer.get(address)
    assert "Being checked" in text_of(page)
    running = text_of(page).partition("data-progress-said")[0]
    assert "Update this page" in running  # in the part that the script replaces
    assert f'data-progress-url="{address}"' in page.content.decode()
    work()
    page = text_of(viewer.get(address))
    assert "To be looked at" in page
    assert "Update this page" not in page
    assert "Approve and import" in page
    assert viewer.post(address, {"approve": "yes", "seen": "1"}).url == address
    assert "Being imported" in text_of(viewer.get(address))
    work()
    assert "The file was imported as the check said." in text_of(viewer.get(address))
    assert Establishment.objects.get().urn == "900001"
    history = text_of(viewer.get(LIST))
    assert "schools.csv" in history
    assert "1 new, 1 in error" in history


def test_errors_as_a_list_and_as_csv(viewer):
    rows = [files.school(URN="900002", EstablishmentName="=cmd()", OpenDate="soon")]
    viewer.post(LIST, sent(files.gias_text([files.school(), *rows])))
    work()
    key = RegisterUpload.objects.get().key
    page = text_of(viewer.get(reverse("organisations:register_changes", args=[key, "errors"])))
    for words in ("900002", "OpenDate", "soon", "Download all of them as CSV"):
        assert words in page
    answer = viewer.get(reverse("organisations:register_errors", args=[key]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Row,URN,Name,Column,Reason",
        '3,900002,\'=cmd(),OpenDate,"""soon"" is not a date such as 01-09-2024."',
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "Select a file"),
        (sent("Name,Town\r\nTern,Staithe"), "is neither a GIAS establishment download nor Ofsted"),
        (sent(b"PK\x03\x04\0"), "is not a text file"),
        (sent(b""), "is empty"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(viewer, given, says):
    page = viewer.post(LIST, given | {"key": uuid.uuid4()})
    assert page.status_code == 200
    assert says in text_of(page)
    assert not RegisterUpload.objects.exists()


def test_twenty_megabytes_are_the_most(viewer, monkeypatch):
    text = files.gias_text([files.school()])
    monkeypatch.setattr(forms, "MOST_BYTES", len(text) - 1)
    assert "larger than 20 MB" in text_of(viewer.post(LIST, sent(text)))
    monkeypatch.setattr(forms, "MOST_BYTES", len(text))
    assert viewer.post(LIST, sent(text)).status_code == 302


def test_a_file_can_be_discarded(viewer):
    address = viewer.post(LIST, sent(files.gias_text([files.school()]))).url
    work()
    viewer.post(address, {"discard": "yes"})
    assert "Not imported" in text_of(viewer.get(address))


def test_a_file_whose_work_fails_can_be_given_up(viewer):
    address = viewer.post(LIST, sent(files.gias_text([files.school()]))).url
    assert "Give this file up" not in text_of(viewer.get(address))
    claim = claim_requests(job=READ_REGISTER, subject=str(RegisterUpload.objects.get().key), real=clock.real_now())
    assert "Give this file up" not in text_of(viewer.get(address))
    failed(claim, error="The disk is full.", real=clock.real_now())
    page = text_of(viewer.get(address))
    assert "The work on this file has failed once. It is tried again by itself." in page
    assert "Give this file up" in page
    viewer.post(address, {"discard": "yes"})
    assert "Not imported" in text_of(viewer.get(address))


def test_lists_whose_lines_are_gone_are_not_offered(viewer):
    upload = RegisterUploadFactory(counts={"new": 2, "changed": 1}, state=UploadState.DISCARDED)
    RegisterChange.objects.create(upload=upload, part=RegisterPart.CHANGED, urn="900001")
    page = text_of(viewer.get(reverse("organisations:register_upload", args=[upload.key])))
    assert reverse("organisations:register_changes", args=[upload.key, "changed"]) in page
    assert reverse("organisations:register_changes", args=[upload.key, "new"]) not in page


@pytest.mark.parametrize("seen", ["0", "2", "", "x", "9" * 400, "²"])
def test_an_old_or_made_up_check_is_not_approved(viewer, seen):
    address = viewer.post(LIST, sent(files.gias_text([files.school()]))).url
    work()
    viewer.post(address, {"approve": "yes", "seen": seen})
    assert "The file has been checked again since you looked" in text_of(viewer.get(address))
    assert RegisterUpload.objects.get().state == UploadState.REVIEW


def test_the_register_moved(viewer):
    address = viewer.post(LIST, sent(files.gias_text([files.school()]))).url
    work()
    EstablishmentFactory(school=True)
    viewer.post(address, {"approve": "yes", "seen": "1"})
    assert "The register has changed since the check" in text_of(viewer.get(address))
    work()
    assert "The register had changed since the file was checked before" in text_of(viewer.get(address))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("part", RegisterPart)
def test_lists_take_the_same_queries(viewer, django_assert_num_queries, count, part):
    upload = RegisterUploadFactory(counts={part.value: count})
    for number in range(count):
        RegisterChange.objects.create(
            upload=upload, part=part, line=number + 2, urn="900001", name="<b>Tern", changes=[["Name", "Tern", "Gull"]]
        )
    with django_assert_num_queries(8):
        page = viewer.get(reverse("organisations:register_changes", args=[upload.key, part.value]))
    assert "<b>Tern" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_takes_the_same_queries(viewer, django_assert_num_queries, count):
    for _ in range(count):
        RegisterUploadFactory()
    with django_assert_num_queries(10):
        viewer.get(LIST)


def test_pages_that_are_not_there(viewer):
    assert viewer.get(reverse("organisations:register_upload", args=[uuid.uuid4()])).status_code == 404
    address = reverse("organisations:register_changes", args=[RegisterUploadFactory().key, "errors"])
    assert viewer.get(address).status_code == 200
    assert viewer.get(address.replace("errors", "others")).status_code == 404
