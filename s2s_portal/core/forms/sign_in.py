"""The sign-in library's forms with our messages; named in settings (ACCOUNT_FORMS), imported by nobody."""

from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm

from .base import GovukFormMixin


class SignInForm(GovukFormMixin, LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {
        "login": {"name": "your email address", "autocomplete": "email"},
        "password": {"name": "your password", "autocomplete": "current-password"},
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        self.fields["password"].help_text = ""  # the page has the link to a new password after the button


class NewPasswordForm(GovukFormMixin, ChangePasswordForm):  # type: ignore[misc]
    """The old password and, twice, the new one."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {
        "oldpassword": {"name": "your current password", "autocomplete": "current-password"},
        "password1": {"name": "your new password", "autocomplete": "new-password"},
        "password2": {"name": "your new password again", "autocomplete": "new-password"},
    }


class ForgottenPasswordForm(GovukFormMixin, ResetPasswordForm):  # type: ignore[misc]
    """The address to send a link to."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {"email": {"name": "your email address", "autocomplete": "email"}}


class ReplacePasswordForm(GovukFormMixin, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice, after following the link."""

    styles: ClassVar[dict[str, dict[str, Any]]] = {
        "password1": {"name": "your new password", "autocomplete": "new-password"},
        "password2": {"name": "your new password again", "autocomplete": "new-password"},
    }
