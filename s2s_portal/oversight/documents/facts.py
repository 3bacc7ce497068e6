"""What a list of requests says of each beside who and where it is: the fact that its figure counts it for."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from s2s_portal.oversight.documents.figures import Column, Value

Told = tuple[Value, ...]
"""A value for each column."""


@dataclass(frozen=True)
class Facts:
    """What some requests are listed with, by their ids. `order`: by what number each is listed, smaller ones first.

    `definition` is what the columns need said beside the figure's own.
    """

    columns: tuple[Column, ...] = ()
    by_pk: Mapping[int, Told] = field(default_factory=dict)
    order: Mapping[int, int] = field(default_factory=dict)
    definition: str = ""

    def of(self, pk: int) -> Told:
        """What is said of one request; blanks where nothing is known of it."""
        return self.by_pk.get(pk, (None,) * len(self.columns))


NO_FACTS = Facts()


@dataclass(frozen=True)
class Packed:
    """The facts of very many requests, in their order: those that are alike are kept once."""

    known: dict[Told, int] = field(default_factory=dict)
    places: "array[int]" = field(default_factory=lambda: array("l"))

    def extend(self, some: Iterable[Told]) -> None:
        """Put these behind the others."""
        known = self.known
        self.places.extend(known.setdefault(one, len(known)) for one in some)

    def __iter__(self) -> Iterator[Told]:
        told = list(self.known)
        return (told[place] for place in self.places)

    def __eq__(self, other: object) -> bool:
        """Whether the same is said in the same order, however it is kept."""
        return isinstance(other, Packed) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def sorted(self, places: Iterable[int]) -> "Packed":
        """The same facts in another order."""
        return Packed(self.known, array("l", (self.places[at] for at in places)))
