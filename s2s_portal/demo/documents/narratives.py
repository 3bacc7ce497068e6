"""What an adviser writes about a need: the shape, and how a child's name and pronoun come into it.

In a text `{n}` is the first name, `{he}`, `{him}`, `{his}` (and `{He}`, `{His}`) the pronouns.
"""

from dataclasses import dataclass

from referrals.choices import SupportKind, YearGroup

PRONOUNS = {
    "he": {"he": "he", "him": "him", "his": "his", "He": "He", "His": "His"},
    "she": {"he": "she", "him": "her", "his": "her", "He": "She", "His": "Her"},
}


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """One kind of need as it is met in practice; of each tuple, one member is chosen for a request.

    `tried` pairs what was tried with what came of it. `need` and `second` are DfE codes, `indes` the number of the
    INDES section. `years` are the year groups in which it is told; none of the texts names a diagnosis that a child
    of that age would not have.
    """

    need: str
    years: tuple[YearGroup, ...]
    described: tuple[str, ...]
    tried: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    support: tuple[SupportKind, ...]
    second: str = ""
    indes: int = 5
    what_they_share: str = ""
    """Of a group: what its children have in common. No name is given then."""
    sizes: tuple[int, ...] = ()
    """Of a group: how many children it may have."""


def told(text: str, first_name: str, pronoun: str) -> str:
    """`text` about a child of that name; `pronoun` is "he" or "she"."""
    return text.format(n=first_name, **PRONOUNS[pronoun])
