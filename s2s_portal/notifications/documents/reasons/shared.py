"""What lines of the table have in common."""

from dataclasses import dataclass

ADVISER = "The adviser who sent the request"
CONTACT = "The contact of the school or setting, who does not sign in"
TEACHER = "The S2S teacher who has the request"


@dataclass(frozen=True)
class Reason:
    """Under which heading the gallery lists a kind, and what it says of it."""

    group: str
    when: str
    why: str
    who: str


REQUESTS, WAITING, QUOTAS = "Requests sent and withdrawn", "The waiting list", "Places and changes"
SUPPORT, VISITS = "A request on its way through S2S", "Visits"
CONTRACTS, REMINDERS, SUMMARIES = "The contract’s end", "Reminders", "Summaries"
ACCOUNTS = "Signing in"
WAY = "The adviser sees where the request stands without asking"
KNOWS = "The school or setting knows what to expect, and whom to ask"
