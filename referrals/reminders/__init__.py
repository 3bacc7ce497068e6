"""Reminders: who is due one, what it says, and the ledger of what was sent and what was not (DESIGN §7)."""
