"""The form that every page starts from."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from .messages import apply_messages
from .style import styled


class SubmitButton(Submit):  # type: ignore[misc]
    """The form's button without Bootstrap's classes; `kind` as in components/button.html, such as "warning"."""

    def __init__(self, name: str, value: str, *, kind: str = "", **kwargs: Any) -> None:
        self.field_classes = f"govuk-button--{kind}" if kind else ""
        super().__init__(name, value, **kwargs)


class GovukFormMixin:
    """GOV.UK behaviour for any Django form: our messages, no browser validation, a helper for ``{% crispy form %}``.

    `submit_label`: words on the button that ``{% crispy form %}`` adds ("" for none), and `submit_kind` its kind:
    "warning" for what cannot be undone. `form_method`: post or get.
    `mark_optional`: whether labels of fields that may be left empty end in "(optional)".
    `styles`: looks by field name, for fields that were not declared with `styled`.
    """

    submit_label: ClassVar[str] = "Continue"
    submit_kind: ClassVar[str] = ""
    form_method: ClassVar[str] = "post"
    mark_optional: ClassVar[bool] = True
    styles: ClassVar[dict[str, dict[str, Any]]] = {}
    use_required_attribute = False  # the browser's own bubbles are not accessible; the server answers
    fields: dict[str, forms.Field]
    data: Any
    is_bound: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, looks in self.styles.items():
            styled(self.fields[name], **looks)
        for question in self.fields.values():
            if isinstance(question.widget, forms.NumberInput):
                # type="number" turns with the mouse wheel and loses what was typed when it is no number.
                question.widget.input_type = "text"

    def style(self, field: str, /, **looks: Any) -> None:
        """Give one field of this form its looks (see `Style`), for what is known only when the page is drawn."""
        styled(self.fields[field], **looks)

    def full_clean(self) -> None:
        """As Django's, in our words; a form that nobody has sent has nothing to complain about and needs none."""
        if self.is_bound:
            for name, question in self.fields.items():
                apply_messages(question, name)
        super().full_clean()  # type: ignore[misc]

    def somebody_was_first(self, now: str, sentence: str) -> None:
        """Say that the page was of something older; sent again, the form is about what there is `now` (its `seen`)."""
        self.data = self.data.copy()
        self.data["seen"] = now
        self.add_error(None, sentence)  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        """What ``{% crispy form %}`` draws: the form's tag, every field in order, one button."""
        helper = FormHelper()
        helper.form_method = self.form_method
        helper.disable_csrf = self.form_method == "get"
        helper.include_media = False
        helper.attrs = {"novalidate": True, "data-prevent-double-click": "true"}
        if self.submit_label:
            helper.add_input(SubmitButton("", self.submit_label, kind=self.submit_kind))
        return helper


class GovukForm(GovukFormMixin, forms.Form):
    """A plain form in the GOV.UK look."""


class GovukModelForm(GovukFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A model's form in the GOV.UK look."""
