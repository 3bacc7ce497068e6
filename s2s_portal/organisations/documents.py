"""Texts that the council may change, as they read until it does."""

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
