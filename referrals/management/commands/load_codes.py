"""Load the code lists that requests use."""

from typing import Any

from django.core.management.base import BaseCommand

from referrals.actions import codes


class Command(BaseCommand):
    """`manage.py load_codes`: the DfE's types of need and Norfolk's INDES; a second run changes nothing."""

    help = "Load the DfE's types of need and the sections of Norfolk's INDES."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{codes.load()} codes added.")
