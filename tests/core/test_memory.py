"""The process that answers requests does not look through the portal's own code for garbage."""

import os
import subprocess
import sys

from tests.server import ROOT

LOADED = """
import gc, sys
import s2s_portal.wsgi
from s2s_portal.core import memory
print(gc.isenabled(), gc.get_threshold() == memory.EVERY, gc.get_freeze_count() > 100_000)
print("referrals.views.sending" in sys.modules, len(gc.get_objects()) < 1_000)
"""


def test_a_server_has_loaded_everything_and_looks_through_none_of_it():
    """In a process of its own: this one has loaded more."""
    finished = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60, check=True
    )
    assert finished.stdout.split() == ["True"] * 5
