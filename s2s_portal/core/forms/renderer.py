"""The inputs that stand on every page, drawn in Python.

Django draws each option of a select with two templates: a list of zones took longer than the form's queries.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
END_OF_GROUP = SafeString("</optgroup>")


def draw_input(widget: Widget) -> SafeString:
    """A text input, as django/forms/widgets/input.html draws it."""
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, flatatt(widget["attrs"])
    )


def draw_textarea(widget: Widget) -> SafeString:
    """A textarea, as django/forms/widgets/textarea.html draws it: browsers skip the first line break."""
    attrs = flatatt(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attrs, widget["value"] or "")


def draw_select(widget: Widget) -> SafeString:
    """A select, as django/forms/widgets/select.html draws it."""
    lines: list[SafeString] = []
    for name, options, _ in widget["optgroups"]:
        drawn = [_option(option) for option in options]
        lines += [format_html('<optgroup label="{}">', name), *drawn, END_OF_GROUP] if name else drawn
    inside = SafeString("\n".join(lines))  # safe because each line is
    return format_html('<select name="{}"{}>\n{}\n</select>', widget["name"], flatatt(widget["attrs"]), inside)


def _option(option: Widget) -> SafeString:
    # A page has dozens, and format_html takes twice as long.
    value, label = conditional_escape(option["value"]), conditional_escape(option["label"])
    attrs = flatatt(option["attrs"]) if option["attrs"] else ""
    return SafeString(f'<option value="{value}"{attrs}>{label}</option>')


DRAWN_BY: dict[str, Callable[[Widget], SafeString]] = {
    "django/forms/widgets/text.html": draw_input,
    "django/forms/widgets/email.html": draw_input,
    "django/forms/widgets/password.html": draw_input,
    "django/forms/widgets/hidden.html": draw_input,
    "django/forms/widgets/textarea.html": draw_textarea,
    "django/forms/widgets/select.html": draw_select,
}
"""What is drawn here, by the name of the template that Django would use."""


class Renderer(TemplatesSetting):
    """Draws forms with the portal's templates, and the commonest inputs without any."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The HTML of a form or one of its inputs."""
        draw = DRAWN_BY.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
