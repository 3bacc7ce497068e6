"""Import a register: check the whole file, then bring the establishments in line with it, a batch at a time.

ENGINEERING §7: one long transaction would keep everyone else from writing, so each batch commits with the number of
rows done, and a run that was killed carries on where it stopped. Identity is source + URN. Only what the file has
columns for is written: zones, and all else that people set, are not the register's.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import Eligibility, EstablishmentStatus, ImportOutcome
from s2s_portal.organisations.importers.checking import Checked, Entry, checked
from s2s_portal.organisations.importers.kinds import DEFAULTS
from s2s_portal.organisations.importers.registers import Register, RegisterRow
from s2s_portal.organisations.models import Establishment, EstablishmentKind, ImportRun

SCOPE = "la"
"""The key in `ImportRun.counts` that remembers whose rows were wanted: only the same scope is carried on."""


@dataclass
class Report:
    """What an import did, or in a dry run would have done. `errors` and `notes` are sentences for the person."""

    counts: Counter[str]
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def last_line(self) -> str:
        """The six counts in their fixed order."""
        return ", ".join(f"{outcome.label} {self.counts[outcome.label]}" for outcome in ImportOutcome)


@dataclass(frozen=True)
class _Verdict:
    outcome: ImportOutcome
    values: RegisterRow | None = None
    row_hash: str = ""
    pk: int | None = None


def import_register(*, register: Register, path: Path, la: str, dry_run: bool, at: datetime) -> Report:
    """Import the file at `path` as `register`: only local authority `la` (code or name), unless that is blank.

    Raises `NotARegister`, before anything is written, if the file cannot be imported as a whole; a row that cannot
    is left out and reported. A dry run writes nothing. A run of the same file that was killed is carried on.
    """
    found = checked(register=register, path=path, la=la)
    report = Report(Counter(), found.errors, found.notes)
    missing = _compare(found, report) if dry_run else _write(found, report, at)
    if missing:
        report.notes.append(f"Establishments we hold that are not among these rows: {missing}. They are unchanged.")
    return report


def _compare(found: Checked, report: Report) -> int:
    """Count what an import would do; return how many establishments we hold that are not among the rows."""
    missing = _held(found).count()
    for batch in found.file.batches():
        verdicts = _verdicts(found, batch)
        report.counts.update(verdict.outcome.label for verdict in verdicts)
        missing -= sum(verdict.pk is not None for verdict in verdicts)
    return missing


def _write(found: Checked, report: Report, at: datetime) -> int:
    """Pass 2; returns how many establishments we hold that are not among the rows."""
    run = _begin(found, at)
    if run.rows_done:
        report.notes.append(f"Carried on after row {run.rows_done}, where an earlier import stopped.")
    kinds = _kinds(found)
    done = run.rows_done
    for batch in found.file.batches(after=done):
        done += len(batch)
        _commit(found, batch, kinds, run_id=run.pk, rows_done=done)
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(finished_at=at)
        run.refresh_from_db()
        report.counts.update({name: n for name, n in run.counts.items() if name != SCOPE})
        return _held(found).exclude(seen_in=run).count()


def _held(found: Checked) -> QuerySet[Establishment]:
    return Establishment.objects.filter(source=found.file.register.source)


def _begin(found: Checked, at: datetime) -> ImportRun:
    """The run to write under: the latest, if it was of this very file and scope and never finished; else a new one.

    An unfinished run that another has followed is not carried on: rows it did may have been changed since.
    """
    source, file = found.file.register.source, found.file.source
    latest = ImportRun.objects.filter(source=source).order_by("-pk").first()
    is_same = latest and latest.file_sha256 == file.sha256 and latest.counts.get(SCOPE) == found.file.la
    if is_same and latest.finished_at is None:
        return latest
    return ImportRun.objects.create(
        source=source,
        file_name=file.name[:255],
        file_sha256=file.sha256,
        started_at=at,
        counts={SCOPE: found.file.la},
    )


@transaction.atomic
def _kinds(found: Checked) -> dict[str, int]:
    """The primary key of each kind by its name in lower case; adds what is missing and changes nothing."""
    source = found.file.register.source
    held = EstablishmentKind.objects.filter(source=source)
    known = {name.casefold() for name in held.values_list("name", flat=True)}
    wanted = DEFAULTS[source] | dict.fromkeys(found.new_kinds, Eligibility.NOT_ELIGIBLE)
    EstablishmentKind.objects.bulk_create(
        [
            EstablishmentKind(source=source, name=name, eligibility=eligibility)
            for name, eligibility in wanted.items()
            if name.casefold() not in known
        ],
        ignore_conflicts=True,
    )
    return {name.casefold(): pk for pk, name in held.values_list("pk", "name")}


@transaction.atomic
def _commit(found: Checked, batch: list[Entry], kinds: dict[str, int], *, run_id: int, rows_done: int) -> None:
    """Write one batch together with how far the run now is."""
    run = ImportRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=run_id)
    if run.rows_done >= rows_done:
        return  # another process imports the same file and was here first
    verdicts = _verdicts(found, batch)
    same = [verdict.pk for verdict in verdicts if verdict.outcome == ImportOutcome.UNCHANGED]
    Establishment.objects.filter(pk__in=same).update(seen_in=run)
    written = [verdict for verdict in verdicts if verdict.row_hash and verdict.pk not in same]
    _upsert(found, written, kinds, run)
    counts = Counter(verdict.outcome.label for verdict in verdicts)
    run.counts |= {outcome.label: run.counts.get(outcome.label, 0) + counts[outcome.label] for outcome in ImportOutcome}
    run.rows_done = rows_done
    run.save(update_fields=["counts", "rows_done"])


def _verdicts(found: Checked, batch: list[Entry]) -> list[_Verdict]:
    urns = [entry.values.urn for entry in batch if entry.values]
    held = {
        urn: (pk, row_hash, status)
        for pk, urn, row_hash, status in _held(found)
        .filter(urn__in=urns)
        .values_list("pk", "urn", "row_hash", "status")
    }
    return [_verdict(entry, held, found.fields) for entry in batch]


def _verdict(entry: Entry, held: dict[str, tuple[int, str, str]], fields: frozenset[str]) -> _Verdict:
    if not entry.values:
        return _Verdict(ImportOutcome.ERROR if entry.problem else ImportOutcome.SKIPPED)
    row_hash = entry.values.hash_of(fields)
    if entry.values.urn not in held:
        return _Verdict(ImportOutcome.CREATED, entry.values, row_hash)
    pk, hash_before, status_before = held[entry.values.urn]
    if hash_before == row_hash:
        outcome = ImportOutcome.UNCHANGED
    elif EstablishmentStatus.CLOSED == entry.values.status != status_before:
        outcome = ImportOutcome.CLOSED
    else:
        outcome = ImportOutcome.UPDATED
    return _Verdict(outcome, entry.values, row_hash, pk)


def _upsert(found: Checked, verdicts: Sequence[_Verdict], kinds: dict[str, int], run: ImportRun) -> None:
    """Create or change these establishments; of those we hold, only the fields that the file has columns for.

    A name that the register withholds is not written: somebody may have given one by hand, in this very moment too.
    One that it publishes always is, and from then on counts as the register's.
    """
    changed = {"row_hash", "seen_in"} | ({"town_folded"} if "town" in found.fields else set())
    changed |= found.fields - {"urn"}
    names = {"name", "name_folded", "named_by_hand"} if "name" in found.fields else set()
    named = [verdict for verdict in verdicts if verdict.values and verdict.values.name]
    nameless = [verdict for verdict in verdicts if verdict.values and not verdict.values.name]
    _write_rows(found, named, kinds, run, changed | names)
    _write_rows(found, nameless, kinds, run, changed - names)
    if names:
        withheld = Establishment.objects.filter(pk__in=[one.pk for one in nameless if one.pk], named_by_hand=False)
        withheld.exclude(name="").update(name="", name_folded="")


def _write_rows(
    found: Checked, verdicts: Iterable[_Verdict], kinds: dict[str, int], run: ImportRun, changed: set[str]
) -> None:
    """Create these establishments; of those we hold, write the `changed` columns."""
    rows = []
    for verdict in verdicts:
        known = {name: getattr(verdict.values, name) for name in found.fields - {"kind"}}
        rows.append(
            Establishment(
                source=found.file.register.source,
                kind_id=kinds[verdict.values.kind.casefold()],
                name_folded=folded(verdict.values.name)[:200],
                town_folded=folded(verdict.values.town)[:100],
                row_hash=verdict.row_hash,
                seen_in=run,
                **known,
            )
        )
    Establishment.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["source", "urn"], update_fields=sorted(changed)
    )
