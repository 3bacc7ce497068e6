"""The demo's registers as files, byte for byte as their publishers write them."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from s2s_portal.demo.documents import childcare, schools
from s2s_portal.demo.documents.places import zone_places

SEED = "School to School, Norfolk, autumn 2024"


@dataclass(frozen=True)
class Registers:
    """Rows by column name; `zones` holds (source, URN, zone name) of everything in `schools` and `settings`."""

    schools: list[dict[str, object]]
    settings: list[dict[str, object]]
    zones: list[tuple[str, str, str]]
    new_settings: list[dict[str, object]]
    """What a later release of Ofsted's register adds."""

    @property
    def zone_names(self) -> list[str]:
        """The zones in their order, by which staff are told where they work."""
        return list(dict.fromkeys(zone for _source, _urn, zone in self.zones))


def registers() -> Registers:
    """The registers of the demo: the same every time."""
    rng = Random(SEED)  # noqa: S311 - invented data, not a secret
    places = zone_places(rng)
    school_rows, school_zones = schools.school_rows(rng, places)
    setting_rows, setting_zones = childcare.setting_rows(rng, places)
    zones = [("GIAS", *pair) for pair in school_zones] + [("OFSTED", *pair) for pair in setting_zones]
    return Registers(school_rows, setting_rows, zones, childcare.newly_registered(rng, places[9]))


def write_schools(path: Path, found: Registers) -> None:
    """A GIAS download: cp1252, CRLF, no newline after the last row."""
    text = _csv(schools.COLUMNS, found.schools).removesuffix("\r\n")
    path.write_bytes(text.encode("cp1252"))


def write_settings(path: Path, found: Registers, *, resigned: Iterable[str] = (), later: bool = False) -> None:
    """Ofsted's register, UTF-8; the release `later` in the year, in which the URNs `resigned` have given up."""
    gone = set(resigned)
    rows = [row | {"Provider status": "Resigned"} if row["Provider URN"] in gone else row for row in found.settings]
    path.write_text(_csv(childcare.COLUMNS, rows + (found.new_settings if later else [])), "utf-8", newline="")


def write_zones(path: Path, found: Registers) -> None:
    """The council's own list of which zone each school and setting belongs to."""
    rows = [dict(zip(("source", "URN", "zone"), values, strict=True)) for values in found.zones]
    path.write_text(_csv(("source", "URN", "zone"), rows), "utf-8", newline="")


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Text is quoted and numbers are bare, as in both registers."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
