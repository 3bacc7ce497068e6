"""What a correction changed, in words, for those who see the whole case: it may name a child."""

from typing import Any

from referrals.documents.answers import TITLE_OF

NOTHING = "nothing"


def changes_in_words(facts: dict[str, Any]) -> list[str]:
    """A line for each answer that an event changed: what it is called, what it said and what it says."""
    was, now = facts.get("was"), facts.get("now")
    if not isinstance(was, dict) or not isinstance(now, dict):  # `was` alone is a status or a teacher
        return []
    return [f"{TITLE_OF[name]}: was {_quoted(was[name])}, is now {_quoted(now[name])}." for name in now]


def _quoted(text: str) -> str:
    """An answer as it stands in a sentence; several lines become one."""
    return f"“{'; '.join(text.splitlines())}”" if text else NOTHING
