"""Narrowing a list of requests: filters and search, read from the page's address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from referrals.choices import Status
from referrals.forms.narrowing import NarrowingForm
from referrals.queries.requests import Filters
from s2s_portal.core.forms import styled
from s2s_portal.organisations.choices import Stream

ALL_PERIODS = "all"


class FilterForm(NarrowingForm):
    """Which requests a list shows; every question may be left alone."""

    text = styled(
        forms.CharField(label="Search", required=False, max_length=100, help_text="A reference, or words of the name"),
        width="full",
    )
    status = styled(forms.ChoiceField(required=False), name="a status")
    stream = styled(forms.ChoiceField(required=False), name="a stream")
    zone = styled(forms.ChoiceField(required=False), name="a zone")
    period = styled(forms.ChoiceField(required=False), name="a period")

    def __init__(
        self, *args: Any, streams: list[Stream], zones: Iterable[Any], periods: Iterable[Any], **kwargs: Any
    ) -> None:
        """`streams`, `zones` and `periods` are what the person may choose from; one alone is no question."""
        super().__init__(*args, **kwargs)
        self.offer("status", "All statuses", Status.choices)
        self.offer("stream", "Both", [(stream.value, stream.label.capitalize()) for stream in streams])
        self.offer("zone", "All zones", [(str(zone.pk), zone.name) for zone in zones])
        self.offer("period", "", [(str(period.pk), str(period)) for period in periods])
        if "period" in self.fields:
            self.fields["period"].choices = [*self.fields["period"].choices[1:], (ALL_PERIODS, "All periods")]

    def filters(self, *, mine: bool) -> Filters:
        """What was asked for. An answer that is not among the choices narrows nothing, and the page says so."""
        self.is_valid()
        given = self.cleaned_data
        period = given.get("period", "")
        return Filters(
            mine=mine,
            status=given.get("status", ""),
            stream=given.get("stream", ""),
            zone_id=int(given["zone"]) if given.get("zone") else None,
            period_id=int(period) if period and period != ALL_PERIODS else None,
            text=given.get("text", ""),
        )
