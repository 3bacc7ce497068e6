"""Examples of messages about planned visits."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import VISIT

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.VISIT_BOOKED: VISIT,
    Kind.VISIT_MOVED: VISIT
    | {
        "sequence": 1,
        "was_starts_at": "2024-12-03T09:30:00+00:00",
        "starts_at": "2025-04-01T08:30:00+00:00",
        "ends_at": "2025-04-01T10:00:00+00:00",
    },
    Kind.VISIT_CANCELLED: VISIT | {"sequence": 2},
}
