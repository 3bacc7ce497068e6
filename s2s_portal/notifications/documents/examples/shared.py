"""Invented facts that several examples share."""

from typing import Any

WHOM_TO_ASK = "Ask the S2S co-ordinator, s2s@saltmarsh.invalid."
SENT: dict[str, Any] = {
    "reference": "EY-7K4M-2Q",
    "establishment": "Puddle Lane Pre-school & Nursery",
    "stream_label": "early years",
}
ADVISER = {"adviser_name": "Rowan Marsh", "adviser_email": "rowan.marsh@council.invalid"}
NUMBERS = {"places_left": 5, "places_granted": 50, "whom_to_ask": WHOM_TO_ASK}
JOINED = {"joined_at": "2024-11-26T09:30:00+00:00"}
CUT_OFF, DEADLINE = "2024-12-13", "2024-12-20"
REQUEST_PAGE = "/requests/EY-7K4M-2Q/"
TEACHERS = [
    {"name": "Teal Hickling", "email": "teal.hickling@saltmarsh.invalid"},
    {"name": "Merle Ludham; Ms", "email": "merle.ludham@saltmarsh.invalid"},
]
VISIT: dict[str, Any] = SENT | {
    "uid": "visit-41@portal.invalid",
    "sequence": 0,
    "stamped_at": "2024-11-27T11:00:00+00:00",
    "starts_at": "2024-12-03T09:30:00+00:00",
    "ends_at": "2024-12-03T11:00:00+00:00",
    "kind_label": "Observation",
    "remote": False,
    "location": "Puddle Lane, Reepness NR1 2DH",
    "teachers": TEACHERS,
    "organiser_name": "S2S co-ordinator",
    "organiser_email": "s2s@saltmarsh.invalid",
    "contact_name": "Wren Okafor-Ludham",
    "contact_email": "office@puddle.invalid",
    "address": REQUEST_PAGE,
}
MOVE, MOVE_PAGE = "Move 5 places from early years to mainstream", "/quotas/moves/5f0c1b1e-7d3a-4c57-9f55-0d8c5a6e2b11/"
