"""By GOV.UK Notify, through its own client.

Notify keeps one template for all of our messages, whose subject is ((subject)) and whose text is ((body)). Each goes
under its Message-ID as Notify's `reference`, by which Notify can be asked whether it has it already.
"""

import logging

from django.conf import settings
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from s2s_portal.notifications.backends import Closed, Later, Never
from s2s_portal.notifications.choices import UNDELIVERED, Fate
from s2s_portal.notifications.documents.writing import written
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.queries.links import link_of

logger = logging.getLogger(__name__)

PLACEHOLDERS = {"subject": "((subject))", "body": "((body))"}
NOT_OURS = (401, 403, 404)
"""What Notify answers to a key or a template that it does not know."""
BUSY = 429
WRONG = 400
FORGOTTEN = 404


class Notify:
    """A `Backend` that speaks to Notify, once it has seen that the key and the template are good."""

    def __init__(self) -> None:
        self.client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_BASE_URL, timeout=settings.EMAIL_TIMEOUT
        )
        self.is_open = False

    def open(self) -> None:
        """Look at the template: a wrong key, a wrong template and a Notify that is out stop every message."""
        if self.is_open:
            return
        try:
            template = self.client.get_template(settings.NOTIFY_TEMPLATE_ID)
        except APIError as error:
            raise Closed(_why_closed(error)) from error
        missing = [words for part, words in PLACEHOLDERS.items() if words not in (template.get(part) or "")]
        if missing:
            raise Closed(f"The template in GOV.UK Notify does not have {' and '.join(missing)}.")
        self.is_open = True

    def close(self) -> None:
        """Let the connection go; Notify is looked at again before the next message."""
        self.client.request_session.close()
        self.is_open = False

    def send(self, message: Notification, address: str, *, again: bool) -> str:
        """Hand over one message, unless Notify says that it has it; returns Notify's id."""
        link = link_of(message.context)
        words = written(message.kind, message.context, to_name=message.to_name, without_file=True, link=link)
        try:
            known = self._known(message.message_id) if again else ""
            return (
                known
                or self.client.send_email_notification(
                    email_address=address,
                    template_id=settings.NOTIFY_TEMPLATE_ID,
                    personalisation={"subject": words.subject, "body": words.text},
                    reference=message.message_id,
                    email_reply_to_id=settings.NOTIFY_REPLY_TO_ID or None,
                )["id"]
            )
        except APIError as error:
            raise _meaning(error) from error

    def fate(self, remote_id: str, *, so_far: Fate) -> Fate | None:
        """What became of a message that Notify took; None where it remembers it no longer. Raises `Closed`.

        `so_far` where Notify says something that we do not know: it is asked again later.
        """
        try:
            status = self.client.get_notification_by_id(remote_id)["status"]
        except APIError as error:
            if error.status_code == FORGOTTEN:
                return None
            raise Closed(_why_closed(error)) from error
        if status in Fate.values:
            return Fate(status)
        logger.warning("GOV.UK Notify says %r of message %s, which we do not know.", status, remote_id)
        return so_far

    def _known(self, reference: str) -> str:
        """The id of what Notify has under this reference and has not given up; "" if nothing."""
        found = self.client.get_all_notifications(reference=reference)["notifications"]
        return next((one["id"] for one in found if one["status"] not in UNDELIVERED), "")


def _meaning(error: APIError) -> Exception:
    """What Notify's refusal of one message means for it and for the others."""
    if error.status_code == WRONG:
        return Never(f"GOV.UK Notify refused the message: {_said(error)}")
    if error.status_code in (*NOT_OURS, BUSY):
        return Closed(_why_closed(error))
    return Later(f"GOV.UK Notify did not take the message ({error.status_code}): {_said(error)}")


def _why_closed(error: APIError) -> str:
    if error.response is None:
        return "GOV.UK Notify cannot be reached."
    if error.status_code in NOT_OURS:
        return f"GOV.UK Notify does not accept our key or template ({error.status_code}): {_said(error)}"
    if error.status_code == BUSY:
        return f"GOV.UK Notify takes no more messages for now: {_said(error)}"
    return f"GOV.UK Notify is out of order ({error.status_code}): {_said(error)}"


def _said(error: APIError) -> str:
    """Notify's own words; it lists one error or several."""
    told = error.message
    if isinstance(told, list):
        return "; ".join(str(one.get("message", one)) if isinstance(one, dict) else str(one) for one in told)
    return str(told)
