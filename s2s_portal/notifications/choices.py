"""The kinds of message the portal sends."""

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
