"""The shapes of what is stored beside quotas: the facts of changes that a second person approves."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from s2s_portal.organisations.choices import ChangeKind, Stream
from s2s_portal.organisations.models import ProposedChange


@dataclass(frozen=True)
class MoveFacts:
    """Unused places to be moved between the two streams of a period (R9): quotas by id, places as a count.

    The period's name and what was left of both streams are as they were when it was proposed.
    """

    KIND: ClassVar[ChangeKind] = ChangeKind.MOVE_PLACES
    VERSION: ClassVar[int] = 1

    source: int
    target: int
    source_stream: str
    target_stream: str
    period: str
    places: int
    source_left: int
    target_left: int

    @property
    def summary(self) -> str:
        """The change in a line: "Move 5 places from early years to mainstream"."""
        places = "1 place" if self.places == 1 else f"{self.places} places"
        return f"Move {places} from {self.source_label} to {self.target_label}"

    @property
    def source_label(self) -> str:
        """The stream that gives, as screens call it."""
        return Stream(self.source_stream).label

    @property
    def target_label(self) -> str:
        """The stream that gets, as screens call it."""
        return Stream(self.target_stream).label

    def as_json(self) -> dict[str, Any]:
        """The facts as they are stored."""
        return asdict(self)


CHANGE_FACTS: dict[tuple[str, int], type[MoveFacts]] = {(MoveFacts.KIND, MoveFacts.VERSION): MoveFacts}
"""The shape of each kind and version ever written: an old change is read by the class it was written with."""


def facts_of(change: ProposedChange) -> MoveFacts:
    """What a stored change would do."""
    return CHANGE_FACTS[change.kind, change.version](**change.facts)
