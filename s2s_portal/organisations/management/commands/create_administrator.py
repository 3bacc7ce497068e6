"""`manage.py create_administrator`: how a council begins. Everybody else is invited on a page."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from s2s_portal.core import clock, spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions.invitations import AdministratorThere, create_administrator
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.queries.links import address_of

LONGEST_NAME = 200


class Command(BaseCommand):
    help = "Create the first administrator of an empty installation and show the link with which they begin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="As colleagues know them, such as 'Jo Reeve'.")
        parser.add_argument("--another", action="store_true", help="Although there is an administrator already.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"].strip() or len(options["name"]) > LONGEST_NAME:
            raise CommandError(f"A name has 1 to {LONGEST_NAME} characters.")
        who = {"email": options["email"], "full_name": options["name"], "another": options["another"]}
        try:
            link = create_administrator(**who, by=ensure_system_user(), at=clock.now())
        except AdministratorThere as there:
            raise CommandError(f"{there} If none of them can sign in, run this again with --another.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except PermissionDenied as refused:
            raise CommandError(str(refused)) from None
        until = spoken.day(london_date(link.expires_at))
        # On the terminal and not by e-mail, which may not work yet on the first day.
        self.stdout.write(f"{options['email']} is an administrator. They open this link and choose their password:")
        self.stdout.write(f"\n  {address_of(link.pk)}\n")
        self.stdout.write(f"It works once, until {until}, and only for who has it. Run this again for a new link.")
        self.stdout.write("Then sign in: the page Set-up says what is needed before requests can be sent.")
