"""Texts that the council may change, where they stand, and how they read until it does."""

from dataclasses import dataclass

DEFAULT_TEXTS: dict[str, str] = {
    "START_EARLY_YEARS_ROUTE": (
        "Talk to the council’s Early Years Team first: e-mail csearlyyearsadviceline@norfolk.gov.uk. "
        "Your Early Years Adviser sends the request after a conversation with you."
    ),
    "START_SCHOOLS_ROUTE": (
        "Talk to your SEND Adviser. They decide with you where S2S can help most, and send the request for your school."
    ),
    "REFUSAL_HELP_EARLY_YEARS": (
        "The Early Years Team can advise now: csearlyyearsadviceline@norfolk.gov.uk. Speech and language support can "
        "be asked for at any time."
    ),
    "REFUSAL_HELP_MAINSTREAM": (
        "The School and Community Team of your zone can help now: schoolandcommunity@norfolk.gov.uk. Speech and "
        "language support can be asked for at any time."
    ),
}


@dataclass(frozen=True)
class TextUse:
    """One text that the council may change: what it is called, where it stands, and what keeps an older wording."""

    title: str
    where: str
    keeps: str


_REFUSALS = "Refusals that were given and e-mails that were sent keep the wording they had."
_PUBLIC = "Nothing: the page reads anew for everybody."
TEXTS: dict[str, TextUse] = {
    "START_EARLY_YEARS_ROUTE": TextUse(
        "Start page: the route for early years settings",
        "On the start page, which anybody can read without signing in",
        _PUBLIC,
    ),
    "START_SCHOOLS_ROUTE": TextUse(
        "Start page: the route for schools",
        "On the start page, which anybody can read without signing in",
        _PUBLIC,
    ),
    "REFUSAL_HELP_EARLY_YEARS": TextUse(
        "Early years: what else can help now, and whom to ask",
        "In every refusal of an early years request, on its page and by e-mail, and in e-mails about early years "
        "requests as whom to ask",
        _REFUSALS,
    ),
    "REFUSAL_HELP_MAINSTREAM": TextUse(
        "Schools: what else can help now, and whom to ask",
        "In every refusal of a school’s request, on its page and by e-mail, and in e-mails about schools’ requests as "
        "whom to ask",
        _REFUSALS,
    ),
}
"""By key; the keys are those of `DEFAULT_TEXTS`."""
