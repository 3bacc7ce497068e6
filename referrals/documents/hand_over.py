"""The hand-over report of a provider school: what is open, or was at a contract's end, as lines, CSV rows and a PDF.

No child's name, date of birth or narrative comes near it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from referrals.choices import Fate, LineState, Status
from s2s_portal.core import pdf, spoken
from s2s_portal.core.calendar import LONDON, london_date
from s2s_portal.organisations.choices import Stream

AUTHOR = "School to School support"
HEADINGS = (
    *("Reference", "School or setting", "Zone", "Stream", "Teacher", "Status", "First asked for", "Visits held"),
    *("Next planned visit", "Records finalised", "Open agreed actions", "What becomes of it", "Goes on as"),
)
"""The columns of the CSV."""
LISTED = "Requests that are open, or were at the contract’s end"
NOT_DECIDED = "Not decided yet"
NO_SCHOOL = "Not yet given to a teacher"


@dataclass(frozen=True)
class HandedOver:
    """One request as the report shows it; counts of visits, records and actions, days in London.

    `fate`, `outcome` and `state` are its line's in the contract's end, "" where it has none.
    """

    pk: int
    reference: str
    establishment: str
    zone: str
    stream: Stream
    teacher: str
    status: Status
    first_asked_on: date
    visits_held: int
    next_visit_at: datetime | None
    records: int
    open_actions: int
    fate: str = ""
    outcome: str = ""
    state: str = ""
    goes_on_as: str = ""
    initials: str = ""

    @property
    def becomes(self) -> str:
        """What becomes of it, in words."""
        if self.state == LineState.UNDONE:
            return "The move was undone"
        if self.outcome == Fate.MOVE:
            return f"Goes on as {self.goes_on_as}"
        if self.outcome:
            return "Closed" if self.outcome == Fate.CLOSE else "Finishes under the old contract"
        return f"To be done: {Fate(self.fate).label.lower()}" if self.fate else NOT_DECIDED

    @property
    def done(self) -> str:
        """What was done so far: "2 visits, 1 record, 3 open actions"."""
        counts = ((self.visits_held, "visit"), (self.records, "record"), (self.open_actions, "open action"))
        return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts)

    @property
    def next_visit(self) -> str:
        """The next planned visit, in words."""
        return spoken.moment(self.next_visit_at) if self.next_visit_at else "None planned"


@dataclass(frozen=True)
class Totals:
    """The report's requests, counted as the account of the contract's end counts them (R15).

    `late` came after the moving had begun and `without_line` were not looked at yet: both beside the sum.
    """

    finishing: int = 0
    moved: int = 0
    closed: int = 0
    undone: int = 0
    to_do: int = 0
    late: int = 0
    without_line: int = 0

    @property
    def accounted(self) -> int:
        """How many stand in the account's sum."""
        return self.finishing + self.moved + self.closed + self.undone + self.to_do

    @property
    def listed(self) -> int:
        """How many requests the report lists."""
        return self.accounted + self.late + self.without_line

    @property
    def in_words(self) -> str:
        """The sum as people read it: "4 requests: 1 finishing + 2 moved + 1 closed"."""
        always = [f"{self.finishing} finishing", f"{self.moved} moved", f"{self.closed} closed"]
        sometimes = ((self.undone, "moved back"), (self.to_do, "to do"), (self.late, "found late"))
        some = [f"{count} {what}" for count, what in (*sometimes, (self.without_line, "not decided yet")) if count]
        terms = always if self.accounted else []
        requests = "1 request" if self.listed == 1 else f"{self.listed} requests"
        return f"{requests}: {' + '.join([*terms, *some])}." if terms or some else f"{requests}."


def csv_rows(lines: Iterable[HandedOver], totals: Totals) -> Iterable[Sequence[object]]:
    """The report as rows of a CSV, with its headings and its sum. Nobody's initials are in it."""
    yield HEADINGS
    for one in lines:
        yield (
            *(one.reference, one.establishment, one.zone, one.stream.label, one.teacher, one.status.label),
            *(one.first_asked_on.isoformat(), one.visits_held, one.next_visit_at and _to_sort(one.next_visit_at)),
            *(one.records, one.open_actions, one.becomes, one.goes_on_as),
        )
    yield ("", totals.in_words)


def _to_sort(at: datetime) -> str:
    """A moment as spreadsheets sort it, in London: 2024-12-02 10:00."""
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def hand_over_pdf(*, contract: str, school: str, lines: Sequence[HandedOver], totals: Totals, at: datetime) -> bytes:
    """The report as a tagged PDF."""
    header = ("Request", "School or setting", "Teacher and status", "Done so far", "Dates", "What becomes of it")
    rows = tuple(_pdf_row(one) for one in lines)
    listed = pdf.Section(LISTED, table=pdf.Table(header, rows, (6, 5, 5, 4, 5, 5), whole_rows=True))
    nothing = pdf.Section(LISTED, paragraphs=("None.",))
    about = (("School", school), ("Contract", contract), ("As at", spoken.moment(at)), ("Sum", totals.in_words))
    return pdf.document(
        pdf.Document(
            title="Hand-over report",
            subtitle=school,
            reference=contract,
            version=spoken.day(london_date(at)),
            author=AUTHOR,
            made_at=at,
            sections=(pdf.Section("About this report", rows=about), listed if rows else nothing),
            footer="No child is named in this report",
        )
    )


def _pdf_row(one: HandedOver) -> tuple[str, ...]:
    return (
        f"{one.reference}\n{one.stream.label}",
        f"{one.establishment}\n{one.zone}",
        f"{one.teacher or 'Nobody yet'}\n{one.status.label}",
        one.done,
        f"First asked for: {spoken.day(one.first_asked_on)}\nNext visit: {one.next_visit}",
        one.becomes,
    )
