"""One example of every message: what the actions that queue it put into its context."""

from typing import Any

from s2s_portal.notifications.choices import Kind

WHOM_TO_ASK = "Ask the S2S co-ordinator, s2s@saltmarsh.invalid."
SENT: dict[str, Any] = {
    "reference": "EY-7K4M-2Q",
    "establishment": "Puddle Lane Pre-school & Nursery",
    "stream_label": "early years",
}
ADVISER = {"adviser_name": "Rowan Marsh", "adviser_email": "rowan.marsh@council.invalid"}
NUMBERS = {"places_left": 5, "places_granted": 50, "whom_to_ask": WHOM_TO_ASK}
JOINED = {"joined_at": "2024-11-26T09:30:00+00:00"}
CUT_OFF, DEADLINE = "2024-12-13", "2024-12-20"
REQUEST_PAGE = "/requests/EY-7K4M-2Q/"
TEACHERS = [
    {"name": "Teal Hickling", "email": "teal.hickling@saltmarsh.invalid"},
    {"name": "Merle Ludham; Ms", "email": "merle.ludham@saltmarsh.invalid"},
]
VISIT: dict[str, Any] = SENT | {
    "uid": "visit-41@portal.invalid",
    "sequence": 0,
    "stamped_at": "2024-11-27T11:00:00+00:00",
    "starts_at": "2024-12-03T09:30:00+00:00",
    "ends_at": "2024-12-03T11:00:00+00:00",
    "kind_label": "Observation",
    "remote": False,
    "location": "Puddle Lane, Reepness NR1 2DH",
    "teachers": TEACHERS,
    "organiser_name": "S2S co-ordinator",
    "organiser_email": "s2s@saltmarsh.invalid",
    "contact_name": "Wren Okafor-Ludham",
    "contact_email": "office@puddle.invalid",
    "address": REQUEST_PAGE,
}
MOVE, MOVE_PAGE = "Move 5 places from early years to mainstream", "/quotas/moves/5f0c1b1e-7d3a-4c57-9f55-0d8c5a6e2b11/"

CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.REQUEST_SENT_ADVISER: SENT | NUMBERS | {"sent_at": "2024-11-26T09:30:00+00:00", "contact_working_days": 5},
    Kind.REQUEST_SENT_CONTACT: SENT | ADVISER | {"sent_at": "2024-11-26T09:30:00+00:00", "contact_working_days": 5},
    Kind.REQUEST_REFUSED: {
        "refusal_reference": "RF-3C4D-9H",
        "establishment": "Puddle Lane Pre-school & Nursery",
        "stream_label": "early years",
        "decided_at": "2024-12-14T00:00:01+00:00",
        "rule": "Requests closed at the end of Friday 13 December 2024.",
        "count": "50 − 46 + 2 = 6 left",
        "next_date": "Places are given until Friday 20 December 2024.",
        "whom_to_ask": WHOM_TO_ASK,
    },
    Kind.REQUEST_WITHDRAWN_ADVISER: SENT
    | NUMBERS
    | {"withdrawn_at": "2024-11-27T16:05:00+00:00", "withdrawn_by": "Rowan Marsh", "place_returned": True},
    Kind.REQUEST_WITHDRAWN_CONTACT: SENT | ADVISER | {"withdrawn_at": "2024-11-27T16:05:00+00:00"},
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
    Kind.COHORT_SENT: {
        "cohort_reference": "CO-5T8W-2K",
        "sent_at": "2024-11-26T09:30:00+00:00",
        "sent": [
            {"reference": "MS-2A3B-4C", "establishment": "Staithe Primary School"},
            {"reference": "MS-5D6E-7F", "establishment": "Puddle Lane Pre-school & Nursery"},
        ],
        "waiting": [
            {"reference": "MS-8G9H-2J", "establishment": "Wherry Lane Academy"},
            {"reference": "MS-3K4M-5N", "establishment": "Alderfen High School"},
        ],
        "contact_working_days": 5,
    }
    | NUMBERS,
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
