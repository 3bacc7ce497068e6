"""R10's settings, asked for anew."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms

from referrals.forms.levers import LeverForm
from referrals.queries.standards import InForce
from referrals.rules import standards as rules
from referrals.rules.standards import LIMITS, Standards
from s2s_portal.core.forms import DatePartsField, styled

NOTHING_CHANGED = "These are the standards in force already. Change at least one of the numbers"


def _number(column: str, label: str, *, name: str, hint: str = "") -> forms.IntegerField:
    least, most = LIMITS[column]
    question = forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint)
    return styled(question, name=name, size="s", width=3)


class StandardsForm(LeverForm):
    """Every setting, from when it counts and why it is so. What is in force stands in the boxes."""

    contact_working_days = _number(
        "contact_working_days",
        "Working days in which S2S reaches the school or setting",
        name="the working days for first contact",
        hint="From the day on which the place was drawn",
    )
    observation_weeks = _number(
        "observation_weeks",
        "Weeks in which the first visit is held",
        name="the weeks for the first visit",
        hint="From first contact: term-time weeks for schools, calendar weeks for early years",
    )
    record_working_days = _number(
        "record_working_days",
        "Working days in which the record of a visit is finalised",
        name="the working days for the record",
    )
    review_weeks = _number(
        "review_weeks",
        "Weeks after which the support is reviewed",
        name="the weeks until the review",
        hint="From the first visit: term-time weeks for schools, calendar weeks for early years",
    )
    usual_visits = _number(
        "usual_visits", "Usual visits of a request", name="the usual visits", hint="More need a reason"
    )
    most_visits = _number("most_visits", "Most visits of a request", name="the most visits", hint="More are refused")
    road_percent = _number(
        "road_percent",
        "Length of a road, as a percentage of the straight line",
        name="the length of a road",
        hint="130 is a road 30 % longer than the straight line",
    )
    km_per_hour = _number(
        "km_per_hour",
        "Speed in km an hour",
        name="the speed",
        hint="For journeys between visits: 48 is 30 miles an hour",
    )
    from_day = styled(
        DatePartsField(
            label="From which day?",
            help_text="Today is from the moment you press the button, a later day from its beginning",
            earliest_year=2000,
            latest_year=2060,
        ),
        name="the day",
        size="s",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, in_force: InForce, today: date) -> None:
        initial = asdict(in_force.standards) | {"from_day": today}
        super().__init__(data, seen=str(in_force.number), initial=initial)
        self.in_force = in_force

    def clean(self) -> dict[str, Any]:
        """What the rules say of the whole. A set that changes nothing of what the person saw is a slip."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if set(LIMITS) <= set(cleaned):
            typed = self.standards
            for problem in rules.problems(typed):
                self.add_error(problem.field, problem.sentence)
            # Pressed twice, `seen` is what stood before the first press.
            if typed == self.in_force.standards and cleaned.get("seen") == str(self.in_force.number):
                self.add_error(None, NOTHING_CHANGED)
        return cleaned

    @property
    def standards(self) -> Standards:
        """The settings as they were typed."""
        return Standards(**{name: self.cleaned_data[name] for name in LIMITS})


class TakeStandardsBackForm(LeverForm):
    """Why a change that waits for its day is not to come."""
