"""The facts of an end of a contract as it is put to a second person."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from s2s_portal.organisations.choices import ChangeKind
from s2s_portal.organisations.models import ProposedChange


@dataclass(frozen=True)
class RolloverFacts:
    """What becomes of the open requests of a contract, as counts when it was proposed. `key` is the rollover's."""

    KIND: ClassVar[ChangeKind] = ChangeKind.ROLLOVER
    VERSION: ClassVar[int] = 1

    key: str
    source: str
    target: str
    finishing: int
    moving: int
    closing: int

    @property
    def summary(self) -> str:
        """The change in a line: "End X: 5 requests finish, 6 move to Y, 1 closes"."""
        moving = f"{self.moving} move{'s' if self.moving == 1 else ''} to {self.target}, " if self.target else ""
        finishing = f"{self.finishing} request{' finishes' if self.finishing == 1 else 's finish'}"
        closing = f"{self.closing} close{'s' if self.closing == 1 else ''}"
        return f"End {self.source}: {finishing}, {moving}{closing}"

    def differs_from(self, proposed: "RolloverFacts") -> str:
        """How these counts differ from those of `proposed`, in a sentence; "" if they do not."""
        if (now := self._counts) == (before := proposed._counts):
            return ""
        return f"What was proposed: {before}. What it would be now: {now}."

    @property
    def _counts(self) -> str:
        return f"{self.finishing} to finish, {self.moving} to move, {self.closing} to close"

    def as_json(self) -> dict[str, Any]:
        """The facts as they are stored."""
        return asdict(self)


def rollover_facts(change: ProposedChange) -> RolloverFacts:
    """What a stored change would do."""
    return RolloverFacts(**change.facts)
