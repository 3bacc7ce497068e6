"""The whole demo in one transaction: it is there, or it is not."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import transaction

from quotas.actions.reference import load_norfolk_2024
from referrals.actions import codes
from s2s_portal.core import clock
from s2s_portal.demo import queries
from s2s_portal.demo.actions import loading
from s2s_portal.demo.actions.scenes import Scenes
from s2s_portal.demo.actions.signing_in import sign_in_and_invite
from s2s_portal.demo.actions.story import Story
from s2s_portal.demo.actions.successor import commission_successor
from s2s_portal.demo.actions.summer import commission
from s2s_portal.demo.actions.support import Support
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents import days
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.demo.documents.registers import SEED, registers
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar

COMMISSIONED_AT: datetime = days.moment(2024, 7, 15, 10, 15)


class NotADemo(RuntimeError):
    """The database is not a demo's; the message says what it holds and that nothing was written."""


@transaction.atomic
def seed(*, tell: Callable[[str], object]) -> bool:
    """Load the demo into a database that nobody has used; False, and nothing is written, if it is here already.

    `tell` is given a line for each stage. One transaction: whoever stops it half-way finds an empty database, and the
    practice date is set last. Raises `NotADemo` for a database that holds anything else, and
    `core.clock.RehearsalIsOff` where there is no practice date.
    """
    if queries.is_loaded():
        return False
    if here := queries.what_is_here():
        raise NotADemo(
            f"This database is not the demo’s: it holds {'; '.join(here)}. The demo is loaded into an empty database "
            "only, and nothing was written."
        )
    rng, found = Random(SEED), registers()  # noqa: S311 - invented data, not a secret
    for report in loading.load_registers(found):
        tell(report.last_line())
    people = loading.load_people(rng, queries.zones_named(found.zone_names))
    tell(f"people: {len(people)}")
    commissioner = people[persona_email(Persona.COMMISSIONER)]
    commission(by=commissioner)
    load_norfolk_2024(by=commissioner, at=COMMISSIONED_AT)
    codes.load()
    tell("contracts, places and code lists")
    administrator = people[persona_email(Persona.ADMINISTRATOR)]
    load_norfolk_calendar(by=administrator, at=COMMISSIONED_AT)
    tell("the school calendar")
    Story(rng, people, found).act()
    tell("requests, drafts and cohorts")
    Support(rng, people).act()
    Scenes(rng, people).act()
    tell("teachers, visits and records")
    commission_successor(by=commissioner)
    tell(f"people who have signed in: {sign_in_and_invite(by=administrator, at=days.OPENS_AT)}")
    clock.move_to(moment=days.OPENS_AT)
    return True
