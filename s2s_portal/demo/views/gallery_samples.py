"""What the component gallery shows: invented, and with the longest words we could think of."""

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator

from s2s_portal.demo.forms import LONG_NAME, GalleryForm

REFUSED = {
    "refused-setting_name": "<script>alert('a name')</script> that is longer than forty characters, by far",
    "refused-email": "adviser at example",
    "refused-children": "several",
    "refused-fee": "12.345",
    "refused-tried": "Visual timetables. " * 20,
    "refused-stream": "FORGED",
    "refused-spoken_on_day": "31",
    "refused-spoken_on_month": "2",
}
ANSWERED = {
    "setting_name": "Little Terns Pre-school",
    "email": "adviser@example.org",
    "children": 3,
    "tried": "Visual timetables, for six weeks: transitions are calmer.",
    "zone": "2",
    "stream": "EARLY_YEARS",
    "agreed": "y",
    "support": ["OBSERVE", "TRAIN"],
    "understood": True,
    "school": LONG_NAME,
}
TAGS = [
    {"text": "Sent to S2S", "colour": "blue"},
    {"text": "More information needed", "colour": "yellow"},
    {"text": "With a teacher", "colour": "teal"},
    {"text": "S2S in touch", "colour": "teal"},
    {"text": "Visit booked", "colour": "purple"},
    {"text": "Support under way", "colour": "green"},
    {"text": "Waiting – no place yet", "colour": "orange"},
    {"text": "No place came free", "colour": "red"},
    {"text": "Not taken on", "colour": "red"},
    {"text": "Withdrawn", "colour": "grey"},
    {"text": "Closed", "colour": "grey"},
    {"text": "Moved to the contract of 2025", "colour": "magenta"},
]
SUMMARY = [
    {"key": "Setting", "value": LONG_NAME, "url": "#change"},
    {"key": "Spoken with", "value": "Ms Rowan Thirkettle-Beauchamp\nDeputy manager", "url": "#change"},
    {"key": "Number of children", "value": 0},
    {"key": "Telephone", "value": ""},
    {
        "key": "Agreement",
        "value": "Recorded",
        "actions": [
            {"url": "#change", "text": "Change", "hidden": "agreement"},
            {"url": "#remove", "text": "Withdraw", "hidden": "agreement"},
        ],
    },
]
TASKS = [
    {"title": "The setting", "status": "Done", "url": "#task"},
    {
        "title": "The conversation",
        "status": "In progress",
        "colour": "teal",
        "url": "#task",
        "hint": "About two minutes",
    },
    {"title": "Needs", "status": "Not started", "colour": "blue", "url": "#task"},
    {"title": "Support wanted", "status": "Needs attention", "colour": "red", "url": "#task"},
    {"title": "Check and send", "status": "Cannot start yet"},
]
COLUMNS = [
    {"label": "Reference"},
    {"label": "School or setting"},
    {"label": "Status"},
    {"label": "Waiting, days", "numeric": True},
]
ROWS = [
    [{"text": "EY-7K4M-2", "url": "#row", "nowrap": True}, LONG_NAME, {"text": "Sent to S2S", "colour": "blue"}, 3],
    [
        {"text": "MS-9Q2C-8", "url": "#row", "nowrap": True},
        "Marram Primary",
        {"text": "Visit booked", "colour": "purple"},
        0,
    ],
]
LINKS = [
    {"label": "My requests", "url": "#sub", "current": True, "count": 12},
    {"label": "Drafts", "url": "#sub", "count": 0},
    {"label": "My zones", "url": "#sub"},
]


def samples(at: datetime) -> dict[str, Any]:
    """The gallery's context as at the moment `at`."""
    return {
        "forms": [
            ("As it opens", GalleryForm(prefix="empty")),
            ("Answered", GalleryForm(prefix="answered", initial=ANSWERED)),
        ],
        "refused": GalleryForm(REFUSED, prefix="refused"),
        "tags": TAGS,
        "summary": SUMMARY,
        "tasks": TASKS,
        "columns": COLUMNS,
        "rows": ROWS,
        "foot": ["Together", "", "", 3],
        "links": LINKS,
        "trail": [
            {"text": "Requests", "url": "#trail"},
            {"text": "Marram Primary", "url": "#trail"},
            {"text": "EY-7K4M-2"},
        ],
        "pages": Paginator(range(200), 10).page(6),
        "first_page": Paginator(range(20), 10).page(1),
        "events": [
            {
                "title": "Sent to S2S",
                "at": at,
                "by": "Rowan Thirkettle",
                "text": "This used one early years place. 5 of 50 are left.",
            },
            {"title": "Draft started", "at": at - timedelta(days=1), "by": LONG_NAME},
            {
                "title": "Conversation recorded",
                "at": at - timedelta(days=2),
                "text": "First line\nSecond line <b>as typed</b>",
            },
        ],
        "now": at,
        "until": at + timedelta(days=17, hours=14, minutes=29),
        "passed": at - timedelta(minutes=1),
        "long_name": LONG_NAME,
    }
