"""The rows of a cohort's lists as a change set: what each comes to at this moment, and what adding its school gives.

Nothing is remembered but what the rows said and which school the adviser picked: schools close, are asked for and
come onto the cohort between two looks, so every look matches anew. The number of queries does not depend on the rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from referrals.actions.cohort_files import NewRow
from referrals.choices import Priority
from referrals.importers.cohort_columns import COLUMNS
from referrals.importers.cohort_files import CohortFileRow as FileRow
from referrals.importers.cohort_files import File, Refused
from referrals.importers.cohort_matching import Match, already_requested, match
from referrals.models import Cohort, CohortFileRow, Referral
from referrals.queries import cohort_plans
from referrals.rules.matching import MatchState
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.queries.establishments import key_of

MOST_GOALS = 3
LONGEST_GOAL = 500
_CONTACT = ("contact_name", "contact_job_title", "contact_email", "contact_telephone")
_NOT_FACTS = ("line", "last_line")


class Group(StrEnum):
    """What a row comes to on the page, in the page's order."""

    FOUND = "FOUND"
    CHOOSE = "CHOOSE"
    REQUESTED = "REQUESTED"
    REPEATED = "REPEATED"
    ON_COHORT = "ON_COHORT"
    OUTSIDE = "OUTSIDE"
    CLOSED = "CLOSED"
    NOT_MAINSTREAM = "NOT_MAINSTREAM"
    UNKNOWN = "UNKNOWN"
    UNREAD = "UNREAD"


GROUP_OF = {
    MatchState.MATCHED: Group.FOUND,
    MatchState.AMBIGUOUS: Group.CHOOSE,
    MatchState.REPEATED: Group.REPEATED,
    MatchState.OUTSIDE: Group.OUTSIDE,
    MatchState.CLOSED: Group.CLOSED,
    MatchState.NOT_MAINSTREAM: Group.NOT_MAINSTREAM,
    MatchState.UNKNOWN: Group.UNKNOWN,
}


@dataclass(frozen=True)
class Option:
    """A school that a row may add: what forms send for it, and this period's requests that it has already."""

    establishment: Establishment
    requests: list[Referral] = field(default_factory=list)
    on_cohort: bool = False

    @property
    def value(self) -> str:
        """The school's key with how many requests were seen: after one more, the same press asks again."""
        return f"{key_of(self.establishment)}~{len(self.requests)}"


@dataclass(frozen=True)
class Row:
    """One row at this moment. `option`: the school it means; `candidates`: those it may mean, likeliest first.

    `repeats`: the row that means the same school. `notes` say what of it will not be taken over, and why.
    """

    pk: int
    line: int
    last_line: int
    uploaded_at: datetime
    facts: Mapping[str, Any]
    group: Group
    option: Option | None = None
    candidates: list[Option] = field(default_factory=list)
    picked: int | None = None
    repeats: "Row | None" = None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ticked(self) -> bool:
        """Whether it has a box to tick: its school is known, and can be added."""
        return self.group in (Group.FOUND, Group.REQUESTED)

    def options(self) -> dict[str, Option]:
        """What may be added for this row, by what its form sends."""
        found = [self.option] if self.ticked and self.option else self.candidates
        return {one.value: one for one in found if not one.on_cohort}


def new_rows(file: File) -> list[NewRow]:
    """What of a file is kept: its rows, and each line that could not be read once, with all that is wrong with it."""
    rows = [NewRow(one.line, _facts(one)) for one in file.rows]
    refused: dict[int, list[Refused]] = {}
    for one in file.refused:
        refused.setdefault(one.line, []).append(one)
    rows += [NewRow(line, _told(some), _in_one_line(some)) for line, some in refused.items()]
    return sorted(rows, key=lambda one: one.line)


def _facts(row: FileRow) -> dict[str, Any]:
    facts = {name: value for name, value in asdict(row).items() if name not in _NOT_FACTS and value}
    if row.last_line != row.line:
        facts["lines"] = row.last_line - row.line + 1
    return facts | ({"agreed_on": row.agreed_on.isoformat()} if row.agreed_on else {})


def _told(refused: Sequence[Refused]) -> dict[str, Any]:
    problems = [{"column": one.column, "reason": one.reason, "text": one.text} for one in refused]
    return {"problems": problems, "lines": refused[0].last_line - refused[0].line + 1}


def _in_one_line(refused: Sequence[Refused]) -> str:
    return " ".join(f"{one.column}: {one.reason}" if one.column else one.reason for one in refused)


def review(cohort: Cohort, user: User, at: datetime) -> list[Row]:
    """Every row of the cohort's lists still to be dealt with, in order, as it stands at `at`. Six queries at most."""
    stored = list(CohortFileRow.objects.filter(cohort=cohort).order_by("uploaded_at", "line", "pk"))
    # Rows of several lists share line numbers, so the matcher gets numbers of its own.
    numbered = {number: one for number, one in enumerate(stored, start=1) if not one.problem}
    matches = dict(zip(numbered, match([_read(number, one) for number, one in numbered.items()], user), strict=True))
    schools = {one.pk: one for found in matches.values() for one in [found.establishment, *found.candidates] if one}
    on_cohort = cohort_plans.on_list(cohort)
    requested = already_requested(schools.values(), user, at) if schools else {}
    options = {pk: Option(one, requested[pk], pk in on_cohort) for pk, one in schools.items()}
    rows: dict[int, Row] = {}
    for number, one in enumerate(stored, start=1):
        found = matches.get(number)
        rows[number] = _row(one, found, options, rows, at) if found else _unread(one)
    return list(rows.values())


