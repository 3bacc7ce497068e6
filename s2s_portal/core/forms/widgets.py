"""Inputs that Django does not have."""

from collections.abc import Mapping
from typing import Any

from django import forms


class AutocompleteInput(forms.TextInput):
    """A search box that offers suggestions where scripts run, and is an ordinary search box where not.

    `url` answers ``?q=text`` with ``{"results": [{"value": "…", "label": "…"}]}``. What was picked is sent in a hidden
    input named `value_name` (default: the field's name + "_value"); it is empty when the person only typed.
    """

    input_type = "search"

    def __init__(self, url: str, value_name: str = "", attrs: Mapping[str, Any] | None = None) -> None:
        extra = {"data-autocomplete-url": url, "autocomplete": "off", "spellcheck": "false"}
        if value_name:
            extra["data-autocomplete-value-name"] = value_name
        super().__init__({**extra, **(attrs or {})})
