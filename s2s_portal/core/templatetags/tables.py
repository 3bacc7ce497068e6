"""Lines of tables, drawn in Python: a list has 150 cells that leave most of what a cell may say unsaid, and a template
searches so long for what is not there that it took longer than all else on the page.

A cell is text, or a dict with `text` and optional `url`, `colour` (shown as a tag), `hint` (a second line), `nowrap`
(a reference is not broken) and `tick` (the text labels a checkbox: a dict with its `name`, `value` and `checked`). A
column is a dict with `label` and optional `numeric`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString

register = template.Library()

Cell = str | int | dict[str, Any]
Column = Mapping[str, Any]


@register.simple_tag
def stacked_cells(cells: Iterable[Cell], columns: Sequence[Column]) -> SafeString:
    """A line whose cells stand under one another on a phone: the first is its header, the others name their column.

    Every text is escaped where it is put in: format_html escapes the classes too, which takes twice as long.
    """
    header, *others = (cell if isinstance(cell, dict) else {"text": cell} for cell in cells)
    drawn = [f'<th scope="row" role="rowheader" class="govuk-table__header">{_value(header)}</th>']
    for cell, column in zip(others, columns[1:], strict=True):
        looks = " govuk-table__cell--numeric" if column.get("numeric") else ""
        looks += " app-stacked__empty" if cell["text"] == "" else ""
        label = f'<span class="app-stacked__label" aria-hidden="true">{escaped(column["label"])}</span>'
        drawn.append(f'<td role="cell" class="govuk-table__cell{looks}">{label}{_value(cell)}</td>')
    return SafeString("\n      ".join(drawn))


def _value(cell: Mapping[str, Any]) -> str:
    text: str = escaped(cell["text"])
    if cell.get("url"):
        text = f'<a href="{escaped(cell["url"])}" class="govuk-link">{text}</a>'
    elif cell.get("colour"):
        text = f'<strong class="govuk-tag govuk-tag--{escaped(cell["colour"])}">{text}</strong>'
    hint = f'<span class="app-stacked__hint">{escaped(cell["hint"])}</span>' if cell.get("hint") else ""
    if cell.get("tick"):
        return f'<div class="app-stacked__value">{_checkbox(text, cell["tick"])}{hint}</div>'
    return f'<span class="app-stacked__value{" app-nowrap" if cell.get("nowrap") else ""}">{text}{hint}</span>'


def _checkbox(label: str, tick: Mapping[str, Any]) -> str:
    """A checkbox whose label is `label`, which is HTML already; the line's second line follows it."""
    name, value = escaped(tick["name"]), escaped(tick["value"])
    checked = " checked" if tick.get("checked") else ""
    return (
        '<div class="govuk-checkboxes govuk-checkboxes--small app-stacked__tick"><div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" id="{name}-{value}" name="{name}" type="checkbox" '
        f'value="{value}"{checked}>'
        f'<label class="govuk-label govuk-checkboxes__label" for="{name}-{value}">{label}</label></div></div>'
    )
