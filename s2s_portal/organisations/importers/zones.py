"""Which zone each establishment belongs to, from a CSV with the columns source, URN and zone.

This is the council's own list: unlike the registers it decides about zones. Importing it again changes nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction

from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import ImportOutcome, Source
from s2s_portal.organisations.importers.checking import BATCH
from s2s_portal.organisations.importers.reading import Row, SourceFile, rows, scanned
from s2s_portal.organisations.importers.registers import BadRow
from s2s_portal.organisations.importers.upsert import Report
from s2s_portal.organisations.models import Establishment, Zone

REQUIRED = ("source", "URN", "zone")
LONGEST_NAME = 100


@dataclass(frozen=True)
class _Wish:
    """One row: this establishment belongs to the zone of that name."""

    line: int
    source: Source
    urn: str
    zone: str


def import_zones(*, path: Path) -> Report:
    """Put the establishments of the file at `path` into their zones, creating zones that are new.

    In the report's counts, created are zones; updated and unchanged are establishments. Raises `NotARegister`,
    before anything is written, if the file cannot be imported as a whole; a bad row is left out and reported.
    """
    source, report = scanned(path), Report(Counter())
    for _ in _wishes(source, Report(Counter())):
        pass  # the whole file, once, before anything is written
    wishes = _wishes(source, report)
    while batch := list(islice(wishes, BATCH)):
        _place(batch, report)
    report.counts[ImportOutcome.ERROR.label] = len(report.errors)
    return report


def _wishes(source: SourceFile, report: Report) -> Iterator[_Wish]:
    lines: dict[tuple[Source, str], int] = {}
    for row in rows(source, REQUIRED, called="a list of zones"):
        try:
            wish = _wish(row)
            if first := lines.get((wish.source, wish.urn)):
                raise BadRow(f"{wish.source} {wish.urn} is already in line {first}, which is kept.")
        except BadRow as bad:
            report.errors.append(f"Line {row.line}: {bad}")
        else:
            lines[wish.source, wish.urn] = row.line
            yield wish


def _wish(row: Row) -> _Wish:
    if row.is_misaligned:
        raise BadRow(f"it has {len(row.cells)} columns where the header has {len(row.columns)}.")
    source, urn, zone = row.text("source").upper(), row.text("URN").upper(), row.text("zone")
    if source not in Source.values:
        raise BadRow(f'the source "{source}" is none of {", ".join(Source.values)}.')
    if not urn or not zone:
        raise BadRow("it has no URN." if not urn else "it has no zone.")
    if len(zone) > LONGEST_NAME:
        raise BadRow(f"the zone's name is longer than {LONGEST_NAME} characters.")
    return _Wish(row.line, Source(source), urn, zone)


@transaction.atomic
def _place(batch: list[_Wish], report: Report) -> None:
    zones = {folded(zone.name): zone for zone in Zone.objects.all()}
    held = {
        (establishment.source, establishment.urn): establishment
        for establishment in Establishment.objects.select_for_update(no_key=True, of=("self",))
        .filter(urn__in={wish.urn for wish in batch})
        .order_by("pk")
    }
    moved = []
    for wish in batch:
        establishment = held.get((wish.source, wish.urn))
        if establishment is None:
            report.errors.append(f"Line {wish.line}: we hold no establishment {wish.source} {wish.urn}.")
            continue
        zone = zones.get(folded(wish.zone))
        if zone is None:
            zone = zones[folded(wish.zone)] = Zone.objects.create(name=wish.zone)
            report.counts[ImportOutcome.CREATED.label] += 1
        is_there = establishment.zone_id == zone.pk
        report.counts[(ImportOutcome.UNCHANGED if is_there else ImportOutcome.UPDATED).label] += 1
        if not is_there:
            establishment.zone = zone
            moved.append(establishment)
    Establishment.objects.bulk_update(moved, ["zone"])
