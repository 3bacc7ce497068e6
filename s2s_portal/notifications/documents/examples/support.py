"""Examples of messages about a request on its way through S2S."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples.shared import ADVISER, REQUEST_PAGE, SENT, WHOM_TO_ASK

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.REQUEST_ASSIGNED_TEACHER: SENT
    | {
        "how": "assigned",
        "assigned_at": "2024-11-27T10:15:00+00:00",
        "assigned_by": "Merle Ketteringham",
        "address": REQUEST_PAGE,
        "contact_due": "3 December 2024",
    },
    Kind.REQUEST_WITH_TEACHER_CONTACT: SENT
    | {
        "assigned_at": "2024-11-27T10:15:00+00:00",
        "teacher_name": "Teal Hickling",
        "teacher_email": "teal.hickling@saltmarsh.invalid",
        "teacher_school": "Saltmarsh School",
    },
    Kind.REQUEST_STATUS_ADVISER: SENT
    | {
        "status_label": "With a teacher",
        "sentence": "Teal Hickling of Saltmarsh School contacts the setting by 3 December 2024.",
        "status_at": "2024-11-27T10:15:00+00:00",
        "address": REQUEST_PAGE,
        "whom_to_ask": WHOM_TO_ASK,
    },
    Kind.REQUEST_STATUS_CONTACT: SENT
    | ADVISER
    | {
        "status_label": "Not taken on",
        "sentence": "S2S will not visit because of this request.",
        "status_at": "2024-11-27T10:15:00+00:00",
    },
    Kind.REQUEST_STATUS_TEACHER: SENT
    | {
        "status_label": "Withdrawn",
        "sentence": "Its adviser has withdrawn it. Planned visits are cancelled; there is nothing more to do.",
        "status_at": "2024-11-27T10:15:00+00:00",
        "changed_by": "Merle Ketteringham",
        "address": REQUEST_PAGE,
    },
    Kind.INFORMATION_ASKED: SENT
    | {
        "asked_by": "Teal Hickling",
        "asked_at": "2024-11-28T14:20:00+00:00",
        "address": REQUEST_PAGE,
        "whom_to_ask": WHOM_TO_ASK,
    },
    Kind.INFORMATION_GIVEN: SENT
    | {"given_by": "Rowan Marsh", "given_at": "2024-11-29T08:05:00+00:00", "address": REQUEST_PAGE},
}
