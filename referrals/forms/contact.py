"""One line of the contact log, told in a few taps on a phone."""

import re
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from referrals.choices import ContactHow, ContactOutcome
from referrals.forms.fields import LineField, TextField
from s2s_portal.core import spoken
from s2s_portal.core.calendar import LONDON
from s2s_portal.core.forms import DatePartsField, GovukForm, styled

SOMEBODY_ELSE = "OTHER"
THE_CONTACT = "CONTACT"
TIME = re.compile(r"([0-9]{1,2})[:.]?([0-9]{2})")


class TimeOfDayField(LineField):
    """A time as people write it: 9:30, 09.30, 0930."""

    def clean(self, value: Any) -> Any:
        """The `datetime.time`; it is always asked for."""
        found = TIME.fullmatch(super().clean(value))
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError("Time must be a time, like 09:30 or 14:15", code="invalid")
        return time(int(found[1]), int(found[2]))


class ContactForm(GovukForm):
    """How the school or setting was tried, what came of it, with whom, when. `key` makes one line of two presses."""

    submit_label: ClassVar[str] = "Save"

    key = forms.UUIDField(widget=forms.HiddenInput)
    how = styled(
        forms.ChoiceField(label="How did you try?", choices=ContactHow, widget=forms.RadioSelect),
        name="how you tried",
        size="s",
        inline=True,
    )
    outcome = styled(
        forms.ChoiceField(label="What came of it?", choices=ContactOutcome, widget=forms.RadioSelect),
        name="what came of it",
        size="s",
        inline=True,
    )
    whom = styled(
        forms.ChoiceField(label="If you reached somebody: who was it?", widget=forms.RadioSelect, required=False),
        name="who it was",
        size="s",
        optional=False,
    )
    who = styled(LineField(label="Name, if it was somebody else", max_length=200, required=False), optional=False)
    day = styled(DatePartsField(label="When was it?"), name="the day", size="s")
    time = styled(TimeOfDayField(label="Time", max_length=10), width="5", hint="For example, 09:30", name="the time")
    note = styled(
        TextField(
            label="Note",
            required=False,
            max_length=1000,
            help_text="Read by those who see the whole case. It is not sent by e-mail.",
        ),
        rows=3,
    )

    def __init__(self, *args: Any, contact: str, since: datetime, at: datetime, **kwargs: Any) -> None:
        """`contact` is the contact person's name; an attempt happened from `since` to `at` (both aware)."""
        now = at.astimezone(LONDON)
        kwargs["initial"] = {"day": now.date(), "time": f"{now:%H:%M}"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.contact, self.since, self.at = contact, since, at
        known = [(THE_CONTACT, contact)] if contact else []
        self.fields["whom"].choices = [*known, (SOMEBODY_ELSE, "Somebody else")]

    def clean(self) -> dict[str, Any]:
        """The answers, and that they fit each other."""
        given: dict[str, Any] = super().clean()
        self._check_person(given)
        if given.get("day") and given.get("time") is not None:
            self._check_moment(given)
        return given

    def _check_person(self, given: dict[str, Any]) -> None:
        whom, who = given.get("whom"), given.get("who", "")
        given["who"] = self.contact if whom == THE_CONTACT and not who else who
        if given.get("outcome") != ContactOutcome.REACHED or given["who"] or self.errors.keys() & {"whom", "who"}:
            return
        if whom == SOMEBODY_ELSE:
            self.add_error("who", "Enter the name of whom you reached")
        else:
            self.add_error("whom", "Select whom you reached")

    def _check_moment(self, given: dict[str, Any]) -> None:
        when = datetime.combine(given["day"], given["time"], tzinfo=LONDON)
        given["happened_at"] = when
        begun = self.since.astimezone(LONDON).replace(second=0, microsecond=0)
        if when > self.at:
            self.add_error("time" if given["day"] == self.at.astimezone(LONDON).date() else "day", IN_THE_FUTURE)
        elif when < begun:
            since = spoken.moment(self.since)
            self.add_error("day", f"When it was must not be before the request came to S2S: {since}")


IN_THE_FUTURE = "When it was must be now or in the past"
