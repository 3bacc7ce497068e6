"""Who exists, where, and who may: zones, establishments, people, roles, audit."""

from s2s_portal.organisations.models.audit import AccessReason, AuditEvent
from s2s_portal.organisations.models.calendar import BankHoliday, Closure, Leave, Term, WorkingWeek
from s2s_portal.organisations.models.changes import ProposedChange
from s2s_portal.organisations.models.establishments import (
    ComingMeaning,
    ContactPerson,
    Establishment,
    EstablishmentKind,
    ImportRun,
    Zone,
)
from s2s_portal.organisations.models.journeys import JourneyTime
from s2s_portal.organisations.models.links import SignedLink
from s2s_portal.organisations.models.people import Membership, User
from s2s_portal.organisations.models.reference import ReferenceChange
from s2s_portal.organisations.models.registers import RegisterChange, RegisterUpload
from s2s_portal.organisations.models.texts import EditableText

__all__ = [
    "AccessReason",
    "AuditEvent",
    "BankHoliday",
    "Closure",
    "ComingMeaning",
    "ContactPerson",
    "EditableText",
    "Establishment",
    "EstablishmentKind",
    "ImportRun",
    "JourneyTime",
    "Leave",
    "Membership",
    "ProposedChange",
    "ReferenceChange",
    "RegisterChange",
    "RegisterUpload",
    "SignedLink",
    "Term",
    "User",
    "WorkingWeek",
    "Zone",
]
