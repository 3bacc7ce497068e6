"""Inputs drawn in Python against the templates that Django draws them with."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from s2s_portal.core.forms.renderer import DRAWN_BY, Renderer
from tests.core.markup import shape

NASTY = "\"><script>'&\u00a0{{ x }}"
CHOICES = [("", "All"), (NASTY, NASTY), (7, "Seven"), ("Group <1>", [("a", "A & b"), ("c", "C")])]
INPUTS = [
    (forms.TextInput(), NASTY),
    (forms.TextInput(), ""),
    (forms.TextInput(), None),
    (forms.TextInput(), 0),
    (forms.EmailInput(), "rowan@setting.invalid"),
    (forms.PasswordInput(), "secret"),
    (forms.HiddenInput(), NASTY),
    (forms.Textarea(), f"\nFirst\n</textarea>{NASTY}"),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), NASTY),
    (forms.Select(choices=CHOICES), 7),
    (forms.Select(choices=CHOICES), None),
]
ATTRIBUTES = {"id": "id_x", "class": NASTY, "disabled": True, "maxlength": False, "rows": 5}


@pytest.mark.parametrize(("widget", "value"), INPUTS)
def test_an_input_is_what_django_draws(widget, value):
    ours = widget.render("na<me", value, ATTRIBUTES, Renderer())
    assert shape(ours) == shape(widget.render("na<me", value, ATTRIBUTES, TemplatesSetting()))
    assert "<script>" not in ours


def test_every_input_drawn_here_is_compared():
    assert {widget.template_name for widget, _ in INPUTS} == set(DRAWN_BY)


def test_a_leading_line_break_in_a_textarea_is_kept():
    drawn = forms.Textarea().render("x", "\nFirst", renderer=Renderer())
    assert drawn == '<textarea name="x" cols="40" rows="10">\n\nFirst</textarea>'
