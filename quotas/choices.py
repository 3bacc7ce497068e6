"""Words of the quotas app that are stored or shown."""

from django.db.models import TextChoices

FILL_PLACES = "fill_places"
"""The job that gives free places to requests that wait, for a quota's id as its subject; a higher storey does it."""


CUT_OFF_MOVED = "cut_off_moved"
"""The job that brings back requests that no place came free for, for a period's id as its subject, once its cut-off
lies later; a higher storey does it."""


CONTRACT_EXTENDED = "contract_extended"
"""The job that tells people of requests with a planned visit that their contract was extended, for the id of the change
of dates as its subject; a higher storey does it."""


class Unit(TextChoices):
    """What a contract is asked for."""

    REQUESTS = "REQUESTS", "requests for a child or group, and cohorts"
    COHORTS = "COHORTS", "cohorts only"


class Referrers(TextChoices):
    """Who files under a contract."""

    ADVISERS = "ADVISERS", "Early Years Advisers and SEND Advisers"
    SEND_ADVISERS = "SEND_ADVISERS", "SEND Advisers only"


class EntryKind(TextChoices):
    """What a line of the ledger did to the places (DESIGN §6)."""

    GRANTED = "GRANTED", "Places bought"
    ADJUSTED = "ADJUSTED", "Adjusted"
    DRAWN = "DRAWN", "Used by a request"
    RELEASED = "RELEASED", "Given back"
    CARRIED = "CARRIED", "Carried over"


SIZE_KINDS = (EntryKind.GRANTED, EntryKind.ADJUSTED)
"""Lines that say how many places are bought, whatever becomes of them."""


class Intake(TextChoices):
    """Whether a period takes requests on a day (R3)."""

    NOT_YET = "NOT_YET", "not open yet"
    OPEN = "OPEN", "open"
    CLOSED = "CLOSED", "closed"


class FeeBasis(TextChoices):
    """How a request was paid for (R13)."""

    TRADED_HOURS = "TRADED_HOURS", "paid from traded hours"
    PER_REQUEST = "PER_REQUEST", "a fee for each request"
    FUNDED = "FUNDED", "fully funded"
