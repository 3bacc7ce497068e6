"""Booking, moving, cancelling and keeping visits. Times are London's."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict

from referrals.choices import BookingKind, BookingMode, BookingProblem, WhoAsked
from referrals.forms.fields import TextField
from referrals.rules.bookings import MAY_BE_KEPT, Judgement, Problem
from s2s_portal.core.calendar import LONDON
from s2s_portal.core.forms import DatePartsField, GovukForm, styled

TIME_FORMATS = ("%H:%M", "%H.%M", "%H%M", "%H", "%I%p", "%I:%M%p", "%I.%M%p", "%I:%M %p", "%I %p")
LENGTHS = {
    30: "30 minutes",
    45: "45 minutes",
    60: "1 hour",
    90: "1 hour 30 minutes",
    120: "2 hours",
    150: "2 hours 30 minutes",
    180: "3 hours",
    240: "4 hours",
    300: "5 hours",
    360: "6 hours",
    420: "7 hours",
    480: "8 hours",
}
"""How long a visit may take, by minutes."""
LONGEST_NOTE = 500
LONGEST_WHY = 480
"""The settlement of a flag holds it after "Kept: "."""


class TimeField(forms.TimeField):
    """A time of day as people write it: 9:30, 09.30, 0930, 9am."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", TIME_FORMATS)
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M"))
        kwargs.setdefault("error_messages", {"invalid": f"{kwargs['label']} must be a time, like 09:30 or 13:00"})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The time; spaces and capitals do not matter."""
        return super().to_python(value.strip().replace("\x00", "?") if isinstance(value, str) else value)


class TimeForm(GovukForm):
    """When a visit is. A time that only warns comes back with a question for each kind of warning."""

    FIELD_OF: ClassVar[dict[BookingProblem, str]] = {
        BookingProblem.ENDS_BEFORE_START: "minutes",
        BookingProblem.TOO_LONG: "minutes",
        BookingProblem.OUT_OF_HOURS: "starts",
        BookingProblem.OVERLAP: "starts",
        BookingProblem.TEACHER_AWAY: "teachers",
        BookingProblem.TEACHER_LEFT: "teachers",
        BookingProblem.NO_AGREEMENT: "kind",
    }
    """Where what refuses a time stands; everything else is about the day."""

    day = styled(DatePartsField(label="Date", earliest_year=2015, latest_year=2060), size="s", name="the date")
    starts = styled(
        TimeField(label="Start time", help_text="Between 07:00 and 20:00. For example, 09:30"),
        width=5,
        name="the start time",
    )
    minutes = styled(
        forms.TypedChoiceField(label="How long?", choices=list(LENGTHS.items()), coerce=int), name="a length"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cause in sorted(MAY_BE_KEPT):
            if self.is_bound and _reason_name(cause) in self.data:
                self._ask_why(cause, [])

    def _ask_why(self, cause: BookingProblem, problems: Iterable[Problem]) -> None:
        """Ask for a reason in spite of these warnings, which the question shows."""
        question = TextField(label=f"{cause.label}: why is this all right?", max_length=LONGEST_NOTE, required=False)
        question.help_text = " ".join(problem.sentence for problem in problems)
        self.fields[_reason_name(cause)] = styled(
            question, rows=2, size="s", optional=False, name="why this is all right"
        )

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        local = datetime.combine(self.cleaned_data["day"], self.cleaned_data["starts"], tzinfo=LONDON)
        return local.astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.cleaned_data["minutes"])

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons that were given, by cause."""
        return {cause.value: self.cleaned_data.get(_reason_name(cause), "") for cause in MAY_BE_KEPT}

    def complain(self, judgement: Judgement) -> None:
        """Show what refuses the time at its question, and ask for a reason for each warning; what was typed stays."""
        questions = list(self.fields)
        stands = [(self._stands_at(problem), problem.sentence) for problem in judgement.refused]
        for name, sentence in sorted(stands, key=lambda one: questions.index(one[0])):
            self.add_error(name, sentence)
        warnings: dict[BookingProblem, list[Problem]] = {}
        for problem in [*judgement.unexplained, *judgement.overruled]:
            warnings.setdefault(problem.cause, []).append(problem)
        for cause in MAY_BE_KEPT:
            self.fields.pop(_reason_name(cause), None)
        silent = {problem.cause for problem in judgement.unexplained}
        for cause, problems in warnings.items():
            self._ask_why(cause, [] if cause in silent else problems)
            if cause in silent:
                told = " ".join(problem.sentence for problem in problems)
                self.add_error(_reason_name(cause), f"{told} Say why this is all right, or choose another time.")

    def _stands_at(self, problem: Problem) -> str:
        name = self.FIELD_OF.get(problem.cause, "day")
        return name if name in self.fields else "day"


