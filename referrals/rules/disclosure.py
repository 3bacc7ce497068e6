"""What small counts of children's needs may be shown to people without access to the cases (R16). Pure."""

from collections.abc import Sequence
from enum import StrEnum

FEWEST_SHOWN = 6
"""R16: "Counts of *children or needs* below 6 are suppressed for anyone without access to the cases"."""


class Hidden(StrEnum):
    """What stands in a table instead of a count."""

    FEWER = f"fewer than {FEWEST_SHOWN}"
    NOT_SHOWN = "not shown"


Shown = int | Hidden
"""A count, or what is said instead of it."""


def suppressed(counts: Sequence[int]) -> list[Shown]:
    """One column of counts (two or more, none negative) as shown below its sum, which everybody may know (R16).

    What is below 6 becomes `FEWER`. From the sum and what is still shown somebody could work out a number that is
    hidden; so the smallest others are `NOT_SHOWN` as long as that is so. Where not even this helps, no number of the
    column is shown. A column whose sum is 0 stays as it is: the sum has said all there is.
    """
    if not sum(counts):
        return list(counts)
    few = [count for count in counts if count < FEWEST_SHOWN]
    others = sorted((count, place) for place, count in enumerate(counts) if count >= FEWEST_SHOWN)
    kept = 0
    while few and _worked_out(few, [count for count, _ in others], kept):
        if kept == len(others):
            return [Hidden.NOT_SHOWN for _ in counts]
        kept += 1
    not_shown = {place for _, place in others[:kept]}
    return [_shown(count, place in not_shown) for place, count in enumerate(counts)]


def _shown(count: int, is_held_back: bool) -> Shown:
    if count < FEWEST_SHOWN:
        return Hidden.FEWER
    return Hidden.NOT_SHOWN if is_held_back else count


def _worked_out(few: Sequence[int], others: Sequence[int], kept: int) -> bool:
    """Whether one of the hidden counts follows from their sum: each of `few`, and the first `kept` of `others`.

    A reader knows that each of `few` is 0 to 5, and each that is held back 6 or more and no more than the smallest that
    is shown. So each lies between two ends: one of them follows if no other can give way, or if all are at their ends.
    """
    room = sum(few) + sum(others[:kept]) - FEWEST_SHOWN * kept
    if kept and kept == len(others):  # none is shown that would be an end
        return room == 0
    give = others[kept] - FEWEST_SHOWN if kept else 0
    can_give_way = len(few) + (kept if give else 0)
    return can_give_way == 1 or room in (0, (FEWEST_SHOWN - 1) * len(few) + give * kept)


def combined(parts: Sequence[Shown]) -> Shown:
    """The sum of counts as they are shown, which so says nothing that the parts do not say: hidden if one of them is.

    Beside zeros alone, the sum is what is said of the one part that is hidden.
    """
    hidden = [part for part in parts if isinstance(part, Hidden)]
    known = sum(part for part in parts if not isinstance(part, Hidden))
    if not hidden:
        return known
    return hidden[0] if len(hidden) == 1 and not known else Hidden.NOT_SHOWN
