"""A finalised record of visit as it is stored, and in words. Dates and moments are ISO 8601 text.

Who the child is does not stand in it: pages and PDFs take the two identifiers (DOMAIN D5) from the request.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from referrals.choices import About, ActionResult, BookingKind, BookingMode, RecordField
from referrals.documents.answers import Answer
from referrals.models import Referral
from referrals.rules.records import CONFIDENCE
from s2s_portal.core import spoken

RETRACTED = "Agreed in a record that was retracted"
"""What stands for an action that a record about the wrong child had agreed."""


@dataclass(frozen=True)
class ActionContent:
    """One agreed action: what, who, by when."""

    text: str
    owner: str
    due_on: str

    @property
    def due(self) -> str:
        """By when, in words."""
        return spoken.day(date.fromisoformat(self.due_on))


@dataclass(frozen=True)
class ResultContent:
    """How an action that an earlier record agreed stood at this visit. `agreed_in` is that record's reference."""

    text: str
    owner: str
    due_on: str
    agreed_in: str
    result: str
    why: str

    @property
    def stands(self) -> str:
        """How it stood, in words."""
        return ActionResult(self.result).label


@dataclass(frozen=True)
class FileContent:
    """A file that belongs to the record: its name, its size in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class RecordContent:
    """Everything that a record of visit says. The confidences are 1 to 5, or None if nobody was asked."""

    VERSION: ClassVar[int] = 1

    establishment: str
    kind: str
    mode: str
    starts_at: str
    ends_at: str
    minutes_late: int | None
    teachers: tuple[str, ...]
    seen: str
    works: str
    needs_now: str
    resources: str
    next_step: str
    confidence_before: int | None
    confidence_after: int | None
    results: tuple[ResultContent, ...]
    actions: tuple[ActionContent, ...]
    files: tuple[FileContent, ...]

    def without(self, retracted: Collection[str]) -> "RecordContent":
        """The same without the words about actions that records with these references had agreed."""
        hidden = {"text": RETRACTED, "owner": "", "why": ""}
        results = tuple(replace(one, **hidden) if one.agreed_in in retracted else one for one in self.results)
        return replace(self, results=results)

    def visit_rows(self) -> list[Answer]:
        """When and where the visit was, and who came."""
        began, ended = datetime.fromisoformat(self.starts_at), datetime.fromisoformat(self.ends_at)
        when = f"{spoken.moment_with_weekday(began)} to {spoken.moment(ended).rpartition(', ')[2]}"
        late = f"\nBegan {self.minutes_late} minutes late" if self.minutes_late else ""
        remote = f"\n{BookingMode.REMOTE.label}" if self.mode == BookingMode.REMOTE else ""
        return [
            Answer("establishment", "School or setting", self.establishment),
            Answer("kind", "Visit", f"{BookingKind(self.kind).label}{remote}"),
            Answer("starts_at", "When", f"{when}{late}"),
            Answer("teachers", "S2S", "\n".join(self.teachers)),
        ]

    def word_rows(self) -> list[Answer]:
        """What was written under each heading, without those left empty."""
        said = [Answer(field.value, field.label, getattr(self, field.value)) for field in RecordField]
        return [*(answer for answer in said if answer.text), *self._confidence()]

    def _confidence(self) -> list[Answer]:
        asked = (("before", self.confidence_before), ("after", self.confidence_after))
        return [
            Answer(f"confidence_{when}", f"Confidence of staff {when} the visit", CONFIDENCE[str(number)])
            for when, number in asked
            if number is not None
        ]


def _v1(stored: dict[str, Any]) -> RecordContent:
    several = {
        "teachers": tuple(stored["teachers"]),
        "results": tuple(ResultContent(**one) for one in stored["results"]),
        "actions": tuple(ActionContent(**one) for one in stored["actions"]),
        "files": tuple(FileContent(**one) for one in stored["files"]),
    }
    return RecordContent(**stored | several)


_READERS = {1: _v1}


def content_of(version: int, stored: dict[str, Any]) -> RecordContent:
    """The content of a stored record; an old one is read by the shape that it was written with."""
    return _READERS[version](stored)


def who_is_it_about(referral: Referral, named: Iterable[Answer] = ()) -> list[Answer]:
    """The two identifiers of the child that a record is about (DOMAIN D5), or the group; `named`: a cohort's children.

    Only for those who see the child, and never in a title, an address or the name of a file.
    """
    if referral.about == About.CHILD and referral.date_of_birth is not None:
        name = f"{referral.child_first_name} {referral.child_last_name}"
        return [
            Answer("child", "Child", name),
            Answer("date_of_birth", "Date of birth", spoken.day(referral.date_of_birth)),
        ]
    children = [Answer("child", answer.title, answer.text) for answer in named]
    group = Answer("group_description", "Group of children", referral.group_description or "As the request says")
    return [group, *children]
