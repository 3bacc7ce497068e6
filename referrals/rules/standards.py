"""How soon S2S means to act, how many visits a request may have and how fast people drive, unless settings say else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standards:
    """R10's settings. Term-time weeks for schools, calendar weeks for early years; what is said of each is its default.

    `usual_visits` is the soft cap: more need a reason. `most_visits` is the hard one: more are refused. Roads are
    `road_percent` of the straight line.
    """

    contact_working_days: int = 5
    observation_weeks: int = 4
    record_working_days: int = 10
    review_weeks: int = 6
    usual_visits: int = 3
    most_visits: int = 6
    road_percent: int = 130
    km_per_hour: int = 45


DEFAULTS = Standards()
CONTACT_WORKING_DAYS = DEFAULTS.contact_working_days
"""R10: "S2S reaches the setting within 5 working days of the place being drawn"."""
