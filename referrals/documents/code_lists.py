"""A code of a list in words, as histories keep it."""

from referrals.models import IndesSection, NeedType
from s2s_portal.core import spoken


def in_words(code: NeedType | IndesSection) -> str:
    """The code with the days on which it may be used: "Hearing impairment (HI), from 1 September 2014"."""
    return f"{name_of(code)}, {days_of(code)}"


def name_of(code: NeedType | IndesSection) -> str:
    """The code with its label: "Hearing impairment (HI)", "4. Speech and language (2026, levels 1 to 7)"."""
    if isinstance(code, NeedType):
        return str(code)
    return f"{code.number}. {code.title} ({code.version}, levels 1 to {code.top_level})"


def days_of(code: NeedType | IndesSection) -> str:
    """The days on which it may be used, the last included: "from 1 September 2014 to 31 August 2026"."""
    ends = f" to {spoken.day(code.valid_to)}" if code.valid_to else ""
    return f"from {spoken.day(code.valid_from)}{ends}"


def label_of(code: NeedType | IndesSection) -> str:
    """What it is called, without its code or number."""
    return code.label if isinstance(code, NeedType) else code.title
