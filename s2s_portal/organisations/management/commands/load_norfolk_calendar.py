"""Load Norfolk's term dates, training days and bank holidays."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from s2s_portal.core import calendar, clock
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.calendar import days, missing_years


class Command(BaseCommand):
    """`manage.py load_norfolk_calendar --by EMAIL`: in the name of an administrator; a second run changes nothing."""

    help = "Load Norfolk's terms of 2024/25 and 2025/26, its training days and the bank holidays of 2024 to 2026."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="EMAIL", help="The administrator who loads them.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody active has the e-mail address {options['by']}. Add them with add_person first.")
        at = clock.now()
        try:
            added = load_norfolk_calendar(by=by, at=at)
        except PermissionDenied as refused:
            raise CommandError(str(refused)) from refused
        missing = [year.sentence for year in missing_years(days(), calendar.london_date(at))]
        self.stdout.write(" ".join([f"Terms, training days and bank holidays added: {added}.", *missing]))
