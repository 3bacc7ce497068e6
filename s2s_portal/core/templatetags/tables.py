"""Lines of tables, drawn in Python: a list has 150 cells that leave most of what a cell may say unsaid, and a template
searches so long for what is not there that it took longer than all else on the page.

A cell is text, or a dict with `text` and optional `url`, `colour` (shown as a tag), `hint` (a second line) and
`nowrap` (a reference is not broken). A column is a dict with `label` and optional `numeric`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

Cell = str | int | dict[str, Any]
Column = Mapping[str, Any]

STACKED_HEADER = (
    '<th scope="row" role="rowheader" class="govuk-table__header"><span class="app-stacked__value{}">{}{}</span></th>'
)
STACKED_CELL = (
    '<td role="cell" class="govuk-table__cell{}"><span class="app-stacked__label" aria-hidden="true">{}</span>'
    '<span class="app-stacked__value{}">{}{}</span></td>'
)
STACKED_HINT = '<span class="app-stacked__hint">{}</span>'
LINK = '<a href="{}" class="govuk-link">{}</a>'
TAG = '<strong class="govuk-tag govuk-tag--{}">{}</strong>'
BETWEEN = "\n      "


@register.simple_tag
def stacked_cells(cells: Iterable[Cell], columns: Sequence[Column]) -> SafeString:
    """A line whose cells stand under one another on a phone: the first is its header, the others name their column."""
    header, *others = map(_as_dict, cells)
    drawn = [format_html(STACKED_HEADER, _nowrap(header), _value(header), _hint(header))]
    for cell, column in zip(others, columns[1:], strict=True):
        looks = _numeric(column) + (" app-stacked__empty" if cell["text"] == "" else "")
        drawn.append(format_html(STACKED_CELL, looks, column["label"], _nowrap(cell), _value(cell), _hint(cell)))
    return _joined(drawn)


def _as_dict(cell: Cell) -> Mapping[str, Any]:
    return cell if isinstance(cell, dict) else {"text": cell}


def _value(cell: Mapping[str, Any]) -> SafeString | str:
    if cell.get("url"):
        return format_html(LINK, cell["url"], cell["text"])
    if cell.get("colour"):
        return format_html(TAG, cell["colour"], cell["text"])
    text: str = cell["text"]
    return text


def _hint(cell: Mapping[str, Any]) -> SafeString | str:
    return format_html(STACKED_HINT, cell["hint"]) if cell.get("hint") else ""


def _nowrap(cell: Mapping[str, Any]) -> str:
    return " app-nowrap" if cell.get("nowrap") else ""


def _numeric(column: Column) -> str:
    return " govuk-table__cell--numeric" if column.get("numeric") else ""


def _joined(drawn: list[SafeString]) -> SafeString:
    return SafeString(BETWEEN.join(drawn))  # safe because each cell is
