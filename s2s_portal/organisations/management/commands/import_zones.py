"""`manage.py import_zones FILE`."""

from pathlib import Path

from s2s_portal.organisations.importers.zones import import_zones
from s2s_portal.organisations.management.importing import PRINTS, ImportCommand


class Command(ImportCommand):
    """Places establishments in zones; see the help text."""

    help = (
        "Put establishments into zones, from a CSV with the columns source (GIAS, OFSTED or LOCAL), URN and zone. "
        f"Created are new zones; updated and unchanged are establishments. {PRINTS}"
    )

    def handle(self, *, file: Path, **options: object) -> None:
        """Run the import."""
        self.report(lambda: import_zones(path=file))
