"""Examples of messages about a contract's end."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import SENT

CONTRACT = "School to School support 2024 to 2025"

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.CUT_OFF_MOVED: {
        "stream_label": "early years",
        "cut_off_on": "2025-01-31",
        "refused": 2,
        "address": "/drafts/",
    },
    Kind.CONTRACT_END_QUESTION: SENT
    | {
        "contract": CONTRACT,
        "run_off_ends_on": "2025-03-31",
        "why": "The new contract takes cohorts only, and this request is not part of one.",
        "address": "/requests/EY-7K4M-2Q/contract-end/",
    },
    Kind.CONTRACT_END_ACCOUNT: {
        "contract": CONTRACT,
        "what": "is done",
        "account": "12 open before = 5 finishing + 6 moved + 1 closed. Difference 0.",
        "address": "/contract-ends/2b0f7a52-9a2f-4a43-9d5e-6e6f3b1f7a10/",
    },
}
