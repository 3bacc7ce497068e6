"""Figures as templates show them: cells of tables, the drawing, and where lines and files lead."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from s2s_portal.core.svg import drawn
from s2s_portal.oversight.choices import Dashboard, FileFormat
from s2s_portal.oversight.documents.figures import Column, Figure, Line, in_words


def drawn_figures(figures: Sequence[Figure], page: Dashboard, query: str) -> list[dict[str, Any]]:
    """The contexts of a page's figures; what one has said, the next one does not say again."""
    told = told_once(figures)
    contexts = [drawn_figure(figure, page, query) for figure in told]
    for before, figure, context in zip(told, told[1:], contexts[1:], strict=False):
        if figure.sentence == before.sentence:
            context["sentence"] = ""
        if figure.definition == before.definition:
            context["definition"] = "As above."
    return contexts


def told_once(figures: Sequence[Figure]) -> list[Figure]:
    """Without those that have no lines and only the sentence of the one before, which has none either."""
    told: list[Figure] = []
    for figure in figures:
        if figure.lines or figure.notes or not told or told[-1].lines or told[-1].sentence != figure.sentence:
            told.append(figure)
    return told


def drawn_figure(figure: Figure, page: Dashboard, query: str) -> dict[str, Any]:
    """The context of `oversight/_figure.html`; `query` is taken along to every page that it leads to."""
    return {
        "figure": figure,
        "sentence": figure.sentence,
        "definition": figure.definition,
        "chart": drawn(figure.chart) if figure.chart and figure.lines else "",
        "columns": [{"label": column.label, "numeric": column.is_numeric} for column in figure.columns],
        "rows": _rows(figure, page, query),
        "files": file_links("oversight:figure_file", [page.value, figure.key], query),
    }


def file_links(route: str, about: Sequence[str], query: str) -> list[dict[str, str]]:
    """Where a table is taken away from, in each format; `about` is what the route's address says before it."""
    return [{"label": one.label, "url": reverse(route, args=[*about, one.value]) + query} for one in FileFormat]


def _rows(figure: Figure, page: Dashboard, query: str) -> list[list[Any]]:
    """The cells of each line, of which the first leads to its requests, or to its own page."""
    behind = reverse("oversight:requests", args=[page.value, figure.key, _KEY]).removesuffix(f"{_KEY}/")
    rows = []
    for line in figure.lines:
        cells = [_cell(value, column, line) for value, column in zip(line.values, figure.columns, strict=True)]
        if line.url or line.key:
            cells[0] = {"text": cells[0], "url": line.url or f"{behind}{line.key}/{query}"}
        rows.append(cells)
    return rows


_KEY = "key"
"""Stands for the key of a line: a figure has hundreds of lines, and their addresses differ in nothing else."""


def _cell(value: Any, column: Column, line: Line) -> Any:
    text = in_words(value, column.unit)
    return format_html("<strong>{}</strong>", text) if line.is_sum else text
