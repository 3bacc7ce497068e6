"""`manage.py import_gias FILE [--la 926] [--dry-run]`."""

from s2s_portal.organisations.importers import gias
from s2s_portal.organisations.management.importing import PRINTS, RegisterCommand


class Command(RegisterCommand):
    """Imports schools; see the help text."""

    help = f"Import schools from an establishment download of Get Information about Schools. {PRINTS}"
    register = gias.REGISTER
    example = "926"
