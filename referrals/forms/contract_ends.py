"""What is asked of commissioners, and of a request's advisers, when a contract ends."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from django import forms

from referrals.choices import Fate
from referrals.forms.fields import LineField
from referrals.rules.rollover import WISHES
from s2s_portal.core.forms import GovukForm, styled

LONGEST = 500
"""Characters of a note or a reason, as the tables hold them."""
NOTHING = "none"
"""The choice that no contract follows."""
APPROVE, REFUSE = "APPROVE", "REFUSE"
NOT_SENT = "Commissioners and S2S co-ordinators read it with the account. Do not name a child."


def _words(label: str, hint: str, *, required: bool = False, name: str = "") -> LineField:
    question = LineField(label=label, required=required, max_length=LONGEST, help_text=hint, widget=forms.Textarea)
    return styled(question, size="s", rows=3, name=name)


class BeginForm(GovukForm):
    """Which contract follows; every later contract is a choice, with what it takes in words."""

    submit_label: ClassVar[str] = "Look at every open request"

    target = styled(
        forms.ChoiceField(label="Which contract follows?", widget=forms.RadioSelect),
        name="which contract follows",
        size="m",
    )

    def __init__(self, *args: Any, others: Iterable[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(others)
        choices = [(str(pk), name) for pk, name, _ in offered]
        self.fields["target"].choices = [*choices, (NOTHING, "No contract follows")]  # type: ignore[attr-defined]
        hints = {str(pk): takes for pk, _, takes in offered}
        hints[NOTHING] = "Nothing can be moved: what cannot finish in time is asked about or closed."
        self.style("target", item_hints=hints, divider_before=NOTHING if offered else None)

    def chosen(self, others: Iterable[Any]) -> Any:
        """Of these lines of `queries.following` the contract that was chosen; None where none follows."""
        return next((one.contract for one in others if str(one.contract.pk) == self.cleaned_data["target"]), None)


class DecideForm(GovukForm):
    """What becomes of one request, or of all with the same reason.

    What cannot be chosen for one is there, and says why; what is possible for none of many (`never`) is not offered.
    """

    submit_label: ClassVar[str] = "Save this decision"

    fate = styled(
        forms.ChoiceField(label="What becomes of it?", widget=forms.RadioSelect),
        name="what becomes of it",
        size="m",
    )
    note = _words("Why, or anything to add", NOT_SENT)

    def __init__(
        self,
        *args: Any,
        label: str,
        hints: Mapping[str, str],
        with_asking: bool,
        never: Collection[Fate] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fates = [fate for fate in ([*WISHES, Fate.ASK] if with_asking else WISHES) if fate not in never]
        self.fields["fate"].label = label
        self.fields["fate"].choices = [(fate.value, fate.label) for fate in fates]  # type: ignore[attr-defined]
        self.style("fate", item_hints=dict(hints), divider_before=Fate.ASK if with_asking else None)

    def clean(self) -> dict[str, Any]:
        """A note belongs to a decision: none would be kept, or sent, with a question."""
        given = super().clean() or {}
        if given.get("fate") == Fate.ASK and given.get("note"):
            self.add_error("note", "A note is kept with a decision and is not sent with a question: remove it to ask")
        return given


class ProposeForm(GovukForm):
    """Why the end of the contract is to be run as decided."""

    submit_label: ClassVar[str] = "Propose this to a second commissioner"

    reason = _words(
        "Why now?",
        "The second person reads it, and it is kept for good. Do not name a child.",
        required=True,
        name="why",
    )


class ApproveForm(GovukForm):
    """The second person's decision; who approves types the contract's name."""

    submit_label: ClassVar[str] = "Record this decision"
    submit_kind: ClassVar[str] = "warning"

    decision = styled(
        forms.ChoiceField(
            label="What do you decide?",
            choices=[(APPROVE, "Approve: it runs now"), (REFUSE, "Refuse: it goes back to be decided")],
            widget=forms.RadioSelect,
        ),
        name="what you decide",
        size="m",
    )
    typed = styled(LineField(label="To approve, type the contract’s name", required=False), size="s", optional=False)
    note = styled(
        LineField(
            label="Note",
            required=False,
            max_length=LONGEST,
            help_text="Whoever proposed it reads it. A refusal needs one. Do not name a child.",
            widget=forms.Textarea,
        ),
        size="s",
        rows=3,
        optional=False,
    )
    change = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the proposal that the page showed

    def __init__(self, *args: Any, contract: str, change: uuid.UUID, **kwargs: Any) -> None:
        super().__init__(*args, initial={"change": change}, **kwargs)
        self.contract = contract
        self.fields["typed"].help_text = f"Exactly as it is written: {contract}"

    @property
    def approves(self) -> bool:
        """Whether the decision of a form that is valid is to run."""
        return bool(self.cleaned_data["decision"] == APPROVE)

    def clean(self) -> dict[str, Any]:
        """Who approves types the name; who refuses says why."""
        given = super().clean() or {}
        if given.get("decision") == APPROVE and given.get("typed", "").casefold() != self.contract.casefold():
            self.add_error("typed", f"Type the contract’s name as it is written: {self.contract}")
        if given.get("decision") == REFUSE and not given.get("note") and "note" not in self.errors:
            self.add_error("note", "Enter why you refuse it")
        return given


class AnswerForm(GovukForm):
    """What an adviser says is still wanted; what cannot be done (`never`) is not offered."""

    submit_label: ClassVar[str] = "Check your answer"

    wish = styled(
        forms.ChoiceField(
            label="What is still wanted?",
            choices=[
                (Fate.MOVE.value, "Go on under the new contract"),
                (Fate.FINISH.value, "Finish under the old contract"),
                (Fate.CLOSE.value, "Close it: support is no longer needed"),
            ],
            widget=forms.RadioSelect,
        ),
        name="what is still wanted",
        size="m",
    )
    note = _words(
        "What the commissioner should know",
        "The commissioner reads it, who does not know who the child is. Do not name the child.",
    )

    def __init__(self, *args: Any, hints: Mapping[str, str], never: Collection[Fate] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wish: Any = self.fields["wish"]
        wish.choices = [(value, label) for value, label in wish.choices if value not in never]
        self.style("wish", item_hints=dict(hints))
