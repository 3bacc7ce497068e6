"""What the forms share that narrow a list, read from the page's address."""

from typing import ClassVar

from s2s_portal.core.forms import GovukForm


class NarrowingForm(GovukForm):
    """Which lines a page shows; every question may be left alone."""

    submit_label: ClassVar[str] = "Show"
    form_method: ClassVar[str] = "get"
    mark_optional: ClassVar[bool] = False

    def offer(self, name: str, everything: str, choices: list[tuple[str, str]]) -> None:
        """Let the question `name` be answered by one of `choices` (value, label) or by `everything`.

        One alone is no question.
        """
        if len(choices) < 2:
            del self.fields[name]
        else:
            self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]
