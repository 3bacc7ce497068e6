"""Texts that the council may change, as they read at a moment."""

from collections.abc import Iterable
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
