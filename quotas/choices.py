"""Words of the quotas app that are stored or shown."""

from django.db.models import TextChoices

FILL_PLACES = "fill_places"
"""The job that gives free places to requests that wait, for a quota's id as its subject; a higher storey does it."""


class EntryKind(TextChoices):
    """What a line of the ledger did to the places (DESIGN §6)."""

    GRANTED = "GRANTED", "Places bought"
    ADJUSTED = "ADJUSTED", "Adjusted"
    DRAWN = "DRAWN", "Used by a request"
    RELEASED = "RELEASED", "Given back"


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
