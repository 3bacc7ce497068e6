"""`python -m tests.bench.taker EMAIL URL`: a worker that sends one file and prints its rows and own peak memory in MB.

The whole way of the real view: sign-in, middleware, figures, audit, and every piece that is sent.
"""

import os
import re
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")
django.setup()

from django.test import Client, override_settings  # noqa: E402

from s2s_portal.organisations.models import AuditEvent, User  # noqa: E402


def main() -> None:
    """Take the file away as the person; nothing of it is kept."""
    client = Client()
    client.force_login(User.objects.get(email=sys.argv[1]))
    with override_settings(ALLOWED_HOSTS=["*"]):
        answer = client.get(sys.argv[2])
    if answer.status_code != 200:
        raise SystemExit(f"{sys.argv[2]} answered {answer.status_code}")
    for _ in answer.streaming_content:
        pass
    rows = re.search(r"rows: (\d+)$", AuditEvent.objects.latest("pk").what)[1]
    # Not getrusage, which begins with the size of the process that started this one.
    print(rows, int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1000)


if __name__ == "__main__":
    main()