def _reason_name(cause: BookingProblem) -> str:
    return f"reason_{cause.value.lower()}"


class BookForm(TimeForm):
    """A new visit. `key` comes back with it, so that two presses make one."""

    submit_label: ClassVar[str] = "Book the visit"

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
    teachers = styled(
        forms.TypedMultipleChoiceField(label="Who goes?", coerce=int, widget=forms.CheckboxSelectMultiple),
        size="s",
        name="who goes",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order: ClassVar[tuple[str, ...]] = ("kind", "mode", "day", "starts", "minutes", "teachers", "key")

    def __init__(self, *args: Any, teachers: Sequence[Any], going: int, **kwargs: Any) -> None:
        """`teachers` are those to choose from, `going` the id of the one who books."""
        initial = {"key": uuid.uuid4(), "mode": BookingMode.IN_PERSON, "minutes": 60, "teachers": [going]}
        super().__init__(*args, initial=initial, **kwargs)
        # Who books is at hand on a phone, before twenty colleagues.
        self.people = {one.pk: one for one in sorted(teachers, key=lambda one: one.pk != going)}
        self.fields["teachers"].choices = [(pk, teacher.full_name) for pk, teacher in self.people.items()]

    @property
    def going(self) -> list[Any]:
        """Those who were chosen."""
        return [self.people[pk] for pk in self.cleaned_data["teachers"]]


def _who_asked(what: str) -> forms.ChoiceField:
    question = forms.ChoiceField(label=f"Who asked for {what}?", choices=WhoAsked, widget=forms.RadioSelect)
    return styled(question, name=f"who asked for {what}", size="s")


def _note(label: str, name: str, longest: int = LONGEST_NOTE) -> TextField:
    told = "Kept in the history for those who see the whole case. It is not sent by e-mail."
    return styled(TextField(label=label, max_length=longest, help_text=told), rows=3, name=name)


class SeenForm(GovukForm):
    """A change of a visit. `sequence` comes back with it: which state of the visit the person saw."""

    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def seen_again(self, sequence: int) -> None:
        """The page shows the visit as it is now: the next press is about that."""
        data = MultiValueDict(self.data.copy())  # what was sent may not be changed
        data["sequence"] = str(sequence)
        self.data = data


class MoveForm(SeenForm, TimeForm):
    """Another time for a visit."""

    submit_label: ClassVar[str] = "Move the visit"

    asked_by = _who_asked("another time")
    note = _note("Why?", "why it is moved")
    field_order: ClassVar[tuple[str, ...]] = ("day", "starts", "minutes", "asked_by", "note", "sequence")

    def __init__(self, *args: Any, starts_at: datetime, ends_at: datetime, sequence: int, **kwargs: Any) -> None:
        """The visit as it is now."""
        local, minutes = starts_at.astimezone(LONDON), int((ends_at - starts_at).total_seconds() // 60)
        initial = {"day": local.date(), "starts": local.time(), "minutes": minutes, "sequence": sequence}
        super().__init__(*args, initial=initial, **kwargs)
        if minutes not in LENGTHS:
            self.fields["minutes"].choices = sorted([*LENGTHS.items(), (minutes, f"{minutes} minutes")])


class CancelForm(SeenForm):
    """Why a visit does not take place."""

    submit_label: ClassVar[str] = "Cancel the visit"

    asked_by = _who_asked("the visit to be cancelled")
    note = _note("Why?", "why it is cancelled")
    field_order: ClassVar[tuple[str, ...]] = ("asked_by", "note", "sequence")


class KeepForm(GovukForm):
    """Why a visit stays as it is."""

    submit_label: ClassVar[str] = "Keep the visit"

    why = _note("Why does the visit stay as it is?", "why it stays", LONGEST_WHY)
