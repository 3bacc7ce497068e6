"""The end of a contract with 5,000 open requests: moved in bounded memory, by the tasks as a worker runs them (R15)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

from referrals.choices import RolloverStage, Status
from referrals.models import Referral, Rollover
from referrals.queries import contract_ends
from tests.bench import big
from tests.factories import contract_ends as ends
from tests.server import database_url

OPEN = 5_000
BUDGET_MB = 300

Measured = tuple[str, float, float, str, bool]


def moving_rows(case: big.Case, *, open_requests: int = OPEN) -> Iterator[Measured]:
    """The memory of the process that looks at, approves and moves them; every one of them is accounted for."""
    source = Referral.objects.get(reference=case.reference).period.contract
    while (missing := open_requests - contract_ends.open_under(source).count()) > 0:
        big.add(case, missing)
    ends.successor(source)
    started = perf_counter()
    child = os.environ | {"DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "tests.bench.mover", str(source.pk)]
    done = subprocess.run(command, env=child, capture_output=True, text=True, check=False)
    taken = perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    rollover = Rollover.objects.get()
    account = contract_ends.account_of(rollover)
    if rollover.stage != RolloverStage.DONE or account.difference or account.to_do:
        raise RuntimeError(f"{rollover.stage}: {account.in_words}")
    moved = Referral.objects.filter(status=Status.TRANSFERRED).count()
    what = f"a contract's end: {account.open_before:,} open, {moved:,} moved in {taken:.0f} s"
    yield what, float(done.stdout.split()[-1]), BUDGET_MB, "MB", False
