"""Words of a request's life: where it stands, what can be done to it, by whom, and what its history says."""

from django.db.models import TextChoices


class Status(TextChoices):
    """Where a request stands (DESIGN §3, §5)."""

    SUBMITTED = "SUBMITTED", "Sent to S2S"
    RETURNED = "RETURNED", "More information needed"
    ASSIGNED = "ASSIGNED", "With a teacher"
    IN_CONTACT = "IN_CONTACT", "S2S in touch"
    BOOKED = "BOOKED", "Visit booked"
    SUPPORTING = "SUPPORTING", "Support under way"
    CLOSED = "CLOSED", "Closed"
    WAITING = "WAITING", "Waiting – no place yet"
    LAPSED = "LAPSED", "No place came free"
    DECLINED = "DECLINED", "Not taken on"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    TRANSFERRED = "TRANSFERRED", "Moved"


class Action(TextChoices):
    """What can be done to a request; the transition table says when, and by whom. Labels follow "this request is …"."""

    SUBMIT = "SUBMIT", "sent"
    JOIN = "JOIN", "put on the waiting list"
    GIVE_PLACE = "GIVE_PLACE", "given a place"
    LAPSE = "LAPSE", "ended because no place came free"
    WITHDRAW = "WITHDRAW", "withdrawn"
    ASSIGN = "ASSIGN", "given to a teacher"
    REASSIGN = "REASSIGN", "given to another teacher"
    COVER = "COVER", "covered by another teacher"
    ASK = "ASK", "returned for more information"
    SEND_BACK = "SEND_BACK", "sent back to S2S"
    TAKE_BACK = "TAKE_BACK", "taken up again without an answer"
    DECLINE = "DECLINE", "turned down"
    LOG_CONTACT = "LOG_CONTACT", "given another line of its contact log"
    REACH = "REACH", "marked as in touch"
    BOOK = "BOOK", "given a visit"
    MOVE_BOOKING = "MOVE_BOOKING", "given another time for its visit"
    CANCEL_BOOKING = "CANCEL_BOOKING", "relieved of its visit"
    HOLD = "HOLD", "marked as visited"
    NOT_HELD = "NOT_HELD", "marked as not visited"
    RECORD = "RECORD", "given a record of visit"
    ADD_TO_RECORD = "ADD_TO_RECORD", "given an addition to a record"
    RETRACT = "RETRACT", "relieved of a record"
    CLOSE = "CLOSE", "closed"
    CLOSE_NOT_STARTED = "CLOSE_NOT_STARTED", "closed as not started"
    REOPEN = "REOPEN", "opened again"
    REINSTATE = "REINSTATE", "reinstated"
    CORRECT = "CORRECT", "corrected"
    RECORD_AGREEMENT = "RECORD_AGREEMENT", "given a parental agreement"
    WITHDRAW_AGREEMENT = "WITHDRAW_AGREEMENT", "relieved of its parental agreement"
    BRING_BACK = "BRING_BACK", "brought back to the waiting list"
    TRANSFER = "TRANSFER", "moved to another contract"
    CARRY_OVER = "CARRY_OVER", "carried over from another contract"
    MOVE_BACK = "MOVE_BACK", "moved back from another contract"
    UNDO_CARRY = "UNDO_CARRY", "ended because its move was undone"
    END_WITH_CONTRACT = "END_WITH_CONTRACT", "closed with its contract"


class Doer(TextChoices):
    """As what somebody acts on one request; which of these a person is depends on the request."""

    ADVISER = "ADVISER", "an adviser of its stream and zone"
    COORDINATOR = "COORDINATOR", "an S2S co-ordinator"
    TEACHER = "TEACHER", "the S2S teacher who has it, or covers it today"
    COMMISSIONER = "COMMISSIONER", "a commissioner"
    PORTAL = "PORTAL", "the portal itself"


class Place(TextChoices):
    """What a transition does to the place."""

    DRAWN = "DRAWN", "drawn"
    RELEASED = "RELEASED", "released"
    SPENT = "SPENT", "spent"


class ClockStep(TextChoices):
    """What a transition does to R10's clocks."""

    CONTACT_STARTS = "CONTACT_STARTS", "the clock for reaching the setting starts"
    REACHED = "REACHED", "the clock for reaching the setting stops, the one for the observation starts"
    PAUSED = "PAUSED", "the clock that runs is paused"
    RESUMED = "RESUMED", "the clock that was paused goes on"
    VISITED = "VISITED", "the first visit stops the observation's clock; its record's and the review's start"
    RECORD_STARTS = "RECORD_STARTS", "the clock for the visit's record starts, unless that of an earlier visit runs"
    RECORDED = "RECORDED", "the clock for the visit's record stops"
    STOPPED = "STOPPED", "every clock stops"
    RESTARTED = "RESTARTED", "the clocks that had stopped go on"


class Clock(TextChoices):
    """What S2S means to do by a day (R10)."""

    CONTACT = "CONTACT", "Reach the school or setting"
    OBSERVATION = "OBSERVATION", "Hold the first visit"
    RECORD = "RECORD", "Finalise the record of visit"
    REVIEW = "REVIEW", "Hold the review"


class EndState(TextChoices):
    """What became of a request that closed; derived from what happened (R14)."""

    COMPLETED = "COMPLETED", "Completed"
    ENDED_EARLY = "ENDED_EARLY", "Ended early"
    NOT_STARTED = "NOT_STARTED", "Not started"


class Deadline(TextChoices):
    """What ends on a day of a period."""

    CUT_OFF = "CUT_OFF", "Requests closed"
    ALLOCATION = "ALLOCATION", "No more places given"


class EventKind(TextChoices):
    """The lines of a request's history."""

    SUBMITTED = "SUBMITTED", "Sent"
    JOINED = "JOINED", "Joined the waiting list"
    PLACE_GIVEN = "PLACE_GIVEN", "Got a place"
    LEFT = "LEFT", "Left the waiting list"
    LAPSED = "LAPSED", "No place came free"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    ASSIGNED = "ASSIGNED", "Given to a teacher"
    REASSIGNED = "REASSIGNED", "Given to another teacher"
    COVERED = "COVERED", "Covered by another teacher"
    ASKED = "ASKED", "More information asked for"
    SENT_BACK = "SENT_BACK", "Information given"
    TAKEN_BACK = "TAKEN_BACK", "Question taken back"
    DECLINED = "DECLINED", "Not taken on"
    CONTACTED = "CONTACTED", "Contact"
    BOOKED = "BOOKED", "Visit booked"
    BOOKING_MOVED = "BOOKING_MOVED", "Visit moved"
    BOOKING_CANCELLED = "BOOKING_CANCELLED", "Visit cancelled"
    BOOKING_KEPT = "BOOKING_KEPT", "Visit kept"
    VISIT_HELD = "VISIT_HELD", "Visit held"
    VISIT_NOT_HELD = "VISIT_NOT_HELD", "Visit not held"
    RECORD_FINALISED = "RECORD_FINALISED", "Record of visit finalised"
    RECORD_ADDED_TO = "RECORD_ADDED_TO", "Record of visit added to"
    RECORD_RETRACTED = "RECORD_RETRACTED", "Record of visit retracted"
    RECORD_ANSWERED = "RECORD_ANSWERED", "Record of visit answered"
    TIMES_OFFERED = "TIMES_OFFERED", "Times offered"
    TIMES_ANSWERED = "TIMES_ANSWERED", "Times answered"
    CHANGE_WANTED = "CHANGE_WANTED", "Another time asked for"
    CLOSED = "CLOSED", "Closed"
    REOPENED = "REOPENED", "Opened again"
    BROUGHT_BACK = "BROUGHT_BACK", "Back on the waiting list"
    TRANSFERRED = "TRANSFERRED", "Moved to the new contract"
    CARRIED_OVER = "CARRIED_OVER", "Carried over"
    MOVED_BACK = "MOVED_BACK", "Moved back"
    CARRY_UNDONE = "CARRY_UNDONE", "Move undone"
    REINSTATED = "REINSTATED", "Reinstated"
    CORRECTED = "CORRECTED", "Details corrected"
    AGREEMENT_RECORDED = "AGREEMENT_RECORDED", "Parental agreement recorded"
    AGREEMENT_WITHDRAWN = "AGREEMENT_WITHDRAWN", "Parental agreement withdrawn"
