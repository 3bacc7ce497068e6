"""Texts that the council may change, as they read at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from s2s_portal.organisations.documents import DEFAULT_TEXTS
from s2s_portal.organisations.models import EditableText


def texts(keys: Iterable[str], at: datetime) -> dict[str, str]:
    """The wording of each key in force at `at` (aware): the latest set by then, else the default. One query."""
    wanted = list(keys)
    found = {key: DEFAULT_TEXTS[key] for key in wanted}
    rows = EditableText.objects.filter(key__in=wanted, in_force_from__lte=at).order_by("in_force_from", "pk")
    return found | dict(rows.values_list("key", "body"))


def text(key: str, at: datetime) -> str:
    """The wording of `key` in force at `at` (aware). Raises `KeyError` for a key that is not ours."""
    return texts([key], at)[key]


@dataclass(frozen=True)
class Wording:
    """How one text reads at a moment. `row`: None for the portal's own; `coming`: what is set to follow, in order."""

    key: str
    body: str
    row: EditableText | None
    coming: list[EditableText]


def newest(key: str) -> EditableText | None:
    """The wording of `key` that was set last, whenever it comes into force, with who set it. One query."""
    return EditableText.objects.filter(key=key).select_related("set_by").order_by("-pk").first()


def wordings(at: datetime) -> list[Wording]:
    """Every text as it reads at `at` (aware), with who set it and what follows. One query."""
    rows: dict[str, list[EditableText]] = {key: [] for key in DEFAULT_TEXTS}
    found = EditableText.objects.filter(key__in=rows).select_related("set_by")
    for row in found.order_by("in_force_from", "pk"):
        rows[row.key].append(row)
    return [_wording(key, counted(of_key), at) for key, of_key in rows.items()]


def _wording(key: str, rows: list[EditableText], at: datetime) -> Wording:
    begun = [row for row in rows if row.in_force_from <= at]
    row = begun[-1] if begun else None
    return Wording(key, row.body if row else DEFAULT_TEXTS[key], row, [one for one in rows if one.in_force_from > at])


def counted(rows: Iterable[EditableText]) -> list[EditableText]:
    """The wordings of one text that ever count, by when they begin: of two from the same moment the later row."""
    latest = {row.in_force_from: row for row in sorted(rows, key=lambda row: row.pk)}
    return [latest[moment] for moment in sorted(latest)]


def history_of(key: str) -> list[EditableText]:
    """Every wording of `key` as it was set, the newest first, with who set it. One query."""
    return list(EditableText.objects.filter(key=key).select_related("set_by").order_by("-pk"))
