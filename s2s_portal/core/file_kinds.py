"""What a file really is, by its content and not by its name: kinds that may be attached, why others may not. Pure.

Nothing that a browser or an office program would run is among the kinds. Of archives only the listing and two small
parts are read, so that none can swell up here; pictures and PDFs are not drawn.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import puremagic

TAKEN = "PDF, picture (JPEG, PNG, HEIC, GIF or WebP) or Office document (Word, Excel, PowerPoint or OpenDocument)"

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    KeyError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
"""All that reading an archive can raise, as found by giving it broken ones."""
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others may claim gigabytes of memory before the first byte."""
_MOST_LISTED = 1024 * 1024
_MOST_READ = 256 * 1024
_MOST_UNPACKED = 500 * 1024 * 1024
"""Bytes of an archive's listing, of a part that is read, and of all parts as the listing tells them."""
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "docx": f"{_OOXML}.wordprocessingml.document",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
    "pptx": f"{_OOXML}.presentationml.presentation",
    "odt": f"{_ODF}.text",
    "ods": f"{_ODF}.spreadsheet",
    "odp": f"{_ODF}.presentation",
}
"""The media type of each kind of file that is taken, by its extension."""
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_CALLED = {
    "a web page": {".html", ".htm", ".xhtml", ".mhtml"},
    "an SVG drawing": {".svg", ".svgz"},
    "a program": {".exe", ".dll", ".elf", ".msi", ".class", ".jar", ".sh", ".bat", ".js", ".com"},
    "a video": {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".wmv", ".mpg", ".qt"},
    "a sound recording": {".mp3", ".m4a", ".wav", ".ogg", ".aac", ".flac", ".amr"},
    "a picture of a kind that few programs open": {".tif", ".tiff", ".bmp", ".avif", ".psd", ".jp2", ".ico"},
    "a text file or RTF document": {".rtf", ".txt"},
}
_BEGINS_A_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|svg|\?php)\b", re.IGNORECASE)
_HAS_A_PAGE = re.compile(rb"<(!doctype\s+html|script|iframe)[\s>]", re.IGNORECASE)
"""Only what ten million random bytes do not contain by chance."""
_MAIN_PART = re.compile(rf"""["']({re.escape(_OOXML)}\.[a-z]+\.[a-z]+)\.main\+xml["']""".encode())
_PROGRAMS = (".exe", ".dll", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".hta", ".jar", ".lnk", ".scr")
_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that may not be attached: what is wrong with it and what to do, for the person who tried."""

    sentence: str


def kind_of(data: bytes) -> str | Refused:
    """The extension, without its dot, of what is in `data`; or why that is not taken.

    Never raises, and never unpacks more than 256 kB of anything.
    """
    return next((look for begins, look in _LOOKS if begins(data)), _something_else)(data)


def _pdf(data: bytes) -> str | Refused:
    if b"%%EOF" not in data[-2048:]:
        return Refused("The PDF is not complete. Save or scan it again, then attach it.")
    if _BEGINS_A_PAGE.search(data[:1024]) or zipfile.is_zipfile(io.BytesIO(data)):
        return Refused("The PDF has another file hidden in it. Print or save it as a new PDF, then attach that.")
    return "pdf"


def _picture(kind: str) -> Callable[[bytes], str | Refused]:
    def look(data: bytes) -> str | Refused:
        if _BEGINS_A_PAGE.search(data[:1024]) or _HAS_A_PAGE.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
            return Refused("The picture has another file hidden in it. Attach a photograph or a screenshot of it.")
        return kind

    return look


def _is_heic(data: bytes) -> bool:
    """Whether `data` begins with a list of brands, among them one of HEIC's."""
    if data[4:8] != b"ftyp":
        return False
    length = int.from_bytes(data[:4], "big")
    brands = data[8:12] + data[16 : min(length, 128)]
    return any(brands[start : start + 4] in _HEIC_BRANDS for start in range(0, len(brands), 4))


