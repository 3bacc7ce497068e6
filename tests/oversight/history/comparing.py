"""What the dashboards say, in the shape in which it is counted once more."""

from referrals.rules.disclosure import Hidden
from s2s_portal.oversight.documents.figures import Figure
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.views.pages import Page
from tests.oversight.history.counting import ALL, Table

WORDS_BESIDE = {"teachers": (2, 6), "longest": (3, 5)}
"""Columns that are not counted: a teacher's school, and when they are on leave; with whom a request is, and why."""


def shown(figure: Figure) -> Table:
    """The lines of a figure, by key or label; its sum without a key under `ALL`."""
    first, last = WORDS_BESIDE.get(figure.key, (1, None))
    if figure.key == "pace":  # each stream has several
        return {line.values[:2]: line.values[2:] for line in figure.lines}
    lines = {line.key or (ALL if line.is_sum else line.values[0]): line.values[first:last] for line in figure.lines}
    assert len(lines) == len(figure.lines)
    return lines


def whose(page: Page, asked: Readings, figure: str, line: str) -> set[str]:
    """The references behind a line; nobody is there twice."""
    cases = page.requests(asked, figure, line) or []
    found = {case.reference for case in cases}
    assert len(found) == len(cases)
    return found


def as_hidden(counted: Table, said: Table) -> Table:
    """What was counted, with what R16 keeps from the person in place of the numbers it may stand for."""
    return {key: tuple(map(_as_hidden, row, said.get(key, row))) for key, row in counted.items()}


def _as_hidden(count: object, said: object) -> object:
    may_stand_for_it = said == Hidden.NOT_SHOWN or (said == Hidden.FEWER and isinstance(count, int) and count < 6)
    return said if may_stand_for_it else count
