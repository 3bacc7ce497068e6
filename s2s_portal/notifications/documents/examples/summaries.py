"""Examples of messages that sum others up."""

from typing import Any

from s2s_portal.notifications.choices import Kind

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.DIGEST: {
        "day_on": "2024-11-27",
        "messages": [
            {
                "subject": "Request EY-7K4M-2Q sent: Puddle Lane Pre-school & Nursery",
                "address": "/messages/4711/",
            },
            {
                "subject": "Request EY-5D6E-7F: more information needed",
                "address": "/messages/4712/",
            },
        ],
        "total": 2,
        "more": 0,
        "address": "/messages/",
        "choice_address": "/messages/choice/",
    },
}
