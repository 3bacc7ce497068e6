"""Reminders (DESIGN §7). None is sent about something past, closed or no longer true, nor in quiet hours."""

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.reasons.shared import ADVISER, CONTACT, REMINDERS, SUMMARIES, TEACHER, Reason

REASONS: dict[Kind, Reason] = {
    Kind.REMIND_DRAFT_UNSENT: Reason(
        REMINDERS,
        "20, 5 and 1 working days before requests close",
        "A draft uses no place and is not sent by itself",
        "Whoever started the draft",
    ),
    Kind.REMIND_NOT_ASSIGNED: Reason(
        REMINDERS, "2 working days after a request was sent", "No teacher has it yet", "Co-ordinators"
    ),
    Kind.REMIND_FIRST_CONTACT: Reason(
        REMINDERS,
        "3, 5 and 8 working days after a request got its place, while nobody was reached",
        "S2S promises to be in touch within 5 working days",
        "The teacher; from the eighth day the co-ordinators too",
    ),
    Kind.REMIND_INFORMATION: Reason(
        REMINDERS,
        "3, 5 and 10 working days after a question was asked",
        "The request is paused until it is answered",
        f"{ADVISER}; after 10 days the co-ordinators too",
    ),
    Kind.REMIND_NOT_OFFERED: Reason(
        REMINDERS,
        "Half-way to the day by which an observation should be held",
        "No time has been offered or booked",
        f"{TEACHER}, and co-ordinators",
    ),
    Kind.REMIND_NOT_CHOSEN: Reason(
        REMINDERS, "5 working days after times were offered", "Nobody has chosen one", CONTACT
    ),
    Kind.REMIND_VISIT_AHEAD: Reason(
        REMINDERS,
        "5 and 1 working days before a visit",
        "Everybody who is needed is there",
        "The teachers who visit, and the contact of the school or setting",
    ),
    Kind.REMIND_OUTCOME_MISSING: Reason(
        REMINDERS,
        "1 working day after a visit",
        "It has not been said whether it was held",
        "The teachers who visited",
    ),
    Kind.REMIND_RECORD_OVERDUE: Reason(
        REMINDERS,
        "8, 10 and 15 working days after a visit",
        "The record is due within 10 working days",
        "The teacher, and co-ordinators",
    ),
    Kind.REMIND_REVIEW_DUE: Reason(
        REMINDERS, "On the day of a review", "6 weeks of term after the first visit, progress is looked at", TEACHER
    ),
    Kind.REMIND_NOT_CONFIRMED: Reason(
        REMINDERS,
        "10 working days after a record was finalised",
        "The school or setting has not said whether it agrees",
        f"{CONTACT}, and the teacher",
    ),
    Kind.REMIND_CONTRACT_END: Reason(
        REMINDERS,
        "40, 20, 10 and 5 working days before a contract ends",
        "Requests are still open under it",
        "Teachers, co-ordinators and commissioners",
    ),
    Kind.REMIND_WEEKLY_DIGEST: Reason(
        SUMMARIES,
        "On the first working day of the week at 08:00, if there is something",
        "It gathers what waits for a person",
        "Everyone who wants it",
    ),
}
