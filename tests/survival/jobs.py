"""A job that writes down what it was asked for: its subject and its process, in the file that NOTES names."""

import os
from pathlib import Path

from s2s_portal.jobs.registry import Run, job


@job("note", label="Write it down", on_request=True)
def note(run: Run) -> str:
    """Add each subject to the file; a line that is there already would be work done twice."""
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.writelines(f"{subject} {os.getpid()}\n" for subject in run.subjects)
    return "noted"
