"""Whose visits or requests a page shows, and which: read from the page's address."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from referrals.forms.narrowing import NarrowingForm
from s2s_portal.core.forms import styled

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that a calendar can be leafed through; outside them Python's own dates end soon."""


class WhoseForm(NarrowingForm):
    """Which teacher a co-ordinator looks at; the day stays what it was."""

    teacher = styled(forms.ChoiceField(required=False), name="a teacher")

    def __init__(self, *args: Any, teachers: Iterable[Any], **kwargs: Any) -> None:
        """`teachers` are the people to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["teacher"].choices = [("", "All teachers"), *((str(one.pk), one.full_name) for one in teachers)]


def day_in(text: str, today: date) -> date:
    """The day that an address names, such as 2024-11-25; `today` if it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else today
