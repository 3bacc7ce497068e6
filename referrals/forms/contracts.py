"""What a commissioner enters of a contract: its dates, its periods with their places, and why dates move."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from quotas import rules
from quotas.choices import Referrers, Unit
from quotas.forms import LONGEST, WordsField
from s2s_portal.core.forms import DatePartsField, GovukForm, styled
from s2s_portal.organisations.choices import Stream

WHOLE_DAY = "The whole day counts. For example, 31 3 2025"
ONLY_LATER = f"It can only be moved later. {WHOLE_DAY}"


def _day(label: str, hint: str = WHOLE_DAY) -> DatePartsField:
    return styled(DatePartsField(label=label, help_text=hint, earliest_year=2015, latest_year=2060), size="s")


def _reason() -> WordsField:
    hint = "It stands in the history of the contract’s dates for good. Do not name a child."
    return styled(WordsField(label="Why?", max_length=LONGEST, help_text=hint), name="the reason", size="s", rows=3)


def _words(label: str, most: int, hint: str = "", *, required: bool = True) -> WordsField:
    question = WordsField(label=label, max_length=most, help_text=hint, required=required, widget=forms.TextInput)
    return styled(question, size="s")


class ExtendForm(GovukForm):
    """How far a contract is extended, and why."""

    submit_label: ClassVar[str] = "See what it would do"

    ends_on = _day("What is the contract’s new last day?", ONLY_LATER)
    run_off_ends_on = _day("Until which day may visits be held?", ONLY_LATER)
    reason = _reason()

    @property
    def dates(self) -> dict[str, date]:
        """The dates, by column; of a form that is valid."""
        return {name: self.cleaned_data[name] for name in ("ends_on", "run_off_ends_on")}


class CutOffForm(GovukForm):
    """How far a period's cut-off, and what follows it, are moved, and why."""

    submit_label: ClassVar[str] = "See what it would do"

    requests_close_on = _day("What is the new cut-off, the last day for requests?", ONLY_LATER)
    allocation_deadline_on = _day("Until which day are places given?", ONLY_LATER)
    delivery_ends_on = _day("When does delivery end?", ONLY_LATER)
    reason = _reason()

    @property
    def dates(self) -> dict[str, date]:
        """The dates, by column; of a form that is valid."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "reason"}


class ContractForm(GovukForm):
    """A new contract."""

    submit_label: ClassVar[str] = "Set up this contract"

    name = _words("What is the contract called?", 200)
    provider = _words("Who provides S2S under it?", 200)
    starts_on = _day("First day")
    ends_on = _day("Last day")
    run_off_ends_on = _day("Last day of visits", "Visits may be held until the end of this day.")
    unit = styled(
        forms.ChoiceField(label="What is it asked for?", choices=Unit, initial=Unit.REQUESTS, widget=forms.RadioSelect),
        name="what it is asked for",
        size="s",
    )
    referrers = styled(
        forms.ChoiceField(
            label="Who files under it?", choices=Referrers, initial=Referrers.ADVISERS, widget=forms.RadioSelect
        ),
        name="who files under it",
        size="s",
    )
    successor_name = _words("What follows it, if that is known?", 200, "In words that people know.", required=False)

    def clean(self) -> dict[str, Any]:
        """A contract starts, then ends, then its last visits are held."""
        given = super().clean() or {}
        starts, ends, visits = (given.get(name) for name in ("starts_on", "ends_on", "run_off_ends_on"))
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The last day must not be before the first")
        if ends and visits and visits < ends:
            self.add_error("run_off_ends_on", "The last day of visits must not be before the contract’s last day")
        return given


def _places(stream: Stream) -> forms.IntegerField:
    label = f"How many {stream.label} places?"
    question = forms.IntegerField(label=label, min_value=0, max_value=rules.MOST_PLACES, help_text="0 for none")
    return styled(question, name=f"the number of {stream.label} places", size="s", width=5)


class PeriodForm(GovukForm):
    """A new period of a contract, with the places bought for it."""

    submit_label: ClassVar[str] = "Set up this period"

    name = _words("What is the period called?", 100, "For example, Autumn 2024 and spring 2025")
    opens_on = _day("From which day are requests taken?")
    requests_close_on = _day("What is the cut-off, the last day for requests?")
    allocation_deadline_on = _day("Until which day are places given?")
    delivery_ends_on = _day("When does delivery end?")
    early_years = _places(Stream.EARLY_YEARS)
    mainstream = _places(Stream.MAINSTREAM)

    @property
    def places(self) -> dict[Stream, int]:
        """The places bought, by stream; of a form that is valid."""
        given = {Stream.EARLY_YEARS: "early_years", Stream.MAINSTREAM: "mainstream"}
        return {stream: self.cleaned_data[name] for stream, name in given.items()}
