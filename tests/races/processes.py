"""Processes that run actions at the same moment, or are killed in the middle of one.

    first, second = at_once([partial(send, mine), partial(send, theirs)])
    assert killed_after(7, partial(send, mine))         # SIGKILL between its seventh statement and the eighth
    assert not killed_after(7, nothing_much)            # it ended before it came to that

Where one must hold its locks before another asks for them, the first says so, and the second waits for its word:

    turn = Turn()
    at_once([partial(keep, row, turn.first), partial(take, row, turn.second)])

Forked from the test, each with a database connection of its own: what the test has committed is there for them. The
test must be transactional. Work returns something that can be pickled. At most `MOST` at once.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, connections
from django.urls import resolve

T = TypeVar("T")

MOST = 32
SECONDS_TO_END = 600  # the storm takes 90 where nothing else runs
LONG_ENOUGH = 1.0
"""Seconds for which the first holds what the second wants, so that the second has come to wait for it."""
_fork = multiprocessing.get_context("fork")


class Turn:
    """Who of two processes is first, however long the machine lets either wait."""

    def __init__(self) -> None:
        self._held = _fork.Event()

    def first(self) -> None:
        """Called with the locks in hand: says so, and keeps them until the second has come to wait for them."""
        self._held.set()
        time.sleep(LONG_ENOUGH)

    def second(self) -> None:
        """Called before the locks are asked for: waits until the first has them."""
        assert self._held.wait(60), "The first has never come to hold its locks."


class ProcessFailed(AssertionError):
    """A process raised, or ended without an answer; the message carries what it said."""


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Run each of `works` in a process of its own, all from the same moment; their results in the same order.

    Raises `ProcessFailed` unless every one returned.
    """
    assert len(works) <= MOST
    _prepare()
    start = _fork.Barrier(len(works))
    running = [_started(work, start) for work in works]
    answers = []
    try:
        for process, answer in running:
            if not answer.poll(SECONDS_TO_END):
                raise ProcessFailed(f"A process has not ended after {SECONDS_TO_END} seconds.")
            answers.append(_read(process, answer))
    finally:
        for process, answer in running:
            process.kill()
            process.join()
            answer.close()
    failures = [error for _, error in answers if error]
    if failures:
        raise ProcessFailed("\n\n".join(failures))
    return [result for result, _ in answers]


def _prepare() -> None:
    """What is better done once, before forking: every process would read all addresses for its first message."""
    resolve("/")
    connections.close_all()  # a connection that two processes use is broken for both


def _started(work: Callable[[], Any], start: Barrier) -> tuple[BaseProcess, Connection]:
    mine, theirs = _fork.Pipe(duplex=False)
    process = _fork.Process(target=_run, args=(work, start, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, mine


def _run(work: Callable[[], Any], start: Barrier, answer: Connection) -> None:
    gc.freeze()  # what the test brought along is no garbage: going through it again and again takes time
    result, error = None, ""
    try:
        connection.ensure_connection()
        start.wait(60)
        result = work()
    except BaseException:
        error = traceback.format_exc()
    finally:
        connections.close_all()
    answer.send_bytes(pickle.dumps((result, error)))


def _read(process: BaseProcess, answer: Connection) -> tuple[Any, str]:
    try:
        return pickle.loads(answer.recv_bytes())
    except EOFError:
        process.join()
        return None, f"A process ended with {process.exitcode} and no answer."


def killed_after(number: int, work: Callable[[], object]) -> bool:
    """Whether a process that runs `work` was killed right after its statement `number`; False if it ended before.

    The last statement counts too: that is after the last row and before the COMMIT.
    """
    return _killed(work, _dying_after(number))


@contextmanager
def _dying_after(number: int) -> Iterator[None]:
    done = 0

    def watch(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal done
        result = execute(*arguments)
        done += 1
        if done == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(watch):
        yield


def killed_within(seconds: float, work: Callable[[], object]) -> bool:
    """Whether a process that runs `work` was killed so long after it began, wherever it was; False if it had ended."""
    return _killed(work, _dying_within(seconds))


@contextmanager
def _dying_within(seconds: float) -> Iterator[None]:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process as SIGKILL does: nothing of it runs any more
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _killed(work: Callable[[], object], dying: Any) -> bool:
    def mortal() -> None:
        with dying:
            work()

    _prepare()
    start = _fork.Barrier(1)
    process, answer = _started(mortal, start)
    with answer:
        _, error = _read(process, answer)
    process.join(SECONDS_TO_END)
    if process.exitcode in (-signal.SIGKILL, -signal.SIGALRM):
        return True
    if error or process.exitcode:
        raise ProcessFailed(error)
    return False


def everything() -> dict[str, list[tuple]]:
    """Every row of every table of the portal, by table: equal before and after what left nothing behind."""
    return {
        model._meta.db_table: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
