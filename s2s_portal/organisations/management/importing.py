"""What the three import commands share: how they refuse and how they print."""

from collections.abc import Callable
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from s2s_portal.core import clock
from s2s_portal.organisations.importers.reading import NotARegister
from s2s_portal.organisations.importers.registers import Register
from s2s_portal.organisations.importers.upsert import Report, import_register

PRINTS = (
    "The last line printed is the counts; bad rows are left out, counted as errors, and named above it with their "
    "line and reason. They do not stop the others, and the exit status is 0. A file that is not such a register, is "
    "damaged, cut off or empty is refused with exit status 1, and nothing is written."
)


class ImportCommand(BaseCommand):
    """A command that imports one file and prints a report."""

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, as given by the person."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def report(self, run: Callable[[], Report]) -> None:
        """Import, and print what came of it; a file that cannot be imported becomes a `CommandError`."""
        try:
            report = run()
        except NotARegister as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in [*report.notes, *report.errors, report.last_line()]:
            self.stdout.write(line)


class RegisterCommand(ImportCommand):
    """Imports a file of `register`; `--la` takes an authority such as `example`."""

    register: Register
    example: str

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, `--la` and `--dry-run`."""
        super().add_arguments(parser)
        parser.add_argument(
            "--la", default="", help=f"only this local authority's rows, such as {self.example}; others are skipped"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")

    def handle(self, *, file: Path, la: str, dry_run: bool, **options: object) -> None:
        """Run the import at the portal's present moment."""
        at = clock.now()
        self.report(lambda: import_register(register=self.register, path=file, la=la, dry_run=dry_run, at=at))
