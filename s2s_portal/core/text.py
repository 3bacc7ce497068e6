"""Names and postcodes as people and registers write them, made comparable. Pure."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
# The published shapes: A9, A99, A9A, AA9, AA99, AA9A, girobank and the overseas territories. The letters that may
# follow a digit never include O, so an O typed for a zero is caught.
_POSTCODE = re.compile(
    r"(GIR|[A-Z]{2,3}QQ|[A-Z][A-Z]?[0-9][0-9]?|[A-Z][0-9][ABCDEFGHJKPSTUW]|[A-Z]{2}[0-9][ABEHMNPRVWXY])"
    r"([0-9][ABD-HJLNP-UW-Z]{2})"
)
# What shows nothing: spaces, controls, marks of direction and width, letters that are drawn as a gap.
INVISIBLE = "".join(
    [
        *(char for char in map(chr, range(0x3001)) if unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")),
        "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufeff\uffa0\ufff9\ufffa\ufffb",
        *map(chr, (*range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080))),
    ]
)


def is_blank(value: str) -> bool:
    """Whether a reader of `value` would see nothing."""
    return not value.strip(INVISIBLE)


def tidy(value: str) -> str:
    """`value` without no-break, double, leading or trailing spaces and control characters; accents kept (NFC).

    What shows nothing at all is no text: "".
    """
    if is_blank(value):
        return ""
    if not value.isprintable():  # looking at each character is slow, and registers have millions
        value = "".join(" " if unicodedata.category(char) == "Cc" else char for char in value)
    return unicodedata.normalize("NFC", " ".join(value.split()))


def folded(value: str) -> str:
    """`value` as searches compare it: lower case, no accents, apostrophes, full stops or extra spaces; & is "and"."""
    plain = unicodedata.normalize("NFKD", tidy(value).translate(_QUOTES))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    plain = plain.replace("&", " and ").replace("'", "").replace(".", "")
    return _SPACES.sub(" ", re.sub(r"[-,/()]", " ", plain)).strip()


def postcode(value: str) -> str | None:
    """A UK postcode in its usual form, such as `NR1 2DH`; None if `value` is not one (pseudo postcodes are not)."""
    compact = re.sub(r"[\s.-]", "", value.upper())
    match = _POSTCODE.fullmatch(compact)
    if not match or compact.startswith("ZZ"):
        return None
    return f"{match[1]} {match[2]}"
