"""What the "govuk" template pack and the components need to know about a field, worked out once in Python."""

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from s2s_portal.core.forms.dates import PARTS, DateInput
from s2s_portal.core.forms.style import Style, style_of

register = template.Library()

# The first match decides, so special widgets stand before the ones they are made from.
KINDS = (
    (DateInput, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "plain"),
)
CLASSES = {
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
}
ERROR_CLASSES = {
    "input": "govuk-input--error",
    "password": "govuk-input--error",
    "select": "govuk-select--error",
    "textarea": "govuk-textarea--error",
    "file": "govuk-file-upload--error",
}


LABEL = '<label class="{}" for="{}">{}</label>'
LEGEND = '<legend class="{}">{}</legend>'
HEADING = '<h1 class="{}">{}</h1>'
HINT = '<div id="{}" class="govuk-hint">{}</div>'
ERROR = '<p id="{}" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {}</p>'


def kind_of(field: BoundField) -> str:
    """Which of the pack's templates draws this field."""
    widget = field.field.widget
    return next((kind for widgets, kind in KINDS if isinstance(widget, widgets)), "input")


def invalid_parts(field: BoundField) -> tuple[str, ...]:
    """The parts of a date that its errors are about; all three when an error names none."""
    parts: list[str] = []
    for error in field.form.errors.as_data().get(field.name, []):
        parts += (error.params or {}).get("parts") or PARTS
    return tuple(part for part in PARTS if part in parts)


def focus_id(field: BoundField) -> str:
    """The id of the input that a link in the error summary moves to."""
    kind = kind_of(field)
    if kind == "date":
        wrong = invalid_parts(field)
        return f"{field.auto_id}_{PARTS.index(wrong[0]) if wrong else 0}"
    if kind in ("radios", "checkboxes", "plain"):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@dataclass(frozen=True)
class Item:
    """One line of the error summary: the text, and the address of the input it is about ("" for none)."""

    text: str
    url: str = ""


def items_of(form: Any) -> list[Item]:
    """Every error of a form, in the order of its fields; then those of the whole form."""
    items = []
    for name, errors in form.errors.items():
        known = name in form.fields and not form[name].is_hidden
        url = f"#{focus_id(form[name])}" if known else ""
        items += [Item(str(error), url) for error in errors]
    return items


@register.simple_tag
def error_list(form: Any = None, errors: Any = None) -> Any:
    """The lines of the error summary: `errors` when a page gives its own, else those of a form or formset."""
    if errors or not form:
        return errors or []
    if isinstance(form, forms.BaseFormSet):
        return [Item(str(error)) for error in form.non_form_errors()] + [
            item for single in form.forms for item in items_of(single)
        ]
    return items_of(form)


