"""What the figures of places count, in words."""

USED = (
    "Every number is a sum of lines of the ledger up to this moment. Used: places that requests drew, less those given "
    "back because the request ended before a visit was held. Places that were raised, lowered or moved between the "
    "streams change what is bought from that moment on."
)
PACE = (
    "Places used less places given back, for each working day (no weekend, bank holiday or closure): over the whole "
    "period so far, over its last 20 and over its last 10 working days. Today counts as one; days on which no place "
    "was free count in none. The last place goes at the earliest as if today had only begun, at the latest as if today "
    "were over; the range is from the first to the last of these days."
)
LEFT = (
    "Places left at the end of each day, from the lines of the ledger, up to today. After today, the range in which "
    "they lie if the pace stays between the slowest and the fastest of the windows above. Each week leads to the "
    "ledger as it stood at its end."
)
