"""Examples of messages about quotas and changes."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import CUT_OFF, MOVE, MOVE_PAGE

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.QUOTA_THRESHOLD: {
        "stream_label": "early years",
        "threshold": 80,
        "places_used": 40,
        "places_granted": 50,
        "places_left": 10,
        "cut_off_on": CUT_OFF,
    },
    Kind.CHANGE_PROPOSED: {"summary": MOVE, "proposed_by": "Merle Ketteringham", "address": MOVE_PAGE},
    Kind.CHANGE_DECIDED: {
        "summary": MOVE,
        "approved": True,
        "decided_by": "Alban Reymerston",
        "address": MOVE_PAGE,
    },
}
