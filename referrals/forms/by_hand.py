"""A setting that is not listed: what is known of it, and its zone; a name that a register withholds; merging."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from referrals.forms.fields import LineField, TelephoneField
from referrals.forms.levers import LeverForm
from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.core.text import postcode


class PostcodeField(LineField):
    """A UK postcode, however it is typed."""

    def to_python(self, value: Any) -> str:
        """The postcode in its usual form."""
        typed = super().to_python(value)
        found = postcode(typed) if typed else ""
        if found is None:
            raise ValidationError("Postcode must be a full UK postcode, like NR1 2DH", code="invalid")
        return found


def _line(label: str, *, name: str, longest: int, field: type[LineField] = LineField, **looks: Any) -> LineField:
    required = looks.pop("required", True)
    return styled(field(label=label, max_length=longest, required=required), name=name, **looks)


class NotListedForm(GovukForm):
    """What is known of a school or setting that no register has."""

    name = _line("Name of the school or setting", name="the name", longest=200)
    kind = styled(forms.TypedChoiceField(label="What kind is it?", coerce=int), name="the kind")
    street = _line("Building and street", name="the building and street", longest=200)
    locality = _line("Village or district", name="the village or district", longest=200, required=False)
    town = _line("Town or city", name="the town or city", longest=100, width="two-thirds")
    postcode = _line("Postcode", name="the postcode", longest=10, field=PostcodeField, width=10)
    telephone = _line(
        "Telephone", name="the telephone number", longest=30, field=TelephoneField, required=False, width=20
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, kinds: Sequence[Any], **rest: Any) -> None:
        """`kinds` are what the person files requests for; a name that two registers use says which."""
        super().__init__(data, **rest)
        names = [kind.name for kind in kinds]
        told = [(kind.pk, kind.name if names.count(kind.name) == 1 else str(kind)) for kind in kinds]
        self.fields["kind"].choices = [("", "Choose a kind"), *told]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """A name with a letter or digit in it: nothing else can be found again."""
        name = str(self.cleaned_data["name"])
        if not any(letter.isalnum() for letter in name):
            raise ValidationError("Name must have letters in it", code="invalid")
        return name

    def address(self) -> dict[str, str]:
        """The answers that are columns of an establishment, but the name."""
        return {name: self.cleaned_data[name] for name in ("street", "locality", "town", "postcode", "telephone")}


class ZoneChoiceForm(GovukForm):
    """The zone of a new school or setting, one of the person's own."""

    zone = styled(forms.TypedChoiceField(label="Which zone is it in?", coerce=int), name="the zone")

    def __init__(self, data: Mapping[str, Any] | None = None, *, zones: Sequence[Any], **rest: Any) -> None:
        super().__init__(data, **rest)
        self.fields["zone"].choices = [("", "Choose a zone"), *((one.pk, one.name) for one in zones)]  # type: ignore[attr-defined]


class GiveNameForm(LeverForm):
    """A name for one whose name its register withholds. `seen` is the name it had."""

    submit_label: ClassVar[str] = "Continue"

    name = styled(LineField(label="What is it called?", max_length=200), name="the name", size="s")

    clean_name = NotListedForm.clean_name


class MergeForm(LeverForm):
    """Why two are one."""

    submit_label: ClassVar[str] = "See what follows"


class CorrectForm(LeverForm, NotListedForm):
    """What is known of one that was added by hand, as it stands, its zone, and why it is corrected."""

    zone = styled(forms.TypedChoiceField(label="Which zone is it in?", coerce=int), name="the zone")

    def __init__(self, data: Mapping[str, Any] | None = None, *, zones: Sequence[Any], **rest: Any) -> None:
        super().__init__(data, **rest)
        self.fields["zone"].choices = [("", "Choose a zone"), *((one.pk, one.name) for one in zones)]  # type: ignore[attr-defined]
