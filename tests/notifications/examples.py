"""One example of every message: what the actions that queue it put into its context."""

from typing import Any

from s2s_portal.notifications.choices import Kind

WHOM_TO_ASK = "Ask the S2S co-ordinator, s2s@saltmarsh.invalid."
SENT: dict[str, Any] = {
    "reference": "EY-7K4M-2Q",
    "establishment": "Puddle Lane Pre-school & Nursery",
    "stream_label": "early years",
}
ADVISER = {"adviser_name": "Rowan Marsh", "adviser_email": "rowan.marsh@council.invalid"}
NUMBERS = {"places_left": 5, "places_granted": 50, "whom_to_ask": WHOM_TO_ASK}

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.REQUEST_SENT_ADVISER: SENT | NUMBERS | {"sent_at": "2024-11-26T09:30:00+00:00", "contact_working_days": 5},
    Kind.REQUEST_SENT_CONTACT: SENT | ADVISER | {"sent_at": "2024-11-26T09:30:00+00:00", "contact_working_days": 5},
    Kind.REQUEST_REFUSED: {
        "refusal_reference": "RF-3C4D-9H",
        "establishment": "Puddle Lane Pre-school & Nursery",
        "stream_label": "early years",
        "decided_at": "2024-12-14T00:00:01+00:00",
        "rule": "Requests closed at the end of Friday 13 December 2024.",
        "count": "50 − 46 + 2 = 6 left",
        "next_date": "Places are given until Friday 20 December 2024.",
        "whom_to_ask": WHOM_TO_ASK,
    },
    Kind.REQUEST_WITHDRAWN_ADVISER: SENT
    | NUMBERS
    | {"withdrawn_at": "2024-11-27T16:05:00+00:00", "withdrawn_by": "Rowan Marsh", "place_returned": True},
    Kind.REQUEST_WITHDRAWN_CONTACT: SENT | ADVISER | {"withdrawn_at": "2024-11-27T16:05:00+00:00"},
}
