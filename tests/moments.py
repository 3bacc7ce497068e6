"""The service's own calendar: the moments tests are held at. All are aware, in London."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

TERM_STARTS = datetime(2024, 9, 2, 9, 0, tzinfo=LONDON)
#: An ordinary Tuesday, two and a half weeks before the cut-off; the demo opens here.
AN_ORDINARY_TUESDAY = datetime(2024, 11, 26, 9, 30, tzinfo=LONDON)
CUT_OFF_DAY_MORNING = datetime(2024, 12, 13, 9, 0, tzinfo=LONDON)
#: In time (R3): the cut-off day belongs to the period, whole.
LAST_SECOND = datetime(2024, 12, 13, 23, 59, 59, tzinfo=LONDON)
#: Too late, by nothing at all.
FIRST_MOMENT_TOO_LATE = datetime(2024, 12, 14, 0, 0, 0, tzinfo=LONDON)
ALLOCATION_DEADLINE = datetime(2024, 12, 20, 12, 0, tzinfo=LONDON)
CONTRACT_ENDS = datetime(2025, 3, 31, 23, 59, 59, tzinfo=LONDON)
