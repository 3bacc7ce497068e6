"""`manage.py import_ofsted FILE [--la Norfolk] [--dry-run]`."""

from s2s_portal.organisations.importers import ofsted
from s2s_portal.organisations.management.importing import PRINTS, RegisterCommand


class Command(RegisterCommand):
    """Imports early years settings; see the help text."""

    help = f"Import early years settings from Ofsted's register of childcare providers. {PRINTS}"
    register = ofsted.REGISTER
    example = "Norfolk"
