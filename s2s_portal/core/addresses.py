"""E-mail addresses in the form that every mail server takes. Pure."""

import unicodedata

from django.core.exceptions import ValidationError

NOT_ASCII = (
    "The part of the e-mail address before the @ must not have accents or letters of other alphabets: "
    "mail to it might not arrive"
)
NO_DOMAIN = "The part of the e-mail address after the @ must be one that mail can be sent to, like example.com"


def deliverable(address: str) -> str:
    """`address` with an international domain in its ASCII form: ann@exämple.org becomes ann@xn--exmple-cua.org.

    Raises `ValidationError`, whose message is a sentence without full stop, for letters outside ASCII before the @
    and for a domain without such a form. What has no @, or is ASCII, is returned as it is.
    """
    if address.isascii() or "@" not in address:
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