def _old_office(data: bytes) -> Refused:
    """Compound files: Office before 2007, or a newer document with a password, which nobody can check."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _HAS_PASSWORD
    return Refused(
        "The file is of an old Office kind (such as .doc, .xls or .msg) that can carry programs. "
        "Save it as .docx, .xlsx, .pptx or PDF, then attach that."
    )


def _archive(data: bytes) -> str | Refused:
    """Which office document a ZIP archive is, from its listing and at most two small parts."""
    try:
        with _opened(data) as archive:
            return _office(archive)
    except _DAMAGED:
        return Refused("The file is damaged. Save it again in the program that made it, then attach it.")


def _opened(data: bytes) -> zipfile.ZipFile:
    """The archive, if its listing is small enough to be read at all."""
    end = data.rfind(b"PK\x05\x06")
    is_long = data[end - 20 : end - 16] == b"PK\x06\x07"  # ZIP64 tells the size elsewhere; no office program needs it
    if end < 0 or is_long or struct.unpack_from("<L", data, end + 12)[0] > _MOST_LISTED:
        raise zipfile.BadZipFile
    return zipfile.ZipFile(io.BytesIO(data))


def _office(archive: zipfile.ZipFile) -> str | Refused:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(names) < len(parts) or any(part.compress_type not in _COMPRESSIONS for part in parts):
        raise zipfile.BadZipFile
    if any(part.flag_bits & 1 for part in parts):
        return _HAS_PASSWORD
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        return Refused("The file unpacks to more than 500 MB. Make the pictures in it smaller, then attach it.")
    if any(_runs(name) for name in names):
        return _HAS_MACROS
    if "[content_types].xml" in names:
        return _microsoft(_read(archive, "[Content_Types].xml"), names)
    if "mimetype" in names:
        return _open_document(archive, names)
    return Refused(f"The file is a ZIP archive. Unpack it and attach each {TAKEN} in it by itself.")


def _runs(name: str) -> bool:
    """Whether a part of that name (in lower case) holds macros, controls or a program."""
    return (
        name.endswith(("vbaproject.bin", *_PROGRAMS)) or "/activex/" in name or name.startswith(("basic/", "scripts/"))
    )


def _microsoft(types: bytes, names: set[str]) -> str | Refused:
    if b"&" in types or b"<!" in types or b"\0" in types:  # spellings that office programs never write
        raise zipfile.BadZipFile
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        return _HAS_MACROS
    mains = {main.decode() for main in _MAIN_PART.findall(types)}
    for kind, folder in _FOLDERS.items():
        if KINDS[kind] in mains and any(name.startswith(folder) for name in names):
            return kind
    return Refused("The file is not an ordinary Office document. Save it as .docx, .xlsx, .pptx or PDF.")


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> str | Refused:
    called = _read(archive, "mimetype").decode("ascii", "replace").strip()
    kind = next((kind for kind in ("odt", "ods", "odp") if KINDS[kind] == called), None)
    if kind is None or not {"content.xml", "meta-inf/manifest.xml"} <= names:
        return Refused("The file is not an ordinary OpenDocument file. Save it as .odt, .ods, .odp or PDF.")
    return _HAS_PASSWORD if b"encryption-data" in _read(archive, "META-INF/manifest.xml") else kind


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part of an archive; one that unpacks to more is refused after so much."""
    with archive.open(name) as part:
        data = part.read(_MOST_READ + 1)
    if len(data) > _MOST_READ:
        raise zipfile.BadZipFile
    return data


def _something_else(data: bytes) -> Refused:
    """The refusal of what is none of the kinds, with a word for what it seems to be."""
    try:
        endings = {one.extension.lower() for one in puremagic.magic_string(data) if one.confidence >= 0.4}
    except (puremagic.PureError, ValueError):
        endings = set()
    if b"%PDF-" in data[:1024]:
        return Refused("The PDF has something else before it. Print or save it as a new PDF, then attach that.")
    if _BEGINS_A_PAGE.search(data[:1024]):
        endings = {".svg"} if b"<svg" in data[:1024].lower() else {".html"}
    called = next((called for called, its in _CALLED.items() if its & endings), None)
    what = f"The file is {called}." if called else "The file is not of a kind that can be attached."
    return Refused(f"{what} Attach a {TAKEN}.")


_HAS_PASSWORD = Refused(
    "The file is protected by a password, so it cannot be checked. Remove the password, then attach it: only people "
    "who may see this request can open it here."
)
_HAS_MACROS = Refused("The file has macros or controls, which are programs. Save it as .docx, .xlsx, .pptx or PDF.")
_LOOKS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], str | Refused]], ...] = (
    (lambda data: data.startswith(b"%PDF-"), _pdf),
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR", _picture("png")),
    (lambda data: data.startswith(b"\xff\xd8\xff"), _picture("jpg")),
    (lambda data: data.startswith((b"GIF87a", b"GIF89a")), _picture("gif")),
    (lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", _picture("webp")),
    (_is_heic, _picture("heic")),
    (lambda data: data.startswith(b"PK\x03\x04"), _archive),
    (lambda data: data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _old_office),
)
