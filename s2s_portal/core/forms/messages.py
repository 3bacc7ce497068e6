"""Error messages that say what to do. Django's "This field is required." is never shown."""

from functools import cache
from typing import Any

from django import forms
from django.utils.text import capfirst

from .dates import DatePartsField, lower_first
from .style import style_of

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField, forms.BooleanField, forms.NullBooleanField, forms.FileField)


def called(question: forms.Field, fallback: str) -> str:
    """What messages call the field: its style's name, else its label without a question mark.

    Messages are filled in with the % operator, so a percent sign is written out.
    """
    name = style_of(question).name or str(question.label or fallback.replace("_", " "))
    return name.replace("%", " per cent").rstrip("?: ").strip() or fallback


def messages_for(question: forms.Field, fallback: str) -> dict[str, str]:
    """Our wording for every code that Django's fields and validators raise, for this field."""
    name = called(question, fallback)
    start = capfirst(name)
    choosing = isinstance(question, CHOOSING)
    verb = "Select" if choosing else "Enter"
    not_listed = f"{verb} {lower_first(name)}, using one of the answers on this page"
    messages = {
        "required": f"{verb} {lower_first(name)}",
        "null_characters_not_allowed": f"{start} must not include characters that cannot be shown",
        "max_length": f"{start} must be %(limit_value)d characters or fewer",
        "min_length": f"{start} must be %(limit_value)d characters or more",
        "max_digits": f"{start} must have %(max)s digits or fewer",
        "max_whole_digits": f"{start} must have %(max)s digits or fewer before the decimal point",
        "max_decimal_places": f"{start} must have %(max)s decimal places or fewer",
        "min_value": f"{start} must be %(limit_value)s or more",
        "max_value": f"{start} must be %(limit_value)s or less",
        "invalid_choice": not_listed,
        "invalid_list": not_listed,
        "invalid_pk_value": not_listed,
    }
    if isinstance(question, forms.EmailField):
        messages["invalid"] = f"{start} must be in the correct format, like name@example.com"
    elif isinstance(question, forms.IntegerField):
        messages["invalid"] = f"{start} must be a number, like 12"
    elif isinstance(question, forms.URLField):
        messages["invalid"] = f"{start} must be a web address, like https://www.example.com"
    return messages


@cache
def defaults_of(kind: type[forms.Field]) -> dict[str, str]:
    """The messages that Django's classes give fields of this kind, by code. Kept, as the portal has one language."""
    found: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        found.update(getattr(each, "default_error_messages", {}))
    return {code: str(text) for code, text in found.items()}


def apply_messages(question: forms.Field, fallback: str) -> None:
    """Put our wording wherever the field's author gave none."""
    if isinstance(question, DatePartsField):
        return
    django = defaults_of(type(question))  # type: ignore[arg-type]  # mypy takes a class for an instance
    for code, text in messages_for(question, fallback).items():
        given = question.error_messages.get(code)
        if given is None or str(given) == django.get(code):
            question.error_messages[code] = text
