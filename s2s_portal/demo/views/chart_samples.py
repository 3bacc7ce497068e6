"""The component gallery's dashboards: an answer at each level, and each kind of chart with its table. Invented."""

from datetime import date, timedelta
from typing import Any

from referrals.rules.disclosure import Hidden
from s2s_portal.core import spoken
from s2s_portal.core.svg import Band, Bars, Chart, DayMark, Mark, Series, Spreads, Steps
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, drawable, sum_line
from s2s_portal.oversight.views.figure_rows import drawn_figures

ANSWERS = [
    Answer("How many places are used?", "44 of 50", "6 of 50 early years places are left.", Dashboard.QUOTAS),
    Answer(
        "At what pace, and when will they run out?",
        "5 to 12 December",
        "At this pace early years places run out between 5 and 12 December, before requests close on 13 December.",
        Dashboard.QUOTAS,
        "low",
    ),
    Answer("Who was turned away, and why?", "11 refused", "All mainstream places are used.", Dashboard.UNMET, "full"),
]
ZONES = ("Reedham Reach", "Saltings", "Childcare on non-domestic premises, far out", "Marram")
STARTS = date(2024, 9, 2)
LEFT = tuple(float(50 - day * 44 // 85) for day in range(86))
"""The places left on each day from `STARTS` to today; the days after it are a guess."""
AHEAD = 24


def answers() -> list[dict[str, Any]]:
    """The context of the overview's cards."""
    return [{"answer": answer, "url": "#g-answers"} for answer in ANSWERS]


def charts() -> list[dict[str, Any]]:
    """The contexts of figures, one for each kind of chart."""
    figures = [
        _counted("stacked", "Parts end to end, one of them hidden", stacked=True),
        _counted("beside", "Bars below one another", stacked=False),
        _places(),
        _waits(),
    ]
    return drawn_figures(figures, Dashboard.QUOTAS, "")


def _counted(key: str, caption: str, *, stacked: bool) -> Figure:
    parts = {"Refused": (7, 2, 0, 9), "Waiting now": (3, 4, 0, Hidden.FEWER), "No place came free": (1, 0, 0, 2)}
    series = tuple(Series(label, tuple(map(drawable, counts))) for label, counts in parts.items())
    chart = Bars(caption, "The table below has the same numbers.", ZONES, series, "requests", stacked)
    lines = [Line((zone, *counts)) for zone, counts in zip(ZONES, zip(*parts.values(), strict=True), strict=True)]
    columns = (Column("Zone"), *(Column(label, Unit.COUNT) for label in parts))
    return _figure(key, caption, columns, (*lines, sum_line("Total", (18, 10, 3))), chart)


def _places() -> Figure:
    days = tuple(STARTS + timedelta(days=day) for day in range(len(LEFT) + AHEAD))
    today, nothing = days[len(LEFT) - 1], (None,) * (len(LEFT) - 1)
    chart = Steps(
        title="Step lines over days",
        description="The table below has the same numbers.",
        days=days,
        series=(
            Series("Early years", LEFT + (None,) * AHEAD),
            Series("Mainstream", tuple(85 - (50 - left) for left in LEFT) + (None,) * AHEAD),
        ),
        unit="places left",
        band=Band(
            "Early years, between a fast and a slow pace",
            nothing + tuple(max(0.0, LEFT[-1] - day * 2 // 3) for day in range(AHEAD + 1)),
            nothing + tuple(max(0.0, LEFT[-1] - day // 4) for day in range(AHEAD + 1)),
        ),
        marks=(
            DayMark("Today", today),
            DayMark("Requests close", date(2024, 12, 13)),
            DayMark("Last places given", date(2024, 12, 20)),
        ),
    )
    lines = tuple(Line((spoken.day(day), int(left))) for day, left in list(zip(days, LEFT, strict=False))[::28])
    columns = (Column("Day"), Column("Early years places left", Unit.COUNT))
    return _figure("steps", chart.title, columns, lines, chart)


def _waits() -> Figure:
    middle, far = (3.5, 4.0, None, 7.0), (8.0, 4.0, None, 21.5)
    chart = Spreads(
        title="Middles and far ends",
        description="The table below has the same numbers.",
        categories=ZONES,
        middle=Series("Median", middle),
        far=Series("80th percentile", far),
        unit="working days",
        mark=Mark("To be done in 5 working days", 5),
    )
    lines = tuple(Line(values) for values in zip(ZONES, middle, far, strict=True))
    columns = (Column("Zone"), Column("Median", Unit.DAYS), Column("80th percentile", Unit.DAYS))
    return _figure("spreads", chart.title, columns, lines, chart)


def _figure(key: str, caption: str, columns: tuple[Column, ...], lines: tuple[Line, ...], chart: Chart) -> Figure:
    return Figure(
        key=key,
        caption=caption,
        sentence="11 requests are without a place: 8 were refused, and 3 wait for a place now.",
        definition="Every request of the period counts once, in the zone of its school or setting.",
        columns=columns,
        lines=lines,
        chart=chart,
        notes=("This is not a real figure.",) if key == "beside" else (),
    )
