"""Imports a GIAS file in a process of its own and prints its peak memory: `worker.py FILE`.

The database is the environment's DATABASE_URL.
"""

import re
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first

if __name__ == "__main__":
    call_command("import_gias", sys.argv[1])
    # Not getrusage: its peak is inherited from the process that started this one.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print("peak MB", int(peak[1]) // 1024)
