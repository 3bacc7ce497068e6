"""How allauth behaves here: nobody signs themselves up."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

UNKNOWN_ADDRESS = "unknown"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, for council and S2S staff only (DESIGN §2)."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. If it should not be, ask an administrator of the portal",
        "email_password_mismatch": "E-mail address or password is wrong",
        "enter_current_password": "Your current password is wrong",
        "incorrect_password": "Your password is wrong",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again",
        "too_many_login_attempts": "Too many wrong passwords. Wait a few minutes, then try again",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose tries are counted together: those from one address, or all from nowhere.

        There is no address behind a Unix socket whose proxy does not tell it (BEHIND_TLS_PROXY, X-Forwarded-For);
        the library would then let nobody sign in at all.
        """
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return UNKNOWN_ADDRESS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
