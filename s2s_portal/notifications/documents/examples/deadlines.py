"""Examples of messages about deadlines, drafts that nobody finished, and the nightly reconciliation."""

from typing import Any

from s2s_portal.notifications.choices import Kind

PERIOD = {"stream_label": "early years", "period": "Autumn 2024 and spring 2025"}

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.CUT_OFF_PASSED: PERIOD
    | {
        "cut_off_on": "2024-12-13",
        "sent": 52,
        "given_back": 2,
        "waiting": 4,
        "drafts": 3,
        "own_drafts": 1,
        "places_left": 0,
        "places_granted": 50,
        "allocation_deadline_on": "2024-12-20",
        "address": "/drafts/",
    },
    Kind.ALLOCATION_ENDED: PERIOD
    | {
        "allocation_deadline_on": "2024-12-20",
        "given": 2,
        "by_hand": 1,
        "lapses": 3,
        "places_left": 0,
        "places_granted": 50,
        "address": "/dashboards/unmet/",
    },
    Kind.DRAFT_PURGE_NEAR: {
        "establishment": "Puddle Lane Pre-school & Nursery",
        "stream_label": "early years",
        "started_at": "2024-11-20T10:00:00+00:00",
        "changed_at": "2024-11-26T09:30:00+00:00",
        "deleted_on": "2025-01-10",
        "address": "/drafts/5d0c1d3e-6a5d-4f3c-9d3b-0f1f4f8a7e11/",
    },
    Kind.LEDGER_DIFFERS: {
        "checked_at": "2024-11-27T03:00:00+00:00",
        "differences": 2,
        "address": "/reconciliation/",
    },
}
