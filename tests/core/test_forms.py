"""Forms: dates in three parts, messages that say what to do, nothing of anybody's text taken for HTML."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from s2s_portal.core.forms import AutocompleteInput, DatePartsField, GovukForm, style_of, styled
from s2s_portal.core.templatetags import govuk
from s2s_portal.demo.forms import GalleryForm
from s2s_portal.demo.views.gallery_samples import REFUSED

NASTY = [
    "\x00",
    "a\x00b",
    "9" * 5000,
    "１２",
    "٣",
    "🧒",
    "‮12",
    "<script>alert(1)</script>",
    "=1+1",
    "-1",
    "1.5",
    "1e3",
    " ",
]


class BirthForm(GovukForm):
    born_on = DatePartsField(label="Date of birth")


def dated(day="", month="", year=""):
    return BirthForm({"born_on_day": day, "born_on_month": month, "born_on_year": year})


# --- Dates ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("27", "3", "2021"), date(2021, 3, 27)),
        (("07", "03", "2021"), date(2021, 3, 7)),
        ((" 7 ", " 3", "2021 "), date(2021, 3, 7)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("31", "12", "2100"), date(2100, 12, 31)),
        (("1", "1", "1900"), date(1900, 1, 1)),
        (("5", "Nov", "2024"), date(2024, 11, 5)),
        (("5", "november", "2024"), date(2024, 11, 5)),
    ],
)
def test_date_parts_give_the_date(typed, expected):
    form = dated(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == expected


@pytest.mark.parametrize(
    ("typed", "message", "marked"),
    [
        (("", "", ""), "Enter date of birth", ("day", "month", "year")),
        (("27", "3", ""), "Date of birth must include a year", ("year",)),
        (("", "3", "2021"), "Date of birth must include a day", ("day",)),
        (("27", "", ""), "Date of birth must include a month and a year", ("month", "year")),
        (("30", "2", "2024"), "Date of birth must be a real date", ("day",)),
        (("29", "2", "2023"), "Date of birth must be a real date", ("day",)),
        (("32", "1", "2021"), "Date of birth must be a real date", ("day",)),
        (("0", "1", "2021"), "Date of birth must be a real date", ("day",)),
        (("1", "13", "2021"), "Date of birth must be a real date", ("month",)),
        (("1", "x", "y"), "Date of birth must be a real date", ("month", "year")),
        (("1", "1", "21"), "Date of birth must include a year of 4 numbers, like 2024", ("year",)),
        (("1", "1", "0021"), "Date of birth must have a year between 1900 and 2100", ("year",)),
        (("1", "1", "2101"), "Date of birth must have a year between 1900 and 2100", ("year",)),
        (("1", "1", "99999"), "Date of birth must be a real date", ("year",)),
    ],
)
def test_date_parts_say_what_to_mend(typed, message, marked):
    form = dated(*typed)
    assert form.errors["born_on"] == [message]
    html = render_to_string("govuk/field.html", {"field": form["born_on"]})
    for index, (part, text) in enumerate(zip(("day", "month", "year"), typed, strict=True)):
        tag = next(piece for piece in html.split("<input")[1:] if f'id="id_born_on_{index}"' in piece)
        assert ("govuk-input--error" in tag) == (part in marked)
        assert (f'value="{text}"' in tag) == bool(text)  # what was typed is still there
    assert html.count("govuk-error-message") == 1


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
@pytest.mark.parametrize("part", ["day", "month", "year"])
def test_date_parts_refuse_anything_else_in_words(nasty, part):
    typed = {"day": "1", "month": "1", "year": "2021"} | {part: nasty}
    form = dated(**typed)
    assert len(form.errors["born_on"]) == 1
    assert form.errors["born_on"][0].startswith("Date of birth must ")
    assert "<script>" not in render_to_string("govuk/field.html", {"field": form["born_on"]})


def test_date_parts_may_be_left_empty_where_the_question_may():
    field = DatePartsField(required=False)
    assert field.clean(["", None, " "]) is None
    assert field.clean(None) is None


def test_date_parts_run_validators_and_take_their_own_messages():
    early = MaxValueValidator(date(2024, 1, 1), "Date must be in the past")
    field = DatePartsField(label="Date", validators=[early], error_messages={"required": "When was it?"})
    with pytest.raises(ValidationError, match="Date must be in the past"):
        field.clean(["1", "2", "2024"])
    with pytest.raises(ValidationError, match="When was it"):
        field.clean(["", "", ""])
    assert field.clean(["1", "1", "2024"]) == date(2024, 1, 1)


def test_date_parts_are_named_as_their_style_says_and_take_a_percent_sign():
    field = styled(DatePartsField(label="When?"), name="100% date")
    with pytest.raises(ValidationError) as caught:
        field.clean(["1", "", ""])
    assert caught.value.messages == ["100 per cent date must include a month and a year"]


@pytest.mark.parametrize(("initial", "shown"), [(date(2024, 11, 6), "6 11 2024"), ("2024-11-06", "6 11 2024")])
def test_date_parts_show_a_date_they_are_given(initial, shown):
    html = str(BirthForm(initial={"born_on": initial})["born_on"])
    assert all(f'value="{part}"' in html for part in shown.split())


@pytest.mark.parametrize("initial", [None, "", "soon"])
def test_date_parts_show_blanks_for_no_date(initial):
    assert "value=" not in str(BirthForm(initial={"born_on": initial})["born_on"])


def test_date_parts_marks_all_parts_when_the_form_objects():
    form = dated("1", "1", "2021")
    form.add_error("born_on", "Date of birth must be in the past")
    assert str(render_to_string("govuk/field.html", {"field": form["born_on"]})).count("govuk-input--error") == 3


def test_date_parts_disabled_keeps_its_date():
    class Form(GovukForm):
        on = DatePartsField(disabled=True)

    form = Form({"on_day": "9"}, initial={"on": date(2024, 1, 2)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2024, 1, 2)


# --- Messages ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (forms.CharField(label="Name of the setting"), "", "Enter name of the setting"),
        (forms.CharField(label="URN"), "", "Enter URN"),
        (forms.CharField(label="What has been tried?"), "", "Enter what has been tried"),
        (forms.CharField(), "", "Enter question"),
        (styled(forms.CharField(label="Who?"), name="who you spoke with"), "", "Enter who you spoke with"),
        (forms.CharField(label="Name", error_messages={"required": "Say who"}), "", "Say who"),
        (forms.CharField(label="Name", max_length=5), "longer", "Name must be 5 characters or fewer"),
        (forms.CharField(label="Name", min_length=5), "a", "Name must be 5 characters or more"),
        (forms.CharField(label="100% sure", max_length=2), "abc", "100 per cent sure must be 2 characters or fewer"),
        (forms.CharField(label="Name"), "a\x00b", "Name must not include characters that cannot be shown"),
        (forms.ChoiceField(label="Zone", choices=[("1", "One")]), "", "Select zone"),
        (
            forms.ChoiceField(label="Zone", choices=[("1", "One")]),
            "\x00",
            "Select zone, using one of the answers on this page",
        ),
        (forms.BooleanField(label="I agree"), "", "Select I agree"),
        (forms.IntegerField(label="Children"), "", "Enter children"),
        (forms.IntegerField(label="Children"), "9" * 5000, "Children must be a number, like 12"),
        (forms.IntegerField(label="Children", max_value=60), "61", "Children must be 60 or less"),
        (forms.IntegerField(label="Children", min_value=1), "0", "Children must be 1 or more"),
        (forms.DecimalField(label="Fee", decimal_places=2), "1.234", "Fee must have 2 decimal places or fewer"),
        (forms.EmailField(label="Email"), "x@", "Email must be in the correct format, like name@example.com"),
        (
            forms.URLField(label="Site", assume_scheme="https"),
            "::",
            "Site must be a web address, like https://www.example.com",
        ),
        (forms.FileField(label="A file"), "", "Select a file"),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, str) else type(value).__name__,
)
def test_messages_say_what_to_do(field, value, message):
    form = type("Form", (GovukForm,), {"question": field})({"question": value})
    assert form.errors["question"] == [message]


def test_no_message_of_the_gallery_is_djangos_own():
    for form in (GalleryForm({}, prefix="refused"), GalleryForm(REFUSED, prefix="refused")):
        words = " ".join(message for messages in form.errors.values() for message in messages)
        assert "This field" not in words
        assert "Ensure" not in words
        assert "valid" not in words


# --- What is drawn ------------------------------------------------------------------------------------------------
class Everything(GovukForm):
    mark_optional = True

    text = forms.CharField(label="<b>Text</b>", help_text="<i>hint</i>", max_length=10)
    kind = forms.ChoiceField(label="<b>Kind</b>", choices=[("<a>", "<b>A</b>")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="<b>Agreed</b>", help_text="<i>hint</i>")
    age = forms.IntegerField(required=False)
    school = forms.CharField(widget=AutocompleteInput("/find/?a=1&b=2", value_name="school_id"))
    secret = forms.CharField(widget=forms.HiddenInput)
    born_on = DatePartsField(label="<b>Born</b>")


def page(source, **context):
    template = engines["django"].from_string("{% load crispy_forms_tags govuk %}" + source)
    return template.render(context, RequestFactory().get("/"))


def test_nothing_typed_or_labelled_is_taken_for_html():
    form = Everything(
        {"text": "<script>1</script>", "kind": "<script>2</script>", "born_on_day": '"><script>3</script>'}
    )
    html = page("{% include 'components/error_summary.html' %}{% crispy form %}", form=form)
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;1&lt;/script&gt;" in html


def test_error_links_lead_to_inputs_that_exist():
    html = page("{% include 'components/error_summary.html' %}{% crispy form %}", form=Everything({"born_on_day": "1"}))
    links = [piece.split('"')[0] for piece in html.split('href="#')[1:]]
    assert links == ["id_text", "id_kind_0", "id_many_0", "id_agreed", "id_school", "id_born_on_1"]
    assert all(f'id="{target}"' in html for target in links)


def test_every_description_points_at_what_is_on_the_page():
    html = page("{% crispy form %}", form=Everything({}))
    described = [name for piece in html.split('aria-describedby="')[1:] for name in piece.split('"')[0].split()]
    assert described
    assert all(html.count(f'id="{name}"') == 1 for name in described)


def test_form_has_no_browser_validation_and_cuts_nothing_off():
    html = page("{% crispy form %}", form=Everything())
    assert "novalidate" in html
    assert "maxlength=" not in html
    assert " required" not in html
    assert 'type="number"' not in html
    assert 'inputmode="numeric"' in html


def test_form_draws_its_token_button_and_hidden_fields():
    html = page("{% crispy form %}", form=Everything())
    assert "csrfmiddlewaretoken" in html
    assert html.count("<button") == 1
    assert ">Continue</button>" in html
    assert 'type="hidden" name="secret"' in html
    assert "data-prevent-double-click" in html


def test_the_button_of_what_cannot_be_undone_is_a_warning():
    class Ending(GovukForm):
        submit_label = "Withdraw"
        submit_kind = "warning"

    assert 'class="govuk-button govuk-button--warning"' in page("{% crispy form %}", form=Ending())
    assert 'class="govuk-button"' in page("{% crispy form %}", form=Everything())


def test_search_form_sends_no_token():
    class Search(GovukForm):
        form_method = "get"
        submit_label = ""
        q = forms.CharField(required=False)

    html = page("{% crispy form %}", form=Search())
    assert "csrfmiddlewaretoken" not in html
    assert "<button" not in html


def test_optional_questions_say_so_and_the_rest_do_not():
    html = page("{{ form.age|as_crispy_field }}{{ form.text|as_crispy_field }}", form=Everything())
    assert "Age (optional)" in html
    assert html.count("(optional)") == 1


def test_plain_filter_draws_fields_without_a_form_tag():
    html = page("{{ form|crispy }}", form=Everything())
    assert "<form" not in html
    assert html.count("govuk-form-group") >= 8


def test_autocomplete_is_a_search_box_with_its_address():
    html = page("{{ form.school|as_crispy_field }}", form=Everything())
    assert 'type="search"' in html
    assert 'data-autocomplete-url="/find/?a=1&amp;b=2"' in html
    assert 'data-autocomplete-value-name="school_id"' in html


def test_styles_can_be_given_by_the_form_and_when_it_is_drawn():
    class Form(GovukForm):
        styles = {"name": {"size": "l", "hint": "As on the register"}}
        name = forms.CharField()

    form = Form({"name": ""})
    form.style("name", heading=True, name="the setting")
    assert style_of(form.fields["name"]).heading
    html = page("{{ form.name|as_crispy_field }}", form=form)
    assert '<h1 class="govuk-label-wrapper">' in html
    assert "As on the register" in html
    assert form.errors == {"name": ["Enter the setting"]}
    assert not style_of(Form.base_fields["name"]).size  # one form's looks are not the next one's


def test_layout_objects_draw_in_the_same_look():
    from crispy_forms.layout import HTML, ButtonHolder, Column, Div, Fieldset, Layout, Row

    from s2s_portal.core.forms.base import SubmitButton

    form = Everything()
    helper = form.helper
    helper.layout = Layout(
        Fieldset("About <you>", Div("text", css_class="app-x"), Row(Column("age"))),
        ButtonHolder(HTML("<a href='#'>Back</a>"), SubmitButton("go", "Go")),
    )
    html = page("{% crispy form helper %}", form=form, helper=helper)
    assert "govuk-fieldset__legend--m" in html
    assert '<div class="app-x">' in html
    assert "govuk-grid-column-one-half" in html
    assert 'name="go" value="Go"' in html


def test_formset_draws_its_forms_and_lists_all_errors():
    formset = forms.formset_factory(BirthForm, extra=0, min_num=2, validate_min=True)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-born_on_day": "1"}
    )
    html = page("{{ formset|as_crispy_errors }}{{ formset|crispy }}", formset=formset)
    assert "form-TOTAL_FORMS" in html
    assert 'href="#id_form-0-born_on_1"' in html
    assert page("{% crispy formset helper %}", formset=formset, helper=BirthForm().helper).count("<fieldset") == 2


def test_errors_of_the_whole_form_have_no_link():
    form = Everything({})
    form.add_error(None, "Somebody else changed this draft")
    items = {item.text: item.url for item in govuk.error_list(form)}
    assert items["Somebody else changed this draft"] == ""
    assert items["Enter secret"] == ""
    assert govuk.error_list(None) == []


# --- Pages and bars -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pages", "current", "expected"),
    [
        (1, 1, [1]),
        (3, 2, [1, 2, 3]),
        (4, 1, [1, 2, 3, 4]),
        (5, 1, [1, 2, None, 5]),
        (20, 10, [1, None, 9, 10, 11, None, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_page_numbers(pages, current, expected):
    assert govuk.page_numbers(Paginator(range(pages), 1).page(current)) == expected


def test_page_url_keeps_the_filters():
    request = SimpleNamespace(GET=QueryDict("zone=3&zone=4&page=2&q=a%26b"))
    assert govuk.page_url({"request": request}, "page", 5) == "?zone=3&zone=4&page=5&q=a%26b"
    assert govuk.page_url({}, "page", 5) == "?page=5"


@pytest.mark.parametrize(
    ("used", "total", "expected"), [(44, 50, "88.0"), (52, 50, "100.0"), (0, 0, "0"), (-1, 5, "0.0")]
)
def test_share_of_a_bar(used, total, expected):
    assert govuk.share(used, total) == expected