def _read(number: int, stored: CohortFileRow) -> FileRow:
    facts = stored.facts
    named = {name: facts.get(name, "") for name in ("urn", "name", "postcode")}
    return FileRow(line=number, last_line=number, **named)


def _unread(stored: CohortFileRow) -> Row:
    told = stored.facts.get("problems") or [{"column": "", "reason": stored.problem}]
    problems = [f"{one['column']}: {one['reason']}" if one.get("column") else one["reason"] for one in told]
    return Row(
        pk=stored.pk,
        line=stored.line,
        last_line=_last_line(stored),
        uploaded_at=stored.uploaded_at,
        facts={},
        group=Group.UNREAD,
        problems=problems,
    )


def _last_line(stored: CohortFileRow) -> int:
    return int(stored.line + stored.facts.get("lines", 1) - 1)


def _row(
    stored: CohortFileRow, found: Match, options: Mapping[int, Option], earlier: Mapping[int, Row], at: datetime
) -> Row:
    option = options[found.establishment.pk] if found.establishment else None
    return Row(
        pk=stored.pk,
        line=stored.line,
        last_line=_last_line(stored),
        uploaded_at=stored.uploaded_at,
        facts=stored.facts,
        group=_group(found.state, option, options.get(stored.picked_id or 0)),
        option=option,
        candidates=[options[one.pk] for one in found.candidates],
        picked=stored.picked_id,
        repeats=earlier.get(found.repeats) if found.repeats else None,
        notes=notes_of(stored.facts, london_date(at)),
    )


def _group(state: MatchState, option: Option | None, picked: Option | None) -> Group:
    if state in (MatchState.MATCHED, MatchState.REPEATED) and option is not None and option.on_cohort:
        return Group.ON_COHORT
    if picked is not None and picked.on_cohort:
        return Group.ON_COHORT
    if state == MatchState.MATCHED and option is not None and option.requests:
        return Group.REQUESTED
    return GROUP_OF[state]


# --- What a row gives -------------------------------------------------------------------------------------------------
def given_by(facts: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Columns of a cohort's school that a row gives; what it leaves blank is not among them."""
    given: dict[str, Any] = {name: facts[name] for name in ("children",) if facts.get(name)}
    if facts.get("priority"):
        given["priority"] = Priority(facts["priority"])
    # A row that names somebody gives the whole contact: the known one's number is not the new one's.
    if facts.get("contact_name") or facts.get("contact_email"):
        given |= {name: facts.get(name, "") for name in _CONTACT}
    elif facts.get("contact_telephone"):
        given["contact_telephone"] = facts["contact_telephone"]
    given |= {f"goal_{number}": goal for number, goal in enumerate(goals_in(facts.get("goals", "")), start=1)}
    if facts.get("agreed"):
        given["agreed_by"] = facts.get("agreed_by", "")
        given["agreed_on"] = _agreed_on(facts, today)
    return given


def notes_of(facts: Mapping[str, Any], today: date) -> list[str]:
    """What of a row is not taken over as it stands, in sentences."""
    notes = []
    if (facts.get("agreed_by") or facts.get("agreed_on")) and not facts.get("agreed"):
        notes.append(f"Its agreement is not taken over: “{COLUMNS['agreed']}” does not say Yes.")
    elif facts.get("agreed") and facts.get("agreed_on") and _agreed_on(facts, today) is None:
        notes.append(f"“{COLUMNS['agreed_on']}” is not taken over: it lies in the future.")
    if len(_parts(facts.get("goals", ""))) > MOST_GOALS:
        notes.append(f"It has more than {MOST_GOALS} goals: those after the second become one.")
    return notes


def goals_in(text: str) -> list[str]:
    """Up to three goals: a line or a semicolon ends one; what would be a fourth stays with the third."""
    parts = _parts(text)
    last = "; ".join(parts[MOST_GOALS - 1 :])[:LONGEST_GOAL]
    return parts[: MOST_GOALS - 1] + ([last] if last else [])


def _parts(text: str) -> list[str]:
    return [part.strip() for line in text.splitlines() for part in line.split(";") if part.strip()]


def _agreed_on(facts: Mapping[str, Any], today: date) -> date | None:
    day = date.fromisoformat(facts["agreed_on"]) if facts.get("agreed_on") else None
    return day if day and day <= today else None


def by_group(rows: Collection[Row]) -> list[tuple[Group, list[Row]]]:
    """The groups that have rows, in the page's order."""
    return [(group, some) for group in Group if (some := [row for row in rows if row.group == group])]
