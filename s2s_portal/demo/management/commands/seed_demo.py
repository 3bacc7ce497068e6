"""`manage.py seed_demo`: the demo's invented registers, people and requests."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from s2s_portal.demo.actions.seeding import NotADemo, seed
from s2s_portal.notifications.delivery import deliver_waiting

MESSAGES = 5_000
"""More than the story ever writes."""


class Command(BaseCommand):
    """Loads the demo once; a second run changes nothing."""

    help = (
        "Load the demo into an empty database: schools and settings, people, requests and drafts, all of them "
        "invented. Only where S2S_DEMO=1; a database that holds anything else is refused and left as it is."
    )

    def handle(self, **options: object) -> None:
        """Load, and deliver the messages of the story, so that the first start does not send a term's worth."""
        if not (settings.S2S_DEMO and settings.S2S_REHEARSAL_CLOCK):
            raise CommandError(
                "The demo is loaded only where S2S_DEMO=1 and S2S_REHEARSAL_CLOCK is not switched off: it lives in "
                "November 2024."
            )
        try:
            is_new = seed(tell=self._tell)
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from refusal
        if not is_new:
            self.stdout.write("The demo is already here; nothing was changed. `make demo-reset` loads it anew.")
            return
        # After the transaction: each message is committed by itself, and whoever stops this has a whole demo, whose
        # remaining messages go out when it is first served.
        self._tell(f"messages of the term: {deliver_waiting(limit=MESSAGES)}")
        self.stdout.write("The demo is here: Tuesday 26 November 2024, 09:30.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