@dataclass(frozen=True)
class Drawn:
    """One field, ready for its template."""

    field: BoundField
    kind: str
    style: Style
    label: str
    errors: list[str]
    described_by: str
    count: int | None

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"govuk/fields/{self.kind}.html"

    @property
    def hint_id(self) -> str:
        """The id of the hint; the same as Django's aria-describedby names."""
        return f"{self.field.auto_id}_helptext"

    def label_tag(self) -> SafeString:
        """The label; with the style's `heading`, inside the page's h1."""
        tag = format_html(LABEL, self._sized("govuk-label"), self.field.id_for_label, self.label)
        return format_html(HEADING, "govuk-label-wrapper", tag) if self.style.heading else tag

    def legend_tag(self) -> SafeString:
        """The legend of several inputs; with the style's `heading`, around the page's h1."""
        text = format_html(HEADING, "govuk-fieldset__heading", self.label) if self.style.heading else self.label
        return format_html(LEGEND, self._sized("govuk-fieldset__legend"), text)

    def _sized(self, name: str) -> str:
        size = f" {name}--{self.style.size}" if self.style.size else ""
        return name + size + (" govuk-visually-hidden" if self.style.hide_label else "")

    def hint_tag(self) -> SafeString | str:
        """The hint, if there is one."""
        text = self.field.help_text
        return format_html(HINT, self.hint_id, text) if text else ""

    def error_tag(self) -> SafeString | str:
        """The one element that holds every error of the field, if there are any."""
        if not self.errors:
            return ""
        lines = format_html_join(SafeString("<br>"), "{}", ((error,) for error in self.errors))
        return format_html(ERROR, f"{self.field.auto_id}_error", lines)

    @property
    def checked(self) -> bool:
        """Whether a single checkbox is ticked."""
        widget = self.field.field.widget
        return isinstance(widget, forms.CheckboxInput) and bool(widget.check_test(self.field.value()))

    def items(self) -> list[dict[str, Any]]:
        """The choices of radios or checkboxes, each with id, value, label, checked, hint and other attributes."""
        hints = {str(value): text for value, text in self.style.item_hints.items()}
        divider = None if self.style.divider_before is None else str(self.style.divider_before)
        found = []
        for option in self.field.subwidgets:
            data = option.data
            value = str(data["value"])
            found.append(
                {
                    "id": data["attrs"].get("id", ""),
                    "name": data["name"],
                    "value": value,
                    "label": data["label"],
                    "checked": data["selected"],
                    "disabled": bool(data["attrs"].get("disabled")),
                    "exclusive": data["attrs"].get("data-behaviour", ""),
                    "hint": hints.get(value, ""),
                    "divider": value == divider,
                }
            )
        return found

    def classes(self) -> str:
        """The control's classes: the component's, the error's, the width's and the author's own."""
        names = [CLASSES.get(self.kind, "")]
        if self.style.width:
            word = "govuk-input--width-" if self.style.width.isdigit() else "govuk-!-width-"
            names.append(word + self.style.width)
        if self.errors:
            names.append(ERROR_CLASSES.get(self.kind, ""))
        if self.kind == "textarea" and self.count:
            names.append("govuk-js-character-count")
        names.append(self.field.field.widget.attrs.get("class", ""))
        return " ".join(name for name in names if name)

    def attributes(self) -> dict[str, Any]:
        """The control's attributes. False takes one away: a maxlength would cut pasted text off in silence, and a
        placeholder is gone as soon as one types."""
        attrs: dict[str, Any] = {"maxlength": False, "minlength": False, "placeholder": False, "class": self.classes()}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if self.style.autocomplete:
            attrs["autocomplete"] = self.style.autocomplete
        if self.kind == "textarea":
            attrs |= {"rows": self.style.rows, "cols": False}
        elif self.kind == "password":
            attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        elif isinstance(self.field.field, forms.IntegerField):
            attrs |= {"inputmode": "numeric", "step": False, "min": False, "max": False}
        elif isinstance(self.field.field, forms.EmailField):
            attrs["spellcheck"] = "false"
        return attrs

    def control(self) -> SafeString:
        """The input's HTML, drawn by Django's own widget."""
        return self.field.as_widget(attrs=self.attributes())

    def dates(self) -> SafeString:
        """The three inputs of a date."""
        birthday = self.style.autocomplete == "bday"
        attrs: dict[str, Any] = {"invalid_parts": invalid_parts(self.field), "birthday": birthday}
        return self.field.as_widget(attrs=attrs)


def count_of(field: BoundField, kind: str, style: Style) -> int | None:
    """The longest text a textarea takes, in characters, when it has a limit to show."""
    longest = getattr(field.field, "max_length", None)
    return longest if kind == "textarea" and style.count else None


@register.simple_tag
def govuk_field(field: BoundField) -> Drawn:
    """Everything the templates of the pack need to draw one field."""
    kind, style = kind_of(field), style_of(field.field)
    label = str(field.label)
    marked = getattr(field.form, "mark_optional", False) and style.optional and kind != "checkbox"
    if marked and not field.field.required:
        label += " (optional)"
    errors = [str(error) for error in field.errors]
    count = count_of(field, kind, style)
    described = [f"{field.auto_id}-info"] if count else []  # the script looks for this name
    described += [f"{field.auto_id}_helptext"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if errors else []
    return Drawn(field, kind, style, label, errors, " ".join(described), count)


@register.simple_tag
def any_actions(rows: Any) -> bool:
    """Whether some row of a summary list can be changed; the others then leave that column free."""
    return any(
        bool(row.get("url") or row.get("actions"))
        if isinstance(row, dict)
        else bool(getattr(row, "url", "") or getattr(row, "actions", ()))
        for row in rows or ()
    )


@register.simple_tag
def share(used: int, total: int) -> str:
    """How much of `total` is used, as a number from 0 to 100 for a bar."""
    return f"{max(0, min(100, 100 * used / total)):.1f}" if total else "0"


@register.simple_tag
def page_numbers(page: Any) -> list[int | None]:
    """The page numbers to show: first, last, this one and its neighbours; None stands for a gap."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(number - 1 if number - numbers[-1] == 2 else None)
        numbers.append(number)
    return numbers


@register.simple_tag(takes_context=True)
def page_url(context: Any, parameter: str, number: int) -> str:
    """This page's address with another page number; filters stay. (Django 5.2's querystring tag needs a fixed name.)"""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    query[parameter] = str(number)
    return f"?{query.urlencode()}"
