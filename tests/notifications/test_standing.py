"""Where messages stand, and why they could not be delivered, in the words that people read."""

from datetime import UTC, datetime

import pytest

from s2s_portal.notifications.choices import Channel, Fate, Kind
from s2s_portal.notifications.documents.reasons import REASONS
from s2s_portal.notifications.documents.standing import OTHERWISE, failure_of, standing_of
from s2s_portal.notifications.models import Notification

THEN = datetime(2024, 11, 27, 7, 30, tzinfo=UTC)
SAID = "27 November 2024, 07:30"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, ("Waiting", "Goes out within a minute, if e-mail works")),
        ({"attempts": 1}, ("Waiting", "Tried once; tried again by itself")),
        ({"attempts": 3}, ("Waiting", "Tried 3 times; tried again by itself")),
        ({"sent_at": THEN}, ("Sent", SAID)),
        ({"sent_at": THEN, "fate": Fate.SENDING, "next_check_at": THEN}, ("Sent", f"{SAID}, not yet confirmed")),
        ({"sent_at": THEN, "fate": Fate.CREATED}, ("Sent", SAID)),
        ({"sent_at": THEN, "delivered_at": THEN, "fate": Fate.DELIVERED}, ("Delivered", SAID)),
        ({"failed_at": THEN, "last_error": "Workers were lost"}, ("Not delivered", "The portal was interrupted")),
        ({"channel": Channel.PORTAL}, ("In the portal", "This person gets no e-mail")),
        ({"channel": Channel.DIGEST}, ("Waiting", "Goes with this person’s next daily e-mail")),
    ],
)
def test_where_a_message_stands(row, words):
    standing = standing_of(Notification(**row))
    assert standing.text == words[0]
    assert standing.hint.startswith(words[1])


@pytest.mark.parametrize(
    ("digest", "words"),
    [
        ({}, ("Waiting", "In the daily e-mail")),
        ({"sent_at": THEN}, ("Sent", f"In the daily e-mail, {SAID}")),
        ({"sent_at": THEN, "delivered_at": THEN}, ("Delivered", f"In the daily e-mail, {SAID}")),
        ({"failed_at": THEN, "last_error": "The mail server refused x@y.invalid: 550 no"}, ("Not delivered", "In the")),
    ],
)
def test_a_message_of_a_daily_e_mail_stands_where_that_does(digest, words):
    row = Notification(channel=Channel.DIGEST, digest=Notification(**digest))
    standing = standing_of(row)
    assert (standing.text, standing.hint.startswith(words[1])) == (words[0], True)
    assert "refused" not in standing.hint


def test_a_reason_is_only_for_those_who_may_see_the_address():
    row = Notification(failed_at=THEN, last_error="The mail server refused x@y.invalid: 550 no")
    assert standing_of(row).hint
    assert standing_of(row, with_reason=False).hint == ""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("The mail server refused x@y.invalid: 550 no such person", "takes no mail for this address"),
        ("The mail server refused x@y.invalid: 451 come back later", "put the message off each time"),
        ("The part of the e-mail address before the @ must not have accents", "not one that mail can be sent to"),
        ("Workers were lost while sending this message.", "interrupted each time"),
        ("GOV.UK Notify: There is no such address.", "There is no such address."),
        ("GOV.UK Notify: The inbox took nothing for three days.", "took nothing for three days"),
        ("GOV.UK Notify refused the message: email_address Not valid", "does not accept the message"),
        ("GOV.UK Notify did not take the message (500): Exception", "could not pass the message on"),
        ("SMTPServerDisconnected: Connection unexpectedly closed", OTHERWISE),
    ],
)
def test_errors_in_plain_words(error, sentence):
    failure = failure_of(error)
    assert sentence in failure.sentence
    assert failure.said == error


@pytest.mark.parametrize("kind", Kind)
def test_the_table_says_of_every_kind_when_why_and_to_whom(kind):
    reason = REASONS[kind]
    assert all((reason.group, reason.when, reason.why, reason.who))
    assert not any(part.endswith(".") for part in (reason.when, reason.why, reason.who))


@pytest.mark.parametrize("fate", Fate)
def test_every_fate_of_notifys_has_words(fate):
    assert fate.label
    assert fate.value.replace("-", "").islower()
