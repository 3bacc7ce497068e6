"""Every line of a page's figures, as its list of requests counts it."""

from collections.abc import Callable

from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.views.drilling import behind_or_404
from s2s_portal.oversight.views.pages import Page


def lines_told_in_parts(page: Page, readings: Callable[[], Readings]) -> int:
    """How many lines lead to requests; each lists those its page counts, in parts of two as in one."""
    lines = 0
    for figure in page.figures(readings()):
        for line in figure.lines:
            cases = page.requests(readings(), figure.key, line.key) if line.key else None
            if cases is None:
                continue
            whole = behind_or_404(page, readings(), figure.key, line.key)
            parts = behind_or_404(page, readings(), figure.key, line.key, at_a_time=2)
            assert sorted(whole.ids) == sorted(case.pk for case in cases), (figure.key, line.key)
            assert parts == whole, (figure.key, line.key)
            lines += 1
    return lines
