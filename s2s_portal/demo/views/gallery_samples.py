"""What the component gallery shows: invented, and with the longest words we could think of."""

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator

from referrals.choices import EventKind, Section, SectionState, Status
from referrals.documents import places_sentence
from referrals.views.drafts import COLOURS as SECTION_COLOURS
from referrals.views.rows import MY_COLUMNS, status_tag
from s2s_portal.demo.forms import LONG_NAME, GalleryForm
from s2s_portal.demo.views.chart_samples import answers, charts
from s2s_portal.organisations.choices import Stream

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
TAGS = [status_tag(status) for status in Status]
"""Every status as the lists show it."""
REFERENCE = "EY-7K4M-2Q"
PLACE_USED = places_sentence(stream_label=Stream.EARLY_YEARS.label, left=5, bought=50, used_one=True)
SUMMARY = [
    {"key": "School or setting", "value": LONG_NAME, "url": "#change"},
    {"key": "Spoke to", "value": "Ms Rowan Thirkettle-Beauchamp\nDeputy manager", "url": "#change"},
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
    *(
        {
            "title": section.label,
            "status": state.label,
            "colour": SECTION_COLOURS.get(state, ""),
            "url": "#task",
            "hint": hint,
        }
        for section, state, hint in (
            (Section.SETTING, SectionState.DONE, ""),
            (Section.CHILD, SectionState.IN_PROGRESS, ""),
            (Section.NEEDS, SectionState.NEEDS_ATTENTION, "This type of need cannot be used today: choose another"),
            (Section.CONTACT, SectionState.NOT_STARTED, "Filled in with the contact we know: please check"),
        )
    ),
    {"title": "A section without a link", "status": "Cannot start yet"},
]
COLUMNS = [*MY_COLUMNS, {"label": "Places", "numeric": True}]
ROWS = [
    [
        {"text": reference, "url": "#row", "nowrap": "yes"},
        {"text": name, "hint": stream},
        zone,
        status_tag(status),
        sent,
        places,
    ]
    for reference, name, stream, zone, status, sent, places in (
        (REFERENCE, LONG_NAME, "Early years", "Zone 1", Status.SUBMITTED, "26 November 2024, 09:30", 3),
        ("MS-9Q2C-8R", "Marram Primary", "Mainstream", "Zone 2", Status.WITHDRAWN, "1 October 2024, 16:05", ""),
    )
]
LINKS = [
    {"label": "My requests", "url": "#sub", "current": True},
    {"label": "My zones", "url": "#sub"},
    {"label": "Drafts", "url": "#sub"},
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
        "links": LINKS,
        "reference": REFERENCE,
        "pages": Paginator(range(200), 10).page(6),
        "first_page": Paginator(range(20), 10).page(1),
        "events": [
            {
                "title": EventKind.WITHDRAWN.label,
                "at": at,
                "by": "Rowan Thirkettle",
                "text": "First line\nSecond line <b>as typed</b>",
            },
            {"title": EventKind.SUBMITTED.label, "at": at - timedelta(days=1), "by": LONG_NAME, "text": PLACE_USED},
        ],
        "answers": answers(),
        "charts": charts(),
        "now": at,
        "until": at + timedelta(days=17, hours=14, minutes=29),
        "passed": at - timedelta(minutes=1),
        "long_name": LONG_NAME,
    }
