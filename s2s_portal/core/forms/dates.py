"""A date as three inputs, as people know it from paper: day, month, year."""

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

PARTS = ("day", "month", "year")
MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}


def as_number(text: str, longest: int) -> int | None:
    """The whole number written in `text`, or None when it is not one of at most `longest` plain digits.

    The length is looked at first: Python refuses to read thousands of digits.
    """
    if 0 < len(text) <= longest and text.isascii() and text.isdigit():
        return int(text)
    return None


class DateInput(forms.MultiWidget):
    """Three text inputs named ``name_day``, ``name_month`` and ``name_year``; ids end in _0, _1, _2."""

    template_name = "govuk/widgets/date_input.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, dict(attrs or {}))

    def decompress(self, value: Any) -> list[Any]:
        """Day, month and year of a date (or of its ISO text) to show; blanks for nothing."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return [None, None, None]
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """As Django's, plus each part's label, width and whether it is marked as wrong (attrs["invalid_parts"])."""
        attrs = dict(attrs or {})
        invalid = attrs.pop("invalid_parts", ())
        birthday = attrs.pop("birthday", False)
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, widget in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            widget["label"] = part.capitalize()
            widget["width"] = 4 if part == "year" else 2
            widget["invalid"] = part in invalid
            widget["autocomplete"] = f"bday-{part}" if birthday else ""
        return context


class DatePartsField(forms.MultiValueField):
    """A question answered with a date; `clean` gives a `datetime.date` or None.

    Messages name the field by its label and say which part is missing or wrong (`params["parts"]` of the error, which
    also marks the inputs). `earliest_year` and `latest_year` (inclusive) catch slips of the keyboard.
    """

    widget = DateInput

    def __init__(self, *, earliest_year: int = 1900, latest_year: int = 2100, **kwargs: Any) -> None:
        self.years = range(earliest_year, latest_year + 1)
        fields = [forms.CharField(required=False) for _ in PARTS]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def called(self) -> str:
        """What messages call this field: "Date of birth"."""
        style = getattr(self, "govuk", None)
        name = (style.name if style else "") or str(self.label or "Date").rstrip("?")
        name = name.replace("%", " per cent")  # messages are filled in with the % operator
        return capfirst(name)

    def fault(self, code: str, message: str, parts: tuple[str, ...]) -> ValidationError:
        """An error that knows which of the three inputs it is about; the field's own message for `code` wins."""
        return ValidationError(self.error_messages_given.get(code, message), code=code, params={"parts": parts})

    @property
    def error_messages_given(self) -> Mapping[str, Any]:
        """The messages that the form's author wrote, without Django's own."""
        own = {str(text) for text in forms.Field.default_error_messages.values()}
        own |= {str(text) for text in forms.MultiValueField.default_error_messages.values()}
        return {code: text for code, text in self.error_messages.items() if str(text) not in own}

    def clean(self, value: Any) -> date | None:
        """The date typed, or one error that says what to mend."""
        if self.disabled and not isinstance(value, list):
            value = DateInput().decompress(value)
        typed = [str(part or "").strip() for part in (value or ["", "", ""])]
        typed = (typed + ["", "", ""])[:3]
        if not any(typed):
            if self.required:
                raise self.fault("required", f"Enter {lower_first(self.called())}", PARTS)
            return None
        missing = tuple(part for part, text in zip(PARTS, typed, strict=True) if not text)
        if missing:
            words = " and ".join(f"a {part}" for part in missing)
            raise self.fault("incomplete", f"{self.called()} must include {words}", missing)
        day = self.real_date(*typed)
        self.run_validators(day)
        return day

    def real_date(self, day_text: str, month_text: str, year_text: str) -> date:
        """The date these three texts write."""
        day, year = as_number(day_text, 2), as_number(year_text, 4)
        month = as_number(month_text, 2) or MONTHS.get(month_text.lower())
        found = {
            "day": day is not None and 1 <= day <= 31,
            "month": month is not None and 1 <= month <= 12,
            "year": year is not None,
        }
        wrong = tuple(part for part in PARTS if not found[part])
        if day is None or month is None or year is None or wrong:
            raise self.fault("invalid", f"{self.called()} must be a real date", wrong)
        if len(year_text) < 4:
            raise self.fault("short_year", f"{self.called()} must include a year of 4 numbers, like 2024", ("year",))
        if year not in self.years:
            limits = f"{self.years.start} and {self.years.stop - 1}"
            raise self.fault("year_range", f"{self.called()} must have a year between {limits}", ("year",))
        try:
            return date(year, month, day)
        except ValueError:
            raise self.fault("invalid", f"{self.called()} must be a real date", ("day",)) from None

    def compress(self, data_list: Any) -> Any:
        """Not used: `clean` makes the date itself, so that it can say which part is wrong."""
        return data_list


def lower_first(text: str) -> str:
    """The text to go on a sentence with: "Date of birth" becomes "date of birth", "URN" and "I agree" stay."""
    if text[:2] == "I " or (len(text) > 1 and text[1].isupper()):
        return text
    return text[:1].lower() + text[1:]
