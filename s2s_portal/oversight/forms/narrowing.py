"""Which period and stream a dashboard shows, read from its address."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django import forms

from referrals.forms.narrowing import NarrowingForm
from s2s_portal.core.forms import styled
from s2s_portal.organisations.choices import Stream

PeriodT = TypeVar("PeriodT")


class ScopeForm(NarrowingForm):
    """One period, and one stream or both."""

    period = styled(forms.ChoiceField(required=False), name="a period")
    stream = styled(forms.ChoiceField(required=False), name="a stream")

    def __init__(self, *args: Any, periods: Sequence[Any], **kwargs: Any) -> None:
        """`periods` are those to choose from; one alone is no question."""
        super().__init__(*args, **kwargs)
        self.fields["stream"].choices = [("", "Both"), *((one.value, one.label.capitalize()) for one in Stream)]
        self.fields["period"].choices = [(str(period.pk), str(period)) for period in periods]
        if len(periods) < 2:
            del self.fields["period"]
        self._periods = periods

    def chosen(self, otherwise: PeriodT) -> tuple[PeriodT, str]:
        """The period, or `otherwise`, and the stream, or "" for both. An answer that is not offered counts for none."""
        self.is_valid()
        wanted = self.cleaned_data.get("period", "")
        period = next((one for one in self._periods if str(one.pk) == wanted), otherwise)
        return period, self.cleaned_data.get("stream", "")
