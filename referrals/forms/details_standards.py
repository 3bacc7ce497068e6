"""R10's settings, asked for anew."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

from django import forms

from referrals.forms.details_asking import words
from referrals.queries.standards import InForce
from referrals.rules import standards as rules
from referrals.rules.standards import LIMITS, Standards
from s2s_portal.core.forms import GovukForm, styled


def _number(column: str, label: str, *, name: str, hint: str = "") -> forms.IntegerField:
    least, most = LIMITS[column]
    question = forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint)
    return styled(question, name=name, size="s", width=3)


class StandardsForm(GovukForm):
    """Every setting and why it is so. What is in force stands in the boxes."""

    submit_label: ClassVar[str] = "Put these in force now"

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
    km_per_hour = _number("km_per_hour", "Speed in km an hour", name="the speed", hint="For journeys between visits")
    reason = words(
        "Why?", name="the reason", max_length=500, help_text="Kept with the settings for good. Do not name a child."
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, in_force: InForce) -> None:
        super().__init__(data, initial=asdict(in_force.standards) | {"seen": str(in_force.number)})

    def clean(self) -> dict[str, Any]:
        """What the rules say of the whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if set(LIMITS) <= set(cleaned):
            for problem in rules.problems(self.standards):
                self.add_error(problem.field, problem.sentence)
        return cleaned

    @property
    def standards(self) -> Standards:
        """The settings as they were typed."""
        return Standards(**{name: self.cleaned_data[name] for name in LIMITS})
