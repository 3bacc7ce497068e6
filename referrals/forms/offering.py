"""Offering a school or setting up to three times for one visit. Times are London's."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django import forms

from referrals.choices import BookingKind, BookingMode
from referrals.forms.booking import LENGTHS, TimeField
from referrals.forms.fields import TextField
from referrals.rules.offers import MOST_TIMES, Slot
from s2s_portal.core.calendar import LONDON
from s2s_portal.core.forms import DatePartsField, GovukForm, styled

_PLACES = range(1, MOST_TIMES + 1)


class OfferForm(GovukForm):
    """One kind of visit at up to three times of one length. `key` makes one offer of two presses."""

    submit_label: ClassVar[str] = "Offer these times"
    mark_optional: ClassVar[bool] = False

    kind = styled(
        forms.ChoiceField(label="What is it for?", choices=BookingKind, widget=forms.RadioSelect),
        size="s",
        name="what it is for",
    )
    mode = styled(
        forms.ChoiceField(label="In person or remote?", choices=BookingMode, widget=forms.RadioSelect),
        size="s",
        name="in person or remote",
    )
    minutes = styled(
        forms.TypedChoiceField(label="How long?", choices=list(LENGTHS.items()), coerce=int), name="a length"
    )
    why = styled(
        TextField(
            label="If the portal warned about a time: why is it all right?",
            max_length=500,
            required=False,
            help_text="Kept with the visit. It is not sent by e-mail.",
        ),
        name="why it is all right",
        size="s",
        rows=2,
        optional=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"key": uuid.uuid4(), "mode": BookingMode.IN_PERSON, "minutes": 60}
        super().__init__(*args, initial=initial, **kwargs)
        for place in _PLACES:
            self._ask_for_time(place)
        times = [name for place in _PLACES for name in (f"day_{place}", f"starts_{place}")]
        self.order_fields(["kind", "mode", "minutes", *times, "why", "key"])

    def _ask_for_time(self, place: int) -> None:
        is_first = place == 1
        which = f"Time {place}" if is_first else f"Time {place} (optional)"
        day = DatePartsField(label=f"{which}: date", earliest_year=2015, latest_year=2060, required=is_first)
        starts = TimeField(label=f"Time {place}: start time", required=is_first)
        self.fields[f"day_{place}"] = styled(day, size="s", name=f"the date of time {place}", optional=False)
        looks = {"width": 5, "name": f"the start of time {place}", "optional": False}
        self.fields[f"starts_{place}"] = styled(starts, **looks)

    def clean(self) -> dict[str, Any]:
        """A date has a start time, and a start time a date."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for place in _PLACES[1:]:
            day, starts = f"day_{place}", f"starts_{place}"
            if told.get(day) and told.get(starts) is None and starts not in self.errors:
                self.add_error(starts, f"Enter when time {place} starts")
            if told.get(starts) is not None and not told.get(day) and day not in self.errors:
                self.add_error(day, f"Enter the date of time {place}")
        return told

    @property
    def places(self) -> list[int]:
        """Which of the three were filled in."""
        return [place for place in _PLACES if self.cleaned_data.get(f"day_{place}")]

    @property
    def slots(self) -> list[Slot]:
        """The times, in the order of `places`."""
        length = timedelta(minutes=self.cleaned_data["minutes"])
        starts = [self._starts_at(place) for place in self.places]
        return [Slot(one, one + length) for one in starts]

    def _starts_at(self, place: int) -> datetime:
        day, starts = self.cleaned_data[f"day_{place}"], self.cleaned_data[f"starts_{place}"]
        return datetime.combine(day, starts, tzinfo=LONDON).astimezone(UTC)

    def complain(self, problems: Mapping[int, Sequence[str]]) -> None:
        """Show at each time what speaks against it, and once what speaks against all; by its place in `slots`."""
        places = self.places
        of_all: list[str] = []
        if len(places) > 1 and len(problems) == len(places):
            first, *others = problems.values()
            of_all = [sentence for sentence in first if all(sentence in one for one in others)]
            self.add_error(None, of_all)
        for number, sentences in sorted(problems.items()):
            self.add_error(f"day_{places[number]}", [one for one in sentences if one not in of_all])
