"""Which requests a case list has, and why it is downloaded."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from quotas.forms import WordsField
from referrals.choices import Status
from referrals.forms.narrowing import NarrowingForm
from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.choices import OPEN, FileFormat
from s2s_portal.oversight.documents.case_list import Narrowed
from s2s_portal.oversight.queries.case_list import Narrowing

EVERY_PERIOD = "all"
FORMATS = [(FileFormat.XLSX.value, "Excel workbook"), (FileFormat.CSV.value, "CSV")]
LONGEST_REASON = 300
"""Characters: beside it the audit's line has room for the filter."""


class CaseListFilterForm(NarrowingForm):
    """The requests of a period, stream, status or zone. The names are those of the lists of requests."""

    status = styled(forms.ChoiceField(required=False), name="a status")
    stream = styled(forms.ChoiceField(required=False), name="a stream")
    zone = styled(forms.ChoiceField(required=False), name="a zone")
    period = styled(forms.ChoiceField(required=False), name="a period")

    def __init__(self, *args: Any, periods: Sequence[Any], zones: Iterable[Any], **kwargs: Any) -> None:
        """`periods` and `zones` are those to choose from; one zone alone is no question."""
        super().__init__(*args, **kwargs)
        self._periods = {str(period.pk): period for period in periods}
        self._zones = {str(zone.pk): zone for zone in zones}
        self.offer("status", "All statuses", [(OPEN, "Open with S2S"), *Status.choices])
        self.offer("stream", "Both", [(one.value, one.label.capitalize()) for one in Stream])
        self.offer("zone", "All zones", [(pk, zone.name) for pk, zone in self._zones.items()])
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            *((pk, str(period)) for pk, period in self._periods.items()),
            (EVERY_PERIOD, "All periods"),
        ]

    def narrowing(self) -> Narrowing | None:
        """What was asked for; None for an answer that is not offered: a file is never wider than what was asked."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return Narrowing(
            period=self._periods.get(given["period"]),
            stream=given["stream"],
            status=given["status"],
            zone=self._zones.get(given.get("zone", "")),
        )

    @property
    def narrowed(self) -> Narrowed:
        """What a valid form asks for beside period and stream, in words."""
        given = self.cleaned_data
        statuses = dict(self.fields["status"].choices)  # type: ignore[attr-defined]
        zone = self._zones.get(given.get("zone", ""))
        return Narrowed(str(statuses[given["status"]]) if given["status"] else "", zone.name if zone else "")


class TakeCaseListForm(GovukForm):
    """Why somebody downloads who children are, and in which format."""

    submit_label = "Download the case list"

    reason = styled(
        WordsField(
            label="Why do you need this file?",
            min_length=10,
            max_length=LONGEST_REASON,
            help_text="It is kept in the access log and stands in the file. Do not write a child’s name here.",
        ),
        name="the reason",
        rows=3,
    )
    file_format = styled(
        forms.ChoiceField(label="Format", widget=forms.RadioSelect, choices=FORMATS),
        name="a format",
        inline=True,
    )
