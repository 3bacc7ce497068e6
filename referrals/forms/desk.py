"""What a co-ordinator decides about a request: who gets it, who covers, or why nobody does."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.signing import BadSignature, Signer

from referrals.choices import DeclineReason, NotStartedReason
from referrals.forms.fields import TextField
from referrals.rules.assigning import Suggestion
from s2s_portal.core.forms import DatePartsField, GovukForm, styled
from s2s_portal.organisations.models.journeys import LONGEST_MINUTES

SHOWN_FIRST = 5
"""Teachers who stand on the page at once; the others are one press away."""
NEVER_SENT = "S2S staff and the request’s advisers see it in the history. It is not sent by e-mail."
EXAMPLE = "For example, 9 12 2024"


def _note(label: str, *, required: bool = False, most: int = 500, hint: str = NEVER_SENT, name: str = "") -> TextField:
    question = TextField(label=label, required=required, max_length=most, help_text=hint)
    return styled(question, rows=3, name=name)


def _day(label: str, hint: str = EXAMPLE, *, required: bool = True) -> DatePartsField:
    question = DatePartsField(label=label, help_text=hint, required=required, earliest_year=2015, latest_year=2060)
    return styled(question, size="s", optional=False)


class TeacherForm(GovukForm):
    """Which teacher. Every teacher is a choice, the likeliest first, with the reasons in words as a hint."""

    legend: ClassVar[str] = "Which teacher?"
    teacher = styled(
        forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect),
        name="a teacher",
        size="m",
    )

    def __init__(self, *args: Any, suggestions: Sequence[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = self.fields["teacher"]
        question.label = self.legend
        question.choices = [(one.candidate.teacher_id, one.candidate.name) for one in suggestions]  # type: ignore[attr-defined]
        self.style("teacher", item_hints={one.candidate.teacher_id: in_words(one.reasons) for one in suggestions})
        self._first = {str(one.candidate.teacher_id) for one in suggestions[:SHOWN_FIRST]}

    @property
    def has_others(self) -> bool:
        """Whether there are more teachers than stand on the page at once."""
        return len(self.fields["teacher"].choices) > SHOWN_FIRST  # type: ignore[attr-defined]

    @property
    def chose_another(self) -> bool:
        """Whether somebody was chosen who stands among the others: they are then shown."""
        chosen = str(self["teacher"].value() or "")
        return bool(chosen) and chosen not in self._first

    def other_questions(self) -> list[Any]:
        """The questions below the choice of teacher."""
        return [field for field in self if field.name != "teacher"]


def in_words(reasons: Iterable[str]) -> str:
    """Reasons as the page shows them: each a sentence."""
    return " ".join(f"{reason}." for reason in reasons)


class AssignForm(TeacherForm):
    """Who is given a request."""

    submit_label: ClassVar[str] = "Give the request to this teacher"
    legend: ClassVar[str] = "Who gets this request?"

    note = _note("Note for the teacher")


class ReassignForm(TeacherForm):
    """Who has a request from now on."""

    submit_label: ClassVar[str] = "Hand the request over"
    legend: ClassVar[str] = "Who has this request from now on?"

    note = _note("Hand-over note", required=True, name="a hand-over note")


class DaysForm(TeacherForm):
    """Who looks after a request, or several, from a day to a day."""

    submit_label: ClassVar[str] = "Arrange the cover"
    legend: ClassVar[str] = "Who covers?"

    starts_on = _day("First day of the cover")
    ends_on = _day("Last day of the cover", "This day is included. Leave it empty for a single day.", required=False)
    note = _note("Note for the teacher who covers")

    def clean(self) -> dict[str, Any]:
        """A last day that is left empty is the first; it does not come before it."""
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last is None:
            given["ends_on"] = first
        elif first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first")
        return given


class DeclineForm(GovukForm):
    """Why S2S does not take a request on."""

    submit_label: ClassVar[str] = "Do not take this request on"
    submit_kind: ClassVar[str] = "warning"

    reason = styled(
        forms.ChoiceField(label="Why is this request not taken on?", choices=DeclineReason, widget=forms.RadioSelect),
        name="why this request is not taken on",
        size="m",
    )
    note = _note("What the adviser should know")


class NotStartedForm(GovukForm):
    """Why a request closes before a visit was held."""

    submit_label: ClassVar[str] = "Close as not started"
    submit_kind: ClassVar[str] = "warning"

    reason = styled(
        forms.ChoiceField(
            label="Why does it close before a visit?", choices=NotStartedReason, widget=forms.RadioSelect
        ),
        name="why it closes before a visit",
        size="m",
    )
    note = _note("Anything to add")


class ReinstateForm(GovukForm):
    """Why an ended request comes back."""

    submit_label: ClassVar[str] = "Reinstate this request"

    reason = _note("Why is it reinstated?", required=True, name="why it is reinstated")


class SpecialismsForm(GovukForm):
    """What a teacher knows especially well."""

    submit_label: ClassVar[str] = "Save"

    need_types = styled(
        forms.TypedMultipleChoiceField(
            label="Types of need that they know especially well",
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        size="m",
        optional=False,
        hint="Suggestions for a request name those that it needs.",
    )

    def __init__(self, *args: Any, types: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need_types"].choices = [(need.pk, need.label) for need in types]  # type: ignore[attr-defined]


class JourneyForm(GovukForm):
    """How many minutes a journey takes."""

    submit_label: ClassVar[str] = "Save"

    minutes = styled(
        forms.IntegerField(label="Minutes by car, one way", min_value=1, max_value=LONGEST_MINUTES),
        width=3,
        name="minutes",
    )
    note = styled(
        forms.CharField(label="Why does the estimate mislead?", max_length=200, required=False),
        hint="For example, Round the estuary, or Road works until Easter. Do not name a child.",
        name="the note",
    )


# --- What was shown ----------------------------------------------------------------------------------------------
_SIGNER = Signer(salt="referrals.desk.reasons-shown")


def sign_shown(reference: str, suggestions: Iterable[Suggestion]) -> str:
    """The reasons that a page shows for each teacher, signed: they come back with the press and are kept as shown."""
    reasons = {str(one.candidate.teacher_id): one.reasons for one in suggestions}
    return _SIGNER.sign_object({"about": reference, "reasons": reasons}, compress=True)


def reasons_shown(signed: str, reference: str, teacher_id: int) -> list[str] | None:
    """The reasons that were shown for a teacher; None if `signed` is not ours, or of another request."""
    try:
        shown = _SIGNER.unsign_object(signed)
    except (BadSignature, ValueError):
        return None
    reasons = shown["reasons"].get(str(teacher_id)) if shown["about"] == reference else None
    return None if reasons is None else list(reasons)
