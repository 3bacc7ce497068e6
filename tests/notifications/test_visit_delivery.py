"""Calendar files on their way: what a mail server gets is read back by a parser that shares no code with ours."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
import vobject
from django.conf import settings
from django.core import mail

from s2s_portal.core import clock
from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import Counts, deliver_waiting
from s2s_portal.notifications.models import Notification
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.examples import CONTEXTS, REQUEST_PAGE, VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

VISITS = {Kind.VISIT_BOOKED: "REQUEST", Kind.VISIT_MOVED: "REQUEST", Kind.VISIT_CANCELLED: "CANCEL"}
TEAL = ("Teal Hickling", "teal.hickling@saltmarsh.invalid")
WREN = ("Wren Okafor-Ludham", "office@puddle.invalid")


def put(kind, *, to=TEAL, **changes):
    """Queue the example of this kind with `changes` to one person."""
    name, email = to
    context = CONTEXTS[kind] | changes
    key = f"{kind}:{context.get('uid')}:{context.get('sequence')}:{email}"
    queue(kind=kind, key=key, to_email=email, to_name=name, context=context, at=AN_ORDINARY_TUESDAY)


def arrived(server, kind, **changes):
    """Queue and deliver one message; the mail as the server has it."""
    put(kind, **changes)
    assert deliver_waiting() == Counts(sent=1)
    return server.accepted[-1]


def calendar_part(message):
    """The one part that mail programs take for an invitation."""
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return part


def file_of(message):
    return calendar_part(message).get_payload(decode=True)


def event_of(message):
    """The calendar and its one event, as the independent parser reads them."""
    calendar = vobject.readOne(file_of(message).decode())
    [event] = calendar.vevent_list
    return calendar, event


def addresses(event):
    return [one.value for one in event.attendee_list]


@pytest.mark.parametrize("kind", VISITS)
def test_a_visits_message_is_an_invitation_for_programs_that_know_them_and_a_file_for_others(server, kind):
    message = arrived(server, kind)
    assert message.get_content_type() == "multipart/mixed"
    alternatives, attachment = message.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",  # last: of what is the same, programs show the last that they understand
    ]
    parameters = calendar_part(message)["Content-Type"].params
    assert parameters["method"] == VISITS[kind]
    assert parameters["charset"] == "utf-8"
    assert parameters["name"] == "visit.ics"
    assert attachment.get_filename() == "visit.ics"
    assert attachment.get_content_disposition() == "attachment"
    assert attachment.get_content() == file_of(message)
    assert file_of(message).startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("kind", VISITS)
def test_the_file_says_what_the_message_says(server, kind):
    said = CONTEXTS[kind]
    calendar, event = event_of(arrived(server, kind))
    assert calendar.method.value == VISITS[kind]
    assert event.uid.value == said["uid"]
    assert int(event.sequence.value) == said["sequence"]
    assert event.summary.value == "S2S observation at Puddle Lane Pre-school & Nursery"
    assert event.location.value == "Puddle Lane, Reepness NR1 2DH"
    assert event.description.value.splitlines() == [
        "Request EY-7K4M-2Q",
        "S2S: Teal Hickling, Merle Ludham; Ms",
        f"{settings.BASE_URL}{REQUEST_PAGE}",
    ]
    assert event.dtstart.value == datetime.fromisoformat(said["starts_at"])
    assert event.dtend.value == datetime.fromisoformat(said["ends_at"])
    assert event.dtstamp.value == datetime.fromisoformat(said["stamped_at"])
    assert event.organizer.value == "mailto:s2s@saltmarsh.invalid"


@pytest.mark.parametrize(
    ("starts_at", "wall", "offset"),
    [
        ("2025-03-28T09:30:00+00:00", "2025-03-28 09:30", 0),
        ("2025-03-31T08:30:00+00:00", "2025-03-31 09:30", 1),
        ("2025-10-24T08:30:00+00:00", "2025-10-24 09:30", 1),
        ("2025-10-27T09:30:00+00:00", "2025-10-27 09:30", 0),
    ],
)
def test_half_past_nine_stays_half_past_nine_across_both_clock_changes(server, starts_at, wall, offset):
    ends_at = (datetime.fromisoformat(starts_at) + timedelta(hours=1)).isoformat()
    message = arrived(server, Kind.VISIT_BOOKED, starts_at=starts_at, ends_at=ends_at)
    _, event = event_of(message)
    assert f"{event.dtstart.value:%Y-%m-%d %H:%M}" == wall
    assert event.dtstart.value.utcoffset() == timedelta(hours=offset)
    assert "09:30 to 10:30" in message.get_body(("plain",)).get_content()


def test_moved_and_cancelled_keep_the_uid_and_raise_the_sequence(server):
    told = [event_of(arrived(server, kind))[1] for kind in VISITS]
    assert [event.uid.value for event in told] == ["visit-41@portal.invalid"] * 3
    assert [int(event.sequence.value) for event in told] == [0, 1, 2]
    assert [event.status.value for event in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_the_contact_gets_the_entry_without_a_page_that_cannot_be_opened(server):
    message = arrived(server, Kind.VISIT_BOOKED, to=WREN, address="")
    _, event = event_of(message)
    assert "url" not in event.contents
    assert event.description.value.splitlines() == ["Request EY-7K4M-2Q", "S2S: Teal Hickling, Merle Ludham; Ms"]
    assert b"/requests/" not in message.as_bytes()
    assert f"mailto:{WREN[1]}" in addresses(event)


def test_teachers_and_contact_are_invited_once_each_and_so_is_whoever_gets_the_message(server):
    _, event = event_of(arrived(server, Kind.VISIT_BOOKED))
    everybody = [
        "mailto:teal.hickling@saltmarsh.invalid",
        "mailto:merle.ludham@saltmarsh.invalid",
        "mailto:office@puddle.invalid",
    ]
    assert addresses(event) == everybody
    assert [one.params["CN"] for one in event.attendee_list] == [["Teal Hickling"], ["Merle Ludham; Ms"], [WREN[0]]]
    _, event = event_of(arrived(server, Kind.VISIT_BOOKED, to=("Teal", "TEAL.Hickling@saltmarsh.invalid")))
    assert addresses(event) == everybody
    was_hers = ("Ashby Horning", "ashby@saltmarsh.invalid")
    _, event = event_of(arrived(server, Kind.VISIT_CANCELLED, to=was_hers, taken_over_by="Teal Hickling"))
    assert addresses(event) == [*everybody, "mailto:ashby@saltmarsh.invalid"]


def test_without_a_contact_and_with_one_that_nobody_can_write_to_the_others_get_theirs(server):
    _, event = event_of(arrived(server, Kind.VISIT_BOOKED, contact_name="", contact_email=""))
    assert len(addresses(event)) == 2
    _, event = event_of(arrived(server, Kind.VISIT_MOVED, contact_email="büro@puddle.invalid"))
    assert len(addresses(event)) == 2
    _, event = event_of(arrived(server, Kind.VISIT_CANCELLED, contact_email="office@püddle.invalid"))
    assert addresses(event)[-1] == "mailto:office@xn--pddle-kva.invalid"


@pytest.mark.parametrize(
    ("changes", "summary", "where"),
    [
        ({"remote": True, "location": "Video call"}, "S2S observation with Puddle", "Remote: Video call"),
        (
            {"elsewhere": True, "kind_label": "Visit to the special school", "location": "Saltmarsh School"},
            "S2S visit to the special school with Puddle",
            "Saltmarsh School",
        ),
    ],
)
def test_a_visit_that_is_not_at_the_setting_does_not_say_so(server, changes, summary, where):
    message = arrived(server, Kind.VISIT_BOOKED, **changes)
    _, event = event_of(message)
    assert event.summary.value.startswith(summary)
    assert event.location.value == where
    assert f"Where: {changes['location']}\r\n" in message.get_body(("plain",)).get_content()


def test_a_repeat_has_the_same_id_and_the_very_same_file(server):
    first = arrived(server, Kind.VISIT_BOOKED)
    # As a worker leaves the row that is killed between the server's yes and its own commit.
    Notification.objects.update(sent_at=None, claimed_until=clock.real_now())
    with time_machine.travel(clock.real_now() + timedelta(days=3)):
        assert deliver_waiting() == Counts(sent=1)
    again = server.accepted[-1]
    assert again is not first
    assert Notification.objects.get().repeats == 1
    assert server.ids() == [Notification.objects.get().message_id] * 2
    assert file_of(again) == file_of(first)
    assert list(again.iter_attachments())[-1].get_content() == file_of(first)


def test_names_add_neither_headers_nor_lines(server):
    evil = "Teal\r\nBcc: all@council.invalid\r\nATTENDEE:mailto:x@y.invalid"
    teachers = [{"name": evil, "email": TEAL[1]}]
    message = arrived(
        server,
        Kind.VISIT_BOOKED,
        to=(evil, TEAL[1]),
        teachers=teachers,
        establishment=f"Puddle, Lane; £é {evil}",
        organiser_name=evil,
    )
    assert message["Bcc"] is None
    _, event = event_of(message)
    assert addresses(event) == [f"mailto:{TEAL[1]}", f"mailto:{WREN[1]}"]
    assert event.summary.value.startswith("S2S observation at Puddle, Lane; £é Teal Bcc:")
    assert server.recipients == [TEAL[1]]


def test_lines_stay_within_what_servers_take(server):
    long = [{"name": "é" * 200, "email": f"teacher{number}@saltmarsh.invalid"} for number in range(12)]
    _, event = event_of(arrived(server, Kind.VISIT_BOOKED, teachers=long))
    assert len(addresses(event)) == 14
    assert server.longest_line <= 998


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in VISITS])
def test_other_messages_have_no_calendar(kind):
    put(kind)
    assert deliver_waiting() == Counts(sent=1)
    [message] = mail.outbox
    assert message.attachments == []
    assert [one.mimetype for one in message.alternatives] == ["text/html"]


def test_the_stamp_is_the_moment_of_the_booking_and_not_of_the_sending(server):
    with time_machine.travel(datetime(2026, 1, 15, 10, tzinfo=UTC)):
        _, event = event_of(arrived(server, Kind.VISIT_BOOKED))
    assert event.dtstamp.value == datetime.fromisoformat(VISIT["stamped_at"])
