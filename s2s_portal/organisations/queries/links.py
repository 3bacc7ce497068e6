"""Signed links: their addresses, and which row an address means."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer

from s2s_portal.organisations.models import SignedLink

ADDRESS = "link/"
"""Where the addresses of links begin, below the site's own."""
LONGEST = 80
"""Characters of an address's last part: no signed id is longer, and nothing longer is looked at."""
# Keys that were replaced still open what they signed (SECRET_KEY_FALLBACKS): a link lives for months.
_SALT = "organisations.signed-link"


def email_hash(email: str) -> str:
    """What a link keeps of its contact's e-mail address, 64 characters."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def address_of(link_id: int) -> str:
    """The whole address of the link with this id. Only for the message itself: whoever has it may use the link."""
    return f"{settings.BASE_URL}/{ADDRESS}{_signer().sign(link_id)}/"


def link_of(context: Mapping[str, Any]) -> str:
    """The address for a message whose stored context has a `link_id`; "" for every other message."""
    link_id = context.get("link_id")
    return address_of(link_id) if link_id else ""


def meant_by(token: str) -> SignedLink | None:
    """The link that the last part of an address means; None for a forged one."""
    if len(token) > LONGEST:
        return None
    try:
        return SignedLink.objects.filter(pk=int(_signer().unsign(token))).first()
    except (BadSignature, ValueError):
        return None


def find(key: uuid.UUID) -> SignedLink | None:
    """The link whose page has this key."""
    return SignedLink.objects.filter(key=key).first()


def _signer() -> Signer:
    return Signer(sep=".", salt=_SALT)
