"""Which schools of a cohort go now, which wait and in which order, as the plan's page asks it (R5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.choices import Plan
from referrals.queries.cohorts import Line
from referrals.rules import cohorts as rules
from s2s_portal.core.forms.dates import as_number

LONGEST_NUMBER = 4
"""Digits of a place in the order."""


@dataclass(frozen=True)
class Choice:
    """One radio."""

    value: str
    label: str
    checked: bool


@dataclass
class PlanRow:
    """One school on the page: its line, what is planned for it, and its place in the order as it was typed."""

    line: Line
    standing: int
    plan: Plan
    number: str
    choices: list[Choice]
    error: str = ""

    @property
    def plan_name(self) -> str:
        """What the form calls its radios."""
        return f"plan-{self.line.key}"

    @property
    def order_name(self) -> str:
        """What the form calls its place in the order."""
        return f"order-{self.line.key}"


class PlanForm:
    """The plan as it is shown or was sent. Whatever is sent for other schools than `lines` is passed over.

    `free`: how many places somebody who comes now can have. What is not sent is as it was suggested.
    """

    def __init__(self, lines: Sequence[Line], *, free: int, posted: Mapping[str, str] | None = None) -> None:
        suggested = rules.suggested([line.candidate for line in lines], free=free)
        self._free, self._posted = free, posted or {}
        self.errors: list[dict[str, str]] = []
        self.rows = [self._row(line, number, suggested, len(lines)) for number, line in enumerate(lines, start=1)]

    def _row(self, line: Line, standing: int, suggested: Mapping[str, Plan], count: int) -> PlanRow:
        sent = self._posted.get(f"plan-{line.key}", "")
        plan = Plan(sent) if sent in Plan.values else suggested[line.key]
        typed = self._posted.get(f"order-{line.key}")
        number = str(standing) if typed is None else typed.strip()
        row = PlanRow(line, standing, plan, number, self._choices(plan, count))
        if row.number and as_number(row.number, LONGEST_NUMBER) is None:
            row.error = "Enter the place in the order as a whole number, such as 1"
            name = line.school.establishment.display_name
            self.errors.append({"text": f"{row.error}: {name}", "url": f"#{row.order_name}"})
        return row

    def _choices(self, plan: Plan, count: int) -> list[Choice]:
        """Only what can come true: nobody waits for a place that is free, or goes where none is."""
        possible = {Plan.NOW: self._free > 0, Plan.WAIT: self._free < count, Plan.NOT_YET: True}
        return [Choice(one.value, one.label, one == plan) for one in Plan if possible[one] or one == plan]

    def plans(self) -> dict[str, Plan]:
        """What is planned for each school, by its key."""
        return {row.line.key: row.plan for row in self.rows}

    def order(self) -> list[str]:
        """The schools' keys in the order that was typed; gaps do not matter, and a blank goes to the end.

        Of two with the same number the one that was moved there gets the place, and pushes the other on: up if it came
        from below, down if from above.
        """
        return [row.line.key for row in sorted(self.rows, key=_wanted)]

    def refuse(self, sentence: str) -> None:
        """Show `sentence` at the top, with the way to the first question."""
        url = f"#{self.rows[0].plan_name}" if self.rows else ""
        self.errors.append({"text": sentence, "url": url})


def _wanted(row: PlanRow) -> tuple[float, int, int]:
    number = as_number(row.number, LONGEST_NUMBER)
    if number is None:
        return float("inf"), 0, row.standing
    moved = (number > row.standing) - (number < row.standing)
    return number, moved, row.standing


def plan_of(lines: Sequence[Line], plan: Plan) -> list[Any]:
    """The lines with this plan, in order."""
    return [line for line in lines if line.school.plan == plan]
