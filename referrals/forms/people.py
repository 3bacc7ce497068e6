"""People: who they are, what they do here and where, and why they leave or come back."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from referrals.forms.fields import EmailLineField, LineField, TextField
from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.organisations.actions.access import Held
from s2s_portal.organisations.choices import Role

DOES = {
    Role.EARLY_YEARS_ADVISER: "Sends requests for early years settings of their zones, and follows them.",
    Role.SEND_ADVISER: "Sends requests and cohorts for schools of their zones, and follows them.",
    Role.S2S_COORDINATOR: "Runs the desk of S2S: gives requests to teachers, and sees every request that was sent.",
    Role.S2S_TEACHER: "Visits schools and settings and writes the records of the requests given to them.",
    Role.COMMISSIONER: "Sets up contracts and places, and sees counts and dashboards, but no child.",
    Role.ADMINISTRATOR: "Looks after people, zones, registers and the calendar. Sees no child.",
    Role.AUDITOR: "Sees who looked at what, and opens a case only after giving a reason.",
}
"""Each role in a sentence."""
ZONED = (Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, Role.S2S_TEACHER)
WHERE = "They can be given later. Without a zone an adviser sends and sees nothing."
KEPT = "Kept in the history of this person. Not sent by e-mail."
MOSTLY = "Where they usually visit. They see the requests that are given to them, in whichever zone."


class RolesForm(GovukForm):
    """What somebody does here, in which zones, and at which special school a teacher works."""

    submit_label: ClassVar[str] = "Save roles and zones"

    roles = styled(
        forms.MultipleChoiceField(
            label="What do they do here?", choices=Role.choices, widget=forms.CheckboxSelectMultiple
        ),
        name="at least one role",
        size="m",
        item_hints=DOES,
    )

    def __init__(self, *args: Any, zones: Sequence[Any], schools: Sequence[Any], **kwargs: Any) -> None:
        """`zones` are all zones, `schools` those that provide S2S, each in the order in which it is offered."""
        super().__init__(*args, **kwargs)
        self._zones = {zone.pk: zone for zone in zones}
        self._schools = {school.pk: school for school in schools}
        for role in ZONED if zones else ():
            self.fields[f"zones_{role}"] = _zones_question(role, zones)
        if schools:
            self.fields["home_school"] = _school_question(schools)

    def clean(self) -> dict[str, Any]:
        """Zones and a school belong to a role that is given: what was ticked is not dropped in silence."""
        given = super().clean() or {}
        for role in ZONED:
            if given.get(f"zones_{role}") and role not in given.get("roles", [role]):
                self.add_error(f"zones_{role}", f"You chose zones as {role.label}, but not that role")
        if given.get("home_school") and Role.S2S_TEACHER not in given.get("roles", [Role.S2S_TEACHER]):
            self.add_error("home_school", "You chose a teacher’s own school, but not the role S2S teacher")
        return given

    def held(self) -> list[Held]:
        """The roles as they were chosen."""
        given = self.cleaned_data
        return [
            Held(
                role=role,
                zones=[self._zones[pk] for pk in given.get(f"zones_{role}", ())],
                home_school=self._schools.get(given.get("home_school")) if role == Role.S2S_TEACHER else None,
            )
            for role in map(Role, given["roles"])
        ]


class ChangeRolesForm(RolesForm):
    """The roles of somebody who is here, and why they change. `seen`: what they held when the page was opened."""

    reason = styled(
        TextField(label="Why?", max_length=500, help_text=KEPT), name="the reason for the change", size="s", rows=3
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seen: str, **kwargs: Any) -> None:
        kwargs["initial"] = kwargs["initial"] | {"seen": seen}
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name not in ("reason", "seen")), "reason", "seen"])


def _zones_question(role: Role, zones: Iterable[Any]) -> forms.Field:
    question = forms.TypedMultipleChoiceField(
        label=f"Zones as {role.label}",
        choices=[(zone.pk, zone.name) for zone in zones],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=MOSTLY if role == Role.S2S_TEACHER else WHERE,
    )
    return styled(question, name=f"zones as {role.label}", size="s", small=True)


def _school_question(schools: Iterable[Any]) -> forms.Field:
    question = forms.TypedChoiceField(
        label="A teacher’s own school",
        choices=[("", "Not said yet"), *((school.pk, school.display_name) for school in schools)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="The special school at which an S2S teacher works.",
    )
    return styled(question, name="the school", size="s")


def answers_of(memberships: Collection[Any]) -> dict[str, Any]:
    """What a person holds now, as the answers of `RolesForm`."""
    answers: dict[str, Any] = {"roles": [one.role for one in memberships]}
    for one in memberships:
        answers[f"zones_{one.role}"] = [zone.pk for zone in one.zones.all()]
        if one.role == Role.S2S_TEACHER:
            answers["home_school"] = one.home_school_id
    return answers


class AddForm(RolesForm):
    """Somebody new. `key` makes one person and one message of two presses."""

    submit_label: ClassVar[str] = "Add and send the invitation"

    key = forms.UUIDField(widget=forms.HiddenInput)
    full_name = styled(
        LineField(label="Name", max_length=200, help_text="As colleagues know them"), name="their name", size="s"
    )
    email = styled(
        EmailLineField(label="E-mail address", max_length=254, help_text="Their own one: with it they sign in"),
        name="their e-mail address",
        size="s",
    )
    field_order: ClassVar[list[str]] = ["key", "full_name", "email", "roles"]


class AddressForm(GovukForm):
    """Another e-mail address of somebody who is here. `seen`: the one they had when the page was opened.

    Of somebody who has not signed in yet it is not asked whose the old one was: what would be done is done anyway.
    """

    submit_label: ClassVar[str] = "Change the e-mail address"

    email = styled(
        EmailLineField(
            label="New e-mail address", max_length=254, help_text="Their own one: with it they sign in from then on"
        ),
        name="the new e-mail address",
        size="s",
    )
    never_theirs = styled(
        forms.BooleanField(
            label="The old address was never theirs",
            required=False,
            help_text="Somebody else may have got the invitation and chosen the password. It stops working, and an "
            "invitation goes to the new address.",
        ),
        name="whose the old address was",
    )
    reason = styled(
        TextField(label="Why?", max_length=500, help_text=KEPT), name="the reason for the change", size="s", rows=3
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        """`signed_in`: whether anybody has ever signed in as this person."""
        super().__init__(*args, **kwargs)
        if not signed_in:
            del self.fields["never_theirs"]


class KeyForm(GovukForm):
    """A button whose second press does nothing."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class WhyForm(GovukForm):
    """Why somebody is deactivated or comes back."""

    reason = styled(
        TextField(label="Reason", max_length=500, help_text=KEPT),
        name="the reason",
        size="s",
        rows=3,
    )


class LeaveForm(WhyForm):
    """Closing somebody's account."""

    submit_label: ClassVar[str] = "Deactivate this person"
    submit_kind: ClassVar[str] = "warning"


class ComeBackForm(WhyForm):
    """Opening somebody's account again."""

    submit_label: ClassVar[str] = "Let them sign in again"


class ChoosePasswordForm(GovukForm):
    """A password of one's own, typed twice."""

    submit_label: ClassVar[str] = "Set this password"

    password1 = styled(
        forms.CharField(
            label="Choose a password",
            strip=False,
            widget=forms.PasswordInput,
            max_length=4096,
            help_text="At least 12 characters. Not a common password, and not like your name or e-mail address.",
        ),
        name="a password",
        autocomplete="new-password",
    )
    password2 = styled(
        forms.CharField(label="Type it again", strip=False, widget=forms.PasswordInput, max_length=4096),
        name="the password again",
        autocomplete="new-password",
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        given = super().clean() or {}
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same")
        return given
