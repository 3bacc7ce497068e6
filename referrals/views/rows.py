"""Lines of the lists: requests and drafts as cells of a table that becomes cards on a phone."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from referrals.choices import SectionState, Status
from referrals.queries.drafts import task_list
from s2s_portal.core import calendar, spoken

Cell = str | dict[str, str]

REQUEST_COLUMNS = [
    {"label": label} for label in ("Reference", "School or setting", "Zone", "Status", "Sent", "Sent by")
]
MY_COLUMNS = REQUEST_COLUMNS[:-1]
"""Of a list of one's own requests; its rows are `my_rows`."""
WAITING_COLUMNS = [
    {"label": label} for label in ("Reference", "Number", "School or setting", "Zone", "On the list since", "Adviser")
]
MY_WAITING_COLUMNS = [{"label": label} for label in ("Reference", "School or setting", "Number", "On the list since")]
"""Of a list of one's own requests that wait; its rows are `my_waiting_rows`."""
DRAFT_COLUMNS = [
    {"label": label} for label in ("School or setting", "Zone", "Sections done", "Started", "Last changed")
]

COLOURS = {
    Status.SUBMITTED: "blue",
    Status.RETURNED: "orange",
    Status.ASSIGNED: "teal",
    Status.IN_CONTACT: "teal",
    Status.BOOKED: "purple",
    Status.SUPPORTING: "green",
    Status.WAITING: "yellow",
}
"""The colour of each status's tag; what has ended is grey."""


def status_tag(status: str) -> dict[str, str]:
    """The tag of a status: its words and its colour."""
    return {"text": Status(status).label, "colour": COLOURS.get(Status(status), "grey")}


def answer_rows(answers: Iterable[Any]) -> list[dict[str, str]]:
    """Answers as the rows of a summary list."""
    return [{"key": answer.title, "value": answer.text} for answer in answers]


def request_rows(requests: Iterable[Any]) -> list[list[Cell]]:
    """One line of cells for each request, as `REQUEST_COLUMNS`. No child's name is among them."""
    return [
        [
            {"text": one.reference, "url": _page_of(one), "nowrap": "yes"},
            {"text": one.establishment.display_name, "hint": one.get_stream_display().capitalize()},
            one.zone.name,
            status_tag(one.status),
            _sent(one),
            one.submitted_by.full_name,
        ]
        for one in requests
    ]


def _sent(one: Any) -> Cell:
    """When it was sent; for one that joined the waiting list, when it did."""
    moment = spoken.moment(one.submitted_at)
    return moment if one.turn is None else {"text": moment, "hint": "joined the waiting list"}


def waiting_rows(requests: Iterable[Any]) -> list[list[Cell]]:
    """One line of cells for each request of `queries.waiting.listed`, as `WAITING_COLUMNS`. No child is named."""
    return [
        [
            {"text": one.reference, "url": _page_of(one), "nowrap": "yes"},
            str(one.ahead + 1),
            one.establishment.display_name,
            one.zone.name,
            spoken.moment(one.submitted_at),
            one.submitted_by.full_name,
        ]
        for one in requests
    ]


def my_waiting_rows(requests: Iterable[Any]) -> list[list[Cell]]:
    """One line of cells for each request of `queries.waiting.mine`, as `MY_WAITING_COLUMNS`."""
    return [
        [
            {"text": one.reference, "url": _page_of(one), "nowrap": "yes"},
            {"text": one.establishment.display_name, "hint": one.get_stream_display().capitalize()},
            f"{one.ahead + 1} of {one.of}",
            spoken.moment(one.submitted_at),
        ]
        for one in requests
    ]


def my_rows(requests: Iterable[Any]) -> list[list[Cell]]:
    """One line of cells for each of one's own requests, as `MY_COLUMNS`: who sent them needs no saying."""
    return [row[:-1] for row in request_rows(requests)]


def _page_of(one: Any) -> str:
    return reverse("referrals:referral_detail", args=[one.reference])


def draft_rows(
    drafts: Iterable[Any], *, user: Any, today: date, deleted: Mapping[int, date] = MappingProxyType({})
) -> list[list[Cell]]:
    """One line of cells for each draft of `queries.drafts.listed`, as `DRAFT_COLUMNS`.

    `deleted` is when drafts that can no longer be sent will be deleted, by id.
    """
    return [_draft_row(one, task_list(one, user=user, today=today), today, deleted.get(one.pk)) for one in drafts]


def _draft_row(draft: Any, lines: list[Any], today: date, deleted_on: date | None) -> list[Cell]:
    done = sum(line.state == SectionState.DONE for line in lines)
    started = spoken.ago(calendar.london_date(draft.started_at), today)
    zone = draft.establishment.zone
    return [
        {
            "text": draft.establishment.display_name,
            "url": reverse("referrals:draft_detail", args=[draft.key]),
            "hint": draft.get_stream_display().capitalize(),
        },
        zone.name if zone else "No zone",
        f"{done} of {len(lines)}",
        {"text": started.capitalize(), "hint": f"by {draft.started_by.full_name}"},
        {
            "text": spoken.ago(calendar.london_date(draft.changed_at), today).capitalize(),
            "hint": f"Will be deleted on {spoken.day(deleted_on)}" if deleted_on else "",
        },
    ]
