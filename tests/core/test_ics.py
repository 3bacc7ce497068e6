"""Calendar files, read back by a parser that shares no code with the one that writes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import vobject

from s2s_portal.core.ics import Invitation, calendar_file
from tests.moments import AN_ORDINARY_TUESDAY, LONDON

MORNING = datetime(2025, 3, 28, 9, 30, tzinfo=LONDON)
VISIT = Invitation(
    method="REQUEST",
    uid="visit-41@portal.invalid",
    sequence=0,
    stamped_at=AN_ORDINARY_TUESDAY,
    starts_at=MORNING,
    ends_at=MORNING + timedelta(minutes=90),
    summary="S2S observation at Bulrush Nursery",
    description="Request EY-7K4M-2Q\nhttps://portal.invalid/requests/EY-7K4M-2Q/",
    location="Bulrush Nursery, 3 Staithe Lane, Reepness NR1 2DH",
    organiser_name="S2S co-ordinator",
    organiser_email="s2s@saltmarsh.invalid",
    attendees=(("Teal Hickling", "teal@saltmarsh.invalid"), ("Wren Ludham", "office@bulrush.invalid")),
    url="https://portal.invalid/requests/EY-7K4M-2Q/",
)


def read(invitation):
    """The whole file as the independent parser sees it, and its one event."""
    calendar = vobject.readOne(calendar_file(invitation).decode())
    [event] = calendar.vevent_list
    return calendar, event


def at(*numbers):
    return datetime(*numbers, tzinfo=LONDON)


def test_an_invitation_says_what_when_where_and_who():
    calendar, event = read(VISIT)
    assert calendar.method.value == "REQUEST"
    assert calendar.version.value == "2.0"
    assert "S2S portal" in calendar.prodid.value
    assert event.uid.value == "visit-41@portal.invalid"
    assert event.sequence.value == "0"
    assert event.status.value == "CONFIRMED"
    assert event.dtstamp.value == AN_ORDINARY_TUESDAY.astimezone(UTC)
    assert event.summary.value == "S2S observation at Bulrush Nursery"
    assert event.description.value == "Request EY-7K4M-2Q\nhttps://portal.invalid/requests/EY-7K4M-2Q/"
    assert event.location.value == "Bulrush Nursery, 3 Staithe Lane, Reepness NR1 2DH"
    assert event.url.value == "https://portal.invalid/requests/EY-7K4M-2Q/"
    assert event.organizer.value == "mailto:s2s@saltmarsh.invalid"
    assert event.organizer.params["CN"] == ["S2S co-ordinator"]
    assert [one.value for one in event.attendee_list] == [
        "mailto:teal@saltmarsh.invalid",
        "mailto:office@bulrush.invalid",
    ]
    for one, name in zip(event.attendee_list, ["Teal Hickling", "Wren Ludham"], strict=True):
        assert one.params["CN"] == [name]
        assert one.params["RSVP"] == ["FALSE"]
        assert one.params["PARTSTAT"] == ["NEEDS-ACTION"]
        assert one.params["ROLE"] == ["REQ-PARTICIPANT"]


@pytest.mark.parametrize(
    ("starts_at", "offset"),
    [
        (at(2025, 3, 28, 9, 30), 0),  # the Friday before the clocks go forward
        (at(2025, 3, 30, 0, 30), 0),
        (at(2025, 3, 30, 2, 30), 1),
        (at(2025, 3, 31, 9, 30), 1),
        (at(2025, 10, 24, 9, 30), 1),  # the Friday before they go back
        (at(2025, 10, 26, 0, 30), 1),
        (at(2025, 10, 26, 2, 30), 0),
        (at(2025, 10, 27, 9, 30), 0),
        (at(2024, 12, 31, 23, 30), 0),  # over the end of a year
        (at(2024, 2, 29, 9, 30), 0),
    ],
    ids=str,
)
def test_local_times_are_right_on_both_sides_of_both_clock_changes(starts_at, offset):
    # In UTC, as rows hold it: the file has to find its way back to the clock on the setting's wall.
    utc = starts_at.astimezone(UTC)
    calendar, event = read(replace(VISIT, starts_at=utc, ends_at=utc + timedelta(minutes=20)))
    assert event.dtstart.value.replace(tzinfo=None) == starts_at.replace(tzinfo=None)
    assert event.dtstart.value.utcoffset() == timedelta(hours=offset)
    assert event.dtstart.value == starts_at
    assert event.dtend.value == utc + timedelta(minutes=20)
    assert event.dtend.value.utcoffset() == timedelta(hours=offset)
    assert calendar.vtimezone.tzid.value == "Europe/London"


def test_times_are_written_as_london_times_and_the_stamp_as_utc():
    summer = at(2025, 6, 3, 9, 30)
    lines = calendar_file(
        replace(VISIT, starts_at=summer, ends_at=summer + timedelta(hours=1), stamped_at=summer)
    ).split(b"\r\n")
    assert b"DTSTART;TZID=Europe/London:20250603T093000" in lines
    assert b"DTEND;TZID=Europe/London:20250603T103000" in lines
    assert b"DTSTAMP:20250603T083000Z" in lines


@pytest.mark.parametrize("year", range(1997, 2038))
def test_the_rule_of_the_clock_changes_is_what_the_time_zone_database_says(year):
    zone = read(VISIT)[1].dtstart.value.tzinfo
    # Just before and just after the hour that the spring skips and the autumn repeats, on every day of the year.
    first = datetime(year, 1, 1)  # noqa: DTZ001 (the clock on the wall)
    hours = [first + timedelta(days=day, minutes=minutes) for day in range(365) for minutes in (59, 120)]
    assert [
        one for one in hours if one.replace(tzinfo=zone).utcoffset() != one.replace(tzinfo=LONDON).utcoffset()
    ] == []


def test_a_higher_sequence_moves_and_a_cancellation_ends_the_same_entry():
    later = MORNING + timedelta(days=7)
    moved = replace(VISIT, sequence=1, starts_at=later, ends_at=later + timedelta(hours=1))
    _, first = read(VISIT)
    calendar, event = read(moved)
    assert (calendar.method.value, event.status.value) == ("REQUEST", "CONFIRMED")
    assert event.uid.value == first.uid.value
    assert int(event.sequence.value) == int(first.sequence.value) + 1
    assert event.dtstart.value == later
    calendar, event = read(replace(moved, method="CANCEL", sequence=2))
    assert (calendar.method.value, event.status.value) == ("CANCEL", "CANCELLED")
    assert event.uid.value == first.uid.value
    assert event.sequence.value == "2"
    assert len(event.attendee_list) == 2  # whoever was invited has to be told


def test_the_same_invitation_gives_the_same_bytes():
    assert calendar_file(VISIT) == calendar_file(replace(VISIT))


HARD_NAMES = [
    "Hickling, Teal; of St Benet's",
    "Zoë Ó Briain £ é",
    "semi;colon,comma:colon",
    "back\\slash",
    "x" * 200,
    "é" * 200,
    "Teal\r\nATTENDEE:mailto:intruder@council.invalid",
    "Teal\nEND:VEVENT\nBEGIN:VEVENT",
    "Teal\u2028STATUS:CANCELLED\x00",
]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_any_name_arrives_whole_on_one_line_and_adds_nothing(name):
    everywhere = replace(
        VISIT, summary=name, location=name, organiser_name=name, attendees=((name, "teal@saltmarsh.invalid"),)
    )
    calendar, event = read(everywhere)
    assert [len(calendar.vevent_list), len(event.attendee_list)] == [1, 1]
    assert event.status.value == "CONFIRMED"
    shown = " ".join(name.replace("\x00", " ").split())
    assert event.summary.value == event.location.value == shown
    assert event.attendee.params["CN"] == event.organizer.params["CN"] == [shown]


def test_double_quotes_in_a_name_become_single_ones_and_a_name_may_be_missing():
    _, event = read(replace(VISIT, attendees=(('Teal "T" Hickling', "teal@a.invalid"), ("", "office@b.invalid"))))
    assert [one.params["CN"] for one in event.attendee_list] == [["Teal 'T' Hickling"], ["office@b.invalid"]]


def test_a_description_keeps_its_lines_and_nothing_else_of_its_line_ends():
    _, event = read(replace(VISIT, description="One\r\ntwo, three;\rfour\x00 £ é"))
    assert event.description.value == "One\ntwo, three;\nfour £ é"


@pytest.mark.parametrize("name", HARD_NAMES)
def test_lines_end_in_crlf_and_are_folded_between_letters(name):
    file = calendar_file(replace(VISIT, description=f"{name} " * 3, attendees=((name, "teal@saltmarsh.invalid"),)))
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@pytest.mark.parametrize(
    "address", ["teal@saltmarsh.invalid\r\nATTENDEE:mailto:x@y.invalid", "téal@a.invalid", "a b@c.invalid", "", "teal"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="Not an address"):
        calendar_file(replace(VISIT, attendees=(("Teal", address),)))
    with pytest.raises(ValueError, match="Not an address"):
        calendar_file(replace(VISIT, organiser_email=address))


@pytest.mark.parametrize("key", ["stamped_at", "starts_at", "ends_at"])
def test_moments_need_a_time_zone(key):
    with pytest.raises(ValueError, match="time zones"):
        replace(VISIT, **{key: MORNING.replace(tzinfo=None)})


def test_the_end_is_after_the_start():
    with pytest.raises(ValueError, match="ends after it starts"):
        replace(VISIT, ends_at=MORNING)


def test_an_invitation_without_address_of_a_page_has_no_url():
    _, event = read(replace(VISIT, url=""))
    assert "url" not in event.contents
