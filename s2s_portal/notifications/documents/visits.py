"""Messages about planned visits, and the calendar entry that goes with each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from s2s_portal.core.addresses import deliverable
from s2s_portal.core.ics import Invitation
from s2s_portal.notifications.choices import Kind

METHODS = {Kind.VISIT_BOOKED: "REQUEST", Kind.VISIT_MOVED: "REQUEST", Kind.VISIT_CANCELLED: "CANCEL"}
"""The kinds that come with a calendar file, and what it asks calendars to do."""


@dataclass(frozen=True, kw_only=True)
class VisitBooked:
    """A time was agreed. `uid` stays the same for as long as the booking lives; every later message has a higher
    `sequence`.
    """

    reference: str
    establishment: str
    stream_label: str  # "early years" or "mainstream"
    uid: str  # "visit-4711@portal.example.org"
    sequence: int  # 0 when booked
    stamped_at: str  # when it was booked, moved or cancelled
    starts_at: str
    ends_at: str
    kind_label: str  # "Observation"
    remote: bool
    location: str  # an address from the register, or "Video call"; never anything that somebody typed about the visit
    teachers: list[dict[str, str]]  # {"name": "…", "email": "…"}, all who come
    organiser_name: str
    organiser_email: str  # never one of those who get the message: their calendars would take it for their own entry
    contact_name: str = ""  # of the school or setting, if it has one
    contact_email: str = ""
    elsewhere: bool = False  # in person, but not at the school or setting itself
    address: str = ""  # the path of the request's page, only for those who sign in
    link_id: int = 0  # the signed link by which the contact cancels it or asks for another time


@dataclass(frozen=True, kw_only=True)
class VisitMoved(VisitBooked):
    """Another time, or the same time and another place or teacher."""

    was_starts_at: str


@dataclass(frozen=True, kw_only=True)
class VisitCancelled(VisitBooked):
    """The visit does not take place, or not with this teacher."""

    taken_over_by: str = ""  # told to a teacher from whom the visit was taken: the name of the one who has it now


def invitation(
    kind: str, said: Mapping[str, Any], *, base_url: str = "", to: tuple[str, str] | None = None
) -> Invitation | None:
    """The calendar entry of a message, from its spoken context; None for kinds that have none.

    `to`, the name and address of the person who gets it, is invited in any case: calendars pass over entries that do
    not name their owner.
    """
    if kind not in METHODS:
        return None
    page = f"{base_url}{said['address']}" if said["address"] else ""
    return Invitation(
        method=METHODS[kind],
        uid=said["uid"],
        sequence=said["sequence"],
        stamped_at=said["stamped_at"],
        starts_at=said["starts_at"],
        ends_at=said["ends_at"],
        summary=_summary(said),
        description=_description(said, page),
        location=f"Remote: {said['location']}" if said["remote"] else said["location"],
        organiser_name=said["organiser_name"],
        organiser_email=deliverable(said["organiser_email"]),
        attendees=_attendees(said, to),
        url=page,
    )


def _summary(said: Mapping[str, Any]) -> str:
    label = said["kind_label"][:1].lower() + said["kind_label"][1:]
    link = "with" if said["remote"] or said["elsewhere"] else "at"
    return f"S2S {label} {link} {said['establishment']}"


def _description(said: Mapping[str, Any], page: str) -> str:
    teachers = ", ".join(teacher["name"] for teacher in said["teachers"])
    lines = [f"Request {said['reference']}", f"S2S: {teachers}", page]
    return "\n".join(line for line in lines if line)


def _attendees(said: Mapping[str, Any], to: tuple[str, str] | None) -> tuple[tuple[str, str], ...]:
    people = [(teacher["name"], teacher["email"]) for teacher in said["teachers"]]
    people += [(said["contact_name"], said["contact_email"])] if said["contact_email"] else []
    people += [to] if to else []
    by_address: dict[str, tuple[str, str]] = {}
    for name, email in people:
        try:
            address = deliverable(email)
        except ValidationError:  # nobody can write to them; the others get their entry all the same
            continue
        by_address.setdefault(address.lower(), (name, address))
    return tuple(by_address.values())
