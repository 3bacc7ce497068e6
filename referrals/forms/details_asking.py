"""More information: S2S's question, the adviser's answer, and taking a question back."""

from typing import Any, ClassVar

from referrals.forms.fields import TextField
from s2s_portal.core.forms import GovukForm, styled

LONGEST = 2000
"""Characters of a question or an answer."""
KEPT = "Shown on the portal to those who see the whole case. It is not sent by e-mail."


def words(label: str, *, name: str, size: str = "m", **kwargs: Any) -> TextField:
    """A question answered with a few sentences that stay on the portal."""
    options = {"max_length": LONGEST, "help_text": KEPT} | kwargs
    return styled(TextField(label=label, **options), name=name, rows=5, size=size)


class WordsForm(GovukForm):
    """Something that is written for the other side: `words` holds it."""


class AskForm(WordsForm):
    """What S2S needs to know."""

    submit_label: ClassVar[str] = "Ask and pause the clock"

    words = words("What does S2S need to know?", name="what S2S needs to know")


class AnswerForm(WordsForm):
    """What the adviser says to it."""

    submit_label: ClassVar[str] = "Send back to S2S"

    words = words("Your answer", name="your answer")


class TakeBackForm(WordsForm):
    """Why S2S goes on without an answer."""

    submit_label: ClassVar[str] = "Take the question back"

    words = words(
        "Why is the answer no longer needed?",
        name="why the answer is no longer needed",
        required=False,
        max_length=500,
        help_text=f"For example, the setting has told you. {KEPT}",
    )
