"""When each message is sent, why and to whom: one line for each kind, which the gallery shows."""

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.reasons import messages, reminders
from s2s_portal.notifications.documents.reasons.shared import Reason

__all__ = ["REASONS", "Reason"]

REASONS: dict[Kind, Reason] = messages.REASONS | reminders.REASONS
