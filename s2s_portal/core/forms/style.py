"""How a field looks: sizes, widths and hints that Django's fields have no place for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django import forms

Question = TypeVar("Question", bound=forms.Field)


@dataclass(frozen=True)
class Style:
    """The looks of one field; every value is optional.

    `size`: label or legend size, one of "s", "m", "l", "xl". `heading`: the label is the page's only h1.
    `width`: characters (2, 3, 4, 5, 10, 20, 30) or a fraction class such as "two-thirds". `rows`: of a textarea.
    `autocomplete`: the HTML token, such as "email". `name`: what messages call the field ("date of birth").
    `item_hints`: hint by choice value. `divider_before`: the choice value that follows "or". `inline`, `small`: of
    radios and checkboxes. `prefix`, `suffix`: of a text input. `hide_label`: for a table cell whose heading says it.
    `optional`: append "(optional)" when the field may be left empty. `count`: show the character count of a textarea.
    """

    size: str = ""
    heading: bool = False
    width: str = ""
    rows: int = 5
    autocomplete: str = ""
    name: str = ""
    item_hints: Mapping[Any, str] = field(default_factory=dict)
    divider_before: Any = None
    inline: bool = False
    small: bool = False
    prefix: str = ""
    suffix: str = ""
    hide_label: bool = False
    optional: bool = True
    count: bool = True


def style_of(question: forms.Field) -> Style:
    """The field's looks; the plain ones when nobody gave it any."""
    style: Style = getattr(question, "govuk", None) or Style()
    return style


def styled(question: Question, **looks: Any) -> Question:
    """The same field with these looks (names and meanings in `Style`); `hint` sets its help text."""
    if "hint" in looks:
        question.help_text = looks.pop("hint")
    if "width" in looks:
        looks["width"] = str(looks["width"])
    question.govuk = replace(style_of(question), **looks)  # type: ignore[attr-defined]
    return question
