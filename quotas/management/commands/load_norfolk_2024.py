"""Load Norfolk's contract, places and fees of 2024/25."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from quotas.actions.reference import load_norfolk_2024
from s2s_portal.core import clock, spoken
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.models import User


class Command(BaseCommand):
    """`manage.py load_norfolk_2024 --by EMAIL`: in the name of a commissioner; a second run changes nothing."""

    help = "Load Norfolk's 2024/25 contract, its 50 and 85 places and the table of fees."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="EMAIL", help="The commissioner who set them.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody active has the e-mail address {options['by']}. Add them with add_person first.")
        try:
            period = load_norfolk_2024(by=by, at=clock.now())
        except (PermissionDenied, CannotChange) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{period.contract}: {period}, requests until {spoken.day(period.requests_close_on)}.")
