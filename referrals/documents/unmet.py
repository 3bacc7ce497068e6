"""Demand that was not met, in a plain sentence."""

LAPSED = "waited until the last day on which places were given, and no place came free"


def unmet_sentence(*, stream_label: str, refused: int, waiting: int, lapsed: int) -> str:
    """The sums of a period, and what each means; `stream_label` is "" for both streams. Counts of requests."""
    total = refused + waiting + lapsed
    request = f"{stream_label} request".strip()
    if not total:
        return f"No {request} of this period is without a place."
    parts = (
        (refused, "was refused and has not been sent since", "were refused and have not been sent since"),
        (waiting, "waits for a place now", "wait for a place now"),
        (lapsed, LAPSED, LAPSED),
    )
    told = "; ".join(f"{count} {one if count == 1 else more}" for count, one, more in parts if count)
    return f"{total} {request}{' is' if total == 1 else 's are'} without a place: {told}."
