"""`manage.py add_person`: how a council adds its people."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from s2s_portal.organisations.actions.people import ZONED_ROLES, Added, add_person, ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.queries.people import zones_named

LONGEST_NAME = 200


class Command(BaseCommand):
    help = "Add a person with their roles and zones. Run again to give them more; nothing is ever taken away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="As colleagues know them, such as 'Jo Reeve'.")
        parser.add_argument(
            "--role", action="append", required=True, choices=[role.value for role in Role], dest="roles"
        )
        parser.add_argument(
            "--zone", action="append", default=[], metavar="NAME", dest="zones", help="Where the roles hold."
        )
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="Read the password from standard input. Without it you are asked, if there is a terminal.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"].strip() or len(options["name"]) > LONGEST_NAME:
            raise CommandError(f"A name has 1 to {LONGEST_NAME} characters.")
        roles = [Role(role) for role in options["roles"]]
        try:
            added = add_person(
                email=options["email"],
                full_name=options["name"],
                roles=roles,
                zones=zones_named(options["zones"]),
                password=self.password(options["password_stdin"]),
                by=ensure_system_user(),
            )
        except LookupError as error:
            raise CommandError(error.args[0]) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.tell(added)
        if ZONED_ROLES.intersection(roles) and not options["zones"]:
            self.stderr.write("No zone was given: advisers see and file nothing until they have one (--zone NAME).")

    def password(self, from_stdin: bool) -> str | None:
        """The password typed or piped in; None for none."""
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n") or None
        if sys.stdin.isatty():
            return getpass.getpass("Password (leave empty to give one later, by changepassword): ") or None
        return None

    def tell(self, added: Added) -> None:
        """Say what was done, and how the person signs in for the first time."""
        roles = ", ".join(role.label for role in added.new_roles)
        if not added.is_new:
            gained = f"gained {roles}" if roles else "holds these roles already"
            self.stdout.write(f"{added.person.email} was here: {gained}. Name and password are unchanged.")
            return
        self.stdout.write(f"Added {added.person.full_name} <{added.person.email}>: {roles}.")
        if not added.person.has_usable_password():
            self.stdout.write(f"They cannot sign in yet: give them a password by changepassword {added.person.email}")
