"""`python -m tests.bench.mover CONTRACT`: a worker that ends a contract and prints its own peak memory in MB.

It looks at every open request, approves as two commissioners would, and runs the tasks until nothing is left to do.
"""

import os
import re
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")
django.setup()

from quotas.models import Contract  # noqa: E402
from referrals.actions import rollover_deciding  # noqa: E402
from referrals.choices import (  # noqa: E402
    RUN_LINE,
    Fate,
    FateReason,
    RolloverStage,
)
from referrals.models import Rollover  # noqa: E402
from s2s_portal.core import clock  # noqa: E402
from s2s_portal.jobs.registry import jobs  # noqa: E402
from s2s_portal.jobs.tick import tick  # noqa: E402
from tests.factories import contract_ends as ends  # noqa: E402


def main() -> None:
    """End the contract whose id is the argument."""
    source = Contract.objects.get(pk=int(sys.argv[1]))
    target = Contract.objects.exclude(pk=source.pk).order_by("-starts_on").first()
    one, _ = ends.commissioners()
    rollover = rollover_deciding.begin(source=source, target=target, by=one, at=clock.now())
    for reason in FateReason:  # those of which nobody can be sure are to finish
        if rollover.lines.filter(reason=reason, fate=Fate.ASK).exists():
            rollover_deciding.decide_group(
                rollover=rollover, reason=reason, fate=Fate.FINISH, note="", by=one, at=clock.now()
            )
    ends.approved(rollover, at=clock.now())
    doing = [job for job in jobs() if job.name == RUN_LINE]
    while Rollover.objects.get(pk=rollover.pk).stage == RolloverStage.RUNNING:
        failed = tick(doing).failed
        if failed:
            raise SystemExit(f"The tasks failed: {failed}")
    print(int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1000)


if __name__ == "__main__":
    main()
