"""Code lists: the DfE's types of need and Norfolk's INDES, each with the dates it is valid (DOMAIN §C1, §C2)."""

from datetime import date

from django.db import transaction

from referrals.models import IndesSection, NeedType

LONG_AGO = date(2014, 9, 1)
"""The SEND Code of Practice, under which these types began."""
NEED_TYPES = (
    ("SPLD", "Specific learning difficulty", LONG_AGO),
    ("MLD", "Moderate learning difficulty", LONG_AGO),
    ("SLD", "Severe learning difficulty", LONG_AGO),
    ("PMLD", "Profound and multiple learning difficulty", LONG_AGO),
    ("SEMH", "Social, emotional and mental health", LONG_AGO),
    ("SLCN", "Speech, language and communication needs", LONG_AGO),
    ("HI", "Hearing impairment", LONG_AGO),
    ("VI", "Vision impairment", LONG_AGO),
    ("MSI", "Multi-sensory impairment", LONG_AGO),
    ("PD", "Physical disability", LONG_AGO),
    ("ASD", "Autistic spectrum disorder", LONG_AGO),
    ("DS", "Down syndrome", date(2025, 1, 1)),  # from the January 2025 census
    ("OTH", "Other difficulty or disability", LONG_AGO),
    ("NSA", "No specialist assessment of type of need", LONG_AGO),
)
INDES_VERSION = "before 2026"
INDES_SECTIONS = (
    "Physical disability",
    "Deafness",
    "Visual impairment",
    "Speech and language",
    "Social communication and interaction",
    "Social, emotional and mental health",
    "Learning and cognition",
)
INDES_TOP_LEVEL = 7
INDES_VALID = (LONG_AGO, date(2026, 8, 31))
"""The scoring was reviewed in 2026; its new scale is loaded as a version of its own when it is known."""


@transaction.atomic
def load() -> int:
    """Load the code lists; what is already there is left as it is. Returns how many rows were added."""
    added = 0
    for code, label, valid_from in NEED_TYPES:
        if not NeedType.objects.filter(code=code).exists():  # whatever it is called by now
            NeedType.objects.create(code=code, label=label, valid_from=valid_from)
            added += 1
    for number, title in enumerate(INDES_SECTIONS, start=1):
        section = {"version": INDES_VERSION, "number": number}
        if not IndesSection.objects.filter(**section).exists():
            told = {"title": title, "top_level": INDES_TOP_LEVEL}
            valid = {"valid_from": INDES_VALID[0], "valid_to": INDES_VALID[1]}
            IndesSection.objects.create(**section, **told, **valid)
            added += 1
    return added
