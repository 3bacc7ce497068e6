"""Work that is interrupted again and again, and must be done all the same: messages, requests for jobs, a rollover.

def test_killed_in_the_middle_of_a_rollover(server, tmp_path):
    rollover = ...                                       # approved; it has asked for one job for each request
    with Company(tmp_path, EMAIL_URL=server.url) as company:
        kills = killed_again_and_again(
            company,
            progress=lambda: Referral.objects.filter(continues__isnull=False).count(),
            ended=lambda: not asked_for() and not waiting(),
        )
    assert kills > 3
    check_exact(...)
"""

import time
from collections.abc import Callable

from tests.survival.company import Company

WORKERS = 3
LONGEST_WITHOUT_PROGRESS = 5.0
"""Seconds after which the next worker is killed anyway: what is left may wait for the leases of those before it."""


def killed_again_and_again(
    company: Company,
    *,
    progress: Callable[[], int],
    ended: Callable[[], object],
    most: int = 12,
    moment: Callable[[], float] = lambda: 0.0,
) -> int:
    """Run three workers until `ended()` and kill one whenever `progress()` has grown; return how many were killed.

    The next takes its place. At most so many are killed, each `moment()` seconds after the growth was seen.
    """
    kills = 0
    workers = [company.embedded() for _ in range(WORKERS)]
    company.until(progress)
    while kills < most and not company.holds(ended):
        _until_it_grows(company, progress)
        time.sleep(moment())
        company.kill(workers.pop(0))
        kills += 1
        workers.append(company.embedded())
    company.until(ended)
    return kills


def _until_it_grows(company: Company, progress: Callable[[], int]) -> None:
    """Wait for progress, but not for long."""
    seen, until = progress(), time.monotonic() + LONGEST_WITHOUT_PROGRESS
    company.until(lambda: progress() > seen or time.monotonic() > until)
