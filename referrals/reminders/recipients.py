"""To whom the reminders of a request go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from referrals.choices import ReminderKind
from referrals.queries.reminding import Watched
from referrals.rules.reminder_kinds import CONTACT_STEPS, MAY_DECLINE_STEP
from referrals.rules.reminders import Due
from s2s_portal.organisations.models import User


class Whom(Enum):
    """Whom a reminder of a request is for."""

    ADVISER = auto()
    TEACHER = auto()
    VISITORS = auto()
    COORDINATORS = auto()
    CONTACT = auto()


@dataclass(frozen=True)
class Recipient:
    """One person to tell. `user` is None for the contact of a school or setting, who does not use the portal."""

    name: str
    email: str
    whom: Whom
    user: User | None = None


@dataclass(frozen=True)
class Told:
    """Who is told, and why somebody who should have been is not."""

    recipients: list[Recipient]
    notes: list[str]

    @property
    def names(self) -> str:
        """Who is told, as people say it."""
        return ", ".join(f"{one.name}{' (school or setting)' if one.user is None else ''}" for one in self.recipients)


ALWAYS = {
    ReminderKind.NOT_ASSIGNED: (Whom.COORDINATORS,),
    ReminderKind.FIRST_CONTACT: (Whom.TEACHER,),
    ReminderKind.INFORMATION: (Whom.ADVISER,),
    ReminderKind.NOT_OFFERED: (Whom.TEACHER, Whom.COORDINATORS),
    ReminderKind.NOT_CHOSEN: (Whom.CONTACT,),
    ReminderKind.VISIT_AHEAD: (Whom.VISITORS, Whom.CONTACT),
    ReminderKind.OUTCOME_MISSING: (Whom.VISITORS,),
    ReminderKind.RECORD_OVERDUE: (Whom.TEACHER, Whom.COORDINATORS),
    ReminderKind.REVIEW_DUE: (Whom.TEACHER,),
    ReminderKind.NOT_CONFIRMED: (Whom.CONTACT, Whom.TEACHER),
}
"""DESIGN §7's column "To"."""
COORDINATORS_TOO = {(ReminderKind.FIRST_CONTACT, max(CONTACT_STEPS)), (ReminderKind.INFORMATION, MAY_DECLINE_STEP)}
"""The steps at which the co-ordinators are told as well."""


def told_of(due: Due, watched: Watched, coordinators: Sequence[User]) -> Told:
    """Whom a reminder goes to. What nobody who is here would get goes to the co-ordinators, who give it to others."""
    kind, step = due.series.kind, due.step.number
    wanted = ALWAYS[kind] + ((Whom.COORDINATORS,) if (kind, step) in COORDINATORS_TOO else ())
    found: list[Recipient] = []
    notes: list[str] = []
    for whom in wanted:
        if whom == Whom.CONTACT:
            found += _contact(watched, notes)
        else:
            found += _here(_people(whom, due, watched, coordinators), whom, notes)
    if not any(one.user for one in found) and wanted != (Whom.CONTACT,) or notes:
        found += _here(coordinators, Whom.COORDINATORS, [])
    return Told(_once(found), notes)


def _people(whom: Whom, due: Due, watched: Watched, coordinators: Sequence[User]) -> Iterable[User]:
    if whom == Whom.ADVISER:
        return [watched.referral.submitted_by]
    if whom == Whom.COORDINATORS:
        return coordinators
    if whom == Whom.VISITORS:
        going = [row.teacher for row in booking_of(due, watched).teachers.all()]
        return [*going, *watched.covering] or watched.teachers()
    return watched.teachers()


def booking_of(due: Due, watched: Watched):
    """The visit that a reminder is about: its occasion begins with its id."""
    return watched.bookings[int(due.series.occasion.partition("-")[0])]


def _here(people: Iterable[User], whom: Whom, notes: list[str]) -> list[Recipient]:
    """Those of `people` who still use the portal; the others are noted."""
    found = []
    for one in people:
        if one.is_active:
            found.append(Recipient(one.full_name, one.email, whom, one))
        else:
            notes.append(f"{one.full_name} no longer uses the portal")
    return found


def _contact(watched: Watched, notes: list[str]) -> list[Recipient]:
    referral = watched.referral
    if not referral.contact_email:
        notes.append("the school or setting has no contact with an e-mail address")
        return []
    return [Recipient(referral.contact_name, referral.contact_email, Whom.CONTACT)]


def _once(found: Iterable[Recipient]) -> list[Recipient]:
    """Each address once, first come."""
    by_address: dict[str, Recipient] = {}
    for one in found:
        by_address.setdefault(one.email.lower(), one)
    return list(by_address.values())
