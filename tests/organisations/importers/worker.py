"""Imports a GIAS file in a process of its own and prints its peak memory: `worker.py FILE [--migrate]`.

The database is the environment's DATABASE_URL.
"""

import resource
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first

if __name__ == "__main__":
    if "--migrate" in sys.argv:
        call_command("migrate", verbosity=0)
    call_command("import_gias", sys.argv[1])
    print("peak MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
