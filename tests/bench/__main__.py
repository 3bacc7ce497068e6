"""`python -m tests.bench`: every budget, on both databases, as a table; exit status 1 if one is exceeded.

Each database is measured in a process of its own, because Django is set up once for one database.
"""

import os
import subprocess
import sys

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    """Measure on each database in turn."""
    worst = 0
    for database in DATABASES:
        environment = os.environ | {"S2S_TEST_DATABASE": database}
        done = subprocess.run([sys.executable, "-m", "tests.bench.run"], env=environment, check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
