"""Examples of messages about requests sent, refused or withdrawn."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import ADVISER, NUMBERS, SENT, WHOM_TO_ASK

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
    | {"withdrawn_at": "2024-11-27T16:05:00+00:00", "withdrawn_by": "Rowan Marsh"}
    | {"place_returned": True, "carried": False},
    Kind.REQUEST_WITHDRAWN_CONTACT: SENT | ADVISER | {"withdrawn_at": "2024-11-27T16:05:00+00:00"},
    Kind.COHORT_SENT: {
        "cohort_reference": "CO-5T8W-2K",
        "sent_at": "2024-11-26T09:30:00+00:00",
        "sent": [
            {"reference": "MS-2A3B-4C", "establishment": "Staithe Primary School"},
            {"reference": "MS-5D6E-7F", "establishment": "Puddle Lane Pre-school & Nursery"},
        ],
        "waiting": [
            {"reference": "MS-8G9H-2J", "establishment": "Wherry Lane Academy"},
            {"reference": "MS-3K4M-5N", "establishment": "Alderfen High School"},
        ],
        "contact_working_days": 5,
    }
    | NUMBERS,
}
