"""How soon S2S means to act (R10). Each becomes a setting of the contract when deadlines are watched."""

CONTACT_WORKING_DAYS = 5
"""R10: "S2S reaches the setting within 5 working days of the place being drawn"."""
