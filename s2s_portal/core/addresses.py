"""E-mail addresses in the form that every mail server takes. Pure."""

import unicodedata

from django.core.exceptions import ValidationError

LONGEST = 320
"""Characters; nothing longer is an address, and converting it would take long."""
NOT_ASCII = (
    "The part of the e-mail address before the @ must not have accents or letters of other alphabets: "
    "mail to it might not arrive"
)
NO_DOMAIN = "The part of the e-mail address after the @ must be one that mail can be sent to, like example.com"


def deliverable(address: str) -> str:
    """`address` with an international domain in its ASCII form: ann@exämple.org becomes ann@xn--exmple-cua.org.

    Raises `ValidationError`, whose message is a sentence without full stop, for letters outside ASCII before the @
    and for a domain without such a form. What is ASCII, or no address at all, is returned as it is, to be validated.
    """
    if address.isascii() or "@" not in address or len(address) > LONGEST:
        return address
    local, domain = address.rsplit("@", 1)
    if not local.isascii():
        raise ValidationError(NOT_ASCII, code="not_ascii")
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValidationError(NO_DOMAIN, code="no_domain") from None
    # Python knows the older standard only, for which straße.de is strasse.de: somebody else's address today.
    if plain.encode("ascii").decode("idna").lower() != unicodedata.normalize("NFKC", domain).lower():
        raise ValidationError(NO_DOMAIN, code="no_domain")
    return f"{local}@{plain}"
