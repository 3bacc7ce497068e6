"""The kinds of message the portal sends, and the ways in which they reach people."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """One member for each message; its templates are `notifications/<kind in lower case>.{subject.txt,txt,html}`."""

    REQUEST_SENT_ADVISER = "REQUEST_SENT_ADVISER", "Request sent, to its adviser"
    REQUEST_SENT_CONTACT = "REQUEST_SENT_CONTACT", "Request sent, to the school or setting"
    REQUEST_REFUSED = "REQUEST_REFUSED", "Request refused, to its adviser"
    REQUEST_WITHDRAWN_ADVISER = "REQUEST_WITHDRAWN_ADVISER", "Request withdrawn, to its adviser"
    REQUEST_WITHDRAWN_CONTACT = "REQUEST_WITHDRAWN_CONTACT", "Request withdrawn, to the school or setting"
    WAITING_JOINED_ADVISER = "WAITING_JOINED_ADVISER", "Waiting list joined, to its adviser"
    WAITING_JOINED_CONTACT = "WAITING_JOINED_CONTACT", "Waiting list joined, to the school or setting"
    PLACE_GIVEN_ADVISER = "PLACE_GIVEN_ADVISER", "Place given from the waiting list, to its adviser"
    PLACE_FREE = "PLACE_FREE", "Place free after the cut-off, to the commissioners"
    WAITING_LAPSED_ADVISER = "WAITING_LAPSED_ADVISER", "No place came free, to its adviser"
    WAITING_LAPSED_CONTACT = "WAITING_LAPSED_CONTACT", "No place came free, to the school or setting"
    COHORT_SENT = "COHORT_SENT", "Requests of a cohort sent, to their adviser"
    QUOTA_THRESHOLD = "QUOTA_THRESHOLD", "A quota is nearly used or full, to commissioners and advisers"
    CHANGE_PROPOSED = "CHANGE_PROPOSED", "A change waits for a second person, to commissioners"
    CHANGE_DECIDED = "CHANGE_DECIDED", "A proposed change was decided, to its proposer"
    REQUEST_ASSIGNED_TEACHER = "REQUEST_ASSIGNED_TEACHER", "Request given to a teacher, to that teacher"
    REQUEST_WITH_TEACHER_CONTACT = "REQUEST_WITH_TEACHER_CONTACT", "Request with a teacher, to the school or setting"
    REQUEST_STATUS_ADVISER = "REQUEST_STATUS_ADVISER", "Where a request stands, to its adviser"
    REQUEST_STATUS_CONTACT = "REQUEST_STATUS_CONTACT", "Where a request stands, to the school or setting"
    REQUEST_STATUS_TEACHER = "REQUEST_STATUS_TEACHER", "What changed in a request, to the S2S teacher who has it"
    INFORMATION_ASKED = "INFORMATION_ASKED", "More information needed, to the request's adviser"
    INFORMATION_GIVEN = "INFORMATION_GIVEN", "Information sent, to whoever asked for it"
    VISIT_BOOKED = "VISIT_BOOKED", "Visit booked, to teachers and the school or setting"
    VISIT_MOVED = "VISIT_MOVED", "Visit moved, to teachers and the school or setting"
    VISIT_CANCELLED = "VISIT_CANCELLED", "Visit cancelled, to teachers and the school or setting"
    RECORD_READY_CONTACT = "RECORD_READY_CONTACT", "Record of visit to confirm, to the school or setting"
    TIMES_OFFERED_CONTACT = "TIMES_OFFERED_CONTACT", "Times to choose from, to the school or setting"
    CUT_OFF_MOVED = "CUT_OFF_MOVED", "Requests are open for longer, to advisers who were refused"
    CONTRACT_END_QUESTION = "CONTRACT_END_QUESTION", "What a request needs at its contract's end, to its adviser"
    CONTRACT_END_ACCOUNT = "CONTRACT_END_ACCOUNT", "The account of a contract's end, to commissioners and co-ordinators"
    CUT_OFF_PASSED = "CUT_OFF_PASSED", "Requests have closed, to commissioners, S2S and advisers with unsent drafts"
    ALLOCATION_ENDED = "ALLOCATION_ENDED", "The allocation deadline has passed, to the commissioners"
    DRAFT_PURGE_NEAR = "DRAFT_PURGE_NEAR", "A draft is about to be deleted, to who started it"
    LEDGER_DIFFERS = "LEDGER_DIFFERS", "The ledger and the requests differ, to administrators and commissioners"
    DIGEST = "DIGEST", "Messages since the last daily e-mail, to whoever asked for it"
    REMIND_DRAFT_UNSENT = "REMIND_DRAFT_UNSENT", "Draft unsent and requests close soon, to who started it"
    REMIND_NOT_ASSIGNED = "REMIND_NOT_ASSIGNED", "Request without a teacher, to the co-ordinators"
    REMIND_FIRST_CONTACT = "REMIND_FIRST_CONTACT", "First contact due or overdue, to the teacher, then S2S"
    REMIND_INFORMATION = "REMIND_INFORMATION", "Information awaited, to the request's adviser, then S2S"
    REMIND_NOT_OFFERED = "REMIND_NOT_OFFERED", "No time offered for a visit, to the teacher and S2S"
    REMIND_NOT_CHOSEN = "REMIND_NOT_CHOSEN", "No time chosen for a visit, to the school or setting"
    REMIND_VISIT_AHEAD = "REMIND_VISIT_AHEAD", "Visit ahead, to teachers and the school or setting"
    REMIND_OUTCOME_MISSING = "REMIND_OUTCOME_MISSING", "How a visit went is not told, to its teachers"
    REMIND_RECORD_OVERDUE = "REMIND_RECORD_OVERDUE", "Record of visit due or overdue, to the teacher and S2S"
    REMIND_REVIEW_DUE = "REMIND_REVIEW_DUE", "Review due, to the teacher"
    REMIND_NOT_CONFIRMED = "REMIND_NOT_CONFIRMED", "Record not confirmed, to the school or setting and teacher"
    REMIND_CONTRACT_END = "REMIND_CONTRACT_END", "Contract ends and requests are open, to S2S and commissioners"
    REMIND_WEEKLY_DIGEST = "REMIND_WEEKLY_DIGEST", "What waits this week, to everyone who wants it"
    PERSON_INVITED = "PERSON_INVITED", "Link to choose a password, to a new person or one who asked for it"
    ADDRESS_CHANGED = "ADDRESS_CHANGED", "E-mail address changed, to the new address and the old one"
    WORK_LEFT = "WORK_LEFT", "A teacher has left requests or visits, to the co-ordinators"


class Channel(TextChoices):
    """How a message reaches its person, in the words of the page on which they choose."""

    AT_ONCE = "AT_ONCE", "Each message by e-mail, at once"
    DIGEST = "DIGEST", "One e-mail a day, with links to the messages"
    PORTAL = "PORTAL", "No e-mail: I read my messages in the portal"


ALWAYS_BY_EMAIL = frozenset(
    {
        Kind.VISIT_BOOKED,
        Kind.VISIT_MOVED,
        Kind.VISIT_CANCELLED,
        Kind.RECORD_READY_CONTACT,
        Kind.TIMES_OFFERED_CONTACT,
        Kind.DIGEST,
        Kind.REMIND_WEEKLY_DIGEST,
        Kind.PERSON_INVITED,
        Kind.ADDRESS_CHANGED,
    }
)
"""Kinds that go at once whatever their person chose: calendar files are of no use later, summaries are
e-mail, signed links stand in the e-mail only, and who signs in with what is not to be found out late."""


class Fate(TextChoices):
    """What GOV.UK Notify says became of a message that it took; in its own words. Blank where it was not asked."""

    CREATED = "created", "Notify has it"
    SENDING = "sending", "On its way"
    PENDING = "pending", "On its way, says Notify"
    DELIVERED = "delivered", "Delivered"
    PERMANENT_FAILURE = "permanent-failure", "There is no such address"
    TEMPORARY_FAILURE = "temporary-failure", "The inbox took nothing for three days"
    TECHNICAL_FAILURE = "technical-failure", "Notify could not pass it on"


UNDELIVERED = frozenset({Fate.PERMANENT_FAILURE, Fate.TEMPORARY_FAILURE, Fate.TECHNICAL_FAILURE})
"""Notify's last words on what it could not deliver."""
ON_THEIR_WAY = frozenset({Fate.CREATED, Fate.SENDING, Fate.PENDING})
"""What is not Notify's last word."""
