"""The sign-in library's forms with our messages; named in settings (ACCOUNT_FORMS)."""

from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm

from s2s_portal.core.addresses import deliverable

from .base import GovukFormMixin


class SignInForm(GovukFormMixin, LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {
        "login": {"name": "your e-mail address", "autocomplete": "email"},
        "password": {"name": "your password", "autocomplete": "current-password"},
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["password"].help_text = ""  # no link to a new password: an administrator gives one

    def clean_login(self) -> str:
        """The address as accounts have it: an international domain in its ASCII form."""
        return deliverable(super().clean_login())


class NewPasswordForm(GovukFormMixin, ChangePasswordForm):  # type: ignore[misc]
    """The old password and, twice, the new one."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {
        "oldpassword": {"name": "your current password", "autocomplete": "current-password"},
        "password1": {"name": "your new password", "autocomplete": "new-password"},
        "password2": {"name": "your new password again", "autocomplete": "new-password"},
    }


class ConfirmForm(GovukFormMixin, ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {
        "password": {"name": "your password", "autocomplete": "current-password"},
    }
