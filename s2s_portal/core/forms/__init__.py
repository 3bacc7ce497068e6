"""Forms that draw themselves as the GOV.UK Design System asks.

Start a form from `GovukForm` (or `GovukModelForm`), give a field its looks with `styled`, and write
``{% crispy form %}`` or ``{{ form|crispy }}`` in the template.
"""

from .base import GovukForm, GovukFormMixin, GovukModelForm
from .dates import DateInput, DatePartsField
from .style import Style, style_of, styled
from .widgets import AutocompleteInput

__all__ = [
    "AutocompleteInput",
    "DateInput",
    "DatePartsField",
    "GovukForm",
    "GovukFormMixin",
    "GovukModelForm",
    "Style",
    "style_of",
    "styled",
]
