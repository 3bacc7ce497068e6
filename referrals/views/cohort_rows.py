"""The rows of a cohort's lists as the page shows them: what each group means, and each row's box or radios."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.forms.cohort_files import PICK, TICK, Pressed
from referrals.importers.cohort_rows import Group, Option, Row
from s2s_portal.core import spoken

TITLES = {
    Group.FOUND: ("Found", "Each is one school of your zones. Untick those that you do not want."),
    Group.CHOOSE: ("Choose which school is meant", "More than one school fits, or the row contradicts the registers."),
    Group.REQUESTED: (
        "Already requested this period",
        "Tick one only if a second request for the same school is meant: it would use another place.",
    ),
    Group.REPEATED: ("The same school as another row", "Only one row of each school can be added."),
    Group.ON_COHORT: ("On this cohort already", "There is nothing to add. The school stays as it is on the cohort."),
    Group.OUTSIDE: ("Outside your zones", "Its own SEND Adviser files for it."),
    Group.CLOSED: ("Closed", "The registers say that the school is closed."),
    Group.NOT_MAINSTREAM: ("Not a mainstream school", "Only mainstream schools can be on a cohort."),
    Group.UNKNOWN: ("Not found", "No register has a school with this URN, or with this name in your zones."),
    Group.UNREAD: ("Could not be read", "Put them right in your file or list and give it again, or remove them."),
}
NONE_MEANT = "None of these"


@dataclass(frozen=True)
class Shown:
    """One row: where it stood, what it said, what it means, and the box or the radios that ask about it."""

    row: Row
    where: str
    said: str
    about: str
    box: dict[str, Any] | None
    radios: list[dict[str, Any]]
    changed: bool

    @property
    def pick_name(self) -> str:
        """What the form calls its radios."""
        return f"{PICK}{self.row.pk}"


@dataclass(frozen=True)
class GroupShown:
    """The rows of one group under its heading."""

    group: Group
    title: str
    text: str
    rows: list[Shown]


def groups_shown(
    groups: Sequence[tuple[Group, list[Row]]], pressed: Pressed | None, changed: Collection[int]
) -> list[GroupShown]:
    """The groups for the page; `pressed`: what was ticked and picked stays so; `changed`: rows that moved meanwhile."""
    lists = {row.uploaded_at for _, rows in groups for row in rows}
    return [
        GroupShown(
            group, *TITLES[group], [_shown(row, pressed, row.pk in changed, dated=len(lists) > 1) for row in rows]
        )
        for group, rows in groups
    ]


def _shown(row: Row, pressed: Pressed | None, changed: bool, *, dated: bool) -> Shown:
    return Shown(
        row=row,
        where=_where(row, dated=dated),
        said=_said(row),
        about=_about(row, dated=dated),
        box=_box(row, row.option, pressed, changed) if row.ticked and row.option else None,
        radios=[] if row.ticked or row.group == Group.ON_COHORT else _radios(row, pressed),
        changed=changed,
    )


def _where(row: Row, *, dated: bool) -> str:
    lines = f"Line {row.line}" if row.last_line == row.line else f"Lines {row.line} to {row.last_line:,}"
    return f"{lines} of the list of {spoken.moment(row.uploaded_at)}" if dated else lines


def _said(row: Row) -> str:
    """How the row names its school, as it was written."""
    urn = f"URN {row.facts['urn']}" if row.facts.get("urn") else ""
    return ", ".join(part for part in (row.facts.get("name", ""), row.facts.get("postcode", ""), urn) if part)


def _about(row: Row, *, dated: bool) -> str:
    if row.repeats is not None:
        return f"The same school as {_where(row.repeats, dated=dated).lower()}."
    if row.option is None:
        return ""
    one = row.option.establishment
    zone = f" Its zone: {one.zone.name}." if row.group == Group.OUTSIDE and one.zone else ""
    return f"{_line(row.option)}.{zone}"


def _line(option: Option) -> str:
    one = option.establishment
    return ", ".join(part for part in (one.display_name, one.where, f"URN {one.urn}") if part)


def _requests(option: Option) -> str:
    told = [f"{one.reference} ({one.get_status_display()})" for one in option.requests]
    return f"Already requested this period: {', '.join(told)}." if told else ""


def _box(row: Row, option: Option, pressed: Pressed | None, changed: bool) -> dict[str, Any]:
    by_default = row.group == Group.FOUND and not changed
    asked = pressed is not None and pressed.asked_about(row) and not changed
    return {
        "name": f"{TICK}{row.pk}",
        "value": option.value,
        "label": option.establishment.display_name,
        "checked": bool(pressed.sent_for(row)) if asked and pressed else by_default,
        "hint": _requests(option),
    }


def _radios(row: Row, pressed: Pressed | None) -> list[dict[str, Any]]:
    if not row.candidates:
        return []
    asked = pressed is not None and pressed.asked_about(row)
    sent = pressed.sent_for(row) if asked and pressed else ""
    found = []
    for option in row.candidates:
        picked = sent == option.value if asked else row.picked == option.establishment.pk
        hint = "On this cohort already." if option.on_cohort else _requests(option)
        label = option.establishment.display_name
        about = ". ".join(part for part in (_line(option).removeprefix(f"{label}, "), hint) if part)
        found.append(
            {"value": option.value, "label": label, "hint": about, "checked": picked, "disabled": option.on_cohort}
        )
    chosen = any(one["checked"] for one in found)
    return [*found, {"value": "", "label": NONE_MEANT, "hint": "", "checked": not chosen, "disabled": False}]
