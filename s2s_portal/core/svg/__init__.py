"""Charts drawn on the server as SVG, under the strict CSP: no script, no style, only attributes and our classes.

A chart is a value that says what it shows; `drawn` makes the picture. Beside each stands a table of the same numbers,
so a chart carries a title and a description for screen readers and leaves the numbers to the table. It is legible in
print and in greyscale: series differ in pattern and dash, not in colour alone. A picture is `paper.WIDTH` units wide
and as high as it needs; at 360 pixels its letters are still 12 pixels high. Pure.
"""

from django.utils.safestring import SafeString

from s2s_portal.core.svg.bars import draw_bars
from s2s_portal.core.svg.spreads import draw_spreads
from s2s_portal.core.svg.steps import draw_steps
from s2s_portal.core.svg.values import Band, Bars, Chart, DayMark, Mark, Series, Spreads, Steps, Value

__all__ = ["Band", "Bars", "Chart", "DayMark", "Mark", "Series", "Spreads", "Steps", "Value", "drawn"]


def drawn(chart: Chart) -> SafeString:
    """The picture, with `chart.title` and `chart.description` for those who do not see it."""
    if isinstance(chart, Bars):
        return draw_bars(chart)
    return draw_steps(chart) if isinstance(chart, Steps) else draw_spreads(chart)
