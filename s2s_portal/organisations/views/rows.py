"""Lines of the lists: registers, people, zones and the access log as cells of a table (core.templatetags.tables)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from s2s_portal.core import spoken

Cell = str | int | dict[str, Any]

REGISTER_COLUMNS = [{"label": label} for label in ("Name", "URN and kind", "Zone and status")]
PEOPLE_COLUMNS = [{"label": label} for label in ("Name", "E-mail", "Roles and zones", "Signs in")]
ZONE_COLUMNS = [
    {"label": "Zone"},
    *({"label": label, "numeric": True} for label in ("Settings", "Schools", "Early Years Advisers", "SEND Advisers")),
]
LOG_COLUMNS = [{"label": label} for label in ("When", "Who", "Did", "To")]


def register_rows(
    establishments: Iterable[Any], *, page: str = "organisations:establishment_detail"
) -> list[list[Cell]]:
    """One line for each establishment with its kind and zone, as `REGISTER_COLUMNS`; its name leads to `page`."""
    return [
        [
            {"text": one.display_name, "url": reverse(page, args=[one.source, one.urn]), "hint": one.where},
            {"text": one.urn, "hint": one.kind.name},
            {"text": one.zone.name if one.zone else "No zone", "hint": one.get_status_display()},
        ]
        for one in establishments
    ]


def people_rows(people: Iterable[Any], standings: Mapping[int, Any], *, page: str) -> list[list[Cell]]:
    """One line for each person with their memberships and zones, as `PEOPLE_COLUMNS`; their name leads to `page`.

    `standings`: where each stands with signing in, by id (queries.invitations).
    """
    return [
        [
            {"text": person.full_name, "url": reverse(page, args=[person.pk])},
            person.email,
            _roles(person),
            {"text": standings[person.pk].text, "hint": standings[person.pk].hint},
        ]
        for person in people
    ]


def _roles(person: Any) -> str:
    """The person's roles, each with its zones: "SEND Adviser: Broad, Marsh; Commissioner"."""
    roles = []
    for membership in person.memberships.all():
        zones = ", ".join(sorted(zone.name for zone in membership.zones.all()))
        roles.append(f"{membership.get_role_display()}: {zones}" if zones else membership.get_role_display())
    return "; ".join(roles) or "No role yet"


def zone_rows(zones: Iterable[Any]) -> list[list[Cell]]:
    """One line for each `queries.people.ZoneRow`, as `ZONE_COLUMNS`; its name leads to its schools and settings."""
    registers = reverse("organisations:establishment_list")
    return [
        [
            {"text": zone.name, "url": f"{registers}?zone={zone.pk}&state=open"},
            zone.settings,
            zone.schools,
            zone.early_years_advisers,
            zone.send_advisers,
        ]
        for zone in zones
    ]


def log_rows(events: Iterable[Any]) -> list[list[Cell]]:
    """One line for each audit row, as `LOG_COLUMNS`."""
    return [
        [
            spoken.second(event.at),
            event.user_email,
            {"text": f"{event.get_kind_display()}: {event.what}", "hint": f"“{event.reason}”" if event.reason else ""},
            event.reference,
        ]
        for event in events
    ]
