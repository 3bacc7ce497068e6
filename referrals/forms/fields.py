"""The kinds of question that a request asks. Each takes its longest text from the column it is saved in."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from referrals.models import DraftReferral
from s2s_portal.core.addresses import deliverable
from s2s_portal.core.forms import DatePartsField, styled
from s2s_portal.core.text import is_blank, tidy

FEWEST_DIGITS = 6
"""Of a telephone number; extensions and words such as "mornings" may stand beside them."""


def _refuse_null_bytes(question: forms.Field, value: Any) -> None:
    if "\x00" in str(value or ""):
        raise ValidationError(
            question.error_messages["null_characters_not_allowed"], code="null_characters_not_allowed"
        )


class LineField(forms.CharField):
    """One line of text, without stray spaces and control characters."""

    def to_python(self, value: Any) -> str:
        """The tidied text; a null byte is refused rather than dropped in silence."""
        _refuse_null_bytes(self, value)
        return tidy(super().to_python(value))


class TextField(forms.CharField):
    """Several lines of text. A line break counts as one character, as the page's own count has it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with plain line breaks (browsers send two characters for each); what shows nothing is no text."""
        text = str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")
        return "" if is_blank(text) else text


class TelephoneField(LineField):
    """A telephone number as people write it."""

    def validate(self, value: str) -> None:
        """Anything with enough digits will do."""
        super().validate(value)
        if value and len(re.findall(r"[0-9]", value)) < FEWEST_DIGITS:
            raise ValidationError("Telephone number must be a telephone number, like 01603 496000", code="invalid")


class EmailLineField(forms.EmailField):
    """An e-mail address; spaces that were pasted along are dropped."""

    def to_python(self, value: Any) -> str:
        """The address as mail servers take it; a null byte is refused rather than dropped in silence."""
        _refuse_null_bytes(self, value)
        return deliverable(tidy(str(super().to_python(value))))


def longest(column: str) -> int:
    """The most characters that `column` of a draft holds."""
    return int(DraftReferral._meta.get_field(column).max_length)


def _styled(question: forms.Field, looks: dict[str, Any]) -> Any:
    # Every field of the form may be left empty here; the rules say what is missing, so "(optional)" is said by hand.
    return styled(question, **({"optional": False, "size": "s"} | looks))


def line(column: str, label: str, kind: type[LineField] = LineField, **looks: Any) -> LineField:
    """A question answered with one line, saved in `column`."""
    return _styled(kind(label=label, max_length=longest(column), required=False), looks)


def email(column: str, label: str, **looks: Any) -> EmailLineField:
    """A question answered with an e-mail address."""
    return _styled(EmailLineField(label=label, max_length=longest(column), required=False), looks)


def text(column: str, label: str, **looks: Any) -> TextField:
    """A question answered with a few sentences."""
    return _styled(TextField(label=label, max_length=longest(column), required=False), looks)


def day(label: str, **looks: Any) -> DatePartsField:
    """A question answered with a date."""
    return _styled(DatePartsField(label=label, required=False), looks)


def number(label: str, most: int, **looks: Any) -> forms.IntegerField:
    """A question answered with a whole number from 1 to `most`."""
    question = forms.IntegerField(label=label, min_value=1, max_value=most, required=False)
    question.widget.input_type = "text"  # as every form does; some put this question in after that
    return _styled(question, looks)


def one_of(choices: Any, label: str, **looks: Any) -> forms.ChoiceField:
    """Radios."""
    return _styled(forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False), looks)


def some_of(choices: Any, label: str, **looks: Any) -> forms.MultipleChoiceField:
    """Checkboxes."""
    return _styled(
        forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False),
        looks,
    )


def drop_down(label: str, **looks: Any) -> forms.ChoiceField:
    """A drop-down list; the form fills in the choices."""
    return _styled(forms.ChoiceField(label=label, required=False), looks)


def listed(label: str, **looks: Any) -> forms.TypedChoiceField:
    """A drop-down list of rows of the database; the form fills in the choices. Gives a primary key or None."""
    return _styled(forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=False), looks)
