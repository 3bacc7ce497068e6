"""What the page of personas says of each: what they see, and what a visitor can try as them."""

from collections.abc import Iterable
from dataclasses import dataclass

from s2s_portal.demo.choices import Persona


@dataclass(frozen=True)
class Card:
    """One persona as the page shows it."""

    persona: Persona
    name: str
    sees: str
    tries: tuple[str, ...]


_TOLD: dict[Persona, tuple[str, tuple[str, ...]]] = {
    Persona.EARLY_YEARS_ADVISER: (
        "Early years requests and drafts of three zones, in full.",
        (
            "Finish the draft that lacks only the parents’ agreement, send it, and read how many places are left.",
            "Answer the question that S2S has asked about a request.",
            "Open the draft whose setting has closed since it was begun.",
            "Withdraw a request, and see its place come back.",
        ),
    ),
    Persona.SEND_ADVISER: (
        "Mainstream requests, drafts and cohorts of three zones, in full.",
        (
            "Open the cohort that is ready: its 7 schools would use 7 places, and 6 are left. Choose who goes now.",
            "Then withdraw one of them, and see the school that waits get its place within seconds.",
            "Look at the planning view: which schools have never had support?",
        ),
    ),
    Persona.S2S_COORDINATOR: (
        "Every request that has been sent, in full, and no drafts.",
        (
            "Open the desk, and give a request to a teacher: who is likeliest, and why?",
            "Ask an adviser for more information, and see the days for first contact stop.",
            "Look at the visits in doubt, and move one, or let another teacher cover a request.",
        ),
    ),
    Persona.S2S_TEACHER: (
        "Only the requests that they have or cover, in full.",
        (
            "On a phone: open the day, and tell what became of the visit that has just begun. Then write its record.",
            "Call a setting, log the contact, and book the first visit. Try an hour that is already taken.",
            "Finish a record, download it as a PDF, and close the request.",
            "Print the day sheet, for when systems are down.",
        ),
    ),
    Persona.COMMISSIONER: (
        "Every request, without the child’s name, date of birth or story.",
        (
            "Read the quotas line by line, now or as they were on any day.",
            "Lower a quota below its use, and see what that stops.",
            "Propose to move places between the streams: somebody else has to approve it.",
            "Look at the summer term: who waited, who got a place, and the demand that was not met.",
        ),
    ),
    Persona.SECOND_COMMISSIONER: (
        "The same as the first, who cannot approve what they proposed themselves.",
        ("Approve, or refuse, the places that Helen Marchetti proposed to move between the streams.",),
    ),
    Persona.ADMINISTRATOR: (
        "People, zones and registers; nothing about children.",
        (
            "Move the practice date past 13 December, then come back as an adviser and try to send a request.",
            "Find the two settings that are too new to have a zone.",
            "See what runs in the background, when it ran last and what failed.",
        ),
    ),
    Persona.AUDITOR: (
        "Who looked at what; a request only for a recorded reason.",
        ("Look for your own visits to a request in the access log.", "Give a reason, and open that request."),
    ),
}


def cards(names: Iterable[tuple[Persona, str]]) -> list[Card]:
    """The cards of these personas, each with the name of the person behind it."""
    return [Card(persona, name, *_TOLD[persona]) for persona, name in names]
