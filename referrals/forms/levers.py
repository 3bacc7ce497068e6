"""What the levers ask: another wording, fee, label, end, meaning or name, and always why."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from quotas import rules
from quotas.choices import FeeBasis
from referrals.forms.details_asking import words
from referrals.forms.fields import LineField, TextField
from s2s_portal.core.forms import DatePartsField, GovukForm, styled
from s2s_portal.organisations.choices import Eligibility, Stream

LONGEST_TEXT = 2000
"""Characters of a text that the council may change: more is no paragraph of a page."""
EXAMPLE = "For example, 1 4 2025"


def _day(label: str, *, name: str, hint: str = EXAMPLE, required: bool = True) -> DatePartsField:
    question = DatePartsField(label=label, help_text=hint, required=required, earliest_year=2000, latest_year=2060)
    return styled(question, name=name, size="s", optional=False)


def _line(label: str, *, name: str, longest: int, hint: str = "", width: str = "") -> LineField:
    return styled(LineField(label=label, max_length=longest, help_text=hint), name=name, size="s", width=width)


def _number(label: str, *, name: str, most: int, hint: str = "") -> forms.IntegerField:
    question = forms.IntegerField(label=label, min_value=1, max_value=most, help_text=hint)
    return styled(question, name=name, size="s", width=3)


class LeverForm(GovukForm):
    """A change of a setting: its own questions, then why. `seen` is what the person saw when they opened the page."""

    submit_label: ClassVar[str] = "See what it would do"

    reason = words(
        "Why?",
        name="the reason",
        max_length=500,
        help_text="It stands in the history for good. Do not name a child.",
        size="s",
    )
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, seen: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = dict(kwargs.get("initial") or {}) | {"seen": seen}
        super().__init__(data, **kwargs)
        for name in ("reason", "seen"):  # a base class's questions would come first
            self.fields[name] = self.fields.pop(name)


class WordingForm(LeverForm):
    """Another wording of a text, from now or from a day to come."""

    body = styled(TextField(label="How should it read?", max_length=LONGEST_TEXT), name="the text", size="s", rows=8)
    from_day = _day(
        "From which day?",
        name="the day",
        hint="From the beginning of that day. Leave it empty to change the text now.",
        required=False,
    )


class FeeForm(LeverForm):
    """Another fee of a stream from a day on."""

    stream = styled(
        forms.ChoiceField(
            label="For which requests?",
            choices=[(stream.value, stream.label.capitalize()) for stream in Stream],
            widget=forms.RadioSelect,
        ),
        name="for which requests",
        size="s",
    )
    starts_on = _day("From which day?", name="the day")
    basis = styled(
        forms.ChoiceField(
            label="How is a request paid for?",
            choices=[(basis.value, basis.label.capitalize()) for basis in FeeBasis],
            widget=forms.RadioSelect,
        ),
        name="how a request is paid for",
        size="s",
    )
    pounds = styled(
        LineField(
            label="Fee for each request",
            required=False,
            max_length=20,
            help_text="In pounds and pence, for example 100 or 112.50. Only where there is a fee for each request.",
        ),
        name="the fee",
        size="s",
        width=5,
        prefix="£",
        optional=False,
    )

    def clean(self) -> dict[str, Any]:
        """The fee in whole pence, under `pence`."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        typed = given.get("pounds", "")
        pence = rules.pence_of(typed) if typed else 0
        given["pence"] = pence
        if pence is None:
            self.add_error("pounds", "Enter the fee in pounds and pence, like 100 or 112.50")
        elif "basis" in given and "pounds" not in self.errors:
            wrong = rules.cannot_charge(basis=given["basis"], pence=pence)
            if wrong:
                self.add_error("pounds", wrong)
        return given


class NeedTypeForm(LeverForm):
    """A new type of need."""

    code = styled(
        LineField(
            label="Code",
            max_length=5,
            help_text="As the Department for Education writes it, such as SLCN",
            validators=[RegexValidator(r"\A[A-Z]{2,5}\Z", "Code must be 2 to 5 capital letters")],
        ),
        name="the code",
        size="s",
        width=5,
    )
    label = _line("What is it called?", name="what it is called", longest=100)
    valid_from = _day("First day on which it can be chosen", name="the first day")


class IndesSectionForm(LeverForm):
    """A new section of a version of INDES."""

    version = _line(
        "Version of INDES",
        name="the version",
        longest=20,
        width="10",
        hint="The same for all sections of one scale, such as 2026",
    )
    number = _number("Number of the section", name="the number of the section", most=99)
    title = _line("What is it called?", name="what it is called", longest=150)
    top_level = _number("Highest level of its scale", name="the highest level", most=20)
    valid_from = _day("First day on which it can be chosen", name="the first day")


def _label(longest: int) -> LineField:
    return _line("What should it be called?", name="what it should be called", longest=longest)


class RelabelForm(LeverForm):
    """Another label, of at most `longest` characters, of a code from a day on."""

    label = _label(150)
    from_day = _day("From which day?", name="the day")

    def __init__(self, data: Mapping[str, Any] | None = None, *, longest: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["label"] = _label(longest)


class EndForm(LeverForm):
    """The last day on which a code can be chosen."""

    last_day = _day(
        "Last day on which it can be chosen",
        name="the last day",
        hint="This day is included. Leave it empty if it is to have no end.",
        required=False,
    )


class KindForm(LeverForm):
    """What a kind of school or setting means for S2S."""

    eligibility = styled(
        forms.ChoiceField(
            label="What does this kind mean for S2S?", choices=Eligibility.choices, widget=forms.RadioSelect
        ),
        name="what this kind means",
        size="s",
        item_hints={
            Eligibility.EARLY_YEARS: "Requests use early years places.",
            Eligibility.MAINSTREAM: "Requests use mainstream places.",
            Eligibility.NOT_ELIGIBLE: "No request can be made for it.",
            Eligibility.PROVIDER: "Its teachers give the support. No request can be made for it.",
        },
    )
    from_day = _day(
        "From which day?",
        name="the day",
        hint="From the beginning of that day. Leave it empty to change it now.",
        required=False,
    )


class ZoneForm(LeverForm):
    """A zone's name."""

    name = _line("Name of the zone", name="the name of the zone", longest=100)


class RemoveForm(LeverForm):
    """Why something is removed, or taken back."""
