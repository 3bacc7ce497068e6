"""Forms of the demo's own pages."""

from datetime import datetime

from django import forms

from s2s_portal.core.calendar import LONDON
from s2s_portal.core.forms import AutocompleteInput, DatePartsField, GovukForm, styled

LONG_NAME = (
    "St Withburga and the Holy Trinity Church of England Voluntary Aided Infant, Nursery and Pre-preparatory School "
    "with Resourced Provision at Great and Little Snoringwell-cum-Thurlbourne"
)
SUPPORT = [
    ("OBSERVE", "Observation of a child or a group"),
    ("ADVISE", "Advice to the staff"),
    ("TRAIN", "Training for all staff"),
]


class GalleryForm(GovukForm):
    """One question of every kind the portal can ask; the component gallery shows it empty, answered and refused."""

    submit_label = ""

    setting_name = styled(
        forms.CharField(label="Name of the setting", max_length=40, help_text="As it stands on the register"), size="m"
    )
    email = styled(forms.EmailField(label="E-mail address"), autocomplete="email", width="two-thirds")
    telephone = styled(forms.CharField(label="Telephone number", required=False), autocomplete="tel", width=20)
    children = styled(
        forms.IntegerField(label="Number of children", min_value=1, max_value=60), width=3, suffix="children"
    )
    fee = styled(forms.DecimalField(label="Fee", required=False, max_digits=6, decimal_places=2), width=5, prefix="£")
    tried = styled(
        forms.CharField(label="What has been tried?", max_length=200, widget=forms.Textarea),
        name="what has been tried",
        hint="Say what was done, for how long, and what came of it",
        rows=4,
    )
    zone = forms.ChoiceField(
        label="Zone", choices=[("", "Choose a zone"), ("1", "Zone 1"), ("2", LONG_NAME), ("3", "Zone 3")]
    )
    stream = styled(
        forms.ChoiceField(
            label="Which kind of place?",
            choices=[("EARLY_YEARS", "Early years"), ("MAINSTREAM", "Mainstream"), ("UNSURE", "I am not sure")],
            widget=forms.RadioSelect,
        ),
        name="a kind of place",
        size="m",
        item_hints={"EARLY_YEARS": "5 of 50 places are left", "MAINSTREAM": "6 of 85 places are left"},
        divider_before="UNSURE",
    )
    agreed = styled(
        forms.ChoiceField(
            label="Have the parents agreed?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
        ),
        name="whether the parents have agreed",
        inline=True,
    )
    support = styled(
        forms.MultipleChoiceField(label="Support wanted", choices=SUPPORT, widget=forms.CheckboxSelectMultiple),
        name="what support is wanted",
        hint="Select all that apply",
    )
    understood = styled(
        forms.BooleanField(label="I understand that this uses one place", help_text="5 of 50 are left"),
        name="the box to show that you understand",
    )
    spoken_on = styled(DatePartsField(label="Date of the conversation", help_text="For example, 27 3 2024"), size="s")
    password = styled(
        forms.CharField(label="Password", widget=forms.PasswordInput), autocomplete="current-password", width=20
    )
    document = forms.FileField(label="A file", required=False)
    school = styled(
        forms.CharField(label="School or setting", widget=AutocompleteInput("/establishments/suggest/")),
        hint="Type a name, URN, postcode or town",
    )


class PracticeDateForm(GovukForm):
    """The moment to move the practice date to: a London date and time of day."""

    submit_label = "Move the practice date"

    date = DatePartsField(label="New practice date", help_text="For example, 13 12 2024", earliest_year=2024)
    time = styled(
        forms.TimeField(
            label="Time of day",
            help_text="24-hour clock in Norfolk, for example 23:58",
            input_formats=["%H:%M", "%H.%M"],
            widget=forms.TimeInput(format="%H:%M"),
            error_messages={"invalid": "Time of day must be a time of the 24-hour clock, like 23:58"},
        ),
        width=5,
    )

    @staticmethod
    def starting_from(moment: datetime) -> dict[str, object]:
        """The values that show `moment` (aware) in this form."""
        local = moment.astimezone(LONDON)
        return {"date": local.date(), "time": local.time()}

    def moment(self) -> datetime:
        """The moment typed, aware; call it on a valid form."""
        return datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"], tzinfo=LONDON)
