"""Examples of reminders."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import REQUEST_PAGE, SENT, TEACHERS

ABOUT: dict[str, Any] = SENT | {"address": REQUEST_PAGE}
TEACHER = {"teacher_name": "Teal Hickling", "teacher_email": "teal.hickling@saltmarsh.invalid"}

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.REMIND_DRAFT_UNSENT: {
        "establishment": SENT["establishment"],
        "stream_label": "early years",
        "cut_off_on": "2024-12-13",
        "working_days": 5,
        "address": "/drafts/",
    },
    Kind.REMIND_NOT_ASSIGNED: ABOUT | {"placed_on": "2024-11-26"},
    Kind.REMIND_FIRST_CONTACT: ABOUT
    | {"due_on": "2024-12-03", "stage": "soon", "teacher_name": TEACHER["teacher_name"]},
    Kind.REMIND_INFORMATION: ABOUT | {"asked_on": "2024-11-28", "may_decline": False, "to_adviser": True},
    Kind.REMIND_NOT_OFFERED: ABOUT | {"contact_on": "2024-11-29", "teacher_name": TEACHER["teacher_name"]},
    Kind.REMIND_NOT_CHOSEN: SENT | TEACHER | {"address": "", "offered_on": "2024-12-02", "link_id": 44},
    Kind.REMIND_VISIT_AHEAD: ABOUT
    | {
        "starts_at": "2024-12-10T09:30:00+00:00",
        "ends_at": "2024-12-10T11:00:00+00:00",
        "kind_label": "Observation",
        "remote": False,
        "location": "Puddle Lane, Reepness NR1 2DH",
        "teachers": TEACHERS,
    },
    Kind.REMIND_OUTCOME_MISSING: ABOUT | {"starts_at": "2024-12-10T09:30:00+00:00", "kind_label": "Observation"},
    Kind.REMIND_RECORD_OVERDUE: ABOUT
    | {
        "held_on": "2024-12-10",
        "due_on": "2024-12-24",
        "stage": "soon",
        "teacher_name": TEACHER["teacher_name"],
    },
    Kind.REMIND_REVIEW_DUE: ABOUT | {"held_on": "2024-12-10", "due_on": "2025-01-21"},
    Kind.REMIND_NOT_CONFIRMED: SENT | TEACHER | {"address": "", "finalised_on": "2024-12-18", "link_id": 43},
    Kind.REMIND_CONTRACT_END: {
        "contract": "School to School Support 2024",
        "ends_on": "2025-03-31",
        "working_days": 20,
        "requests": 2,
        "references": ["EY-7K4M-2Q", "MS-3R8T-5W"],
        "more": 0,
        "address": "/caseload/",
    },
    Kind.REMIND_WEEKLY_DIGEST: {
        "day_on": "2024-12-02",
        "lines": ["3 requests have no teacher yet.", "1 record of visit is overdue."],
        "address": "/home/",
        "choice_address": "/messages/choice/",
    },
}
