"""Which schools and settings are to be put in which zone."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.organisations.queries.establishments import kind_choices, zone_choices
from s2s_portal.organisations.queries.placing import NO_POSTCODE, Wanted

ANY = ""
NO_ZONE_HELD = ""


class PlacingFilterForm(GovukForm):
    """Which schools and settings to list."""

    submit_label = "Show"
    form_method = "get"
    mark_optional = False

    outward = styled(
        forms.CharField(label="Postcode districts", required=False, max_length=200),
        hint="One or more, such as NR29 NR30",
        name="postcode districts",
    )
    town = styled(forms.CharField(label="Town", required=False, max_length=100), name="town")
    kind = forms.ChoiceField(label="Kind", required=False)
    zone = forms.ChoiceField(label="Zone they are in now", required=False)
    every = styled(
        forms.BooleanField(label="Also closed ones and kinds that cannot have requests", required=False), name="others"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(ANY, "Any kind"), *kind_choices()]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(NO_ZONE_HELD, "No zone"), *zone_choices()]  # type: ignore[attr-defined]

    @property
    def narrows(self) -> bool:
        """Whether the valid form asks for anything but everything without a zone."""
        return any(self.cleaned_data.values())

    def wanted(self) -> Wanted:
        """What the valid form asks for."""
        typed = self.cleaned_data
        parts = typed["outward"].replace(",", " ").split()
        return Wanted(
            outwards=tuple(part.lower() if part.lower() == NO_POSTCODE else part.upper() for part in parts),
            town=typed["town"],
            kind_id=int(typed["kind"]) if typed["kind"] else None,
            zone_id=int(typed["zone"]) if typed["zone"] else None,
            is_every=typed["every"],
        )


class PlacingChoiceForm(GovukForm):
    """The zone to put them in."""

    to = styled(forms.ChoiceField(label="Zone to put them in"), name="the zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(ANY, "Choose a zone"), *zone_choices()]  # type: ignore[attr-defined]


class PlacingCheckForm(GovukForm):
    """Why, and what the person saw."""

    submit_label: ClassVar[str] = "Put them in this zone"

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = styled(
        forms.CharField(
            label="Why?",
            max_length=500,
            help_text="The history of the zones shows it. For example, the map of 1 September",
        ),
        name="the reason",
    )

    @classmethod
    def fresh(cls, seen: str, kept: Mapping[str, str] | None = None) -> "PlacingCheckForm":
        """A form about what is `seen` now, with a key of its own, and with the reason that was `kept` from before."""
        return cls(initial={"key": uuid.uuid4(), "seen": seen, "reason": (kept or {}).get("reason", "")})
