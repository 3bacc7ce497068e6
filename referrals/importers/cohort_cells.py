"""What the cells of a cohort's file may hold, column by column. Pure: a text becomes a value, or a reason why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from referrals.choices import Priority
from s2s_portal.core import csv, text
from s2s_portal.core.addresses import deliverable

MOST_CHILDREN = 500
LONGEST_EMAIL = 254
YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0", "not yet")
_URN = re.compile(r"[A-Z]{0,6}-?[0-9]{4,14}", re.ASCII)
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_FOUR_DIGIT_YEAR = re.compile(r".*(?<![0-9])20[0-9]{2}(?![0-9]).*", re.ASCII)
_TELEPHONE = re.compile(r"\+?[0-9(][0-9A-Za-z ().,/-]*", re.ASCII)
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
FEWEST_DIGITS = 6


class BadCell(ValueError):
    """A cell that cannot be read; the text is a sentence that says why."""


def shown(cell: str) -> str:
    """`cell` as a message quotes it: one line, at most 60 characters, and nothing that cannot be stored."""
    plain = text.tidy(_NOT_UTF8.sub("\ufffd", cell[:200]))
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


def value_of(field: str, cell: str) -> Any:
    """What `cell` says in the column of `field` ("", None or False if blank); raises `BadCell`."""
    if _NOT_UTF8.search(cell):
        raise BadCell(
            "It has letters that are not UTF-8, such as é or ’, and nobody can tell which: save the file as "
            "“CSV UTF-8” (in Excel: File, Save as) and choose it again."
        )
    is_telephone = field == "contact_telephone" and _TELEPHONE.fullmatch(text.tidy(cell))
    if csv.starts_a_formula(cell) and not is_telephone:
        begins = _SIGNS.get(cell[0]) or f"“{cell.lstrip(text.INVISIBLE)[0]}”"
        raise BadCell(f"It begins with {begins}, which a spreadsheet takes for a formula: write it without.")
    return READERS[field](cell)


_SIGNS = {"\t": "a tab", "\r": "a line break"}


def looks_like_urn(line: str) -> bool:
    """Whether a line of a list is a URN rather than a name."""
    return bool(_URN.fullmatch(_compact(line)))


def _compact(cell: str) -> str:
    return text.tidy(cell).upper().replace(" ", "").removeprefix("URN").lstrip(":")


def _urn(cell: str) -> str:
    urn = _compact(cell)
    if urn and not _URN.fullmatch(urn):
        raise BadCell(f"“{shown(cell)}” is not a URN, which is a number such as 123456.")
    return urn


def _line(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        return _within(text.tidy(cell), longest)

    return read


def _within(words: str, longest: int) -> str:
    if len(words) > longest:
        raise BadCell(f"It has {len(words):,} characters: at most {longest} fit.")
    return words


def _sentences(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        lines = [text.tidy(line) for line in cell.splitlines()]
        return _within("\n".join(line for line in lines if line), longest)

    return read


def _postcode(cell: str) -> str:
    found = text.postcode(text.tidy(cell)) or ""
    if text.tidy(cell) and not found:
        raise BadCell(f"“{shown(cell)}” is not a postcode, such as NR1 2DH.")
    return found


def _children(cell: str) -> int | None:
    number = text.tidy(cell)
    if not number:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", number, re.ASCII) or not 1 <= int(number) <= MOST_CHILDREN:
        raise BadCell(f"“{shown(cell)}” is not a whole number from 1 to {MOST_CHILDREN}.")
    return int(number)


def _priority(cell: str) -> Priority | None:
    word = text.tidy(cell).upper()
    if not word:
        return None
    if word not in Priority.values:
        raise BadCell(f"“{shown(cell)}” is not a priority: write {_or([str(one.label) for one in Priority])}.")
    return Priority(word)


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _email(cell: str) -> str:
    address = text.tidy(cell)
    if not address:
        return ""
    try:
        address = deliverable(address)
        validate_email(address)
    except ValidationError as error:
        reason = error.messages[0] if error.code in ("not_ascii", "no_domain") else "it is not like name@example.com"
        raise BadCell(f"“{shown(cell)}” is not an e-mail address: {reason[0].lower()}{reason[1:]}.") from error
    return _within(address, LONGEST_EMAIL)


def _telephone(cell: str) -> str:
    number = _within(text.tidy(cell), 30)
    if number and len(re.findall(r"[0-9]", number)) < FEWEST_DIGITS:
        raise BadCell(f"“{shown(cell)}” is not a telephone number, such as 01603 496000.")
    return number


def _agreed(cell: str) -> bool:
    word = text.tidy(cell).casefold()
    if word and word not in YES + NO:
        raise BadCell(f"“{shown(cell)}” is neither Yes nor No.")
    return word in YES


def _day(cell: str) -> date | None:
    words = text.tidy(cell)
    if not words:
        return None
    if _FOUR_DIGIT_YEAR.fullmatch(words):
        for pattern in _DAYS:
            try:
                return datetime.strptime(words, pattern).date()  # noqa: DTZ007 - a day, not a moment
            except ValueError:
                continue
    raise BadCell(f"“{shown(cell)}” is not a date, such as 20/11/2024 (day, month, year).")


READERS: Mapping[str, Callable[[str], Any]] = {
    "urn": _urn,
    "name": _line(200),
    "postcode": _postcode,
    "children": _children,
    "priority": _priority,
    "contact_name": _line(200),
    "contact_job_title": _line(100),
    "contact_email": _email,
    "contact_telephone": _telephone,
    "goals": _sentences(500),
    "agreed": _agreed,
    "agreed_by": _line(200),
    "agreed_on": _day,
}
"""How the cell of each field of `CohortFileRow` is read; the limits are those of the tables."""
