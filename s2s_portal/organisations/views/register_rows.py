"""Lines of the registers' pages, as cells of tables and summary lists."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from s2s_portal.core import spoken
from s2s_portal.organisations.choices import RegisterPart, UploadState
from s2s_portal.organisations.importers.reviewing import CLOSED_MISSING, OTHERS, UNCHANGED
from s2s_portal.organisations.queries import registers

Cell = str | int | dict[str, Any]

UPLOAD_COLUMNS = [{"label": label} for label in ("File", "Given", "State", "What was found")]
RUN_COLUMNS = [{"label": label} for label in ("File", "Register", "Finished", "Rows")]
_COLOURS = {
    UploadState.CHECKING: "blue",
    UploadState.REVIEW: "yellow",
    UploadState.REFUSED: "red",
    UploadState.IMPORTING: "blue",
    UploadState.DONE: "green",
    UploadState.DISCARDED: "grey",
}
_CHANGES = [{"label": label} for label in ("Name", "URN", "Row", "What changes")]
COLUMNS_OF = {
    RegisterPart.NEW: [{"label": label} for label in ("Name", "URN", "Row", "Kind and status")],
    RegisterPart.CHANGED: _CHANGES,
    RegisterPart.CLOSED: _CHANGES,
    RegisterPart.MISSING: [{"label": label} for label in ("Name", "URN")],
    RegisterPart.ERRORS: [{"label": label} for label in ("Row", "URN and name", "Column", "Reason")],
}
EXPLAINED = {
    RegisterPart.NEW: "They are added without a zone.",
    RegisterPart.CHANGED: "",
    RegisterPart.CLOSED: "No new requests can be filed for them. Requests that were sent go on.",
    RegisterPart.MISSING: "Nothing is done about these: a file may leave out what is still open.",
    RegisterPart.ERRORS: "These rows are left out.",
}


def upload_rows(uploads: Iterable[Any]) -> list[list[Cell]]:
    """One line for each upload, as `UPLOAD_COLUMNS`."""
    return [
        [
            {
                "text": one.file_name,
                "url": reverse("organisations:register_upload", args=[one.key]),
                "hint": one.get_source_display(),
            },
            {"text": spoken.moment(one.at), "hint": f"by {one.by}"},
            {"text": one.get_state_display(), "colour": _COLOURS[UploadState(one.state)]},
            _counted(one),
        ]
        for one in uploads
    ]


def _counted(upload: Any) -> str:
    parts = [
        f"{upload.counts[part.value]:,} {part.label.lower()}" for part in RegisterPart if upload.counts.get(part.value)
    ]
    return ", ".join(parts) or ("Nothing" if upload.reviews else "")


def run_rows(runs: Iterable[Any]) -> list[list[Cell]]:
    """One line for each import by command, as `RUN_COLUMNS`."""
    return [
        [
            one.file_name,
            one.get_source_display(),
            spoken.moment(one.finished_at) if one.finished_at else "Not finished",
            one.rows_done,
        ]
        for one in runs
    ]


def facts_of(upload: Any) -> list[dict[str, str]]:
    """What is known of an upload, as keys and values."""
    facts = {
        "Register": upload.get_source_display(),
        "Local authority": upload.la or "All rows of the file",
        "Given": f"{spoken.moment(upload.at)} by {upload.by}",
        "Checked": spoken.moment(upload.checked_at) if upload.checked_at else "",
        "Decided": f"{spoken.moment(upload.decided_at)} by {upload.decided_by}" if upload.decided_at else "",
        "Finished": spoken.moment(upload.finished_at) if upload.finished_at else "",
        "Rows that change nothing": f"{upload.counts.get(UNCHANGED, 0):,}" if upload.reviews else "",
        "Rows of other authorities": f"{upload.counts.get(OTHERS, 0):,}" if upload.counts.get(OTHERS) else "",
        "Closed before, and not in the file": (
            f"{upload.counts[CLOSED_MISSING]:,}" if upload.counts.get(CLOSED_MISSING) else ""
        ),
    }
    return [{"key": key, "value": value} for key, value in facts.items() if value]


def parts_of(upload: Any) -> list[dict[str, Any]]:
    """Each list of the check with its number, and its address while its lines are there."""
    listed = registers.parts_listed(upload)
    return [
        {
            "label": part.label,
            "count": upload.counts.get(part.value, 0),
            "explained": EXPLAINED[part],
            "url": reverse("organisations:register_changes", args=[upload.key, part.value]) if part in listed else "",
        }
        for part in RegisterPart
    ]


def failed_in_words(times: int) -> str:
    """How often the work on a file has failed; "" if it has not."""
    number = "once" if times == 1 else f"{times} times"
    return f"The work on this file has failed {number}. It is tried again by itself." if times else ""


def change_rows(lines: Iterable[Any], part: RegisterPart) -> list[list[Cell]]:
    """One line for each line of a check, as `COLUMNS_OF` the part."""
    if part == RegisterPart.ERRORS:
        return [
            [
                f"Row {one.line:,}",
                {"text": one.urn or "No URN", "hint": one.name},
                one.column or "The whole row",
                capfirst(one.reason),
            ]
            for one in lines
        ]
    if part == RegisterPart.MISSING:
        return [[_named(one), one.urn] for one in lines]
    said = _kind_and_status if part == RegisterPart.NEW else _changes
    return [[_named(one), one.urn, f"{one.line:,}", said(one)] for one in lines]


def _named(line: Any) -> str:
    return line.name or "Name withheld"


def _kind_and_status(line: Any) -> str:
    return ", ".join(now for _, _, now in line.changes)


def _changes(line: Any) -> str:
    return "\n".join(f"{what}: {was or 'nothing'} → {now or 'nothing'}" for what, was, now in line.changes)
