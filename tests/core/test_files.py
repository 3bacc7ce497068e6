"""Attached files: what is taken and why not, by content; names; where they are kept; how they are given back."""

import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages
from django.http import HttpRequest
from hypothesis import example, given
from hypothesis import strategies as st

from s2s_portal.core import files, pdf

OOXML = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OOXML}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}.presentationml.presentation.main+xml"),
}


def zipped(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def types(*contents: str) -> bytes:
    listed = "".join(f'<Override PartName="/x{number}" ContentType="{one}"/>' for number, one in enumerate(contents))
    return f'<?xml version="1.0"?><Types>{listed}</Types>'.encode()


def office(kind: str, *more: str, **parts: bytes) -> bytes:
    part, main = MAIN[kind]
    return zipped({"[Content_Types].xml": types(main, *more), part: b"<x/>"} | parts)


def with_part(kind: str, name: str) -> bytes:
    return office(kind, **{name: b"x"})


def open_document(called: str, manifest: bytes = b"<manifest/>", **parts: bytes) -> bytes:
    whole = {"mimetype": called.encode(), "content.xml": b"<x/>", "META-INF/manifest.xml": manifest}
    return zipped(whole | parts, zipfile.ZIP_STORED)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/" + bytes(12)
HEIC = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + bytes(40)
PDF = pdf.document(
    pdf.Document("Plan", "", "RKM4Q7", "1", "School", datetime(2024, 11, 26, tzinfo=UTC), (pdf.Section("One"),))
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ODF = "application/vnd.oasis.opendocument"


@pytest.mark.parametrize(
    ("data", "kind", "content_type"),
    [
        (PDF, "pdf", "application/pdf"),
        (PNG, "png", "image/png"),
        (JPEG, "jpg", "image/jpeg"),
        (JPEG + HEIC, "jpg", "image/jpeg"),
        (GIF, "gif", "image/gif"),
        (WEBP, "webp", "image/webp"),
        (HEIC, "heic", "image/heic"),
        (HEIC.replace(b"mif1", b"heix", 1), "heic", "image/heic"),
        (office("docx"), "docx", f"{OOXML}.wordprocessingml.document"),
        (office("xlsx"), "xlsx", f"{OOXML}.spreadsheetml.sheet"),
        (office("pptx"), "pptx", f"{OOXML}.presentationml.presentation"),
        (with_part("docx", "word/media/image1.png"), "docx", f"{OOXML}.wordprocessingml.document"),
        (open_document(f"{ODF}.text"), "odt", f"{ODF}.text"),
        (open_document(f"{ODF}.spreadsheet"), "ods", f"{ODF}.spreadsheet"),
        (open_document(f"{ODF}.presentation"), "odp", f"{ODF}.presentation"),
    ],
)
def test_what_is_taken(data, kind, content_type):
    assert files.checked(f"plan.{kind}", data) == files.Accepted(f"plan.{kind}", content_type, kind)


ENCRYPTED = bytearray(office("docx"))
ENCRYPTED[6] |= 1
ENCRYPTED[ENCRYPTED.rfind(b"PK\x01\x02") + 8] |= 1
BOMB_TYPES = zipped({"[Content_Types].xml": b" " * 50_000_000, "word/document.xml": b""})
LYING = bytearray(zipped({"[Content_Types].xml": types(MAIN["docx"][1]), "word/document.xml": b"", "z": b"z"}))
LYING[LYING.rfind(b"PK\x01\x02") + 24 : LYING.rfind(b"PK\x01\x02") + 28] = b"\0\0\0\xf0"
MANY = zipped({f"word/{number:0100}": b"" for number in range(8000)}, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (PDF + bytes(files.MOST_BYTES), "larger than 10 MB"),
        (PDF[:-200], "not complete"),
        (b" " + PDF, "something else before it"),
        (b"MZ\x90\0" + PDF, "something else before it"),
        (b"%PDF-1.7\n<script>alert(1)</script>" + PDF[9:], "another file hidden"),
        (PDF + office("docx"), "another file hidden"),
        (JPEG + zipped({"a.class": b"x"}), "another file hidden"),
        (GIF + b"/*<script>x</script>*/", "another file hidden"),
        (PNG + b"<!DOCTYPE html><body>", "another file hidden"),
        (b"<!DOCTYPE html><html><script>x</script>", "a web page"),
        (b"  \n<HTML><body onload=x>", "a web page"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "an SVG drawing"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff", "a program"),
        (b"\x7fELF\2\1\1\0", "not of a kind"),
        (b"alert(document.cookie)", "not of a kind"),
        (b"Dear Ms Larter, hello", "not of a kind"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a video"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "few programs open"),
        (zipped({"notes.txt": b"x"}), "a ZIP archive"),
        (zipped({}), "not of a kind"),
        (with_part("docx", "word/vbaProject.bin"), "macros"),
        (with_part("xlsx", "xl/VBAPROJECT.BIN"), "macros"),
        (with_part("pptx", "ppt/activeX/activeX1.bin"), "macros"),
        (with_part("docx", "word/embeddings/Setup.exe"), "programs"),
        (office("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (office("docx", "application/vnd.ms-office.vbaProject"), "macros"),
        (open_document(f"{ODF}.text", **{"Basic/Standard/x.xml": b"x"}), "macros"),
        (zipped({"[Content_Types].xml": types(f"{OOXML}.wordprocessingml.template.main+xml")}), "not an ordinary"),
        (zipped({"[Content_Types].xml": types(MAIN["docx"][1])}), "not an ordinary"),
        (zipped({"[Content_Types].xml": types(MAIN["docx"][1]), "xl/x.xml": b""}), "not an ordinary"),
        (office("docx", "a&#77;b"), "damaged"),
        (zipped({"[Content_Types].xml": b"<!DOCTYPE x>" + types(MAIN["docx"][1])}), "damaged"),
        (zipped({"[Content_Types].xml": types(MAIN["docx"][1]).decode().encode("utf-16")}), "damaged"),
        (with_part("docx", "WORD/document.xml"), "damaged"),
        (zipped({"[Content_Types].xml": b"x"}, zipfile.ZIP_LZMA), "damaged"),
        (office("docx")[:-30], "damaged"),
        (b"PK\x03\x04" + bytes(60), "damaged"),
        (BOMB_TYPES, "damaged"),
        (MANY, "damaged"),
        (bytes(LYING), "more than 500 MB"),
        (bytes(ENCRYPTED), "password"),
        (open_document(f"{ODF}.text", b"<manifest:encryption-data/>"), "password"),
        (open_document("application/epub+zip"), "not an ordinary"),
        (zipped({"mimetype": f"{ODF}.text".encode()}), "not an ordinary"),
        (OLD, "Save it as .docx"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLD + b"EncryptedPackage", "Save it as .docx"),
    ],
)
def test_what_is_refused_and_why(data, says):
    found = files.checked("plan.pdf", data)
    assert isinstance(found, files.Refused)
    assert says in found.sentence
    assert found.sentence.endswith(".")


def test_the_largest_file_is_taken():
    data = JPEG + bytes(files.MOST_BYTES - len(JPEG))
    assert isinstance(files.checked("a.jpg", data), files.Accepted)
    assert isinstance(files.checked("a.jpg", data + b"\0"), files.Refused)


BEGINNINGS = [PDF, PNG, JPEG, GIF, WEBP, HEIC, office("docx"), open_document(f"{ODF}.text"), OLD]


@given(st.text(), st.binary(max_size=300))
@example("", b"PK\x05\x06" + bytes(18))
@example("x", b"\0")
def test_random_bytes_never_raise(name, data):
    assert isinstance(files.checked(name, data), files.Accepted | files.Refused)


@given(st.sampled_from(BEGINNINGS), st.data())
def test_broken_files_never_raise(whole, data):
    broken = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(files.checked("x.docx", bytes(broken)), files.Accepted | files.Refused)


@pytest.mark.parametrize(
    ("typed", "data", "kept"),
    [
        ("plan.pdf", PDF, "plan.pdf"),
        ("PLAN.PDF", PDF, "PLAN.pdf"),
        ("C:\\fakepath\\plan.pdf", PDF, "plan.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("photo.JPEG", JPEG, "photo.jpeg"),
        ("photo.jpg", PNG, "photo.png"),
        ("photo", JPEG, "photo.jpg"),
        ("plan.doc", office("docx"), "plan.docx"),
        ("plan.pdf.exe", PDF, "plan.pdf"),
        ("plan.exe.pdf", PDF, "plan.pdf"),
        ("plan 26.11.2024", PDF, "plan 26.11.2024.pdf"),
        ("Mr. Smith.docx", office("docx"), "Mr. Smith.docx"),
        ("plan\u202efdp.exe", PDF, "planfdp.pdf"),
        ("pl\u200ban\x00\x07.pdf\n", PDF, "plan.pdf"),
        ("two\u00a0\n  words .pdf", PDF, "two words.pdf"),
        ('a<b>:"c|d?*.pdf', PDF, "a_b___c_d__.pdf"),
        ("Zoë Żółć.pdf", PDF, "Zoë Żółć.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("...", PDF, "file.pdf"),
        ("", PDF, "file.pdf"),
        (".htaccess", PDF, "htaccess.pdf"),
        ("a" * 300 + ".pdf", PDF, "a" * 96 + ".pdf"),
        ("a" * 300 + ".docx", PDF, "a" * 96 + ".pdf"),
    ],
)
def test_names_are_readable_short_and_true(typed, data, kept):
    found = files.checked(typed, data)
    assert isinstance(found, files.Accepted)
    assert found.name == kept
    assert len(kept) <= files.LONGEST_NAME


@given(st.text(max_size=150))
def test_every_name_ends_in_its_kind_and_names_no_folder(typed):
    found = files.checked(typed, PNG)
    assert found.name.endswith(".png")
    assert not set(found.name) & set('/\\<>:"|?*\0\n\r')
    assert found.name == files.checked(found.name, PNG).name, "checked twice it is the same"


# --- Where files are kept ------------------------------------------------------------------------------------------
def test_a_file_is_kept_under_a_name_that_says_nothing():
    name, again = files.store(PDF), files.store(PDF)
    assert name != again
    assert len(name) == 35
    with files.open_stored(name) as kept:
        assert kept.read() == PDF
    files.delete_stored(name)
    files.delete_stored(name)
    with pytest.raises(FileNotFoundError):
        files.open_stored(name)
    with files.open_stored(again) as kept:
        assert kept.read() == PDF


def test_only_the_portal_reads_the_disk():
    path = Path(storages["files"].path(files.store(PNG)))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.is_relative_to(settings.FILES_DIR)


def test_kept_files_are_outside_everything_that_is_served():
    kept = Path(settings.FILES_DIR).resolve()
    for served in [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]:
        assert not kept.is_relative_to(Path(served).resolve())
        assert not Path(served).resolve().is_relative_to(kept)


@pytest.mark.parametrize("use", [files.open_stored, files.delete_stored])
@pytest.mark.parametrize(
    "name",
    [
        "",
        "../secret",
        "/etc/passwd",
        "ab/../../x",
        "ab/" + "0" * 31,
        "AB/" + "0" * 32,
        "ab/" + "0" * 32 + "\n",
        "ab\\" + "0" * 32,
        "ab/" + "٠" * 32,
    ],
)
def test_no_other_name_is_opened_or_removed(use, name):
    with pytest.raises(SuspiciousFileOperation):
        use(name)


# --- How files are given back ----------------------------------------------------------------------------------------
def test_a_download_is_an_attachment_that_nothing_runs():
    kept = files.open_stored(files.store(PDF))
    response = files.download("plan.pdf", "application/pdf", kept)
    response = CSPMiddleware(lambda _: None).process_response(HttpRequest(), response)
    assert response["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Length"] == str(len(PDF))
    assert b"".join(response.streaming_content) == PDF
    kept.close()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Żółć £.pdf", "attachment; filename*=utf-8''%C5%BB%C3%B3%C5%82%C4%87%20%C2%A3.pdf"),
        ('a"b\r\nX: y.pdf', 'attachment; filename="a_b X_ y.pdf"'),
        ("../x.pdf", 'attachment; filename="x.pdf"'),
        ("", 'attachment; filename="file"'),
    ],
)
def test_a_name_cannot_break_out_of_the_header(name, header):
    response = files.download(name, "application/pdf", io.BytesIO(PDF))
    assert response["Content-Disposition"] == header


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "", "application/pdf; charset=x\r\nA: b"])
def test_a_type_that_is_not_ours_is_plain_bytes(content_type):
    assert files.download("x", content_type, io.BytesIO(b"x"))["Content-Type"] == "application/octet-stream"
