"""Examples of messages that ask a school or setting for an answer."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import SENT

TEACHER = {"teacher_name": "Teal Hickling", "teacher_email": "teal.hickling@saltmarsh.invalid"}
CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.RECORD_READY_CONTACT: SENT | TEACHER | {"record": "EY-7K4M-2Q/1", "visit_on": "2024-12-03", "link_id": 41},
    Kind.TIMES_OFFERED_CONTACT: SENT
    | TEACHER
    | {
        "kind_label": "Observation",
        "remote": False,
        "times": ["Tuesday 3 December 2024, 09:30 to 11:00", "Thursday 5 December 2024, 13:00 to 14:30"],
        "link_id": 42,
    },
}
