"""Where a message stands, and why it could not be delivered, in plain words."""

import re
from dataclasses import dataclass

from s2s_portal.core import spoken
from s2s_portal.notifications.choices import Channel, Fate
from s2s_portal.notifications.models import Notification


@dataclass(frozen=True)
class Standing:
    """The words and colour of a tag, and a second line ("" if there is nothing to add)."""

    text: str
    colour: str
    hint: str = ""


def standing_of(row: Notification, *, with_reason: bool = True) -> Standing:
    """What became of a message so far. `row.digest` is read with it; a reason may hold the address it went to."""
    if row.failed_at is not None:
        return Standing("Not delivered", "red", failure_of(row.last_error).sentence if with_reason else "")
    if row.delivered_at is not None:
        return Standing("Delivered", "green", spoken.moment(row.delivered_at))
    if row.sent_at is not None:
        on_its_way = row.fate in (Fate.CREATED, Fate.SENDING, Fate.PENDING) and row.next_check_at is not None
        return Standing("Sent", "green", f"{spoken.moment(row.sent_at)}{', not yet confirmed' if on_its_way else ''}")
    if row.channel == Channel.PORTAL:
        return Standing("In the portal", "grey", "This person gets no e-mail")
    if row.channel == Channel.DIGEST:
        return _in_digest(row.digest)
    if row.attempts:
        return Standing("Waiting", "yellow", f"Tried {_times(row.attempts)}; tried again by itself")
    return Standing("Waiting", "yellow", "Goes out within a minute, if e-mail works")


def _in_digest(digest: Notification | None) -> Standing:
    if digest is None:
        return Standing("Waiting", "yellow", "Goes with this person’s next daily e-mail")
    its = standing_of(digest, with_reason=False)
    return Standing(its.text, its.colour, f"In the daily e-mail{f', {its.hint}' if digest.sent_at else ''}")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


@dataclass(frozen=True)
class Failure:
    """Why a message could not be delivered: a sentence for people, and what the other side said, for technicians."""

    sentence: str
    said: str = ""


WORDED = (
    (r"refused \S+: 5\d\d", "The mail server there says that it takes no mail for this address."),
    (r"refused \S+: 4\d\d", "The mail server there put the message off each time."),
    (r"^The part of the e-mail address", "The address is not one that mail can be sent to."),
    (r"^Workers were lost", "The portal was interrupted each time it tried to send it."),
    (r"^GOV\.UK Notify: There is no such address", "There is no such address."),
    (r"^GOV\.UK Notify: The inbox", "The inbox took nothing for three days, more than once."),
    (r"^GOV\.UK Notify refused", "GOV.UK Notify does not accept the message or its address."),
    (r"^GOV\.UK Notify", "GOV.UK Notify could not pass the message on."),
)
"""What the errors that `delivery` and the backends write down mean."""
OTHERWISE = "Something went wrong each time the portal tried to send it."


def failure_of(error: str) -> Failure:
    """An error of the outbox in plain words."""
    for pattern, sentence in WORDED:
        if re.search(pattern, error):
            return Failure(sentence, error)
    return Failure(OTHERWISE, error)
