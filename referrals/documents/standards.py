"""R10's settings in words."""

from referrals.rules.standards import Standards

TITLES = {
    "contact_working_days": "Reach the school or setting",
    "observation_weeks": "Hold the first visit",
    "record_working_days": "Finalise the record of a visit",
    "review_weeks": "Review the support",
    "usual_visits": "Usual visits",
    "most_visits": "Most visits",
    "road_percent": "Length of a road",
    "km_per_hour": "Speed",
}
"""What each setting is called, in order."""
_SENTENCES = {
    "contact_working_days": "within {0} working {days} of the place being drawn",
    "observation_weeks": "within {0} {weeks} of first contact: of term for schools, calendar weeks for early years",
    "record_working_days": "within {0} working {days} of the visit",
    "review_weeks": "{0} {weeks} after the first visit: of term for schools, calendar weeks for early years",
    "usual_visits": "{0} a request; more need a reason",
    "most_visits": "{0} a request; more are refused",
    "road_percent": "{0} % of the straight line",
    "km_per_hour": "{0} km an hour",
}
_UNITS = {
    "contact_working_days": ("working day", "working days"),
    "observation_weeks": ("week", "weeks"),
    "record_working_days": ("working day", "working days"),
    "review_weeks": ("week", "weeks"),
    "usual_visits": ("visit", "visits"),
    "most_visits": ("visit", "visits"),
    "road_percent": ("% of the straight line", "% of the straight line"),
    "km_per_hour": ("km an hour", "km an hour"),
}


def in_words(standards: Standards) -> list[tuple[str, str]]:
    """Each setting: what it is called, and what it says."""
    return [(title, _sentence(name, getattr(standards, name))) for name, title in TITLES.items()]


def values_in_words(standards: Standards) -> dict[str, str]:
    """What each setting says, short, by column: "7 working days"."""
    return {name: _short(name, getattr(standards, name)) for name in TITLES}


def _short(name: str, number: int) -> str:
    one, many = _UNITS[name]
    return f"{number} {one if number == 1 else many}"


def _sentence(name: str, number: int) -> str:
    plural = "" if number == 1 else "s"
    return _SENTENCES[name].format(number, days=f"day{plural}", weeks=f"week{plural}")


def changes(standards: Standards, before: Standards) -> list[str]:
    """What a set of settings changed: "Most visits: 6, was 5"."""
    return [
        f"{title}: {getattr(standards, name)}, was {getattr(before, name)}"
        for name, title in TITLES.items()
        if getattr(standards, name) != getattr(before, name)
    ]
