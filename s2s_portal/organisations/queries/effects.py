"""What a change of days would do to visits and deadlines: told by a higher storey, which knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Watch:
    """`look` gives how things stand at a moment (aware), `told` sentences on what is otherwise after a change."""

    look: Callable[[datetime], Any]
    told: Callable[[Any, Any], list[str]]


_WATCHES: list[Watch] = []


def watch(one: Watch) -> None:
    """Have every change of days looked at by `one` before it is saved. Called when an app is ready."""
    _WATCHES.append(one)


def looked(at: datetime) -> list[Any]:
    """How everything that hangs on days stands now, for `told`."""
    return [one.look(at) for one in _WATCHES]


def told(before: list[Any], after: list[Any]) -> list[str]:
    """What is otherwise, in sentences."""
    return [said for one, was, now in zip(_WATCHES, before, after, strict=True) for said in one.told(was, now)]
