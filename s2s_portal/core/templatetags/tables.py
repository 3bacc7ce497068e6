"""Lines of tables, drawn in Python: a list has 150 cells that leave most of what a cell may say unsaid, and a template
searches so long for what is not there that it took longer than all else on the page.

A cell is text, whose line breaks are kept, or a dict with `text` and optional `url`, `about` (more of a link's words,
only for screen readers), `colour` (shown as a tag), `hint` (a second line), `nowrap`
(a reference is not broken; its hint may be) and `tick` (the text labels a checkbox: a dict with its `name`, `value` and
`checked`). A column is a dict with `label` and optional `numeric`.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()

Cell = str | int | dict[str, Any]
Column = Mapping[str, Any]


@register.simple_tag
def column_heads(columns: Iterable[Column]) -> SafeString:
    """The names of the columns above a table."""
    drawn = []
    for one in columns:
        looks = " govuk-table__header--numeric" if one.get("numeric") else ""
        label = escaped(one.get("label", ""))
        drawn.append(f'<th scope="col" role="columnheader" class="govuk-table__header{looks}">{label}</th>\n    ')
    return SafeString("".join(drawn))


@register.simple_tag
def stacked_lines(rows: Iterable[Iterable[Cell]], columns: Sequence[Column]) -> SafeString:
    """The lines of a table, whose cells stand under one another on a phone.

    The first cell of a line is its header, the others name their column. Every text is escaped where it is put in:
    format_html escapes the classes too, which takes twice as long.
    """
    heads = [(" govuk-table__cell--numeric" if one.get("numeric") else "", _label(one)) for one in columns[1:]]
    return SafeString("".join([_line(cells, heads) for cells in rows]))


def _label(column: Column) -> str:
    return f'<span class="app-stacked__label" aria-hidden="true">{escaped(column["label"])}</span>'


def _line(cells: Iterable[Cell], heads: Sequence[tuple[str, str]]) -> str:
    header, *others = cells
    drawn = [f'<th scope="row" role="rowheader" class="govuk-table__header">{_value(header)}</th>']
    for cell, (looks, label) in zip(others, heads, strict=True):
        if (cell["text"] if isinstance(cell, dict) else cell) == "":
            looks += " app-stacked__empty"
        drawn.append(f'<td role="cell" class="govuk-table__cell{looks}">{label}{_value(cell)}</td>')
    inside = "\n      ".join(drawn)
    return f'<tr class="govuk-table__row" role="row">\n    {inside}\n    </tr>\n  '


def escaped(text: Any) -> str:
    """As `conditional_escape`, without asking plain text whether it is lazy or safe: most of a table is plain."""
    return escape(text) if type(text) is str else conditional_escape(text)


def _value(cell: Cell) -> str:
    if not isinstance(cell, dict):
        return f'<span class="app-stacked__value">{_lines_of(cell)}</span>'
    text = _lines_of(cell["text"])
    if cell.get("url"):
        about = f'<span class="govuk-visually-hidden">: {escaped(cell["about"])}</span>' if cell.get("about") else ""
        text = f'<a href="{escaped(cell["url"])}" class="govuk-link">{text}{about}</a>'
    elif cell.get("colour"):
        text = f'<strong class="govuk-tag govuk-tag--{escaped(cell["colour"])}">{text}</strong>'
    if cell.get("nowrap"):
        text = f'<span class="app-nowrap">{text}</span>'
    hint = f'<span class="app-stacked__hint">{escaped(cell["hint"])}</span>' if cell.get("hint") else ""
    if cell.get("tick"):
        return f'<div class="app-stacked__value">{_checkbox(text, cell["tick"])}{hint}</div>'
    return f'<span class="app-stacked__value">{text}{hint}</span>'


def _lines_of(text: str | int) -> str:
    return escaped(text).replace("\n", "<br>")


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
