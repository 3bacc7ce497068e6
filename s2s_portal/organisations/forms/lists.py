"""The filters of the organisations app's lists, and an auditor's reason."""

from typing import Any

from django import forms

from s2s_portal.core.forms import DatePartsField, GovukForm, styled
from s2s_portal.core.references import tidied
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.queries.establishments import kind_choices, zone_choices

ANY = ""
NO_ZONE = "none"


class RegisterFilterForm(GovukForm):
    """Which establishments of the registers to list."""

    submit_label = "Search"
    form_method = "get"
    mark_optional = False

    q = styled(
        forms.CharField(label="Name, URN, postcode or town", required=False),
        hint="Any part of it, such as puddle lane, EY912345 or NR29",
        name="search",
    )
    kind = forms.ChoiceField(label="Kind", required=False)
    zone = forms.ChoiceField(label="Zone", required=False)
    state = forms.ChoiceField(
        label="Open or closed",
        required=False,
        choices=[(ANY, "Open and closed"), ("open", "Open"), ("closed", "Not open")],
    )
    missing = styled(
        forms.BooleanField(label="Only those that were not in the register’s last file", required=False),
        name="last file",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(ANY, "Any kind"), *kind_choices()]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(ANY, "Any zone"), (NO_ZONE, "No zone"), *zone_choices()]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """The valid form's answers, as `queries.establishments.register` takes them."""
        typed = self.cleaned_data
        zone = typed["zone"]
        return {
            "text": typed["q"],
            "kind_id": int(typed["kind"]) if typed["kind"] else None,
            "zone_id": int(zone) if zone and zone != NO_ZONE else None,
            "without_zone": zone == NO_ZONE,
            "is_open": {"open": True, "closed": False}.get(typed["state"]),
            "not_in_last_file": typed["missing"],
        }


class PeopleFilterForm(GovukForm):
    """Which people to list."""

    submit_label = "Search"
    form_method = "get"
    mark_optional = False

    q = styled(
        forms.CharField(label="Name or e-mail", required=False, max_length=200),
        hint="Any part of it",
        name="search",
    )
    role = forms.ChoiceField(label="Role", required=False, choices=[(ANY, "Any role"), *Role.choices])
    invited = styled(forms.BooleanField(label="Only those who were not invited", required=False), name="invitations")


class AccessLogFilterForm(GovukForm):
    """Which rows of the access log to list."""

    submit_label = "Show"
    form_method = "get"
    mark_optional = False

    reference = styled(forms.CharField(label="Reference", required=False), width=20, hint="Such as EY-7K4M-2Q")
    email = styled(forms.CharField(label="E-mail of the person who looked", required=False))
    kind = forms.ChoiceField(label="What they did", required=False, choices=[(ANY, "Anything"), *AuditKind.choices])
    since = DatePartsField(label="From", required=False)
    until = DatePartsField(label="To, this day included", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must not be before the first")
        return typed


class LookAtRequestForm(GovukForm):
    """An auditor's reason to open one case."""

    submit_label = "Record the reason and open the request"

    reference = styled(forms.CharField(label="Reference of the request", max_length=40), width=20)
    reason = styled(
        forms.CharField(label="Why you need to see it", widget=forms.Textarea, min_length=10, max_length=500),
        hint="It is kept in the access log. Do not write a child's name here.",
    )

    def clean_reference(self) -> str:
        """The reference in its proper form."""
        reference = tidied(self.cleaned_data["reference"])
        if reference is None:
            raise forms.ValidationError("Enter a reference such as EY-7K4M-2Q")
        return reference
