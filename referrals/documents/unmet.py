"""Demand that was not met, in a plain sentence."""

from collections.abc import Mapping

from referrals.choices import RefusalRule

WHY = {
    RefusalRule.FULL: "all places were used",
    RefusalRule.OTHERS_WAITING: "others waited for the places that were free",
    RefusalRule.CUT_OFF: "requests had closed",
    RefusalRule.OTHER_REFERRERS: "only SEND Advisers file under the contract",
}
"""Why a request was refused, of the refusals that leave a need without support; in the order in which they are told."""
LAPSED = "waited until the last day on which places were given, and no place came free"


def unmet_sentence(*, stream_label: str, refused: Mapping[str, int], waiting: int, lapsed: int) -> str:
    """The sums of a period, and what each means. Counts of requests, those refused by the rule that refused them first.

    `stream_label` is "" for both streams.
    """
    of_refused = sum(refused.values())
    total = of_refused + waiting + lapsed
    request = f"{stream_label} request".strip()
    if not total:
        return f"No {request} of this period is without a place."
    parts = (
        (of_refused, "was refused and has not been sent since", "were refused and have not been sent since"),
        (waiting, "waits for a place now", "wait for a place now"),
        (lapsed, LAPSED, LAPSED),
    )
    told = [f"{count:,} {one if count == 1 else more}" for count, one, more in parts if count]
    if of_refused:
        told[0] += f" ({_why(refused)})"
    return f"{total:,} {request}{' is' if total == 1 else 's are'} without a place: {'; '.join(told)}."


def _why(refused: Mapping[str, int]) -> str:
    """Why, with a count for each reason if there are several."""
    some = [(refused[rule], words) for rule, words in WHY.items() if refused.get(rule)]
    return ", ".join(f"{count:,} because {words}" if len(some) > 1 else words for count, words in some)
