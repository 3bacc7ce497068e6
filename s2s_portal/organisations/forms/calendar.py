"""Terms, bank holidays and closures, and when people work."""

from typing import Any, ClassVar

from django import forms

from s2s_portal.core.forms import DatePartsField, GovukForm, styled
from s2s_portal.organisations.choices import ClosureKind

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
EXAMPLE = "For example, 9 12 2024"
LONGEST_LINE = 400
"""Characters of a line of the calendar in words."""
ONE_DAY = "This day is included. Leave it empty for a single day."


def _date(label: str, hint: str = EXAMPLE, *, required: bool = True) -> DatePartsField:
    field = DatePartsField(label=label, help_text=hint, required=required, earliest_year=2015, latest_year=2060)
    return styled(field, size="s", optional=False)


class DaysForm(GovukForm):
    """A form about days. `wrong_at`: the question that a refusal of its dates stands at."""

    submit_label: ClassVar[str] = "Save"
    wrong_at: ClassVar[str] = "starts_on"

    def clean(self) -> dict[str, Any]:
        """A last day that is left empty is the first; it does not come before it."""
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last is None and "ends_on" in given:
            given["ends_on"] = first
        elif first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first")
        return given


class ChangeForm(DaysForm):
    """A change of the calendar, and why. `seen`: the line, in words, that the person saw when they opened the page."""

    submit_label: ClassVar[str] = "See what it would do"

    reason = styled(
        forms.CharField(label="Why?", max_length=500, help_text="It stands in the history. Do not name a child."),
        name="the reason",
    )
    seen = forms.CharField(required=False, max_length=LONGEST_LINE, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("reason", "seen"):  # a base class's questions would come first
            self.fields[name] = self.fields.pop(name)


class RemoveForm(ChangeForm):
    """Why a line of the calendar is removed."""

    wrong_at: ClassVar[str] = "reason"


class TermForm(ChangeForm):
    """A stretch of term."""

    name = styled(
        forms.CharField(label="Name", max_length=60, help_text="For example, Autumn 2024, first half"),
        name="the name",
    )
    starts_on = _date("First day on which pupils attend")
    ends_on = _date("Last day on which pupils attend")
    support = styled(
        forms.CharField(
            label="How well are these dates supported?",
            max_length=200,
            required=False,
            help_text="The calendar shows it. For example, The council’s own page",
        ),
        name="how well they are supported",
    )


class BankHolidayForm(ChangeForm):
    """A bank holiday."""

    wrong_at: ClassVar[str] = "day"

    day = _date("Day")
    name = styled(forms.CharField(label="Name", max_length=60), name="the name")


class ClosureForm(ChangeForm):
    """Days on which a place, or the whole county, is closed or trains its staff."""

    kind = styled(
        forms.ChoiceField(
            label="What happens on these days?",
            choices=ClosureKind.choices,
            widget=forms.RadioSelect,
        ),
        name="what happens",
        size="s",
        item_hints={
            ClosureKind.CLOSED: "Nobody is there. It does not count as a working day.",
            ClosureKind.STAFF_ONLY: "Staff work and pupils do not attend: no child can be observed.",
        },
    )
    starts_on = _date("First day")
    ends_on = _date("Last day", ONE_DAY, required=False)
    note = styled(
        forms.CharField(label="Note", max_length=200, required=False, help_text="For example, Snow or Polling station"),
        name="the note",
    )


class LeaveForm(DaysForm):
    """Days on which somebody is away."""

    starts_on = _date("First day away")
    ends_on = _date("Last day away", ONE_DAY, required=False)
    note = styled(
        forms.CharField(
            label="Note",
            max_length=200,
            required=False,
            help_text="The teacher and the co-ordinators see it. You need not say why.",
        ),
        name="the note",
    )


class WeekForm(DaysForm):
    """The days of the week on which somebody works."""

    wrong_at: ClassVar[str] = "weekdays"

    weekdays = styled(
        forms.TypedMultipleChoiceField(
            label="Days worked for S2S",
            choices=list(enumerate(WEEKDAYS)),
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
        ),
        name="at least one day",
        size="s",
    )
    in_force_from = _date("From which day?")


class FindSchoolForm(GovukForm):
    """Words that find a school or setting."""

    submit_label: ClassVar[str] = "Search"
    form_method: ClassVar[str] = "get"
    mark_optional: ClassVar[bool] = False

    q = styled(
        forms.CharField(label="Find a school or setting", required=False),
        hint="Name, URN, postcode or town",
        name="search",
    )
