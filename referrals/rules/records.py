"""The record of a visit: the names of its answers, how long each may be, and what is missing before it is finalised."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from referrals.choices import ActionResult, RecordField
from referrals.rules.answers import Problem
from s2s_portal.core import spoken

MOST_ACTIONS = 5
MOST_FILES = 10
"""Files that one record may have."""
POSITIONS = range(1, MOST_ACTIONS + 1)
LONGEST_TEXT = 4000
LONGEST_LINE = 500
LONGEST_OWNER = 200
LONGEST_DATE = 40
"""Characters of what was typed as a date: more than any date has, so that nothing that was typed is lost."""
BEFORE, AFTER = "confidence_before", "confidence_after"
CONFIDENCE = {
    "1": "1, not confident at all",
    "2": "2, a little confident",
    "3": "3, fairly confident",
    "4": "4, confident",
    "5": "5, very confident",
}
"""How sure the staff feel, in words, by what is stored."""
REQUIRED = (RecordField.SEEN, RecordField.NEEDS_NOW, RecordField.NEXT_STEP)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Agreed:
    """One agreed action as it was written. `due` is what was typed as a date; `due_on` the date, if it is one."""

    position: int
    text: str
    owner: str
    due: str
    due_on: date | None

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it was written."""
        return not (self.text or self.owner or self.due)


@dataclass(frozen=True)
class Written:
    """A record as it has been written so far: words by `RecordField`, results by the id of the earlier action.

    A result is an `ActionResult` ("" for none) and why; the confidences are keys of `CONFIDENCE`, or "".
    """

    words: Mapping[RecordField, str]
    actions: tuple[Agreed, ...]
    results: Mapping[int, tuple[str, str]]
    before: str
    after: str


# --- Names -------------------------------------------------------------------------------------------------------
def action_name(position: int, part: str) -> str:
    """The name of one part (`text`, `owner` or `due`) of an agreed action."""
    return f"action_{position}_{part}"


def result_name(action_id: int) -> str:
    """The name of the answer that says how an earlier record's action stands."""
    return f"result_{action_id}"


def why_name(action_id: int) -> str:
    """The name of the answer that says why an earlier record's action is not done."""
    return f"why_{action_id}"


def lengths(open_ids: Iterable[int]) -> dict[str, int]:
    """Every answer that a record can have, in the order of the page, and the most characters of each."""
    found: dict[str, int] = {}
    for action_id in open_ids:
        found |= {result_name(action_id): 10, why_name(action_id): LONGEST_LINE}
    found |= {field.value: LONGEST_TEXT for field in RecordField if field != RecordField.NEXT_STEP}
    for position in POSITIONS:
        found[action_name(position, "text")] = LONGEST_LINE
        found[action_name(position, "owner")] = LONGEST_OWNER
        found[action_name(position, "due")] = LONGEST_DATE
    return found | {RecordField.NEXT_STEP.value: LONGEST_TEXT, BEFORE: 1, AFTER: 1}


def too_long(value: str, longest: int) -> str:
    """What to say of an answer of more than `longest` characters."""
    over = len(value) - longest
    return f"Shorten this by {over:,} character{'s' if over > 1 else ''}: it may have {longest:,}"


# --- What was written --------------------------------------------------------------------------------------------
def read(answers: Mapping[str, str], open_ids: Iterable[int]) -> Written:
    """What the saved answers say; those of another day's open actions are left out."""

    def said(name: str) -> str:
        return answers.get(name, "").strip()

    return Written(
        words={field: said(field.value) for field in RecordField},
        actions=tuple(_agreed(position, said) for position in POSITIONS),
        results={one: (said(result_name(one)), said(why_name(one))) for one in open_ids},
        before=_chosen(said(BEFORE)),
        after=_chosen(said(AFTER)),
    )


def _chosen(confidence: str) -> str:
    return confidence if confidence in CONFIDENCE else ""


def _agreed(position: int, said: Callable[[str], str]) -> Agreed:
    text, owner, due = (said(action_name(position, part)) for part in ("text", "owner", "due"))
    return Agreed(position, text, owner, due, day_in(due))


def day_in(typed: str) -> date | None:
    """The date in "3 12 2024" or "3 Dec 2024"; None for anything else, such as a year of two numbers."""
    parts = typed.split()
    if len(parts) != 3 or any(len(part) > 9 or not part.isascii() for part in parts):
        return None
    day, month, year = parts[0], _month(parts[1]), parts[2]
    if month is None or not day.isdigit() or not year.isdigit() or len(year) != 4:
        return None
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    short = text.lower()[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else None


# --- What is missing ---------------------------------------------------------------------------------------------
def problems(written: Written, *, visited_on: date, open_actions: Mapping[int, str]) -> list[Problem]:
    """What stands between a record and being finalised, in the order of the page; nothing if it is complete.

    `visited_on` is the London day of the visit, `open_actions` what earlier records agreed and nobody has done, by id.
    """
    found = []
    for action_id, text in open_actions.items():
        found += _result_problems(action_id, text, written.results.get(action_id, ("", "")))
    found += [
        Problem(field.value, f"Write something under “{field.label}”", missing=True)
        for field in REQUIRED
        if field != RecordField.NEXT_STEP and not written.words[field]
    ]
    for agreed in written.actions:
        found += _action_problems(agreed, visited_on)
    if not written.words[RecordField.NEXT_STEP]:
        label = RecordField.NEXT_STEP.label
        found.append(Problem(RecordField.NEXT_STEP.value, f"Write something under “{label}”", missing=True))
    return found + _confidence_problems(written)


def _result_problems(action_id: int, text: str, told: tuple[str, str]) -> list[Problem]:
    result, why = told
    if result not in ActionResult.values:
        return [Problem(result_name(action_id), f"Say how the agreed action “{text}” stands", missing=True)]
    if result != ActionResult.DONE and not why:
        return [Problem(why_name(action_id), f"Say why the agreed action “{text}” is not done", missing=True)]
    return []


def _action_problems(agreed: Agreed, visited_on: date) -> list[Problem]:
    if agreed.is_blank:
        return []
    which, name = f"action {agreed.position}", agreed.position
    found = []
    if not agreed.text:
        found.append(Problem(action_name(name, "text"), f"Say what {which} is", missing=True))
    if not agreed.owner:
        found.append(Problem(action_name(name, "owner"), f"Say who does {which}", missing=True))
    if not agreed.due:
        found.append(Problem(action_name(name, "due"), f"Say by when {which} is done", missing=True))
    elif agreed.due_on is None:
        found.append(Problem(action_name(name, "due"), f"The date of {which} must be a real date, like 3 12 2024"))
    elif agreed.due_on < visited_on:
        visit = spoken.day(visited_on)
        found.append(
            Problem(action_name(name, "due"), f"The date of {which} must be the day of the visit, {visit}, or later")
        )
    return found


def _confidence_problems(written: Written) -> list[Problem]:
    if bool(written.before) == bool(written.after):
        return []
    name = AFTER if written.before else BEFORE
    return [Problem(name, "Say how confident staff were both before and after, or neither", missing=True)]
