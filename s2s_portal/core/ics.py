"""Calendar files (RFC 5545, iTIP): an invitation that is sent, sent again with a higher number, and cancelled. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from s2s_portal.core.calendar import LONDON
from s2s_portal.core.text import tidy

PRODUCT = "-//School to School support//S2S portal//EN"
STATUSES = {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}
"""What an entry becomes in the calendars of those who are told, by method."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One appointment as calendars know it. Every text but `description` is one line; moments are aware.

    The same `uid` with a higher `sequence` replaces what went before. `attendees` are (name, e-mail address) pairs;
    addresses are ASCII. Raises `ValueError` for moments without time zone and for an end that is not after the start.
    """

    method: Literal["REQUEST", "CANCEL"]
    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    organiser_name: str
    organiser_email: str
    attendees: tuple[tuple[str, str], ...]
    url: str = ""

    def __post_init__(self) -> None:
        if any(moment.tzinfo is None for moment in (self.stamped_at, self.starts_at, self.ends_at)):
            raise ValueError("The moments of an invitation have time zones.")
        if self.ends_at <= self.starts_at:
            raise ValueError("An invitation ends after it starts.")


def calendar_file(invitation: Invitation) -> bytes:
    """The file as UTF-8 bytes with CRLF, times in Europe/London; the same invitation always gives the same bytes.

    Raises `ValueError` if an e-mail address could not stand in a file by itself.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", invitation.method)
    calendar.add_component(_london())
    calendar.add_component(_event(invitation))
    file: bytes = calendar.to_ical()
    return file


def _event(invitation: Invitation) -> Event:
    event = Event()
    event.add("uid", tidy(invitation.uid))
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamped_at.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(LONDON))
    event.add("dtend", invitation.ends_at.astimezone(LONDON))
    event.add("summary", tidy(invitation.summary))
    event.add("description", "\n".join(tidy(line) for line in invitation.description.splitlines()))
    event.add("location", tidy(invitation.location))
    event.add("status", STATUSES[invitation.method])
    event.add("organizer", _person(invitation.organiser_name, invitation.organiser_email), encode=False)
    for name, email in invitation.attendees:
        event.add("attendee", _attendee(name, email), encode=False)
    if invitation.url:
        event.add("url", tidy(invitation.url))
    return event


def _person(name: str, email: str) -> vCalAddress:
    if not email.isascii() or not email.isprintable() or " " in email or "@" not in email:
        raise ValueError(f"Not an address for a calendar file: {email!r}")
    person = vCalAddress(f"mailto:{email}")
    # A parameter cannot hold double quotes; their escape (RFC 6868) is shown as it stands by most calendars.
    person.params["CN"] = tidy(name).replace('"', "'") or email
    return person


def _attendee(name: str, email: str) -> vCalAddress:
    person = _person(name, email)
    person.params["CUTYPE"] = "INDIVIDUAL"
    person.params["ROLE"] = "REQ-PARTICIPANT"
    person.params["PARTSTAT"] = "NEEDS-ACTION"
    # The visit was agreed before it was booked, and no program reads answers: calendars shall not ask for one.
    person.params["RSVP"] = "FALSE"
    return person


def _london() -> Timezone:
    """Europe/London as a rule: Outlook passes over lists of dates (RDATE) and puts summer an hour wrong.

    The rule holds since 1996; a test compares it with the time zone database.
    """
    zone = Timezone()
    zone.add("tzid", LONDON.key)
    winter, summer = timedelta(0), timedelta(hours=1)
    for part, name, starts, month, before, after in (
        (TimezoneDaylight(), "BST", datetime(1996, 3, 31, 1), 3, winter, summer),  # noqa: DTZ001 (local by definition)
        (TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), 10, summer, winter),  # noqa: DTZ001
    ):
        part.add("tzname", name)
        part.add("dtstart", starts)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone
