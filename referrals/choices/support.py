"""Words of S2S's own work: contact, bookings, visits, records, closing."""

from django.db.models import TextChoices


class DeclineReason(TextChoices):
    """Why a request is not taken on (DOMAIN §B3)."""

    ADVICE_ENOUGH = "ADVICE_ENOUGH", "Advice was enough"
    OTHER_SERVICE = "OTHER_SERVICE", "Another service fits better"
    UNIVERSAL_SUPPORT = "UNIVERSAL_SUPPORT", "What every setting offers has not been tried yet"
    OUTSIDE_SERVICE = "OUTSIDE_SERVICE", "Outside what S2S does, by age or kind of setting"
    NO_AGREEMENT = "NO_AGREEMENT", "The parents do not agree"
    NO_ANSWER = "NO_ANSWER", "The information asked for did not come"
    ALREADY_SUPPORTED = "ALREADY_SUPPORTED", "The same advice has already been given"
    OTHER = "OTHER", "Another reason"


class NotStartedReason(TextChoices):
    """Why a request closes before a visit was held."""

    NOT_REACHED = "NOT_REACHED", "The school or setting could not be reached"
    NOT_WANTED = "NOT_WANTED", "The school or setting no longer wants a visit"
    CHILD_LEFT = "CHILD_LEFT", "The child has moved or left"
    NO_AGREEMENT = "NO_AGREEMENT", "The parents do not agree"
    ADVICE_ENOUGH = "ADVICE_ENOUGH", "Advice was enough"
    CONTRACT_ENDED = "CONTRACT_ENDED", "The contract ended"
    OTHER = "OTHER", "Another reason"


class ContactHow(TextChoices):
    PHONE = "PHONE", "Phone"
    EMAIL = "EMAIL", "E-mail"
    IN_PERSON = "IN_PERSON", "In person"


class ContactOutcome(TextChoices):
    REACHED = "REACHED", "Reached"
    NO_ANSWER = "NO_ANSWER", "No answer"
    MESSAGE_LEFT = "MESSAGE_LEFT", "Message left"


class BookingKind(TextChoices):
    """What a visit is for (DOMAIN §A2)."""

    OBSERVATION = "OBSERVATION", "Observation"
    FOLLOW_UP = "FOLLOW_UP", "Follow-up visit"
    MODELLING = "MODELLING", "Modelling strategies in the room"
    TRAINING_STAFF = "TRAINING_STAFF", "Training for individual staff"
    TRAINING_WHOLE = "TRAINING_WHOLE", "Training for all staff"
    RESOURCES = "RESOURCES", "Making resources"
    PLAN_REVIEW = "PLAN_REVIEW", "Review of a support plan"
    REVERSE_VISIT = "REVERSE_VISIT", "Visit by the setting to the special school"
    REVIEW_MEETING = "REVIEW_MEETING", "Review meeting"


class BookingMode(TextChoices):
    IN_PERSON = "IN_PERSON", "In person"
    REMOTE = "REMOTE", "Remote, by video or phone"


class BookingState(TextChoices):
    PLANNED = "PLANNED", "Planned"
    HELD = "HELD", "Held"
    NOT_HELD = "NOT_HELD", "Not held"
    CANCELLED = "CANCELLED", "Cancelled"


class BookingChanged(TextChoices):
    """What one line of a booking's history says."""

    BOOKED = "BOOKED", "Booked"
    MOVED = "MOVED", "Moved"
    TEACHERS = "TEACHERS", "Other teachers"
    CANCELLED = "CANCELLED", "Cancelled"


class OfferState(TextChoices):
    """What became of times that were offered to a school or setting."""

    OPEN = "OPEN", "Waiting for an answer"
    CHOSEN = "CHOSEN", "One was chosen"
    NONE_SUITS = "NONE_SUITS", "None suits"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


class WhoAsked(TextChoices):
    """Who wanted a visit moved or cancelled."""

    SETTING = "SETTING", "The school or setting"
    S2S = "S2S", "S2S"
    FAMILY = "FAMILY", "The family"
    COUNCIL = "COUNCIL", "The council"


class BookingProblem(TextChoices):
    """Why a time does not suit; also why a booking that once suited is flagged."""

    IN_THE_PAST = "IN_THE_PAST", "The time has passed"
    ENDS_BEFORE_START = "ENDS_BEFORE_START", "It ends before it begins"
    TOO_LONG = "TOO_LONG", "A visit lasts one day at most"
    OUT_OF_HOURS = "OUT_OF_HOURS", "Before or after the hours of visits"
    AFTER_RUN_OFF = "AFTER_RUN_OFF", "After the contract's last day for visits"
    NOT_A_WORKING_DAY = "NOT_A_WORKING_DAY", "A weekend, bank holiday or closure"
    SETTING_CLOSED = "SETTING_CLOSED", "The school or setting is closed"
    PUPILS_AWAY = "PUPILS_AWAY", "No children are in"
    OUT_OF_TERM = "OUT_OF_TERM", "Outside the school's terms"
    TEACHER_AWAY = "TEACHER_AWAY", "The teacher is away"
    TEACHER_LEFT = "TEACHER_LEFT", "The teacher has left"
    OVERLAP = "OVERLAP", "The teacher has another visit then"
    NO_AGREEMENT = "NO_AGREEMENT", "No parental agreement"
    OVER_HARD_CAP = "OVER_HARD_CAP", "More visits than a request may have"
    OVER_SOFT_CAP = "OVER_SOFT_CAP", "More visits than usual"
    TOO_LITTLE_TRAVEL = "TOO_LITTLE_TRAVEL", "Too little time to travel"
    TERMS_UNKNOWN = "TERMS_UNKNOWN", "Term dates are not entered"
    SETTING_ASKS = "SETTING_ASKS", "The school or setting asks for another time"


class VisitOutcome(TextChoices):
    HELD = "HELD", "Held"
    HELD_LATE = "HELD_LATE", "Held, but began late"
    NOT_HELD = "NOT_HELD", "Not held"


class NotHeldReason(TextChoices):
    CHILD_ABSENT = "CHILD_ABSENT", "The child was not there"
    SETTING_COULD_NOT = "SETTING_COULD_NOT", "The school or setting could not have us"
    SETTING_CLOSED = "SETTING_CLOSED", "The school or setting was closed"
    TEACHER_ILL = "TEACHER_ILL", "The S2S teacher was ill or could not come"
    TRAVEL = "TRAVEL", "The journey was not possible"
    NO_AGREEMENT = "NO_AGREEMENT", "The parents withdrew their agreement"
    OTHER = "OTHER", "Another reason"


class RecordField(TextChoices):
    """The questions of a record of visit that are answered in words, in order."""

    SEEN = "seen", "What was seen"
    WORKS = "works", "What works"
    NEEDS_NOW = "needs_now", "Needs now"
    RESOURCES = "resources", "Resources made or shared"
    NEXT_STEP = "next_step", "Next step"


class ActionResult(TextChoices):
    """How an agreed action stands at the next visit."""

    DONE = "DONE", "Done"
    PARTLY = "PARTLY", "Partly done"
    NOT_DONE = "NOT_DONE", "Not done"


class GoalResult(TextChoices):
    """What became of a goal when the request closed (R14)."""

    MET = "MET", "Met"
    PARTLY = "PARTLY", "Partly met"
    NOT_MET = "NOT_MET", "Not met"
    NOT_WORKED_ON = "NOT_WORKED_ON", "Not worked on"
