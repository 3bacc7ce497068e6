"""Background work: what runs when, who has it in hand, what became of it (ENGINEERING §3)."""
