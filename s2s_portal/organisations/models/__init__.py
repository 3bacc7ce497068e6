"""Who exists, where, and who may: zones, establishments, people, roles, audit."""

from s2s_portal.organisations.models.audit import AccessReason, AuditEvent
from s2s_portal.organisations.models.calendar import BankHoliday, Closure, Leave, Term, WorkingWeek
from s2s_portal.organisations.models.changes import ProposedChange
from s2s_portal.organisations.models.establishments import (
    ContactPerson,
    Establishment,
    EstablishmentKind,
    ImportRun,
    Zone,
)
from s2s_portal.organisations.models.journeys import JourneyTime
from s2s_portal.organisations.models.people import Membership, User
from s2s_portal.organisations.models.texts import EditableText

__all__ = [
    "AccessReason",
    "AuditEvent",
    "BankHoliday",
    "Closure",
    "ContactPerson",
    "EditableText",
    "Establishment",
    "EstablishmentKind",
    "ImportRun",
    "JourneyTime",
    "Leave",
    "Membership",
    "ProposedChange",
    "Term",
    "User",
    "WorkingWeek",
    "Zone",
]
