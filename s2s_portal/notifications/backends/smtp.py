"""By a mail server, or whatever Django's EMAIL_BACKEND stands for: a file or the console in a demo."""

import smtplib
from email.header import Header
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from s2s_portal.core.ics import Invitation, calendar_file
from s2s_portal.notifications.backends import Later, Never
from s2s_portal.notifications.documents import invitation, spoken
from s2s_portal.notifications.documents.writing import written
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.queries.links import link_of

CALENDAR_FILE = "visit.ics"
PERMANENT = range(500, 600)
"""Answers of a mail server that no later try will change (RFC 5321)."""


class Smtp:
    """A `Backend` over one connection."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def open(self) -> None:
        """Connect, unless that has been done."""
        self.connection.open()

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def send(self, message: Notification, address: str, *, again: bool) -> str:
        """Hand over one message. A mail server cannot be asked whether it has it already."""
        try:
            taken = self.connection.send_messages([mail_of(message, address)])
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            words = said.decode(errors="replace") if isinstance(said, bytes) else said
            answer = f"The mail server refused {address}: {code} {words}"
            raise (Never if code in PERMANENT else Later)(answer) from refused
        if not taken:
            raise Later("The mail server took no message.")
        return ""


def mail_of(message: Notification, address: str) -> EmailMultiAlternatives:
    """The message as e-mail to `address`."""
    words = written(message.kind, message.context, to_name=message.to_name, link=link_of(message.context))
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[address],
        headers={
            "To": _named(message.to_name, address),
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(words.html, "text/html")
    to = (message.to_name, address)
    visit = invitation(message.kind, spoken(message.context), base_url=settings.BASE_URL, to=to)
    if visit is not None:
        _attach(mail, visit)
    return mail


def _attach(mail: EmailMultiAlternatives, visit: Invitation) -> None:
    """Put the calendar file into `mail` twice, as Google's own invitations have it.

    Outlook and Gmail take the alternative part for an invitation; others show the attachment, whose type keeps
    Outlook from entering it a second time.
    """
    file = calendar_file(visit)
    mail.attach_alternative(file.decode(), f'text/calendar; method={visit.method}; name="{CALENDAR_FILE}"')
    mail.attach(CALENDAR_FILE, file, "application/ics")


def _named(name: str, address: str) -> str:
    """Name and address for a header. A name outside ASCII becomes words of at most 75 characters (RFC 2047).

    Between them the line can be folded: as one word, 200 characters may be longer than any server takes (998 bytes).
    """
    if name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8').encode(linesep='')} <{address}>"
