"""Examples of messages about accounts."""

from typing import Any

from s2s_portal.notifications.choices import Kind

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.PERSON_INVITED: {
        "is_new": True,
        "roles": ["SEND Adviser"],
        "sent_by": "Ada Ministrator",
        "sent_by_email": "ada.ministrator@council.invalid",
        "lasts_days": 7,
        "link_id": 2024,
    },
    Kind.ADDRESS_CHANGED: {
        "new_email": "rowan.marsh@council.invalid",
        "changed_by": "Ada Ministrator",
        "changed_by_email": "ada.ministrator@council.invalid",
        "address": "/home/",
    },
    Kind.WORK_LEFT: {
        "teacher": "Jo Reeve",
        "closed": True,
        "requests": 3,
        "visits": 1,
        "begun": 1,
        "address": "/hand-over/",
    },
}
