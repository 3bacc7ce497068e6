"""Files that people attach: what they really are, by their content; where they are kept; how they are given back.

Nothing that a browser or an office program would run gets in: a file is taken only if its content is one of `KINDS`,
whatever it is called. On disk it has a name of our own, outside everything that a web server serves, and it leaves only
as a download that no page can run.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.http import FileResponse

from s2s_portal.core.file_kinds import KINDS, TAKEN, Refused, kind_of

__all__ = [
    "KINDS",
    "TAKEN",
    "Accepted",
    "Refused",
    "checked",
    "delete_stored",
    "download",
    "open_stored",
    "store",
    "stored_until",
]

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 100
"""Characters of a file's name with its extension."""
TOO_LARGE = "The file is larger than 10 MB. Make it smaller, or split it and attach the parts."


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be kept: the name to show, the media type to send, the usual extension without its dot."""

    name: str
    content_type: str
    extension: str


_ALSO = {"jpeg": "jpg", "jfif": "jpg", "jpe": "jpg", "heif": "heic"}
_OTHER_ENDINGS = set(
    re.findall(
        r"\w+",
        "avif bat bin bmp cmd com csv dll doc docm dot dotm dotx exe hta htm html jar js jse lnk mht mhtml msg msi pif "
        "pps ppsm ppsx ppt pptm ps1 py reg rtf scr sh svg swf tif tiff txt url vbe vbs wsf xhtml xls xlsb xlsm xltx "
        "xml zip",
    )
)
"""Endings that mislead about a file that is none of these; others, such as the year in a date, belong to its name."""


def checked(name: str, data: bytes) -> Accepted | Refused:
    """What the file in `data` is, by its content, with a name that agrees; or the sentence why it is not taken.

    Never raises, whatever the bytes are, and never unpacks more than 256 kB of them.
    """
    if not data:
        return Refused("The file is empty. Check that it opens on your device, then attach it again.")
    if len(data) > MOST_BYTES:
        return Refused(TOO_LARGE)
    found = kind_of(data)
    if isinstance(found, Refused):
        return found
    return Accepted(_named(name, found), KINDS[found], found)


# --- What it is called --------------------------------------------------------------------------------------------
def _named(name: str, kind: str) -> str:
    """The last part of what somebody called it, readable everywhere, with an extension that its content bears out."""
    stem, ending = _tidy(name), ""
    while True:
        before, dot, last = stem.rpartition(".")
        last = last.strip().lower()
        if not dot or not (last in KINDS or last in _ALSO or last in _OTHER_ENDINGS):
            break
        if not ending and _ALSO.get(last, last) == kind:
            ending = last
        stem = before.rstrip(" .")
    ending = ending or kind
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip(' .') or 'file'}.{ending}"


def _tidy(name: str) -> str:
    """`name` without folders, control and turning characters, and what file systems do not take."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = (char for char in last if char.isspace() or unicodedata.category(char)[0] != "C")
    visible = "".join(" " if char.isspace() else char for char in seen)
    return " ".join(re.sub(r'[<>:"|?*]', "_", visible).split()).strip(" .")


# --- Where it is kept ---------------------------------------------------------------------------------------------
_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}", re.ASCII)


def store(data: bytes) -> str:
    """Keep `data` and give the name to open it by (35 characters), which says nothing about it.

    Call it before the row that names it is committed: if that fails, a file is left that nobody can reach, and that
    `stored_until` still lists.
    """
    unique = uuid.uuid4().hex
    return storages["files"].save(f"{unique[:2]}/{unique}", ContentFile(data))


def open_stored(name: str) -> "File[bytes]":
    """The file that `store` called `name`, open for reading; FileNotFoundError if it is gone."""
    return storages["files"].open(_own(name))


def delete_stored(name: str) -> None:
    """Remove the file that `store` called `name`; a second time changes nothing."""
    storages["files"].delete(_own(name))


def stored_until(before: datetime) -> Iterator[str]:
    """The names of all files that were stored before the real moment `before` (aware)."""
    storage = storages["files"]
    for folder in sorted(storage.listdir("")[0]) if storage.exists("") else ():
        for name in sorted(storage.listdir(folder)[1]):
            with suppress(FileNotFoundError):  # removed meanwhile
                if storage.get_modified_time(_own(f"{folder}/{name}")) < before:
                    yield f"{folder}/{name}"


def _own(name: str) -> str:
    if not _STORED.fullmatch(name):
        raise SuspiciousFileOperation("That is no name of a stored file.")
    return name


# --- How it is given back -----------------------------------------------------------------------------------------
def download(name: str, content_type: str, open_file: "IO[bytes] | File[bytes]") -> FileResponse:
    """`open_file` as a download called `name`: never shown in a page's place, never run, never kept by a cache.

    A content type that is none of ours is sent as plain bytes.
    """
    safe_type = content_type if content_type in KINDS.values() else "application/octet-stream"
    return FileResponse(
        open_file,
        as_attachment=True,
        filename=_tidy(name) or "file",
        content_type=safe_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store",
        },
    )
