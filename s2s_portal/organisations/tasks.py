"""Background work on the files of the registers."""

import uuid
from datetime import time, timedelta

from s2s_portal.core import clock
from s2s_portal.jobs.registry import Run, job
from s2s_portal.organisations.actions import kinds
from s2s_portal.organisations.choices import READ_REGISTER
from s2s_portal.organisations.importers import uploads
from s2s_portal.organisations.queries import registers

KEPT = timedelta(days=30)
"""So long a file waits for somebody's decision, or for work that fails."""
LINES_KEPT = timedelta(days=120)
"""So long the page of an import lists what it changed; the numbers stay."""


@job(READ_REGISTER, label="Check and import files of the registers", on_request=True)
def read_register(run: Run) -> str:
    """Check, or after approval import, the uploads whose keys were asked for. Says what came of each."""
    said = []
    for subject in run.subjects:
        upload = registers.upload(uuid.UUID(subject))
        if upload is not None:
            said.append(uploads.carry_on(upload=upload, at=run.at, stopping=run.stopping))
    return "; ".join(filter(None, said))


@job("begin_meanings", label="Let kinds of school and setting mean what was set from today", daily=time(0, 1))
def begin_meanings(run: Run) -> str:
    """What was set from this day on comes into force; on time within a minute of midnight."""
    begun = kinds.begin_meanings(at=run.at)
    return f"{begun} changed" if begun else ""


@job("tidy_registers", label="Delete files of the registers that nobody approved", daily=time(3, 40))
def tidy_registers(run: Run) -> str:
    """Delete what was left lying for 30 days, and the lines of old imports: they name head teachers and others."""
    before, gone = run.at - KEPT, 0
    uploads.forget_lines(before=run.at - LINES_KEPT)
    for key in registers.left_lying(before):
        upload = registers.upload(key)
        gone += upload is not None and uploads.forget(upload=upload, before=before, at=run.at, real=clock.real_now())
    return f"{gone} deleted" if gone else ""
