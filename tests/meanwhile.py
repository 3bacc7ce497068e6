"""What somebody else does between two statements of one request, without a second process: in order, every time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(before: str, happens: Callable[[], object]) -> Iterator[None]:
    """Just before the block's first statement that holds `before` (such as "SAVEPOINT" or a table), `happens()` runs.

    It must come to that, or the test fails: a statement that is never made would prove nothing.
    """
    done = False

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal done
        if not done and before in sql:
            done = True
            happens()
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield
    assert done, f"no statement held {before}"
