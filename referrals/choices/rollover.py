"""Words of a contract's end: what becomes of each open request, why, and how far the moving is (DESIGN §8)."""

from django.db.models import TextChoices

RUN_LINE = "contract_end_line"
"""The job that does what was decided about one request, for the id of its line as its subject."""
UNDO_LINE = "contract_end_undo"
"""The job that takes one move back, for the id of its line as its subject."""


class Fate(TextChoices):
    """What becomes of a request that is open when its contract ends."""

    FINISH = "FINISH", "Finish under the old contract"
    MOVE = "MOVE", "Move to the new contract"
    CLOSE = "CLOSE", "Close"
    ASK = "ASK", "Ask the adviser"


class FateReason(TextChoices):
    """Why a fate is proposed; each reads as a sentence."""

    VISIT_IN_TIME = "VISIT_IN_TIME", "Its planned visits are over before the last day of visits."
    REVIEW_IN_TIME = "REVIEW_IN_TIME", "Its review is due before the last day of visits."
    ONLY_CLOSING_LEFT = "ONLY_CLOSING_LEFT", "It was reviewed, so only its closing is left."
    RECORD_MISSING = "RECORD_MISSING", "A visit has no outcome or no finalised record yet."
    NO_VISIT_YET = "NO_VISIT_YET", "No visit is planned."
    VISIT_TOO_LATE = "VISIT_TOO_LATE", "A visit is planned after the last day of visits."
    REVIEW_TOO_LATE = "REVIEW_TOO_LATE", "Its review is due after the last day of visits."
    INFORMATION_AWAITED = "INFORMATION_AWAITED", "More information is awaited: is support still wanted?"
    NO_SUCCESSOR = "NO_SUCCESSOR", "There is no new contract it could move to."
    OTHER_UNIT = "OTHER_UNIT", "The new contract takes cohorts only, and this request is not part of one."
    STREAM_NOT_TAKEN = "STREAM_NOT_TAKEN", "The new contract has no places for its stream."
    OTHER_REFERRERS = "OTHER_REFERRERS", "Its adviser does not file under the new contract."
    RUN_OFF_OVER = "RUN_OFF_OVER", "It was to finish under the old contract, and the last day of visits has passed."


class RolloverStage(TextChoices):
    """How far the end of a contract is."""

    DECIDING = "DECIDING", "Being decided"
    PROPOSED = "PROPOSED", "Waiting for a second person"
    RUNNING = "RUNNING", "Running"
    DONE = "DONE", "Done"
    UNDOING = "UNDOING", "Being undone"
    UNDONE = "UNDONE", "Undone"


class LineState(TextChoices):
    """How far one request's line is."""

    PENDING = "PENDING", "To be done"
    DONE = "DONE", "Done"
    UNDOING = "UNDOING", "To be undone"
    UNDONE = "UNDONE", "Undone"
