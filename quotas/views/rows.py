"""Moves and what they do, as tables."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from quotas.queries import Move, Standing
from quotas.registry import foreseen
from quotas.rules import Balance
from s2s_portal.core import spoken
from s2s_portal.organisations.choices import ChangeOutcome

WAITING_COLUMNS = (
    {"label": "What"},
    {"label": "Why"},
    {"label": "Proposed"},
)
DECIDED_COLUMNS = (*WAITING_COLUMNS, {"label": "Decided"})
EFFECT_COLUMNS = (
    {"label": "Stream"},
    {"label": "Now"},
    {"label": "Change", "numeric": True},
    {"label": "Afterwards"},
)
DONE_COLUMNS = (
    {"label": "Stream"},
    {"label": "Left before", "numeric": True},
    {"label": "Change", "numeric": True},
    {"label": "Left after", "numeric": True},
)
COLOUR_OF_OUTCOME = {
    ChangeOutcome.WAITING: "yellow",
    ChangeOutcome.APPROVED: "green",
    ChangeOutcome.REFUSED: "red",
    ChangeOutcome.CANCELLED: "grey",
}


def counted(number: int) -> str:
    """A number of places with a true minus where it is below zero."""
    return str(number).replace("-", "−")


def outcome_tag(move: Move) -> dict[str, str]:
    """The state of a move as a tag: text and colour."""
    outcome = ChangeOutcome(move.change.outcome)
    return {"text": outcome.label, "colour": COLOUR_OF_OUTCOME[outcome]}


def waiting_row(move: Move) -> list[Any]:
    """A move as the cells of `WAITING_COLUMNS`."""
    address = reverse("quotas:move_detail", args=[move.change.key])
    return [
        {"text": move.facts.summary, "hint": move.facts.period, "url": address},
        move.change.reason,
        {"text": spoken.moment(move.change.proposed_at), "hint": str(move.change.proposed_by)},
    ]


def decided_row(move: Move) -> list[Any]:
    """A move as the cells of `DECIDED_COLUMNS`."""
    return [*waiting_row(move), outcome_tag(move) | {"hint": str(move.change.decided_by or "")}]


def effect_row(stream_label: str, before: Balance, places: int) -> list[Any]:
    """What `places` (signed) would do to a stream's sum, as the cells of `EFFECT_COLUMNS`."""
    after = before.changed_by(places)
    return [stream_label.capitalize(), before.in_words, spoken.signed(places), after.in_words]


def foreseen_rows(standing: Standing, places: int, *, by: Any, at: datetime) -> list[Any]:
    """What `places` (signed) would come to elsewhere, as the cells of `EFFECT_COLUMNS`, below the stream's sum."""
    found = foreseen(standing.quota, places, by=by, at=at)
    stream = standing.quota.get_stream_display().capitalize()
    return [[{"text": one.label, "hint": stream}, one.now, "", one.afterwards] for one in found]


def done_row(stream_label: str, left: tuple[int, int]) -> list[Any]:
    """What a move did to the places left of a stream, as the cells of `DONE_COLUMNS`."""
    before, after = left
    return [stream_label.capitalize(), counted(before), spoken.signed(after - before), counted(after)]
