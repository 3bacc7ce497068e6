"""Examples of messages about the waiting list."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import (
    ADVISER,
    CUT_OFF,
    DEADLINE,
    JOINED,
    NUMBERS,
    SENT,
    WHOM_TO_ASK,
)

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.WAITING_JOINED_ADVISER: SENT
    | JOINED
    | {"ahead": 2, "cut_off_on": CUT_OFF, "allocation_deadline_on": DEADLINE, "whom_to_ask": WHOM_TO_ASK},
    Kind.WAITING_JOINED_CONTACT: SENT | ADVISER | JOINED,
    Kind.PLACE_GIVEN_ADVISER: SENT
    | NUMBERS
    | JOINED
    | {"given_at": "2024-12-02T11:20:00+00:00", "by_hand": False, "contact_working_days": 5},
    Kind.PLACE_FREE: {
        "stream_label": "early years",
        "freed_at": "2024-12-16T10:45:00+00:00",
        "places_left": 2,
        "waiting": 3,
        "allocation_deadline_on": DEADLINE,
        "address": "/waiting-list/",
    },
    Kind.WAITING_LAPSED_ADVISER: SENT
    | JOINED
    | {"allocation_deadline_on": DEADLINE, "successor": "Specialist Outreach", "whom_to_ask": WHOM_TO_ASK},
    Kind.WAITING_LAPSED_CONTACT: SENT | ADVISER | {"allocation_deadline_on": DEADLINE},
}
