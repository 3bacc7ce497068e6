"""Words of reminders: what somebody is reminded of, and what became of each (DESIGN §7)."""

from django.db.models import TextChoices


class ReminderKind(TextChoices):
    """What somebody is reminded of. Labels stand in the list of reminders; messages have words of their own."""

    DRAFT_UNSENT = "DRAFT_UNSENT", "A draft is unsent and requests close soon"
    NOT_ASSIGNED = "NOT_ASSIGNED", "No teacher yet"
    FIRST_CONTACT = "FIRST_CONTACT", "First contact due or overdue"
    INFORMATION = "INFORMATION", "More information awaited"
    NOT_OFFERED = "NOT_OFFERED", "No time offered for a first visit"
    NOT_CHOSEN = "NOT_CHOSEN", "The school or setting has not chosen a time"
    VISIT_AHEAD = "VISIT_AHEAD", "A visit is ahead"
    OUTCOME_MISSING = "OUTCOME_MISSING", "Nobody has said how a visit went"
    RECORD_OVERDUE = "RECORD_OVERDUE", "A record of visit is due or overdue"
    REVIEW_DUE = "REVIEW_DUE", "A review is due"
    NOT_CONFIRMED = "NOT_CONFIRMED", "The school or setting has not confirmed a record"
    CONTRACT_END = "CONTRACT_END", "The contract ends and requests are open"
    WEEKLY_DIGEST = "WEEKLY_DIGEST", "The week's summary"


class ReminderState(TextChoices):
    """What became of a reminder that was due."""

    SENT = "SENT", "Sent"
    NOT_SENT = "NOT_SENT", "Not sent"
