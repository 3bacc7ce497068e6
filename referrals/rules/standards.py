"""How soon S2S means to act, how many visits a request may have and how fast people drive, unless settings say else."""

from dataclasses import dataclass

from referrals.rules.answers import Problem


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


LIMITS: dict[str, tuple[int, int]] = {
    "contact_working_days": (1, 60),
    "observation_weeks": (1, 39),
    "record_working_days": (1, 60),
    "review_weeks": (1, 39),
    "usual_visits": (1, 50),
    "most_visits": (1, 50),
    "road_percent": (100, 300),
    "km_per_hour": (10, 110),
}
"""The least and the most of each setting, both included: beyond them somebody has slipped on the keyboard."""


def problems(standards: Standards) -> list[Problem]:
    """What keeps these settings from coming into force, by column."""
    found = [
        Problem(name, f"This must be between {least} and {most}")
        for name, (least, most) in LIMITS.items()
        if not least <= getattr(standards, name) <= most
    ]
    if standards.usual_visits > standards.most_visits:
        sentence = "The most visits a request may have must be as many as the usual ones, or more"
        found.append(Problem("most_visits", sentence))
    return found


DEFAULTS = Standards()
